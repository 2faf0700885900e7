"""Spans of a text: (start, end) offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

PUNCTUATION = re.compile(r"[^㐀-鿿A-Za-z0-9]")


def blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with the spans replaced by spaces, so that offsets stay."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def occurrences(word: str, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """The spans at which a word stands within text[start:end], none overlapping the one before.

    A pattern of every word of a question would be compiled anew for each question, which takes longer than the search.
    """
    end = len(text) if end is None else end
    while word and (start := text.find(word, start, end)) >= 0:
        yield start, start + len(word)
        start += len(word)


def compacted(text: str) -> tuple[str, list[int]]:
    """The text without punctuation, and the place in `text` of each character kept."""
    kept = [i for i, character in enumerate(text) if not PUNCTUATION.match(character)]
    return "".join(text[i] for i in kept), kept


def original_span(origin: list[int], position: int, length: int) -> tuple[int, int]:
    """Where a stretch of a compacted text stands in the text before; `origin` is the place of each of its characters."""
    return origin[position], origin[position + length - 1] + 1
