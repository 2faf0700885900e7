"""Passages cut into sentences, and these into what their commas part."""

from __future__ import annotations

from dataclasses import dataclass

from chat.parts import PART, SHORTEST_PART
from corpus.sentences import split_sentences
from index.embedder import Span
from index.passage import Evidence


@dataclass(frozen=True)
class Cut:
    """A passage in pieces. `start` is where its sentences begin, an offset into the document's text, as are `spans`."""

    item: Evidence
    start: int
    spans: list[Span]
    texts: list[str]
    parts: list[list[Span]]  # of each sentence where in it they stand; none where it has but one


def cut_of(item: Evidence) -> Cut:
    """Cut a passage; the bracket of responsible departments is a sentence of its own."""
    passage, clause = item.passage, item.passage.clause
    start = max(passage.start, clause.body_start) if passage.start <= clause.start else passage.start
    spans = [(a, b) for a, b in split_sentences(clause.document.text[start : passage.end], start) if b > a]
    texts = [clause.document.text[a:b] for a, b in spans]
    parted = [_parts(text) for text in texts]
    return Cut(item, start, spans, texts, [parts if len(parts) > 1 else [] for parts in parted])


def _parts(text: str) -> list[Span]:
    marks = [mark.start() for mark in PART.finditer(text)]
    pieces = zip([0, *(mark + 1 for mark in marks)], [*marks, len(text)], strict=True)
    return [(start, end) for start, end in pieces if len(text[start:end].strip()) >= SHORTEST_PART]
