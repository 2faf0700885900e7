"""A second sentence that answers about as well as the one that is told, quoted beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chat.answer import Statement
from chat.candidate import Candidate
from chat.outline import label_of
from chat.question import Kind
from chat.quoting.departments import names_actor
from chat.quoting.selection import Selection, covers_years, is_body, name_of, quotes
from chat.quoting.times import repealed_by
from chat.quoting.wanted import Wanted

_CLOSE = 1.5  # log odds behind the first
_ROOM = 240  # characters of an answer with both
_NOTICE = "另见一处相近的规定："
_KINDS = (Kind.NUMBER, Kind.DATE, Kind.WHO, Kind.YES_NO, Kind.DEFINITION)


def write_beside(selection: Selection, written: Sequence[Statement]) -> Iterator[Statement]:
    """Quote the second sentence by the learned ranking where it is hardly behind the first and not told already.

    Nothing where what is told is not the first, where the second lacks the form asked for, or where both together
    would be too long.
    """
    question = selection.question
    ranked = sorted((c for c in selection.candidates if is_body(c)), key=lambda c: -c.behind)
    if selection.confidence is None or question.kind not in _KINDS or len(ranked) < 2:
        return
    first, second = ranked[:2]
    cited = [citation for statement in written for citation in statement.citations]
    if second.behind < -_CLOSE or first.behind < 0:
        return
    if any(quotes(c, second) for c in cited) or not any(quotes(c, first) for c in cited):
        return
    if not _fits(second, selection):
        return
    other = second.document is not first.document
    lead = f"{name_of(second.document) if other else ''}{label_of(second.clause)}："
    text = second.sentence.text.strip()
    if sum(len(s.lead) + len(s.text) for s in written) + len(_NOTICE) + len(lead) + len(text) > _ROOM:
        return
    if other and repealed_by(second.document, selection.held):
        return  # what held before is no similar provision
    yield Statement(_NOTICE, kind="notice")
    yield Statement(text, (second.cite(),), lead=lead)


def _fits(candidate: Candidate, selection: Selection) -> bool:
    """Whether a sentence has the form that the question asks for."""
    question = selection.question
    if not covers_years(candidate, question):
        return False
    if question.kind in (Kind.NUMBER, Kind.DATE):
        wanted = Wanted.by(question)
        return any(map(wanted.fits, candidate.sentence.form.quantities))
    return question.kind is not Kind.WHO or names_actor(candidate.sentence.text)
