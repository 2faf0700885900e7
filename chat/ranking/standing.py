"""How the marks of each sentence stand among those of the other sentences of its question, and of its passage.

A share of the topic's words that is poor for one question is the best there is for another: the place that a
sentence has among the others tells more than the figure itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NAMES = (
    "place",
    "deviation",
    "below_passage",
    "place_in_passage",
)  # per mark, all of one before all of the next
_APART = 1e3  # between the marks of two passages: more than any two marks differ
_LEAST = 0.02  # deviation to which marks that hardly differ are held


def standing_features(marks: NDArray[np.float32], passage: NDArray[np.int64]) -> NDArray[np.float32]:
    """Shape (sentences, len(NAMES) times marks).

    marks: shape (sentences, marks). passage: number of each sentence's passage, ascending.
    Per mark the reciprocal place among all sentences, 1 for the best, ties in reading order; the deviations from
    their mean; how far the best of the passage is above it; the reciprocal place in the passage.
    """
    exact = marks.astype(np.float64)
    first = np.r_[True, passage[1:] != passage[:-1]]
    starts, owner = np.flatnonzero(first), np.cumsum(first) - 1
    best = np.maximum.reduceat(exact, starts, axis=0)[owner]
    deviation = (exact - exact.mean(axis=0)) / (exact.std(axis=0) + _LEAST)
    inside = _places(exact - _APART * owner[:, np.newaxis]) - starts[owner][:, np.newaxis]
    found = np.concatenate((1 / (1 + _places(exact)), deviation, best - exact, 1 / (1 + inside)), axis=1)
    return found.astype(np.float32)


def _places(marks: NDArray[np.float64]) -> NDArray[np.int64]:
    """The place of each row by each column, 0 for the highest; equal ones in their order."""
    order = np.argsort(-marks, axis=0, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(len(marks))[:, np.newaxis], axis=0)
    return places
