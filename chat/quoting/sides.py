"""Comparisons of things within documents: one row for each thing, with its own figure or sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import rjieba

from chat.answer import Statement
from chat.candidate import Candidate
from chat.outline import label_of
from chat.question import Kind
from chat.quoting.aspects import stating_most
from chat.quoting.definitions import led_by_definition
from chat.quoting.departments import duty_of, responsible_clauses
from chat.quoting.figures import choose as choose_figures
from chat.quoting.figures import figure_cell, find_figures
from chat.quoting.selection import Selection, is_body, name_of
from chat.quoting.sentences import Shape
from chat.quoting.sentences import choose as choose_sentences
from chat.quoting.tables import write_tables
from chat.ranking.contrasts import Values, values_of
from chat.refusal import is_sure, refuse_after_search
from chat.select import Selector
from chat.sides import asks_each

_CELL = Shape(180, 2, 0.92)
_OPENING = re.compile(
    r"[^。；;\n]{0,80}?[：:]|[^。；;\n]{0,80}?[，,]"
)  # what opens the list that a clause is, or says whom it is about
_QUOTED = re.compile(r"[“《]([^”》]{2,})[”》]")
_NOT = "非"
_CELLS = 2  # sentences of an answer that make a row
_TOLD = 0.5  # confidence from which the first sentence is told, whatever words it shares
_NEAR = -3.0  # log odds behind the first, within which a sentence that names a thing may tell of it after all
_NEXT = (
    -4.0
)  # log odds behind a rival's sentence, from which the next one may tell of the thing that it names
_HELD = 0.6  # share of the words that tell another thing from this one, from which a sentence speaks of it


def write_sides(
    selection: Selection, selector: Selector, least: float, plain: Callable[[Selection], Iterator[Statement]]
) -> list[Statement]:
    """A row for each thing compared; nothing where fewer than two of them are spoken of.

    `plain` writes the answer to the question about one thing alone: its row where no figure or sentence is chosen.
    """
    names = [name for name, _ in selection.sides]
    rows = []
    for name, side in selection.sides:
        own = led_by_definition(_without_rivals(side, name, names))
        kept = _keeps_first(own, side, name)
        cells = list(_cell(own, selector, least, sure=kept and is_sure(side, _TOLD)))
        rows.append((name, cells or (_answered(own, side, plain) if kept else [])))
    if sum(bool(cells) for _, cells in rows) < 2 and not _leaves_out(selection, rows):
        return []
    told = [_places(cells) for _, cells in rows if cells]
    if len(set(told)) < 2 <= len(told):
        cell = next(cells[0] for _, cells in rows if cells)
        return [_whole(cell)]
    if selection.question.kind is not Kind.COMPARISON and len(set(told)) < len(told):
        return []  # one sentence tells of all
    return [statement for name, cells in rows for statement in _row(name, cells)]


def _leaves_out(selection: Selection, rows: Sequence[tuple[str, Sequence[Statement]]]) -> bool:
    """Whether the same is asked of each, all of one place, and the clause that tells of one of them speaks of no other."""
    spoken = [(name, cells) for name, cells in rows if cells]
    places = {(side.question.regions, side.question.named) for _, side in selection.sides}
    if len(spoken) != 1 or len(places) > 1 or not asks_each(selection.question.wording):
        return False
    name, cells = spoken[0]
    said = "".join(c.clause.heading + c.clause.text for cell in cells for c in cell.citations).lower()
    for (other, told), (_, side) in zip(rows, selection.sides, strict=True):
        if told:
            continue
        words = _words_apart(_called(other), _called(name), "".join(side.question.regions))
        near = (c.sentence.text.lower() for c in side.candidates if c.behind > _NEAR)
        if not words or any(word in said for word in words) or any(_share(words, text) == 1 for text in near):
            return False
    return True


def _answered(
    side: Selection, whole: Selection, plain: Callable[[Selection], Iterator[Statement]]
) -> list[Statement]:
    """What answers the question about one thing, as cells; nothing where it is refused.

    side: what was found for it, without rivals; whole: with them, for whose first sentence the confidence holds.
    """
    if refuse_after_search(whole) is not None:
        return []
    told = [s for s in plain(side) if s.citations and s.kind != "notice"]
    quoted = [s for s in told if s.form != "figure"] or told
    return [replace(statement, lead="", form="row") for statement in quoted[:_CELLS]]


def _keeps_first(side: Selection, whole: Selection, name: str) -> bool:
    """Whether the sentence that ranks first for one thing is not one of its rivals', or the next one names the thing.

    side, whole: as for `_answered`.
    """
    first, own = (
        max(filter(is_body, found.candidates), key=lambda c: c.behind, default=None)
        for found in (whole, side)
    )
    if first is None or own is None or first.sentence is own.sentence:
        return first is not None and own is not None
    behind = next(c.behind for c in whole.candidates if c.sentence is own.sentence)
    return behind >= _NEXT and _share(_apart(_called(name), ""), own.sentence.text.lower()) == 1


def _without_rivals(side: Selection, name: str, names: Sequence[str]) -> Selection:
    """What was found for one thing, without the sentences that speak of another of those compared and not of it."""
    name, names = _called(name), [_called(other) for other in names]
    place = "".join(side.question.regions)  # which a sentence need not name to speak of another thing of it
    rivals = [(_apart(name, other), _apart(other, name, place)) for other in names if other != name]
    fully = [
        max((_share(own, c.sentence.text.lower()) for c in side.candidates), default=0.0) or 1.0
        for own, _ in rivals
    ]
    own_values = values_of(name)
    others = [values_of(other) for other in names if other != name]

    def is_rivals(candidate: Candidate) -> bool:
        said = candidate.sentence.text.lower()
        opening = _OPENING.match(candidate.clause.document.text, candidate.clause.body_start)
        whole = f"{opening[0] if opening else ''} {said}".lower()
        above = f"{candidate.clause.heading} {whole}".lower()
        if any(
            _share(theirs, whole) >= _HELD and _share(own, above) < min(_share(theirs, whole), spoken)
            for (own, theirs), spoken in zip(rivals, fully, strict=True)
        ):
            return True
        return any(_excludes(own_values, values_of(said), other) for other in others)

    kept = [c for c in side.candidates if not is_rivals(c)]
    return replace(side, candidates=_moved_up(kept, side.candidates))


def _share(words: Sequence[str], text: str) -> float:
    """The share of some words that stand in a text, 0 to 1; 独立法人 does not stand in 非独立法人."""
    return sum(word in text.replace(f"{_NOT}{word}", "") for word in words) / len(words)


def _moved_up(kept: Sequence[Candidate], every: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Those that are left, as near the front as the first of all was."""
    if not kept or len(kept) == len(every):
        return tuple(kept)
    ahead = max(c.score for c in every) - max(c.score for c in kept)
    behind = max(c.behind for c in kept)
    return tuple(replace(c, score=c.score + ahead, behind=c.behind - behind) for c in kept)


def _excludes(own: Values, said: Values, other: Values) -> bool:
    """Whether a sentence names what the other thing is (国家级), where this one is named otherwise (市级)."""
    return any(
        mine and theirs and named & theirs and not named & mine
        for mine, named, theirs in zip(own, said, other, strict=True)
    )


def _called(name: str) -> str:
    """What a thing is called: 工业设计企业 in 走“工业设计企业”这条路."""
    quoted = _QUOTED.findall(name)
    return quoted[0] if len(quoted) == 1 else name


def _apart(name: str, other: str, place: str = "") -> list[str]:
    """What tells one name from another: its words that the other lacks; the whole where only their order differs.

    place: the region of both, whose name does not tell them apart.
    """
    return _words_apart(name, other, place) or [name.lower()]


def _words_apart(name: str, other: str, place: str) -> list[str]:
    if f"{_NOT}{other}" in name:
        return [f"{_NOT}{other}".lower()]
    known = other.lower() + place
    return [word for word in rjieba.cut(name.lower(), False) if len(word) > 1 and word not in known]


def _whole(cell: Statement) -> Statement:
    """What tells of all the things, said once and not as a row of one of them."""
    citation = cell.citations[0]
    lead = f"{name_of(citation.document)}{label_of(citation.clause)}："
    return Statement(cell.text, cell.citations, cell.kind, lead)


def _places(cells: Sequence[Statement]) -> frozenset[tuple[str, int, str]]:
    """What cells tell: where it stands, and of a row of a table what of it."""
    return frozenset(
        (c.document.id, c.start, cell.text if cell.kind == "derived" else "")
        for cell in cells
        for c in cell.citations
    )


def _row(name: str, cells: Sequence[Statement]) -> Iterator[Statement]:
    if not cells:
        yield Statement("未提及", kind="notice", lead=name, form="row")
    for number, cell in enumerate(cells):
        row, mark, said = cell.text.partition("：")
        if cell.kind == "derived" and mark and not number:
            name, cell = (
                row,
                replace(cell, text=said),
            )  # a table calls it by another name: 大型企业 for 大企业
        yield Statement(cell.text, cell.citations, cell.kind, lead="" if number else name, form="row")


def _cell(side: Selection, selector: Selector, least: float, *, sure: bool) -> Iterator[Statement]:
    """What the best document says of one thing: its figure, its departments or its sentences.

    side: what was found for it, without rivals. sure: whether its first sentence answers, whatever words it shares.
    """
    question = side.question
    for document in side.leading(0.9, 1):
        if question.kind is Kind.WHO:
            for clause in responsible_clauses(side, document)[:1]:
                duty = duty_of(clause)
                if duty is not None:
                    yield Statement(duty.quote, (duty,))
                    return
        if question.kind in (Kind.NUMBER, Kind.DATE):
            if rows := write_tables(side, selector, [document], least):
                yield replace(rows[0], lead="")
                return
            found = find_figures(side, selector, document)
            first = [f for f in found if sure and is_body(f.candidate) and not f.candidate.behind]
            if first or choose_figures(found, question, least):
                yield from map(figure_cell, stating_most(first or found, question.wording))
            return
        for candidate in choose_sentences(side, document, _CELL):
            if candidate.coverage >= least:
                citation = candidate.cite()
                yield Statement(citation.quote, (citation,))
