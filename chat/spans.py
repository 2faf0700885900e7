"""Spans of a text: (start, end) offsets."""

from __future__ import annotations

from collections.abc import Sequence


def blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with the spans replaced by spaces, so that offsets stay."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
