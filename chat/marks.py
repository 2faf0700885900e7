"""The marks of all sentences found for a question, as arrays: what they come to, and what the ranking sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chat.candidate import Candidate, Context, Sentence
from chat.match import shares
from chat.question import Question
from chat.ranking.features import FEATURES, Found, features_of
from chat.terms import Term
from index.passage import Evidence

WEIGHTS = {"coverage": 0.7, "own": 0.1, "cosine": 0.2}
ROLE = 0.1  # what a sentence gains by playing the role that is asked for
PASSAGE = 0.5  # share of the passage's cosine in that of its sentences


@dataclass(frozen=True, eq=False)
class Marks:
    """The sentences of all passages found for a question, with their marks as arrays."""

    read: Sequence[tuple[Evidence, Context]]
    sentences: Sequence[Sentence]
    owner: NDArray[np.int64]  # per sentence: the number of its passage
    terms: Sequence[Term]
    own: NDArray[np.float32]  # shape (sentences, terms), as are the next, `around` and `referred`
    exact: NDArray[np.float32]
    above: NDArray[np.float32]  # shape (passages, terms)
    around: NDArray[np.float32]
    referred: NDArray[np.float32]  # in the clauses that the sentence refers to
    heading: NDArray[np.float32]  # share of the topic, shape (passages,)
    cosine: NDArray[np.float32]  # shape (sentences,), as are the next six
    whole_cosine: NDArray[np.float32]
    last_cosine: NDArray[np.float32]
    first_cosine: NDArray[np.float32]
    part_cosine: NDArray[np.float32]
    part_last_cosine: NDArray[np.float32]
    likeness: NDArray[np.float32]
    below: NDArray[np.bool_]  # per passage: below a heading of the role asked for
    fits: NDArray[np.bool_]

    @cached_property
    def body(self) -> NDArray[np.int64]:
        """The numbers of the sentences that are no headings."""
        return np.flatnonzero([sentence.role != "heading" for sentence in self.sentences])

    @cached_property
    def passages(self) -> NDArray[np.float32]:
        """The cosine of each passage."""
        return np.array([item.cosine for item, _ in self.read], dtype=np.float32)

    @cached_property
    def near(self) -> NDArray[np.float32]:
        """How near each sentence comes; its passage, headings included, speaks for it, so that it need not repeat them."""
        mixed = (1 - PASSAGE) * self.cosine + PASSAGE * self.passages[self.owner]
        return np.asarray(np.maximum(mixed, 0.0), dtype=np.float32)

    @cached_property
    def shared(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The share of the topic in each sentence and its surroundings, and in the sentence alone."""
        return shares(self.terms, self.around), shares(self.terms, self.own)

    @property
    def score(self) -> NDArray[np.float32]:
        """What the marks come to, without a learned ranking."""
        covered, alone = self.shared
        marks = WEIGHTS["coverage"] * covered + WEIGHTS["own"] * alone + WEIGHTS["cosine"] * self.near
        return np.asarray(marks + ROLE * self.fits, dtype=np.float32)

    def rows(self, question: Question) -> NDArray[np.float32]:
        """What the ranking sees of the sentences that are no headings."""
        body = self.body
        if not len(body):
            return np.zeros((0, FEATURES), dtype=np.float32)
        found = Found(
            own=self.own[body],
            exact=self.exact[body],
            around=self.around[body],
            referred=self.referred[body],
            heading=self.heading[self.owner[body]],
            cosine=self.cosine[body],
            whole_cosine=self.whole_cosine[body],
            last_cosine=self.last_cosine[body],
            first_cosine=self.first_cosine[body],
            part_cosine=self.part_cosine[body],
            part_last_cosine=self.part_last_cosine[body],
            likeness=self.likeness[body],
            passage=self.owner[body],
            passage_cosine=self.passages,
            passage_coverage=np.array([item.coverage for item, _ in self.read], dtype=np.float32),
            fits=self.fits[body],
            headed=self.below[self.owner[body]],
            duty=np.array([self.sentences[row].role == "duty" for row in body]),
            forms=[self.sentences[row].form for row in body],
            texts=[self.sentences[row].text for row in body],
            surroundings=[
                f"{context.heading_text} {item.passage.clause.document.title}" for item, context in self.read
            ],
        )
        return features_of(question, found)

    def candidates(
        self, score: NDArray[np.float32], behind: NDArray[np.float32] | None = None
    ) -> list[Candidate]:
        """The sentences as candidates, in the order of the evidence."""
        covered, alone = (marks.tolist() for marks in self.shared)
        scores, near, fits = score.tolist(), self.near.tolist(), self.fits.tolist()
        headed, below = self.heading.tolist(), self.below.tolist()
        back = [0.0] * len(scores) if behind is None else behind.tolist()
        return [
            Candidate(
                evidence=self.read[place][0],
                sentence=sentence,
                own=self.own[row],
                above=self.above[place],
                around=self.around[row],
                coverage=covered[row],
                own_coverage=alone[row],
                heading_coverage=headed[place],
                cosine=near[row],
                fits=fits[row],
                headed=below[place],
                score=scores[row],
                behind=back[row],
            )
            for row, (place, sentence) in enumerate(zip(self.owner.tolist(), self.sentences, strict=True))
        ]
