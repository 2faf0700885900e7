"""What a document speaks of: why it was made, and the headings of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chat.answer import Citation, Statement
from chat.outline import UNNUMBERED, Outline
from chat.quoting.selection import cite_clause, name_of
from corpus.document import Clause, Document
from corpus.sentences import split_sentences

_MOST = 7  # citations, beside the one that says whether the document still holds
_FEW = 4  # parts below which those of the longest part are told instead
_ROOM = 600  # characters, where there are no headings
_LONGEST = 160  # of a sentence that says why, or stands for a heading
_WHY = re.compile(r"^(?:为|根据|按照|依据|[㐀-鿿]{2,24}(?:是|为落实))")
_WHY_IT_IS = re.compile(r"制定|现(?:就|将|提出|印发)|提出(?:以下|如下)|印发给")
_MARKS = 4  # characters between a label and a heading, and behind it
_REST = "其余部分请查看原文。"
# What nearly every document has.
_COMMON = re.compile(r"^(?:总则|附则|总体要求|指导思想|基本原则|保障措施|组织(?:实施|保障)|工作要求|附件)$")


def write_contents(documents: Sequence[Document]) -> Iterator[Statement]:
    """Tell why a document was made, and what its parts are about; where it has no headings, how its clauses begin.

    Of one with many parts only these; of several documents only why they were made, or of those that do not say so what their first parts are about.
    """
    alone = len(documents) == 1
    for document in documents:
        parts = _parts(Outline(document), document)
        why = None if alone and len(parts) >= _MOST else _why(document)
        if why is not None:
            yield Statement(why.quote, (why,), lead=f"{name_of(document)}：")
        if why is None or alone:
            room = _MOST // len(documents) - (why is not None)
            yield from _parts_told(document, parts, room, named=why is not None)


def _parts_told(
    document: Document, parts: Sequence[Clause], room: int, *, named: bool
) -> Iterator[Statement]:
    """What the parts are about, as many as there is room for. named: whether the document was named before."""
    if len(parts) > room:
        parts = [part for part in parts if not _COMMON.match(part.heading)] or parts
    told = [_told_of(part) for part in parts[:room]]
    told = told or [("", beginning) for beginning in _beginnings(document, room)]
    for number, (label, citation) in enumerate(told):
        lead = label if number or named else f"{name_of(document)}{label}"
        yield Statement(citation.quote, (citation,), lead=f"{lead}：" if lead else "", form="bullet")
    if len(parts) > len(told):
        yield Statement(_REST, kind="notice")


def _why(document: Document) -> Citation | None:
    """The sentence that says why the document was made; it stands before the first part, or in the first clause."""
    opening = [clause for clause in document.clauses if clause.path or clause.label in UNNUMBERED][:3]
    for clause in opening:
        for start, end in split_sentences(document.text[clause.body_start : clause.end], clause.body_start):
            text = document.text[start:end].strip()
            if len(text) <= _LONGEST and _WHY.match(text) and _WHY_IT_IS.search(text):
                return cite_clause(clause, start, end)
    return None


def _parts(outline: Outline, document: Document) -> list[Clause]:
    """The parts with headings: those at the top, or where these are few, those below the one that has most."""
    top = [c for c in document.clauses if len(c.path) == 1 and c.label not in UNNUMBERED and c.heading]
    below = [[c for c in outline.children(part) if c.heading and c.label not in UNNUMBERED] for part in top]
    longest: Sequence[Clause] = max(below, key=len, default=[])
    return list(longest) if len(top) <= _FEW < len(longest) else top


def _told_of(part: Clause) -> tuple[str, Citation]:
    """The label and the heading of a part; what is a heading and nothing else (第一章 总则) is told whole."""
    start = part.document.text.find(part.heading, part.body_start, part.end)
    if start < 0 or part.end - part.start <= len(part.label) + len(part.heading) + _MARKS:
        return "", cite_clause(part)
    return part.label, cite_clause(part, start, start + len(part.heading))


def _beginnings(document: Document, most: int) -> Iterator[Citation]:
    """How the clauses begin, each with a whole sentence, as many as there is room for."""
    left = _ROOM
    for clause in (clause for clause in document.clauses if clause.path and clause.label not in UNNUMBERED):
        text = document.text[clause.body_start : clause.end]
        start, end = next(iter(split_sentences(text, clause.body_start)), (0, 0))
        if most and 0 < end - start <= min(left, _LONGEST):
            most, left = most - 1, left - (end - start)
            yield cite_clause(clause, start, end)
