"""Comparisons: one row per document, one citation per cell, 未提及 where a text is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat.answer import Citation, Statement
from chat.candidate import Candidate
from chat.places import region_of
from chat.quantities import QuantityKind
from chat.question import Kind, Question
from chat.quoting.aspects import stating_most
from chat.quoting.departments import duty_of, names_actor, responsible_clauses
from chat.quoting.figures import Figure, choose, figure_cell, find_figures
from chat.quoting.selection import Selection, in_order, is_body, name_of
from chat.quoting.sentences import Shape
from chat.quoting.sentences import choose as choose_sentences
from chat.quoting.tables import write_tables
from chat.quoting.wanted import opposed
from chat.refusal import is_sure
from chat.select import Selector
from corpus.document import Document

_DEPARTMENTS = re.compile(r"(?<![一二三四五六七八九十])部门|单位|谁(来|负责|牵头|管|抓)|负责|牵头|归口|分工")
ASKS_FIGURES = re.compile(r"多少|几|数|目标|指标|比例|金额|更(多|高|大|少|低|长|短)|谁(多|高)|差(多少|几)")
_SCOPE = re.compile(
    r"新增|新培育|累计|省级以上|市级以上|国家级|省级|市级|每年|年均|规模以上|左右|不少于|不低于|(?<!不)超过|力争"
)
# What is given or taken is asked for: a number of enterprises answers that no more than words do.
_ASKS_MONEY = re.compile(
    r"多少(?:钱|万|元|块|亿)|几(?:万|块)|金额|(?:奖励?|奖补|补贴|补助|贴息|资助|罚款?|[给补奖贴罚])[^，。？家个户名项标]{0,6}(?:多少(?![家个户名项])|几成|更?[多高少低](?=[？?一些点]|$))"
)
_MONEY = (QuantityKind.MONEY, QuantityKind.SHARE, QuantityKind.POINTS)
# 比“小巨人”低一档: what is named is not what is asked about.
_BESIDE_IT = re.compile(r"(?<![相对])比(?!例|重|较|如|率|起|对|赛)")
_CELL = 150  # characters of a cell made of sentences
_FAR, _BESIDE = (
    -6.5,
    0.5,
)  # log odds behind the best, from which a sentence makes a row; behind the first of the row
_WORDED = 0.9  # share of the topic in a sentence, with which no document is silent however it ranks
_NEAR = -6.0  # log odds behind the best, from which a sentence that names who acts is told
_ROW, _SURE = (
    -3.5,
    0.5,
)  # log odds behind the best of all, and confidence, from which a document's first sentence is told
_FAR_BEHIND = 1.0  # log odds behind that one, from which no figure is told in its place
_MOST = 6  # rows
_MOST_TABLED = 2  # rows of a document's own table


def write_comparison(
    selection: Selection, selector: Selector, documents: Sequence[Document], least: float
) -> Iterator[Statement]:
    """Compare what `documents` say on the topic of the question, row by row; then the difference, if one may be drawn."""
    question = selection.question
    rows = _as_asked(documents, question)[:_MOST]
    if _DEPARTMENTS.search(question.wording):
        yield from _departments(selection, rows)
        return
    figures = {document.id: _figures(selection, selector, document, least) for document in rows}
    tabled = {document.id: write_tables(selection, selector, [document], least) for document in rows}
    if (ASKS_FIGURES.search(question.wording) or any(tabled.values())) and any(figures.values()):
        rows = _without_silent_kin(rows, {d.id for d in rows if figures[d.id] or tabled[d.id]})
        for document in rows:
            if tabled[document.id]:
                for number, row in enumerate(tabled[document.id][:_MOST_TABLED]):
                    yield replace(row, lead="" if number else row_name(document), form="row")
            else:
                yield from _figure_rows(document, figures[document.id])
        if any(tabled.values()):
            return
        yield from _difference(question, [figures[document.id] for document in rows], rows)
        return
    yield from _sentences(selection, rows, least)


def row_name(document: Document) -> str:
    """How a row calls its document: the region or level, and the number, since a table has little room."""
    place = document.region or document.level
    return (
        f"{place}（{document.number}）"
        if place and document.number
        else f"{place} {name_of(document)}".strip()
    )


def _as_asked(documents: Sequence[Document], question: Question) -> list[Document]:
    """The documents in the order in which the question names their regions; else national first."""
    order = {region: place for place, region in enumerate(question.regions)}
    return sorted(
        in_order(documents), key=lambda d: order.get(region_of(d), -1 if not d.region else len(order))
    )


def _without_silent_kin(rows: Sequence[Document], answering: set[str]) -> list[Document]:
    """The rows without documents that are silent where another of the same region answers."""
    regions = {region_of(document) for document in rows if document.id in answering}
    return [d for d in rows if d.id in answering or region_of(d) not in regions]


def _silent(document: Document) -> Statement:
    return Statement("未提及", kind="notice", lead=row_name(document), form="row")


def _departments(selection: Selection, rows: Sequence[Document]) -> Iterator[Statement]:
    duties = {d.id: [duty_of(c) for c in responsible_clauses(selection, d)[:1]] for d in rows}
    told = {identity: next((one for one in found if one), None) for identity, found in duties.items()}
    for document in _without_silent_kin(rows, {identity for identity, found in told.items() if found}):
        citation = told[document.id] or _acting(selection, document)
        if citation is None:
            yield _silent(document)
        else:
            yield Statement(citation.quote, (citation,), lead=row_name(document), form="row")


def _acting(selection: Selection, document: Document) -> Citation | None:
    """The sentence of a document that by the ranking comes nearest and names who acts."""
    named = [c for c in selection.of(document) if is_body(c) and names_actor(c.sentence.text)]
    best = max(named, key=lambda candidate: candidate.behind, default=None)
    return best.cite() if best and best.behind >= _NEAR else None


def _figures(selection: Selection, selector: Selector, document: Document, least: float) -> list[Figure]:
    question = selection.question
    beside = _BESIDE_IT.search(question.wording)
    found = [
        figure
        for figure in find_figures(selection, selector, document)
        if beside or not opposed(question, figure.candidate.sentence.text, figure.candidate.clause.heading)
    ]
    if _ASKS_MONEY.search(selection.question.wording):
        found = [figure for figure in found if figure.quantity.kind in _MONEY]
    chosen = choose(found, selection.question, least)
    first = _of_first(selection, document, found)
    if first and not (chosen and chosen[0].candidate.behind >= first[0].candidate.behind - _FAR_BEHIND):
        found = first
    # One figure a row, the best: the other figures of its clause are about other things, unless they are asked for.
    return stating_most(found, selection.question.wording) if first or chosen else []


def _of_first(selection: Selection, document: Document, found: Sequence[Figure]) -> list[Figure]:
    """The figures of the sentence of a document that by the learned ranking comes nearest, if it comes near enough."""
    first = max(filter(is_body, selection.of(document)), key=lambda c: c.behind, default=None)
    if first is None or first.behind < _ROW or not is_sure(selection, _SURE):
        return []
    return [figure for figure in found if figure.candidate.sentence is first.sentence]


def _figure_rows(document: Document, figures: Sequence[Figure]) -> Iterator[Statement]:
    if not figures:
        yield _silent(document)
    for number, figure in enumerate(figures):
        yield replace(figure_cell(figure), lead="" if number else row_name(document))


def _difference(
    question: Question, found: Sequence[Sequence[Figure]], rows: Sequence[Document]
) -> Iterator[Statement]:
    """Say how two figures differ only where they count the same thing in the same way; else 口径不同."""
    if len(found) != 2 or not all(found):
        return
    one, other = found[0][0], found[1][0]
    if (
        one.quantity.kind is not other.quantity.kind
        or one.quantity.unit != other.quantity.unit
        or one.quantity.is_time
    ):
        return
    citations = (one.candidate.cite(), other.candidate.cite())
    scopes = [sorted(set(_SCOPE.findall(_segment(figure)))) for figure in (one, other)]
    if scopes[0] != scopes[1]:
        words = ["、".join(scope) or "无限定" for scope in scopes]
        first, second = (document.region or document.level for document in rows)
        text = f"口径不同，不宜直接比较（{first}：{words[0]}；{second}：{words[1]}）"
        yield Statement(text, citations, "derived", lead="")
        return
    values = [figure.quantity.values[0] for figure in (one, other) if figure.quantity.values]
    if len(values) != 2 or one.quantity.kind is QuantityKind.SHARE:
        return
    gap = abs(values[0] - values[1])
    higher = rows[0] if values[0] > values[1] else rows[1]
    text = (
        "两者相同" if not gap else f"{higher.region or higher.level}多{_plain(float(gap))}{one.quantity.unit}"
    )
    yield Statement(text, citations, "derived")


def _plain(value: float) -> str:
    return f"{value:.10g}"


def _segment(figure: Figure) -> str:
    """The words that say how the figure counts: from the last full stop or comma before it to its end."""
    text = figure.candidate.sentence.text
    before = max(
        (m.end() for m in re.finditer(r"[，,；;。]", text[: figure.quantity.phrase_start])), default=0
    )
    return text[before : figure.quantity.phrase_end]


def lacks_money(selection: Selection) -> bool:
    """Whether a comparison asks what is given or taken, and the sentence that ranks first states no such figure."""
    question = selection.question
    first = next((c for c in selection.candidates if c.behind == 0 and is_body(c)), None)
    asked = question.kind is Kind.COMPARISON and _ASKS_MONEY.search(question.wording)
    return bool(asked) and first is not None and not _states_money(first)


def _states_money(candidate: Candidate) -> bool:
    return any(quantity.kind in _MONEY for quantity in candidate.sentence.form.quantities)


def _telling(selection: Selection, document: Document, least: float) -> list[Candidate]:
    """The sentences of a row: by the learned ranking, none where the document comes nowhere near the best of all."""
    if selection.confidence is None:
        told = choose_sentences(selection, document, Shape(_CELL, 2, 0.9))
        return [candidate for candidate in told if candidate.coverage >= least]
    body = sorted(filter(is_body, selection.of(document)), key=lambda candidate: -candidate.behind)
    worded = (c for c in body if c.own_coverage >= _WORDED)
    first = [c for c in body[:1] if c.behind >= _FAR] or [c for c in (next(worded, None),) if c]
    return first + [c for c in body[1:2] if first == body[:1] and c.behind >= first[0].behind - _BESIDE]


def _sentences(selection: Selection, rows: Sequence[Document], least: float) -> Iterator[Statement]:
    found = {document.id: _telling(selection, document, least) for document in rows}
    if _ASKS_MONEY.search(selection.question.wording):
        found = {identity: list(filter(_states_money, told)) for identity, told in found.items()}
        if not any(found.values()):
            return
    for document in _without_silent_kin(rows, {identity for identity, chosen in found.items() if chosen}):
        chosen = found[document.id]
        if not chosen:
            yield _silent(document)
        for number, candidate in enumerate(chosen):
            citation = candidate.cite()
            yield Statement(
                citation.quote, (citation,), lead=row_name(document) if not number else "", form="row"
            )
