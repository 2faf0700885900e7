"""What is searched and what a search finds."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.document import Clause


@dataclass(frozen=True, eq=False)
class Passage:
    """A stretch of one clause that is searched as a whole. Offsets refer to `clause.document.text`."""

    clause: Clause = field(repr=False)
    start: int
    end: int

    @property
    def text(self) -> str:
        """What is quoted."""
        return self.clause.document.text[self.start : self.end]


@dataclass(frozen=True, eq=False)
class Evidence:
    """A passage that a search found, with the fused score and the raw values behind it. Higher is better."""

    passage: Passage
    score: float  # for ranking alone
    cosine: float  # raw cosine of question and passage, −1 to 1
    coverage: float  # share of the question's words (by inverse document frequency) in the passage, 0 to 1
