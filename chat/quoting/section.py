"""What stands under a heading, where it is asked for in the words of the heading itself (携手行动的工作要求)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chat.answer import Statement
from chat.outline import UNNUMBERED, label_of
from chat.question import Kind
from chat.quoting.lists import LIST_CHARACTERS
from chat.quoting.selection import Selection, cite_clause, name_of
from corpus.document import Clause
from corpus.sentences import split_sentences

_BLANK = re.compile(r"[\s。：:]+")  # what is left out of a heading
_LONG, _HELD = 4, 0.6  # characters that tell a heading; share of the topic that a sentence under it holds
_GOAL = "目标"
_KINDS = (Kind.DEFINITION, Kind.MEASURES, Kind.OPEN)
_MOST = 8  # clauses that are told


def names_heading(selection: Selection) -> bool:
    """Whether what stands under a heading is asked for in the words of the heading itself."""
    question = selection.question
    if question.kind not in _KINDS:
        return False
    return asked_section(selection) is not None or any(
        len(heading := _BLANK.sub("", c.clause.heading)) >= _LONG
        and heading in question.wording
        and c.coverage >= _HELD
        for c in selection.candidates
    )


def asked_section(selection: Selection) -> Clause | None:
    """The clause whose heading is asked for of the one document that is meant, and nothing besides; None without one.

    行动目标 is meant by 目标, too.
    """
    question = selection.question
    if question.kind not in _KINDS or question.documents is None or len(selection.documents) != 1:
        return None
    words = [term.word for term in question.terms]
    wording = _BLANK.sub("", question.wording.lower())
    for clause in selection.documents[0].clauses:
        if not clause.heading or clause.label in UNNUMBERED:
            continue
        heading = _BLANK.sub("", clause.heading.lower())
        said = len(heading) >= _LONG and (
            heading in wording or (words == [_GOAL] and heading.endswith(_GOAL))
        )
        if said and all(word in heading for word in words):
            return clause
    return None


def write_section(selection: Selection, section: Clause) -> Iterator[Statement]:
    """Quote what stands below the heading, clause by clause, of each its first sentences where there is no room for all."""
    outline = selection.outline(section.document)
    below = [clause for clause in outline.children(section) if clause.body.strip()] or [section]
    room = LIST_CHARACTERS
    bullets = len(below) > 1
    if bullets:
        yield Statement(f"{name_of(section.document)}{label_of(section)}：", kind="notice")
    whole = sum(len(clause.body) for clause in below) <= room
    for clause in below[:_MOST]:
        start = clause.body_start
        spans = [(a, b) for a, b in split_sentences(clause.document.text[start : clause.end], start)]
        most = room if whole or not bullets else room // len(below)
        end = max([b for _, b in spans if b - start <= most] or [b for _, b in spans[:1]] or [clause.end])
        citation = cite_clause(clause, start, end)
        lead = f"{label_of(clause)}：" if bullets else f"{name_of(clause.document)}{label_of(clause)}："
        yield Statement(citation.quote, (citation,), lead=lead, form="bullet" if bullets else "sentence")
