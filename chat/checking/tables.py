"""Rows of tables said as sentences (行：列 值；列 值): each value must stand in that row and column of a cited clause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chat.checking.grounds import Check, Grounds
from chat.checking.reading import compact
from chat.quantities import find_quantities
from corpus.tables import Row, Table, tables_of

# The last colon that parts no figures (9：00, 4:3:3) stands between the row and its cells.
_COLON = r"(?<!\d)[：:]|[：:](?!\d)"
# It begins where a part of the text does, which is said so that no other place is tried.
_ROW = re.compile(
    rf"(?:^|(?<=[\x01；。：:]))(?P<row>(?:(?!{_COLON})[^\x01；。])+)(?:{_COLON})(?P<cells>(?:(?!{_COLON})[^\x01])+)\Z"
)
_UNIT = re.compile(r"[（(][^（）()]*[）)]")
_LEAST = 2  # characters of a row's or column's name that can be told in a sentence


def _said_row(grounds: Grounds, found: dict[str, str]) -> str | None:
    """ "" where a cited table has the row with these cells, a fault where it has the row with others."""
    name, cells = compact(found["row"]), compact(found["cells"])
    for marked in _rows(grounds):
        table, row = marked
        if not name.endswith(compact(row.name)) or not row.name:
            continue
        if name != compact(row.name):
            continue
        if _holds(table, row, cells):
            return ""
    return _strays(grounds, found["whole"])


def _rows(grounds: Grounds) -> Iterator[tuple[Table, Row]]:
    """The rows of the cited tables, those that are cited first."""
    every = [(s, t, row) for s in grounds.sources for t in tables_of(s.clause) for row in t.rows]
    quotes = [(source, compact(quote)) for source, quote in grounds.quotes]
    cited = [
        (table, row)
        for source, table, row in every
        if any(s is source and compact(source.document.text[row.start : row.end]) in q for s, q in quotes)
    ]
    yield from cited or [(table, row) for _, table, row in every]


def _holds(table: Table, row: Row, cells: str) -> bool:
    """Whether the words are columns' names with the row's cells behind them, parted by ；."""
    pairs = {
        compact(f"{column}{cell.text}")
        for column, cell in zip(table.columns[1:], row.cells[1:], strict=True)
        if cell.text
    }
    rest = cells.rstrip("。；")
    while rest:
        held = max((p for p in pairs if rest == p or rest.startswith(f"{p}；")), key=len, default="")
        if not held:
            return False
        rest = rest[len(held) + 1 :]
    return True


def _strays(grounds: Grounds, text: str) -> str | None:
    """A figure that stands in tables alone must be that of the row and the column which the words name."""
    plain = compact(text)
    for source in grounds.sources:
        tables = tables_of(source.clause)
        if not tables:
            continue
        words = compact(_without(source.clause.text, tables, source.clause.start))
        for quantity in find_quantities(plain):
            if quantity.is_time or quantity.text in words:
                continue
            fault = _cell_fault(tables, plain, quantity.text)
            if fault:
                return fault
    return None


def _cell_fault(tables: tuple[Table, ...], plain: str, figure: str) -> str:
    """What is wrong with a figure of a table; empty if it is none, or stands where the words say."""
    number = re.match(r"[\d.,]+", figure)
    held = False
    for table in tables:
        rows = [row for row in table.rows if _is_named(row.name, plain)]
        columns = [c for c, name in enumerate(table.columns) if c and _is_named(name, plain)]
        for row in table.rows:
            for place, cell in enumerate(row.cells[1:], 1):
                value = compact(cell.text)
                if value != figure and (number is None or value != number[0]):
                    continue
                held = True
                if (not rows or row in rows) and (not columns or place in columns):
                    return ""
    return f"“{figure}”不是表中该行该列的数" if held else ""


def _is_named(name: str, plain: str) -> bool:
    short = compact(_UNIT.sub("", name))
    return len(short) >= _LEAST and (short in plain or compact(name) in plain)


def _without(text: str, tables: tuple[Table, ...], start: int) -> str:
    """A clause's text without its tables."""
    for table in reversed(tables):
        text = text[: table.start - start] + text[table.end - start :]
    return text


RULES: tuple[tuple[re.Pattern[str], Check], ...] = ((_ROW, _said_row),)
