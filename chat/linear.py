"""A linear layer over named features, small enough to commit: integers of 8 bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Linear:
    """One linear layer in 8 bits: a class's weights are its integers times its step."""

    weights: NDArray[np.int8]  # (features, classes)
    step: NDArray[np.float32]  # (classes,)
    bias: NDArray[np.float32]  # (classes,)

    @classmethod
    def quantised(cls, weights: NDArray[np.float64], bias: NDArray[np.float64]) -> Linear:
        """Round weights (features, classes) to 8 bits."""
        step = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
        return cls(np.rint(weights / step).astype(np.int8), step.astype(np.float32), bias.astype(np.float32))

    def __call__(self, features: Sequence[int]) -> NDArray[np.float32]:
        """Logits (classes,) of what has these features."""
        total = self.weights[list(features)].sum(axis=0, dtype=np.int32)
        return np.asarray(total * self.step + self.bias, np.float32)
