"""Statements that no clause prints but that follow from cited values: every derived part is recomputed and taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chat.checking import comparing, facts, holdings, tables
from chat.checking.grounds import Grounds

_RULES = (*holdings.RULES, *facts.RULES, *comparing.RULES, *tables.RULES)
_GAP = "\x01"  # where a derived part was taken out
_LOOSE = re.compile(rf"^[，,：:；;。\s{_GAP}]+|[，,：:]?{_GAP}[，,：:]?")


@dataclass(frozen=True)
class Derived:
    """What remains of a statement after its derived parts, or what is wrong with one of them (in Chinese)."""

    rest: str
    fault: str = ""
    recomputed: bool = False  # something was recomputed and holds


def recompute(lead: str, text: str, grounds: Grounds) -> Derived:
    """Recompute the derived parts of a statement; what remains must stand in the cited clauses by itself."""
    recomputed = False
    verdict = comparing.VERDICT.match(text)
    if verdict:
        fault = comparing.verdict_fault(verdict["word"], grounds)
        if fault:
            return Derived(lead + text, fault)
        text, recomputed = text[verdict.end() :], True
    whole = lead + text
    for pattern, check in _RULES:
        position = 0
        while match := pattern.search(whole, position):
            if any(match[0] in source.text for source in grounds.sources):
                # What a clause prints itself is no derivation.
                position = match.end()
                continue
            values = {name: value or "" for name, value in match.groupdict().items()}
            fault_found = check(grounds, {**values, "whole": match[0]})
            if fault_found:
                return Derived(whole, fault_found)
            if fault_found is None:
                position = match.end()
                continue
            recomputed = True
            whole = f"{whole[: match.start()]}{_GAP}{whole[match.end() :]}"
            position = match.start()
    return Derived(_LOOSE.sub(lambda found: "，" if found.start() else "", whole), "", recomputed)
