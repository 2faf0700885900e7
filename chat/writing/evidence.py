"""The clauses that a language model writes from: numbered, within a budget, as text that commands nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.answer import Citation, Statement
from chat.checking.written import is_command
from chat.outline import label_of
from chat.quoting.selection import Selection, cite_clause, name_of
from chat.validity import validity
from corpus.document import Clause
from corpus.sentences import split_sentences

_MOST = 12  # clauses; more only give a model more to mix up
_LONGEST = 800  # characters of one clause; of a longer one a window about what was found
_LEAST = 60  # characters of the budget that are worth another clause
_BRACKETED = re.compile(r"[\[［【](\d{1,4})[\]］】]")


@dataclass(frozen=True)
class Exhibit:
    """One numbered clause of a prompt. The strings are fenced: no markup, no marker, no control character."""

    number: int
    clause: Clause
    name: str  # 《…》（文号）
    place: str  # where it holds: 山东省, or 国家
    path: str  # 二、（一）, with the headings above
    state: str  # what the document says about the time in which it holds
    departments: str
    text: str


def gather(selection: Selection, quoted: Sequence[Statement], characters: int) -> tuple[Exhibit, ...]:
    """The clauses that the quoting writer cites, then the best found, in so many `characters` altogether."""
    exhibits: list[Exhibit] = []
    room = characters
    for found in _in_order(selection, quoted):
        if len(exhibits) == _MOST or room < _LEAST:
            break
        text = _text(found, min(_LONGEST, room))
        if text:
            exhibits.append(_exhibit(len(exhibits) + 1, found.clause, text, selection))
            room -= len(text)
    return tuple(exhibits)


def fenced(text: str) -> str:
    """Text that can neither close its fence, nor pass for a citation marker or a special token of a model."""
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c)[0] != "C")
    text = text.replace("<", "＜").replace(">", "＞")
    return _BRACKETED.sub(r"〔\1〕", text).strip()


def _in_order(selection: Selection, quoted: Sequence[Statement]) -> Iterator[Citation]:
    seen: set[int] = set()
    cited = (citation for statement in quoted for citation in statement.citations)
    ranked = (Citation(item, item.passage.start, item.passage.end) for item in selection.evidence)
    for citation in (*cited, *ranked):
        if id(citation.clause) not in seen:
            seen.add(id(citation.clause))
            yield citation


def _text(found: Citation, most: int) -> str:
    """The sentences of a clause that fit, without those that speak to a machine; of a long one those from the found."""
    clause = found.clause
    spans = split_sentences(clause.text, clause.start)
    if clause.end - clause.start > most:
        spans = [span for span in spans if span[1] > found.start] or spans
    kept, room = "", most
    for start, end in spans:
        sentence = clause.document.text[start:end]
        if end - start > room:
            break
        if not is_command(sentence):
            new_line = kept and clause.document.text[start - 1] == "\n"
            kept += f"\n{sentence}" if new_line else sentence
            room -= end - start
    return fenced(kept)


def _exhibit(number: int, clause: Clause, text: str, selection: Selection) -> Exhibit:
    document = clause.document
    above = selection.outline(document).ancestors(clause)[::-1]
    headings = [each.heading for each in above if each.heading]
    label = label_of(clause)
    return Exhibit(
        number,
        clause,
        fenced(name_of(document)),
        fenced(document.region or document.level or "未注明"),
        fenced(f"{label}（{' › '.join(headings)}）" if headings else label),
        fenced(validity(document, selection.question.as_of).note),
        fenced("、".join(f"{each.name}（{each.role}）" for each in clause.departments)),
        text,
    )


def narrow(clause: Clause, statement: str) -> Citation:
    """Cite the sentences of a clause that share most words with a statement: what a reader compares it with."""
    pairs = _pairs(statement)
    spans = split_sentences(clause.document.text[clause.body_start : clause.end], clause.body_start)
    shared = [len(pairs & _pairs(clause.document.text[start:end])) for start, end in spans]
    if not any(shared):
        return cite_clause(clause)
    chosen = [span for span, count in zip(spans, shared, strict=True) if count >= 0.5 * max(shared)]
    return cite_clause(clause, chosen[0][0], chosen[-1][1])


def _pairs(text: str) -> frozenset[str]:
    plain = re.sub(r"\s", "", text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))
