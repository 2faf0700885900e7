"""What is measured: pure functions over ids and numbers. Shares are 0 to 1; None: nothing expected."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from chat.question import Kind

SHORT_KINDS = frozenset({Kind.NUMBER, Kind.DATE, Kind.WHO, Kind.YES_NO})
LIST_KINDS = frozenset({Kind.MEASURES, Kind.COMPARISON})
SHORT_LIMIT = 250  # characters of an answer that is one figure, date, department or yes/no
LIST_LIMIT = 700  # characters of a list or a comparison
CITATION_LIMIT = 8  # citations of any answer


def group_recall(gold: Sequence[Collection[Hashable]], found: Collection[Hashable]) -> float | None:
    """Share of the gold groups of which at least one member was found."""
    if not gold:
        return None
    return sum(any(member in found for member in group) for group in gold) / len(gold)


def precision(found: Collection[Hashable], relevant: Collection[Hashable]) -> float | None:
    """Share of what was found that is relevant."""
    if not found:
        return None
    return sum(item in relevant for item in found) / len(found)


def recall_at(gold: Sequence[Collection[Hashable]], ranked: Sequence[Hashable], k: int) -> float | None:
    """Share of the gold groups with a member among the first k."""
    return group_recall(gold, ranked[:k])


def reciprocal_rank(gold: Sequence[Collection[Hashable]], ranked: Sequence[Hashable]) -> float | None:
    """1 / rank of the first member of any gold group; 0 when none is ranked."""
    if not gold:
        return None
    members = {member for group in gold for member in group}
    return next((1 / rank for rank, item in enumerate(ranked, start=1) if item in members), 0.0)


def refusal_precision(refused: Sequence[bool], answerable: Sequence[bool]) -> float | None:
    """Share of the refusals that were right to refuse."""
    answerable_when_refused = [can for can, no in zip(answerable, refused, strict=True) if no]
    if not answerable_when_refused:
        return None
    return 1 - sum(answerable_when_refused) / len(answerable_when_refused)


def refusal_recall(refused: Sequence[bool], answerable: Sequence[bool]) -> float | None:
    """Share of the questions to be refused that were refused."""
    refused_when_due = [no for can, no in zip(answerable, refused, strict=True) if not can]
    if not refused_when_due:
        return None
    return sum(refused_when_due) / len(refused_when_due)


def length_limit(kind: Kind) -> int | None:
    """How many characters an answer of this kind may have; None where no limit is set."""
    if kind in SHORT_KINDS:
        return SHORT_LIMIT
    return LIST_LIMIT if kind in LIST_KINDS else None


def within_limits(kind: Kind, length: int, citations: int) -> bool:
    """Whether an answer is as short as its kind asks and has no more citations than a reader follows."""
    limit = length_limit(kind)
    return (limit is None or length <= limit) and citations <= CITATION_LIMIT


def mean(values: Sequence[float | None]) -> float | None:
    """The mean of the values that are there."""
    present = [value for value in values if value is not None]
    return sum(present) / len(present) if present else None


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The value below which so many percent lie, interpolated between neighbours."""
    return float(np.percentile(values, percent)) if values else None


@dataclass(frozen=True)
class Interval:
    """A mean with the bounds that hold it with 95 % confidence."""

    mean: float
    low: float
    high: float


def bootstrap(values: Sequence[float], resamples: int = 2000, seed: int = 20260101) -> Interval | None:
    """The mean with its 95 % percentile bootstrap interval; the same values give the same interval."""
    if not values:
        return None
    array = np.asarray(values, dtype=np.float64)
    picks = np.random.default_rng(seed).integers(0, len(array), size=(resamples, len(array)))
    low, high = np.percentile(array[picks].mean(axis=1), [2.5, 97.5])
    return Interval(float(array.mean()), float(low), float(high))


def mcnemar(worse: int, better: int) -> float:
    """Two-sided exact binomial p of so many changes each way, if worse and better were equally likely."""
    changes = worse + better
    tail = sum(comb(changes, i) for i in range(min(worse, better) + 1)) / 2**changes
    return min(1.0, 2 * tail)
