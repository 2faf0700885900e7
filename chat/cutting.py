"""Passages cut into sentences, and these into what their commas part."""

from __future__ import annotations

from dataclasses import dataclass

from chat.parts import PART, SHORTEST_PART
from corpus.sentences import split_sentences
from index.passage import Evidence


@dataclass(frozen=True)
class Cut:
    """A passage in pieces. `start` is where its sentences begin, an offset into the document's text, as are `spans`."""

    item: Evidence
    start: int
    spans: list[tuple[int, int]]
    texts: list[str]
    parts: list[list[str]]  # of each sentence; none where it has but one

    @property
    def encoded(self) -> list[str]:
        """The sentences, then all their parts."""
        return [*self.texts, *(part for parts in self.parts for part in parts)]


def cut_of(item: Evidence) -> Cut:
    """Cut a passage; the bracket of responsible departments is a sentence of its own."""
    passage, clause = item.passage, item.passage.clause
    start = max(passage.start, clause.body_start) if passage.start <= clause.start else passage.start
    spans = [(a, b) for a, b in split_sentences(clause.document.text[start : passage.end], start) if b > a]
    texts = [clause.document.text[a:b] for a, b in spans]
    parted = [[p for p in PART.split(text) if len(p.strip()) >= SHORTEST_PART] for text in texts]
    return Cut(item, start, spans, texts, [parts if len(parts) > 1 else [] for parts in parted])
