"""The learned ranking: which of the sentences found answers best, and whether that one answers at all."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chat.question import Kind
from chat.ranking.confidence import confidence_features
from index.embedder import Embedder

WEIGHTS = Path(__file__).parent / "weights.npz"
CLIP = 4.0  # deviations beyond which a feature counts no more: what is rare is far from the mean


@dataclass(frozen=True, eq=False)
class Network:
    """A linear score with one hidden layer beside it. Immutable; a question takes some tens of microseconds."""

    mean: NDArray[np.float32]  # of each feature, shape (features,)
    scale: NDArray[np.float32]
    linear: NDArray[np.float32]  # (features,)
    inner: NDArray[np.float32]  # (features, hidden)
    inner_bias: NDArray[np.float32]  # (hidden,)
    outer: NDArray[np.float32]  # (hidden,)
    bias: NDArray[np.float32]  # ()

    def __call__(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log odds of each row of features, shape (rows,)."""
        scaled = features - self.mean  # and on in place: the rows of a question are larger than a cache
        scaled /= self.scale
        np.maximum(scaled, -CLIP, out=scaled)
        np.minimum(scaled, CLIP, out=scaled)
        hidden = np.tanh(scaled @ self.inner + self.inner_bias)
        return np.asarray(scaled @ self.linear + hidden @ self.outer + self.bias, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Ranking:
    """What was learned of which sentences answer."""

    order: Network  # over the features of a sentence; its odds compare the sentences of one question
    sure: Network  # over the features of a question and its best sentence
    family: str = ""  # of the sentence models that it was trained with: for others its figures mean nothing
    digest: bytes = b""  # of the questions and the code of the features that it was trained with

    def confidence(
        self, kind: Kind, rows: NDArray[np.float32], odds: NDArray[np.float32], distance: float
    ) -> float:
        """The probability that the sentence with the best odds answers, 0 to 1."""
        features = confidence_features(kind, rows, odds, distance)
        return float(1 / (1 + np.exp(-self.sure(features[np.newaxis])[0])))

    def save(self, path: Path) -> None:
        """Write one npz file without pickled objects, in half precision."""
        arrays = _arrays(self.order, "order_") | _arrays(self.sure, "sure_")
        named = {"family": self.family.encode(), "digest": self.digest}
        arrays |= {name: np.frombuffer(text, np.uint8) for name, text in named.items()}
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Path) -> Ranking:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        order, sure = (_network(arrays, part) for part in ("order_", "sure_"))
        return cls(order, sure, arrays["family"].tobytes().decode(), arrays["digest"].tobytes())


def save_network(network: Network, path: Path, digest: bytes) -> None:
    """Write a network alone, with the digest of what it was trained with."""
    np.savez_compressed(path, **_arrays(network), digest=np.frombuffer(digest, np.uint8))


def load_network(path: Path) -> Network:
    """Read what `save_network` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        return _network({name: stored[name] for name in stored.files})


def _arrays(network: Network, part: str = "") -> dict[str, Any]:
    """The arrays of a network by name; those that are learned in half precision."""
    half = {f.name: f.name not in ("mean", "scale") for f in fields(Network)}
    found = {name: getattr(network, name) for name in half}
    return {part + name: value.astype(np.float16) if half[name] else value for name, value in found.items()}


def _network(arrays: dict[str, NDArray], part: str = "") -> Network:
    return Network(**{f.name: arrays[part + f.name].astype(np.float32) for f in fields(Network)})


@lru_cache(maxsize=1)
def shipped() -> Ranking:
    """The ranking in the repository, read once."""
    return Ranking.load(WEIGHTS)


def ranking_for(embedder: Embedder) -> Ranking | None:
    """The ranking in the repository where it was trained with models like this one, else none."""
    return shipped() if shipped().family == embedder.family else None
