"""Divide a cleaned policy into its clauses: title block, leads, numbered clauses, closings, signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.draft import lines as find_lines
from corpus.headings import heading_lines, heading_of
from corpus.labels import joined
from corpus.outline import Node, closing_of, find_outline
from corpus.zones import Part, find_parts

HEADER, LEAD, CLOSING, SIGNATURE = "版头", "前言", "结语", "落款"

_Add = Callable[..., None]  # path, label, first line, end line, heading, length of the label


@dataclass(slots=True)
class Found:
    """A clause as found, before it becomes a record. Offsets refer to the text."""

    part: str
    path: tuple[str, ...]
    label: str
    heading: str
    start: int
    end: int
    body_start: int


def find_clauses(text: str) -> list[Found]:
    """The clauses of the text in reading order; they tile it."""
    spans = find_lines(text)
    words = [text[start:end] for start, end in spans]
    found: list[Found] = []
    for part in find_parts(words):
        found += _part_clauses(words, spans, part)
    for index, clause in enumerate(found):
        clause.end = found[index + 1].start if index + 1 < len(found) else len(text)
    if found:
        found[0].start = 0
    return found


def _part_clauses(words: list[str], spans: Sequence[tuple[int, int]], part: Part) -> list[Found]:
    found: list[Found] = []

    def add(
        path: tuple[str, ...], label: str, first: int, end: int, heading: str = "", skip: int = 0
    ) -> None:
        if first < end:
            start = spans[first][0]
            found.append(Found(part.name, path, label, heading, start, spans[end - 1][1], start + skip))

    add((), HEADER, part.first, part.body)
    nodes = find_outline(words, part.body, part.signature)
    add((), LEAD, part.body, nodes[0].first if nodes else part.signature)
    for index, node in enumerate(nodes):
        following = nodes[index + 1] if index + 1 < len(nodes) else None
        _add_numbered(add, words, node, following)
    add((), SIGNATURE, part.signature, part.end)
    return found


def _add_numbered(add: _Add, words: list[str], node: Node, following: Node | None) -> None:
    """One numbered clause; apart from it its lead, if clauses stand below it, or a closing behind it."""
    label = joined(node.path)
    own = node.first + heading_lines(words[node.first : node.end], node.label)
    heading = heading_of("".join(words[node.first : own]), node.label, own < node.end)
    if node.children:
        add(node.path, label, node.first, own, heading, node.label.end)
        add(node.path, LEAD, own, node.end)
        return
    closing = closing_of(words, node, following)
    add(node.path, label, node.first, closing, heading, node.label.end)
    # What stands behind the very last clause closes the whole, however deep that clause is.
    add(node.path[:-1] if following else (), CLOSING, closing, node.end)
