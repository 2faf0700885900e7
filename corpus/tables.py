"""Tables in the text of a policy: rows of cells parted by bars, tabs or wide blanks, with headers and caption."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Clause

DITTO = "〃"  # in a cell that a cell above spans
_RULE = re.compile(r"[\s|:=+—-]+")
_BAR = re.compile(r"\|")
_TAB = re.compile(r"\t+")
_WIDE = re.compile(r"(?:[ \u00a0]{2,}|\u3000{2,}|[ \u00a0]*\u3000[ \u00a0\u3000]+)")
_HINT = re.compile(r"[|\t]|[ \u00a0\u3000]{2}")
_YEAR = re.compile(
    r"(?:(?:19|20)\d\d\s*年?|第?[一二三四五六七八九十\d]+[年期季档类级](?:度)?)(?:[（(].*[）)])?"
)
_FIGURE = re.compile(r"[—－\-/]+|\d[\d—－\-/:.]*\d|[≥≤<>＜＞约]?\s*\d[\d,，.]*\s*[\u4e00-\u9fff%％‰/·]{0,8}")
_LONGEST_CELL = 120  # characters; the cells of a table set with blanks
_LONGEST_CAPTION = 60
_LONGEST_NAME = 30  # characters of a column's name; a longer cell is content
_SPEAKS_OF_IT = re.compile(r"[下附见如]表")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `start` and `end` are offsets into the document's text; of a spanned cell those of the spanning one."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its offsets, without the blanks around it, and as many cells as the table has columns."""

    start: int
    end: int
    cells: tuple[Cell, ...]

    @property
    def name(self) -> str:
        """What the row is about: its first cell."""
        return self.cells[0].text


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a clause. `caption` is the line above it, or the sentence that leads to it."""

    caption: str
    header: tuple[Row, ...]  # the lines that name the columns; empty where none does
    rows: tuple[Row, ...]
    columns: tuple[str, ...]  # the columns' names; of two header lines both parts, joined

    @property
    def start(self) -> int:
        """Where the first line begins."""
        return (*self.header, *self.rows)[0].start

    @property
    def end(self) -> int:
        """Where the last line ends."""
        return (*self.header, *self.rows)[-1].end


def tables_of(clause: Clause) -> tuple[Table, ...]:
    """The tables of a clause, in reading order. Title blocks and signatures hold none."""
    if clause.label in ("版头", "落款"):
        return ()
    return find_tables(clause.document.text, clause.start, clause.end)


def find_tables(text: str, start: int, end: int) -> tuple[Table, ...]:
    """The tables in text[start:end]: two neighbouring lines or more with the same sort of gap between their cells."""
    if not _HINT.search(text, start, end):
        return ()
    lines = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\n]+", text[start:end])]
    tables = []
    place = 0
    while place < len(lines):
        for gap, least_columns, least_rows in ((_BAR, 2, 2), (_TAB, 2, 2), (_WIDE, 3, 2), (_WIDE, 2, 3)):
            grid = _grid(text, lines, place, gap)
            widths = [len(cells) for _, _, cells in grid]
            if len(grid) >= least_rows and max(widths) >= least_columns:
                tables.append(_table(text, grid, _caption(text, lines, place)))
                place += len(grid)
                break
        else:
            place += 1
    return tuple(tables)


_Line = tuple[int, int, list[Cell]]


def _grid(text: str, lines: Sequence[tuple[int, int]], first: int, gap: re.Pattern[str]) -> list[_Line]:
    """The lines from `first` on that hold the gap, cut into cells; of blanks, lines of equal width alone."""
    grid: list[_Line] = []
    for start, end in lines[first:]:
        if not gap.search(text, start, end):
            break
        if _RULE.fullmatch(text, start, end):
            continue
        cells = _cells(text, start, end, gap)
        if gap is _WIDE and (
            any(cell.end - cell.start > _LONGEST_CELL or "。" in cell.text for cell in cells)
            or (grid and len(cells) != len(grid[0][2]))
        ):
            break
        grid.append((start, end, cells))
    return grid


def _cells(text: str, start: int, end: int, gap: re.Pattern[str]) -> list[Cell]:
    """The cells of a line; bars at both its ends frame it, a bar at one end stands beside an empty cell."""
    borders = [(match.start(), match.end()) for match in gap.finditer(text, start, end)]
    if gap is _BAR and len(borders) > 2 and borders[0][0] == start and borders[-1][1] == end:
        start, end = borders[0][1], borders[-1][0]
        borders = borders[1:-1]
    edges = [start, *(place for border in borders for place in border), end]
    return [_cell(text, left, right) for left, right in zip(edges[::2], edges[1::2], strict=True)]


def _cell(text: str, start: int, end: int) -> Cell:
    words = text[start:end]
    left = start + len(words) - len(words.lstrip())
    right = max(left, start + len(words.rstrip()))
    return Cell(text[left:right], left, right)


def _caption(text: str, lines: Sequence[tuple[int, int]], first: int) -> str:
    """The line above: a caption, or the last sentence of a paragraph that speaks of the table."""
    if not first:
        return ""
    above = text[slice(*lines[first - 1])].strip()
    if len(above) <= _LONGEST_CAPTION and "。" not in above:
        return above.rstrip("：:")
    sentences = re.split(r"(?<=[。；])", above.rstrip("。；"))
    telling = [sentence for sentence in sentences if _SPEAKS_OF_IT.search(sentence)]
    if not telling and above[-1] in "：:":
        telling = sentences[-1:]
    return telling[-1].rstrip("：:。；") if telling else ""


def _table(text: str, grid: Sequence[_Line], caption: str) -> Table:
    width = max(len(cells) for _, _, cells in grid)
    rows: list[Row] = []
    for start, end, cells in grid:
        padded = cells + [Cell("", end, end)] * (width - len(cells))
        above = rows[-1].cells if rows else padded
        filled = tuple(over if cell.text == DITTO else cell for cell, over in zip(padded, above, strict=True))
        rows.append(Row(start, end, filled))
    depth = _header_depth(grid, rows)
    return Table(caption, tuple(rows[:depth]), tuple(rows[depth:]), _columns(rows[:depth], width))


def _header_depth(grid: Sequence[_Line], rows: Sequence[Row]) -> int:
    """How many lines name the columns: none where the first line holds figures, two where its cells span others."""
    first = rows[0].cells
    if len(rows) < 2 or any(len(c.text) > _LONGEST_NAME for c in first):
        return 0
    if any(_FIGURE.fullmatch(c.text) and not _YEAR.fullmatch(c.text) for c in first[1:]):
        return 0
    spans = any(not cell.text for cell in first[1:])
    below = any(cell.text == DITTO for cell in grid[1][2])
    figures = any(_FIGURE.fullmatch(c.text) and not _YEAR.fullmatch(c.text) for c in rows[1].cells[1:])
    return 2 if spans and below and len(rows) > 2 and not figures else 1


def _columns(header: Sequence[Row], width: int) -> tuple[str, ...]:
    """The names of the columns; an empty cell of the upper line is spanned by the cell on its left."""
    names = [""] * width
    for depth, row in enumerate(header):
        left = ""
        for place, cell in enumerate(row.cells):
            left = cell.text or (left if depth == 0 and len(header) > 1 else "")
            if left and left != names[place]:
                names[place] += left
    return tuple(names)


def spelled(table: Table, row: Row, columns: Sequence[int]) -> str:
    """A row as a sentence says it: 行：列 值；列 值."""
    parts = [f"{table.columns[c]} {row.cells[c].text}".strip() for c in columns if row.cells[c].text]
    return f"{row.name}：{'；'.join(parts)}"
