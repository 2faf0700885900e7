"""The weights of a network between the steps of its training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from chat.reading.network import Rows
from chat.reading.train.network import Shape

_BYTE = 127.0
_SCALE = ".scale"


def save(shape: Shape, weights: Mapping[str, Rows], path: Path) -> None:
    """Write one npz file without pickled objects: a byte for each weight, with a scale for each row."""
    arrays: dict[str, Any] = {f"shape_{name}": np.asarray(value) for name, value in asdict(shape).items()}
    for name, value in weights.items():
        if value.ndim < 2:
            arrays[name] = value
            continue
        scale = np.maximum(np.abs(value).max(axis=1, keepdims=True), 1e-8) / _BYTE
        arrays[name] = np.rint(value / scale).astype(np.int8)
        arrays[name + _SCALE] = scale.astype(np.float32)
    np.savez_compressed(path, **arrays)


def load(path: Path) -> tuple[Shape, dict[str, Rows]]:
    """Read what `save` wrote: the size of the network and its weights by name."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    shape = Shape(**{name: arrays.pop(f"shape_{name}").item() for name in Shape.__dataclass_fields__})
    weights = {
        name: value.astype(np.float32) * arrays.get(name + _SCALE, np.float32(1.0))
        for name, value in arrays.items()
        if not name.endswith(_SCALE)
    }
    return shape, weights
