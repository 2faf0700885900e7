"""Tiers: of the sentences of a passage that hold a threshold, which one the asker's figure falls into."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chat.quantities import Quantity
from chat.thresholds import Threshold, value_of
from chat.units import comparable

NAMES = ("figure_asked", "within", "outside", "tightest", "outdone", "near_least", "same_figure")


def tier_features(
    figures: Sequence[Quantity],
    thresholds: Sequence[Sequence[Threshold]],
    quantities: Sequence[Sequence[Quantity]],
    passage: NDArray[np.int64],
) -> NDArray[np.float32]:
    """How the figures of a question stand to each sentence, shape (sentences, len(NAMES)); zeros without figures.

    figures: of the question. thresholds, quantities: of each sentence. passage: the number of each
    sentence's passage; a tier is compared with those beside it.
    """
    rows = np.zeros((len(thresholds), len(NAMES)), dtype=np.float32)
    if not figures:
        return rows
    rows[:, 0] = 1
    best: dict[tuple[int, int], float] = {}  # per passage and figure: the highest threshold that is reached
    reached: list[dict[int, float]] = []
    for row, (held, own) in enumerate(zip(thresholds, quantities, strict=True)):
        tiers: dict[int, float] = {}
        outside = False
        for place, figure in enumerate(figures):
            judged = [(tier, tier.admits(figure)) for tier in held]
            within = [tier.least for tier, admits in judged if admits]
            outside = outside or (not within and any(admits is False for _, admits in judged))
            if within:
                tiers[place] = max(within)
                key = int(passage[row]), place
                best[key] = max(best.get(key, -math.inf), tiers[place])
        reached.append(tiers)
        rows[row, 1], rows[row, 2] = bool(tiers), outside
        rows[row, 6] = any(_same(figure, quantity) for figure in figures for quantity in own)
    for row, tiers in enumerate(reached):
        if tiers:
            outdone = any(best[int(passage[row]), place] > least for place, least in tiers.items())
            rows[row, 3], rows[row, 4] = not outdone, outdone
            rows[row, 5] = max(_nearness(figures[place], least) for place, least in tiers.items())
    return rows


def _nearness(figure: Quantity, least: float) -> float:
    """1 where a figure just reaches the threshold, less the farther it is beyond."""
    value = value_of(figure)
    return min(least / value, 1.0) if value > 0 and least > 0 else 0.5


def _same(figure: Quantity, quantity: Quantity) -> bool:
    return (
        figure.kind is quantity.kind
        and figure.values == quantity.values
        and comparable(quantity.unit, figure.unit)
    )
