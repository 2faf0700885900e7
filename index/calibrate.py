"""What raw values mean for one model and one corpus: measured when the index is built.

A cosine of .3 is much for one model and nothing for another, and a large corpus has something near
every question. So the scale is set anew for each index, by two groups of questions:

- everyday questions (everyday.txt), of which no policy speaks: how near do they come all the same?
- the corpus's own sentences with every other word left out: how near must its own subjects come?

A question's `distance` says how many standard deviations it comes nearer than everyday questions do on
average. On 31 corpora of laws (1 to 40 laws, models that had not seen them) a distance of 2.5 let
pass 2 % of everyday questions, over 99 % of plainly worded and 75 % of colloquial questions on the corpus.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.sentences import split_sentences
from index.passage import Evidence, Passage
from index.words import subject_words

if TYPE_CHECKING:
    from index.hybrid import HybridIndex

EVERYDAY = Path(__file__).parent / "everyday.txt"
FOUND = 10  # passages of each search that are looked at
OWN_SENTENCES = 200  # more do not move the figures
SHORTEST = 6  # subject words of a sentence that still says something when half of them are gone
COVERAGE_WEIGHT = (
    0.25  # of the coverage's distance: names that the model does not know have no cosine to show
)
FARTHEST = 2.5  # standard deviations beyond everyday questions from which a corpus speaks of a question
OWN_SHARE = 0.02  # of the corpus's own sentences that may be refused, where that asks for a lower threshold,
EVERYDAY_SHARE = 0.03  # but never so low that more of the everyday questions pass
LEAST_DEVIATION = (0.02, 0.05)  # of cosine and coverage: a toy corpus may have none at all


@dataclass(frozen=True)
class Spread:
    """How near a group of questions comes: of each question the best cosine and the best coverage."""

    cosine: float  # mean
    cosine_deviation: float
    coverage: float  # mean
    coverage_deviation: float
    questions: int


@dataclass(frozen=True)
class Calibration:
    """The scale of raw values for one model and one corpus."""

    everyday: Spread
    own: Spread
    threshold: float  # the least distance of a question that the corpus speaks of

    def distance(self, evidence: Iterable[Evidence]) -> float:
        """How much nearer the evidence is than that of everyday questions, in standard deviations."""
        found = list(evidence)
        cosine = max((e.cosine for e in found), default=0.0)
        coverage = max((e.coverage for e in found), default=0.0)
        return _distance(self.everyday, cosine, coverage)

    def speaks_of(self, evidence: Iterable[Evidence]) -> bool:
        """Whether the corpus speaks of a question, judged by what a search found for it."""
        return self.distance(evidence) >= self.threshold


def calibrate(index: HybridIndex) -> Calibration:
    """Measure the scale of an index."""
    everyday = [_best(index, question) for question in everyday_questions()]
    own = [_best(index, question) for question in own_questions(index.passages)]
    spread = _spread(everyday)
    threshold = FARTHEST
    if own:
        threshold = min(threshold, np.quantile([_distance(spread, *best) for best in own], OWN_SHARE))
    least = np.quantile([_distance(spread, *best) for best in everyday], 1 - EVERYDAY_SHARE)
    return Calibration(spread, _spread(own), round(float(max(threshold, least)), 4))


def everyday_questions() -> list[str]:
    """Questions of daily life, of which no policy speaks."""
    lines = EVERYDAY.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def own_questions(passages: Sequence[Passage]) -> list[str]:
    """Sentences from all over the corpus with every other word left out: of its subject, in other words."""
    content = [passage for passage in passages if not passage.is_frame]
    step = max(1, len(content) // OWN_SENTENCES)
    questions = []
    for passage in content[::step]:
        text = passage.clause.document.text[max(passage.start, passage.clause.body_start) : passage.end]
        start, end = max(split_sentences(text), key=lambda span: span[1] - span[0], default=(0, 0))
        words = subject_words(text[start:end])
        if len(words) >= SHORTEST:
            questions.append(" ".join(words[::2][:SHORTEST]))
    return questions


def _best(index: HybridIndex, question: str) -> tuple[float, float]:
    found = index.search(question, FOUND)
    return max((e.cosine for e in found), default=0.0), max((e.coverage for e in found), default=0.0)


def _spread(values: Sequence[tuple[float, float]]) -> Spread:
    if not values:
        return Spread(0.0, 0.0, 0.0, 0.0, 0)
    cosines, coverages = np.array(values, dtype=np.float64).T
    figures = (cosines.mean(), cosines.std(), coverages.mean(), coverages.std())
    cosine, deviation, coverage, spread = (round(float(value), 4) for value in figures)
    return Spread(cosine, deviation, coverage, spread, len(values))


def _distance(spread: Spread, cosine: float, coverage: float) -> float:
    least_cosine, least_coverage = LEAST_DEVIATION
    nearer = (cosine - spread.cosine) / max(spread.cosine_deviation, least_cosine)
    covered = (coverage - spread.coverage) / max(spread.coverage_deviation, least_coverage)
    return nearer + COVERAGE_WEIGHT * max(covered, 0.0)
