"""Answers from tables: the row and the columns that are asked, said as 行：列 值."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import rjieba
from numpy.typing import NDArray

from chat.answer import Citation, Statement
from chat.match import coverage
from chat.outline import label_of
from chat.question import Question
from chat.quoting.selection import Selection, covers_years, evidence_of, in_order, name_of
from chat.select import Selector
from chat.terms import Term
from corpus.document import Clause, Document
from corpus.tables import Row, Table, spelled, tables_of

_CLAUSES = 12  # clauses of a document, best first, whose tables are read
_HEADING, _TITLE, _LEAD = 0.85, 0.8, 0.8  # what a word counts where it stands above the table
_NEAR = 0.9  # a row answers as well when it comes this close to the best
_BEATS = 0.9  # share of the best sentence's coverage that a row must reach
_MOST_ROWS = 4
_WHOLE = 160  # characters of a row that is said whole where no column is asked for
_WORD = re.compile(r"[㐀-鿿A-Za-z0-9]{2,}")
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_FIGURE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?[㐀-鿿a-z%]{1,2}")
_FIGURE_WEIGHT = 3.0  # of a figure that a row and the question share
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
# What a question calls a column otherwise than the table does.
_ALIKE: tuple[tuple[str, str], ...] = (
    (r"封顶|上限|限额|最高|最多|至多|顶格", r"最高|上限|限额|封顶|不超过"),
    (r"下限|最低|最少|至少|起步|门槛", r"最低|下限|门槛|不低于|不少于"),
    (r"比例|几成|百分之|百分比|占比", r"比例|占比|比重|％|%"),
    (r"多少钱|金额|几万|几千|多少元|给多少|补多少|奖多少|发多少|补贴|补助|奖励|奖补", r"标准|金额|总额|补贴|补助|奖励|奖补|额度|元"),
    (r"怎么发|如何发|分几年|几年发|发放", r"发放|兑现|拨付"),
    (r"材料|资料|证明", r"材料|资料"),
    (r"条件|对象|哪些人|谁(能|可以)", r"条件|对象|范围"),
    (r"什么时候|期限|时限|截止|多久", r"时间|期限|时限|日期"),
    (r"哪个部门|谁负责|牵头", r"部门|单位"),
)  # fmt: skip
_BOUNDS = 3  # of these: what a question asks for besides another (比例和上限)


@dataclass(frozen=True, eq=False)
class Found:
    """A row of a table that may answer, with its columns; a higher score is better."""

    clause: Clause
    table: Table
    row: Row
    own: NDArray[np.float32] = field(repr=False)  # per term: in the row, or in a column's name that is asked
    columns: tuple[int, ...]  # those asked for, the first apart; empty where the question names none
    score: float  # weighted share of the topic's words in the row and what stands above it, 0 to 1


def write_tables(
    selection: Selection, selector: Selector, documents: Sequence[Document], least: float
) -> list[Statement]:
    """The rows that answer, of the documents with a table that tells better than any sentence; else nothing.

    `least`: the share of the topic's words (0 to 1) below which a row does not belong to the topic.
    """
    return [s for document in in_order(documents) for s in _of_document(selection, selector, document, least)]


def _of_document(
    selection: Selection, selector: Selector, document: Document, least: float
) -> list[Statement]:
    candidates = [c for c in selection.of(document) if covers_years(c, selection.question)]
    clauses = list(dict.fromkeys(candidate.clause for candidate in candidates))[:_CLAUSES]
    tables = [(clause, table) for clause in clauses for table in tables_of(clause)]
    if not tables:
        return []
    chosen = max(
        (choose_rows(selection, selector, clause, table) for clause, table in tables),
        key=lambda rows: rows[0].score if rows else 0.0,
    )
    prose = [c.coverage for c in candidates if not _inside(c.sentence.start, c.clause, tables)]
    if not chosen or chosen[0].score < max(least, _BEATS * max(prose, default=0.0)):
        return []
    lead = f"{name_of(document)}{label_of(chosen[0].clause)}"
    caption = chosen[0].table.caption
    lead += f"“{caption}”：" if caption and len(caption) <= 20 and "，" not in caption else "："
    form = "bullet" if len(chosen) > 1 else "sentence"
    return [say(found, lead if not number else "", form) for number, found in enumerate(chosen)]


def choose_rows(selection: Selection, selector: Selector, clause: Clause, table: Table) -> list[Found]:
    """The rows of a table that the question means, best first; empty where it tells neither a row nor a column."""
    question = selection.question
    if not question.terms:
        return []
    above = _above(selection, selector, clause, table)
    columns = asked_columns(question, table)
    years = {int(name[:4]) for _, name in _named(table) if _YEAR.fullmatch(name)}
    if years and question.years and not years & set(question.years):
        return []  # the table is silent on the year that is asked
    named = " ".join(table.columns[c] for c in columns)
    rows = [selector.matcher.match_exactly(question.terms, _words(row)) for row in table.rows]
    alike = np.minimum.reduce(rows) if len(rows) > 1 else np.zeros(len(question.terms), dtype=np.float32)
    weights = np.array([term.weight for term in question.terms], dtype=np.float32)
    telling = [float(weights @ np.maximum(row - alike, 0)) for row in rows]
    telling = [mark + told for mark, told in zip(telling, _figures_told(question, table), strict=True)]
    best = max(telling)
    if best <= 0 and not (len(rows) == 1 and columns):
        return []
    head = selector.matcher.match_exactly(question.terms, named)
    found = []
    for row, own, mark in zip(table.rows, rows, telling, strict=True):
        if best > 0 and mark < _NEAR * best:
            continue
        held = np.maximum.reduce([own, head, above])
        found.append(
            Found(clause, table, row, np.maximum(own, head), columns, coverage(question.terms, held))
        )
    return found if len(found) <= _MOST_ROWS and (len(found) < len(rows) or len(rows) == 1) else []


def _figures_told(question: Question, table: Table) -> list[float]:
    """What each row gains by figures of the question (28纳米) that stand in it and not in every one."""
    asked = set(_FIGURE.findall(_plain(question.wording)))
    held = [{figure for figure in asked if _holds(_plain(_words(row)), figure)} for row in table.rows]
    common = set.intersection(*held) if held else set()
    return [_FIGURE_WEIGHT * len(own - common) for own in held]


def _holds(text: str, figure: str) -> bool:
    """Whether a text has a figure as it is, and not as the end of a longer one."""
    return re.search(rf"(?<![\d.]){re.escape(figure)}", text) is not None


_WHOLE_NAME = 2.0  # mark of a column whose name the question has as it is
_HOW_MUCH = re.compile(r"多少|几|怎么(?:补|给|奖)")
_MEASURE = re.compile(r"比例|最高|上限|封顶|标准|几成|百分|期限|[几多][年月天日]|几个|多少[个家人户项]")


def asked_columns(question: Question, table: Table) -> tuple[int, ...]:
    """The columns, the first apart, that the question's wording names: by their names, or by words for the same."""
    wording = _plain(f"{question.wording} {question.text}" if question.follows else question.wording)
    marks = {c: _column_mark(name, wording) for c, name in _named(table)}
    asked = [meant for asks, meant in _ALIKE[:_BOUNDS] if re.search(asks, wording)]
    named = tuple(
        c
        for c, mark in marks.items()
        if mark and (mark >= 0.5 * max(marks.values()) or any(re.search(m, table.columns[c]) for m in asked))
    )
    if (
        named
        and max(marks.values()) < _WHOLE_NAME
        and _HOW_MUCH.search(wording)
        and not _MEASURE.search(wording)
    ):
        # 补助多少 may be the share and the highest amount: all columns with figures tell it.
        figures = {c for c in marks if any(re.search(r"\d", row.cells[c].text) for row in table.rows)}
        return tuple(c for c in marks if c in figures or c in named)
    return named


def _named(table: Table) -> list[tuple[int, str]]:
    return [(c, name) for c, name in enumerate(table.columns) if c and name]


def _column_mark(name: str, wording: str) -> float:
    """How well the wording names a column: 2 for the whole name, 1 for each word of it or for one that means the same."""
    plain = _plain(_BRACKETS.sub("", name)) or _plain(name)
    words = [word for word in rjieba.cut(plain, False) if _WORD.fullmatch(word)]
    held = sum(word in wording for word in words)
    alike = sum(bool(re.search(asked, wording) and re.search(meant, plain)) for asked, meant in _ALIKE)
    whole = 2 * (plain in wording or _plain(name) in wording)
    return float(whole + held + alike)


def say(found: Found, lead: str, form: str = "sentence") -> Statement:
    """A row as a derived statement that cites it: the columns asked for and those that tell which row it is."""
    columns = _said(found)
    citation = Citation(evidence_of(found.clause), found.row.start, found.row.end)
    text = spelled(found.table, found.row, columns)
    return Statement(
        text, (citation,), "derived", lead=lead, form="bullet" if form == "bullet" else "sentence"
    )


def _said(found: Found) -> list[int]:
    every = [c for c in range(1, len(found.row.cells)) if found.row.cells[c].text]
    if not found.columns:
        whole = sum(len(found.table.columns[c]) + len(found.row.cells[c].text) for c in every)
        return every if whole <= _WHOLE else every[:3]
    twins = [row for row in found.table.rows if row.name == found.row.name and row is not found.row]
    return [
        c
        for c in every
        if c in found.columns or _limits(found.row, c) or (c == 1 and (twins or _describes(found.table, c)))
    ]


def _limits(row: Row, column: int) -> bool:
    """Whether a cell takes something back (不设上限), which no answer may leave out."""
    return bool(re.search(r"[不未无非]", row.cells[column].text))


def _describes(table: Table, column: int) -> bool:
    """Whether a column says what the rows are (对象) rather than what they get: words without any figure."""
    return column == 1 and all(not re.search(r"\d", row.cells[column].text) for row in table.rows)


def readable(statement: Statement) -> Statement:
    """A quoted statement that is a bare row of a table, with its columns' names; any other as it is."""
    if statement.kind != "quoted" or len(statement.citations) != 1:
        return statement
    citation = statement.citations[0]
    for table in tables_of(citation.clause):
        row = next(
            (row for row in table.rows if row.start <= citation.start and citation.end <= row.end), None
        )
        if row is not None:
            cited = Citation(citation.evidence, row.start, row.end)
            text = spelled(table, row, range(1, len(row.cells)))
            return Statement(text, (cited,), "derived", statement.lead, statement.form)
    return statement


def _above(selection: Selection, selector: Selector, clause: Clause, table: Table) -> NDArray[np.float32]:
    """Per term how far the title, the headings, the clause's other text and the caption hold it; shape (terms,)."""
    terms: tuple[Term, ...] = selection.question.terms
    document = clause.document
    outside = document.text[clause.start : table.start] + document.text[table.end : clause.end]
    headings = f"{selection.outline(document).headings(clause)} {clause.heading}"
    match = selector.matcher.match_exactly
    return np.maximum.reduce(
        [
            _HEADING * match(terms, f"{headings} {table.caption}"),
            _TITLE * match(terms, document.title),
            _LEAD * match(terms, outside),
        ]
    )


def _words(row: Row) -> str:
    return " ".join(cell.text for cell in row.cells)


def _inside(place: int, clause: Clause, tables: Sequence[tuple[Clause, Table]]) -> bool:
    """Whether a sentence is a row, or the lead with the first row behind it."""
    return any(other is clause and table.start <= place < table.end for other, table in tables)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text).lower()
