"""A short clause told whole, where it is not sure that one sentence of it answers: what follows may limit it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from chat.answer import Citation, Statement
from chat.question import Kind
from chat.quoting.selection import Selection, cite_clause

_LONGEST = 220  # characters of a clause that is told whole
# Kinds that one sentence answers, if it ranks first with this confidence.
_ONE_SENTENCE, _SURE = (Kind.NUMBER, Kind.DATE, Kind.WHO, Kind.YES_NO), 0.9
_ROOM, _LIST_ROOM = 220, 560  # characters of an answer, notes on validity left out
_LISTS = (Kind.COMPARISON, Kind.MEASURES, Kind.OPEN)


def told_whole(
    selection: Selection, statements: Sequence[Statement], accepts: Callable[[Statement], bool]
) -> Iterator[Statement]:
    """The statements, of which those that quote a part of a short clause quote it whole, as far as there is room.

    `accepts`: whether a statement passes the check. A notice that introduces what is told already is left out.
    """
    question = selection.question
    sure = selection.confidence is None or selection.confidence >= _SURE
    if sure and question.kind in _ONE_SENTENCE:
        yield from statements
        return
    room = _LIST_ROOM if question.kind in _LISTS or selection.sides or selection.parts else _ROOM
    room -= sum(len(statement.lead) + len(statement.text) for statement in statements)
    said: dict[tuple[str, int], Citation] = {}
    told: list[Statement] = []
    introducing: list[Statement] = []
    for statement in statements:
        if not statement.citations and statement.text.endswith("："):
            introducing.append(statement)
            continue
        whole = _whole(statement)
        if whole is not None and (whole.document.id, whole.start) in said:
            introducing.clear()
            continue
        told += introducing
        introducing.clear()
        if whole is not None and (longer := len(whole.quote) - len(statement.text)) <= room:
            longer_one = replace(statement, text=whole.quote, citations=(whole,))
            if accepts(longer_one):
                said[whole.document.id, whole.start] = whole
                room -= longer
                statement = longer_one
        told.append(statement)
    for statement in told:
        cited = _cited_whole(statement, said.values())
        yield cited if cited is not statement and accepts(cited) else statement
    yield from introducing


def _cited_whole(statement: Statement, wholes: Iterable[Citation]) -> Statement:
    """A figure with the clause that is told whole in place of the part of it that it cites, so that each stands once."""
    if statement.kind != "derived" or len(statement.citations) != 1:
        return statement
    [part] = statement.citations
    for whole in wholes:
        if whole.document is part.document and whole.start <= part.start and part.end <= whole.end:
            return replace(statement, citations=(whole,))
    return statement


def _whole(statement: Statement) -> Citation | None:
    """The clause of which a statement quotes a part; None where it is long, or more than a quotation."""
    if statement.kind != "quoted" or statement.form != "sentence" or len(statement.citations) != 1:
        return None
    part = statement.citations[0]
    clause = part.evidence.passage.clause
    body = cite_clause(clause, clause.body_start)
    inside = body.start <= part.start and part.end <= body.end
    if statement.text != part.quote or not inside or not len(part.quote) < len(body.quote) <= _LONGEST:
        return None
    return Citation(part.evidence, body.start, body.end)
