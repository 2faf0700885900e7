"""Tables of web pages as lines: the rows that hold data, and the bars that part their cells, spans included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.tables import DITTO

_LONGEST_ROW = 1000  # characters; a longer row lays out the page
_SPAN = re.compile(r"\b(?P<kind>row|col)span\s*=\s*[\"']?\s*(?P<count>\d{1,3})", re.IGNORECASE)
_MOST_COLUMNS = 60
_BAR = " | "


@dataclass(frozen=True, slots=True)
class Token:
    """A tag, a comment or a whole script element."""

    start: int
    end: int
    kind: str  # tag, close, comment, program
    name: str


def rows_of(tokens: Sequence[Token]) -> set[int]:
    """The places of the tokens inside rows of real tables: two cells or more, no table within, not a page of text."""
    inside: set[int] = set()
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.name != "tr":
            continue
        if token.kind == "tag":
            opened.append(place)
        elif token.kind == "close" and opened:
            first = opened.pop()
            row = tokens[first : place + 1]
            cells = sum(item.kind == "tag" and item.name in ("td", "th") for item in row)
            nested = any(item.name in ("table", "tr") for item in row[1:-1])
            if cells > 1 and not nested and token.end - tokens[first].start < 20 * _LONGEST_ROW:
                shown = sum(b.start - a.end for a, b in zip(row, row[1:], strict=False))
                if shown < _LONGEST_ROW:
                    inside.update(range(first, place + 1))
    return inside


def cell_bars(text: str, tokens: Sequence[Token], rows: set[int]) -> dict[int, str]:
    """What the cells' tags leave in a row's line: a bar before each cell but the first, 〃 for a cell that one above
    spans, an empty cell for one that its neighbour on the left spans. Keys are places of tokens."""
    bars: dict[int, str] = {}
    covered: dict[int, int] = {}  # column → rows below that a cell above still spans
    column = 0
    previous = -1
    for place, token in enumerate(tokens):
        if token.name == "table":
            covered, column = {}, 0
        elif place not in rows:
            continue
        elif token.name == "tr" and token.kind == "tag":
            column, previous = 0, -1
        elif token.name == "tr":
            behind, _ = _passed(covered, column)
            bars[place] = f"{_fit(behind, token.end - token.start - 1)}\n"
        elif token.name in ("td", "th") and token.kind == "tag":
            above, column = _passed(covered, column)
            lead = above.removeprefix(_BAR) + _BAR if previous < 0 and above else above + _BAR
            bars[place] = _fit(lead if previous >= 0 or above else "", token.end - token.start)
            spans = {m["kind"].lower(): int(m["count"]) for m in _SPAN.finditer(text, token.start, token.end)}
            width = min(spans.get("col", 1) or 1, _MOST_COLUMNS)
            for at in range(column, column + width):
                covered[at] = (spans.get("row", 1) or 1) - 1
            column, previous = column + width, place
        elif token.name in ("td", "th") and previous >= 0:
            # The neighbours on the right that the cell spans are empty cells.
            spans = {
                m["kind"].lower(): int(m["count"])
                for m in _SPAN.finditer(text, tokens[previous].start, tokens[previous].end)
            }
            empty = min(spans.get("col", 1) or 1, _MOST_COLUMNS) - 1
            if empty:
                bars[place] = _fit(" |" * empty, token.end - token.start)
    return bars


def _passed(covered: dict[int, int], column: int) -> tuple[str, int]:
    """The marks for the cells from `column` on that stand under a spanning one, and the next free column."""
    marks = ""
    while covered.get(column, 0) > 0:
        covered[column] -= 1
        marks += f"{_BAR}{DITTO}"
        column += 1
    return marks, column


def _fit(marks: str, room: int) -> str:
    """The marks within the room that the tag leaves: without blanks if need be."""
    return marks if len(marks) <= room else marks.replace(" ", "")[: max(room, 0)]
