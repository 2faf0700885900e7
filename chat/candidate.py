"""A passage made ready for selection, and each of its sentences with its marks for one question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chat.answer import Citation
from chat.match import Words
from chat.ranking.forms import Form
from corpus.document import Clause, Document
from index.passage import Evidence


@dataclass(frozen=True, eq=False)
class Sentence:
    """One sentence of a passage; `start` and `end` are offsets into the document's text."""

    start: int
    end: int
    role: Literal["body", "heading", "duty"]  # duty: the bracket that names departments
    text: str
    words: Words
    vector: NDArray[np.float32] = field(repr=False)  # shape (dimensions,), unit length
    parts: NDArray[np.float32] = field(repr=False)  # of what its commas part, shape (parts, dimensions)
    form: Form = field(repr=False)


@dataclass(frozen=True, eq=False)
class Context:
    """A passage made ready for selection: its sentences, and the words around them."""

    sentences: tuple[Sentence, ...]
    headings: Words
    heading_text: str
    clause: Words
    title: Words
    referred: tuple[tuple[int, Words], ...]  # the number of a sentence, and a clause that it refers to


@dataclass(eq=False, slots=True)  # not frozen, which takes three times as long: a question makes a hundred
class Candidate:
    """A sentence with its marks for one question; all marks 0 to 1, higher is better. Nothing changes it."""

    evidence: Evidence
    sentence: Sentence
    own: NDArray[np.float32]  # per term: in the sentence, shape (terms,)
    above: NDArray[np.float32]  # per term: in the headings and the title over it, discounted
    around: NDArray[np.float32]  # per term: in the sentence, above it or in its clause, discounted
    coverage: float  # weighted share of the terms, sentence and surroundings
    own_coverage: float  # weighted share of the terms, sentence alone
    heading_coverage: float
    cosine: float  # of sentence and question
    fits: bool  # plays the role that the question asks for (chat.roles)
    headed: bool  # so does a heading over it
    score: float
    behind: float = 0.0  # log odds behind the sentence that by the learned ranking answers best

    @property
    def clause(self) -> Clause:
        """The clause that holds the sentence."""
        return self.evidence.passage.clause

    @property
    def document(self) -> Document:
        """The document that holds the sentence."""
        return self.clause.document

    def cite(self, start: int | None = None, end: int | None = None) -> Citation:
        """Cite the sentence, or a stretch of its clause."""
        return Citation(
            self.evidence,
            self.sentence.start if start is None else start,
            self.sentence.end if end is None else end,
        )
