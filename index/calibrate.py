"""What raw values mean for one model and one corpus: measured when the index is built."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Calibration:
    """Thresholds on raw values for one model and one corpus."""

    cosine: float = 0.0
    coverage: float = 0.0


def calibrate(index: object) -> Calibration:
    """To come."""
    return Calibration()
