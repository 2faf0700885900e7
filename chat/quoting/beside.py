"""A second sentence that answers about as well as the one that is told, quoted beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chat.answer import Citation, Statement
from chat.candidate import Candidate
from chat.outline import label_of
from chat.quantities import Bound, find_quantities
from chat.question import Kind
from chat.quoting.comparison import row_name
from chat.quoting.departments import names_actor
from chat.quoting.selection import Selection, covers_years, is_body, name_of, quotes
from chat.quoting.times import repealed_by
from chat.quoting.wanted import Wanted

_CLOSE = 1.5  # log odds behind the first
# Log odds behind the first of a sentence, confidence of one thing's, told of another thing compared.
_OTHER, _SIDE = -5.0, 0.3
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


def write_other(selection: Selection, written: Sequence[Statement]) -> Iterator[Statement]:
    """Where several things are compared and one sentence was told, the one that comes next to it.

    Nothing where the sentence itself states two figures of one sort, so that it may speak of both.
    """
    compares = selection.question.kind is Kind.COMPARISON or selection.sides
    if not compares or selection.question.missing_regions:
        return
    told = {(c.document.id, c.start): c for statement in written for c in statement.citations}
    silent = any(statement.form == "row" and not statement.citations for statement in written)
    if silent or len(told) != 1 or _states_two(*told.values()):
        return
    [cited] = told.values()
    other = next((c for c in _nexts(selection) if not quotes(cited, c) and _alike(c, cited, selection)), None)
    if other is None:
        return
    row = any(statement.form == "row" for statement in written)
    lead = row_name(other.document) if row else f"{name_of(other.document)}{label_of(other.clause)}："
    citation = other.cite()
    yield Statement(citation.quote, (citation,), lead=lead, form="row" if row else "sentence")


def _nexts(selection: Selection) -> Iterator[Candidate]:
    """What else may tell of a thing compared: the first sentence found for each, then those found for the whole."""
    for _, side in selection.sides:
        sure = side.confidence is not None and side.confidence >= _SIDE
        yield from (c for c in side.candidates if sure and c.behind == 0 and is_body(c))
    ranked = sorted(filter(is_body, selection.candidates), key=lambda c: -c.behind)
    for candidate in ranked:
        if candidate.behind >= _OTHER and not repealed_by(candidate.document, selection.held):
            yield candidate


def _alike(candidate: Candidate, told: Citation, selection: Selection) -> bool:
    """Whether a sentence is of the year that is asked about, and states a figure of a kind that was told, if any was."""
    kinds = {q.kind for q in find_quantities(told.quote)}
    own = {q.kind for q in candidate.sentence.form.quantities}
    return covers_years(candidate, selection.question) and (not kinds or bool(kinds & own))


def _states_two(citation: Citation) -> bool:
    """Whether a quote has two figures of one sort; a limit (最高300万元) is of another than what it limits."""
    sorts = [(q.kind, q.unit, Bound.AT_MOST in q.bounds) for q in find_quantities(citation.quote)]
    return len(set(sorts)) < len(sorts)
