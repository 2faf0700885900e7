"""The network: questions and sentences are read apart by the same layers, then the question reads each sentence.

What is read of a sentence by itself does not depend on the question, so that it can be kept. Pre-norm layers as
in Xiong et al. 2020, the likeness of tokens as in ColBERT (Khattab and Zaharia 2020). It answers with numpy alone:
torch would take seconds of the start and 250 MB. `chat.reading.train.network` says the same with torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chat.reading.tokens import ASKED, Ids

Rows = NDArray[np.float32]
_BYTE = 127.0
_SCALE = ".scale"
_SMALL = np.float32(1e-5)  # beside a variance, as in torch
# GELU by its approximation with tanh (Hendrycks and Gimpel 2016), to 5e-4
_CUBE, _STEEP = np.float32(0.044715), np.float32(-2 * (2 / np.pi) ** 0.5)


@dataclass(frozen=True)
class Shape:
    """The size of a network."""

    vocabulary: int
    width: int = 256
    heads: int = 4
    alone: int = 4  # layers that read questions and sentences by themselves
    together: int = 2  # layers in which the question reads the sentence
    longest: int = 192  # tokens
    compared: int = 128  # numbers of a token where tokens are compared


@dataclass(frozen=True, eq=False)
class Network:
    """Scores how well sentences answer a question."""

    shape: Shape
    weights: Mapping[str, Rows]

    def read(self, texts: Sequence[tuple[Ids, Ids]]) -> list[Rows]:
        """Texts read by themselves, each of shape (tokens, width). texts: ids, and what each token belongs to."""
        x = np.concatenate([self._embedded(ids, belongs) for ids, belongs in texts])
        ends = np.cumsum([len(ids) for ids, _ in texts])
        starts = ends - [len(ids) for ids, _ in texts]
        for number in range(self.shape.alone):
            layer = f"alone.{number}."
            y = self._normed(layer + "before", x)
            query, keys, values = self._query(layer, y), *self._attended(layer, y)
            seen = [
                _attention(query[:, a:b], keys[:, a:b], values[:, a:b])
                for a, b in zip(starts, ends, strict=True)
            ]
            x = self._through(layer, x, np.concatenate(seen))
        return [x[a:b] for a, b in zip(starts, ends, strict=True)]

    def ask(self, ids: Ids) -> Rows:
        """A question read by itself, shape (tokens, width)."""
        return self.read([(ids, np.full_like(ids, ASKED))])[0]

    def score(self, question: Rows, sentences: Sequence[Rows]) -> Rows:
        """Log odds that each sentence answers the question, shape (sentences,). Both as `read` gives them."""
        asked, weight = _unit(self._linear("compared", question)), self._linear("weight", question)[:, 0]
        weight = np.logaddexp(weight, np.float32(0.0))
        weight /= weight.sum() + np.float32(1e-4)
        ends = np.cumsum([len(one) for one in sentences])
        bounds = list(zip(ends - [len(one) for one in sentences], ends, strict=True))
        tokens = np.concatenate(sentences)
        alike = asked @ _unit(self._linear("compared", tokens)).T
        likeness = np.array([alike[:, a:b].max(axis=1) @ weight for a, b in bounds], dtype=np.float32)
        x = self._together(question, self._normed("of_other", tokens), bounds)
        found = np.concatenate((x[:, 0], x.mean(axis=1)), axis=1)
        judged = self._linear("judgement", np.tanh(self._linear("judged", found)))[:, 0]
        first, constant = self.weights["likeness"]
        return np.asarray(judged + first * likeness + constant, dtype=np.float32)

    def _together(self, question: Rows, other: Rows, bounds: Sequence[tuple[int, int]]) -> Rows:
        """The question after it read each sentence, shape (sentences, tokens of the question, width)."""
        size = len(question)
        x = np.tile(question, (len(bounds), 1))
        for number in range(self.shape.together):
            layer = f"together.{number}."
            y = self._normed(layer + "before", x)
            query, keys, values = self._query(layer, y), *self._attended(layer, y)
            said_keys, said_values = self._attended(layer, other)
            seen = []
            for place, (a, b) in enumerate(bounds):
                own = slice(place * size, (place + 1) * size)
                both_keys = np.concatenate((keys[:, own], said_keys[:, a:b]), axis=1)
                both_values = np.concatenate((values[:, own], said_values[:, a:b]), axis=1)
                seen.append(_attention(query[:, own], both_keys, both_values))
            x = self._through(layer, x, np.concatenate(seen))
        return self._normed("last", x).reshape(len(bounds), size, -1)

    def _embedded(self, ids: Ids, belongs: Ids) -> Rows:
        tables = self.weights
        words = tables["embedding.weight"][ids] + tables["position.weight"][: len(ids)]
        return np.asarray(words + tables["belongs.weight"][belongs], dtype=np.float32)

    def _through(self, layer: str, x: Rows, seen: Rows) -> Rows:
        """What comes out of a layer whose attention saw this."""
        x = x + self._linear(layer + "out", seen)
        inner = self._linear(layer + "inner", self._normed(layer + "between", x))
        return x + self._linear(layer + "outer", _gelu(inner))

    def _query(self, layer: str, y: Rows) -> Rows:
        return self._parted(self._linear(layer + "query", y))

    def _attended(self, layer: str, y: Rows) -> tuple[Rows, Rows]:
        keys, values = np.split(self._linear(layer + "keys", y), 2, axis=1)
        return self._parted(keys), self._parted(values)

    def _parted(self, y: Rows) -> Rows:
        """Shape (heads, tokens, width / heads)."""
        return y.reshape(len(y), self.shape.heads, -1).transpose(1, 0, 2)

    def _linear(self, name: str, x: Rows) -> Rows:
        return x @ self.weights[name + ".weight"].T + self.weights[name + ".bias"]

    def _normed(self, name: str, x: Rows) -> Rows:
        x = x - x.mean(axis=1, keepdims=True)
        x *= 1 / np.sqrt((x * x).mean(axis=1, keepdims=True) + _SMALL)
        x *= self.weights[name + ".weight"]
        x += self.weights[name + ".bias"]
        return x


def _attention(query: Rows, keys: Rows, values: Rows) -> Rows:
    """What a text sees, shape (tokens, width)."""
    odds = query @ keys.transpose(0, 2, 1) * np.float32(query.shape[2] ** -0.5)
    odds -= odds.max(axis=2, keepdims=True)
    np.exp(odds, out=odds)
    odds /= odds.sum(axis=2, keepdims=True)
    seen = (odds @ values).transpose(1, 0, 2)
    return np.asarray(seen.reshape(query.shape[1], -1), dtype=np.float32)


def _gelu(x: Rows) -> Rows:
    steep = x * x
    steep *= _CUBE
    steep += 1
    steep *= x
    steep *= _STEEP
    np.exp(steep, out=steep)
    steep += 1
    return np.divide(x, steep, out=steep)


def _unit(x: Rows) -> Rows:
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12), dtype=np.float32)


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


def load(path: Path) -> Network:
    """Read what `save` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    shape = Shape(**{name: arrays.pop(f"shape_{name}").item() for name in Shape.__dataclass_fields__})
    weights = {
        name: value.astype(np.float32) * arrays.get(name + _SCALE, np.float32(1.0))
        for name, value in arrays.items()
        if not name.endswith(_SCALE)
    }
    return Network(shape, weights)
