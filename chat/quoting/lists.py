"""Lists within clauses: what opens one, where it ends, and the sentence that belongs to an item."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chat.answer import Citation, Statement
from chat.candidate import Candidate
from chat.quoting.selection import cite_clause
from chat.ranking.forms import is_list_lead
from corpus.document import Clause
from corpus.sentences import split_sentences

LIST_CHARACTERS = 560  # of a list that is quoted whole
GOAL = re.compile(r"到(20\d{2}|二〇\w{2})年|力争|用.{1,3}年(的)?时间")
_LEAD_CHARACTERS, _JOINED_CHARACTERS = 200, 320
_LEAD_END = re.compile(r"[：:](?=\s*[（(]?[一1]{1,3}[）)、.．])")  # before the first item of a list
_ITEM = re.compile(r"^\s*[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]")
_LISTS = re.compile(r"(?:下列|以下|如下)[^：:。]{0,14}[：:]\s*[（(]?[1一]")
# …下列情形之一的不予支持：…的；
_RUNS_ON = re.compile(r"(?:下列|以下|如下)[^：:。]{0,24}[：:](?!\s*$)[^\n]*[；;]\s*$")


def lead_of(candidate: Candidate) -> Citation | None:
    """What opens the list that a sentence is an item of (有下列情形之一的，处…罚款：), without which it says nothing.

    None for any other sentence, and for the first item where it stands in one sentence with the lead.
    """
    span = lead_span(candidate.clause, candidate.sentence.start, candidate.sentence.text)
    return cite_clause(candidate.clause, *span) if span else None


def lead_span(clause: Clause, start: int, sentence: str) -> tuple[int, int] | None:
    """Where the lead of a sentence that begins at `start` stands in its document."""
    text = clause.document.text
    if not _ITEM.match(sentence) or _LEAD_END.search(sentence):
        return None
    begin = max(clause.body_start, start - LIST_CHARACTERS)
    ends = [m.end() for m in _LEAD_END.finditer(text, begin, start)]
    if not ends:
        return None
    opened = max(text.rfind(mark, clause.body_start, ends[-1] - 1) + 1 for mark in "。；\n")
    opened = max(opened, clause.body_start)
    return (opened, ends[-1]) if 0 < ends[-1] - opened <= _LEAD_CHARACTERS else None


def with_lead(candidate: Candidate, named: str) -> Iterator[Statement]:
    """The lead of the list that a sentence is an item of, where it is one."""
    if lead := lead_of(candidate):
        yield Statement(lead.quote, (lead,), lead=named)


def with_items(candidate: Candidate) -> tuple[int, int]:
    """The span of the sentence; of one that opens a list (下列条件：), the list with it, up to its clause's end."""
    start, end = candidate.sentence.start, candidate.sentence.end
    clause = candidate.clause
    if GOAL.search(candidate.sentence.text):
        start, end = _to_full_stops(candidate)
    text = clause.document.text
    first_line = candidate.sentence.text.split("\n", 1)[0]
    if not is_list_lead(first_line):
        if _RUNS_ON.search(candidate.sentence.text) and not _LISTS.search(first_line):
            return start, _run_end(clause, start, end)
        return (start, _inline_end(clause, start, end)) if _LISTS.search(first_line) else (start, end)
    while end < clause.end:
        line_end = text.find("\n", end + 1, clause.end)
        line_end = clause.end if line_end < 0 else line_end
        line = text[end:line_end]
        if (
            line.strip()
            and not _ITEM.match(line)
            and not text[start:end].rstrip().endswith(("；", ";", "：", ":"))
        ):
            break
        if line_end - start > LIST_CHARACTERS:
            break
        end = line_end
    citation = cite_clause(clause, start, end)
    return citation.start, citation.end


def _inline_end(clause: Clause, start: int, end: int) -> int:
    """Where the items end that a sentence lists one after the other: …符合下列条件：1.…；2.…；"""
    for a, b in split_sentences(clause.document.text[end : clause.end], end):
        if not _ITEM.match(clause.document.text[a:b]) or b - start > LIST_CHARACTERS:
            break
        end = b
    return end


def _run_end(clause: Clause, start: int, end: int) -> int:
    """Where what a sentence lists without numbers ends, …下列情形之一的不予支持：…的；…的。: at the full stop."""
    stop = clause.document.text.find("。", end, clause.end)
    return stop + 1 if 0 <= stop < start + LIST_CHARACTERS else end


def _to_full_stops(candidate: Candidate) -> tuple[int, int]:
    """A goal with the further goals that semicolons join to it, up to the full stop, if there is room for all."""
    text, clause = candidate.document.text, candidate.clause
    begin = max(text.rfind(mark, clause.body_start, candidate.sentence.start) + 1 for mark in "。\n")
    begin = max(begin, clause.body_start)
    stop = text.find("。", candidate.sentence.end - 1, clause.end)
    citation = cite_clause(clause, begin, stop + 1 if stop >= 0 else candidate.sentence.end)
    if citation.end - citation.start > _JOINED_CHARACTERS:
        return candidate.sentence.start, candidate.sentence.end
    return citation.start, citation.end


def is_item(text: str) -> bool:
    """Whether a sentence is an item of a list or a row of a table."""
    return bool(_ITEM.match(text)) or text.lstrip().startswith("|")


def overlap(one: Candidate, other: Candidate) -> bool:
    """Whether the spans of two sentences, lists included, have a stretch in common."""
    first, second = with_items(one), with_items(other)
    return first[0] < second[1] and second[0] < first[1]
