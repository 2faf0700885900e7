"""Multinomial logistic regression over the features of a question: kinds, and the aspects asked of documents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from chat.kinds.features import features_of
from chat.linear import Linear
from chat.question import Aspect, Kind

WEIGHTS = Path(__file__).parent / "weights.npz"
_KINDS = tuple(Kind)
TAUGHT = tuple(aspect for aspect in Aspect if aspect is not Aspect.CONTENTS)  # which words alone tell
_SURE = 0.5  # probability below which a question is not taken to be about a document or the corpus
# The kinds that are not answered from clauses: where a question is mistaken for one of them, the answer is lost.
BESIDE = (Kind.DOCUMENT, Kind.CORPUS)
_LIKELY = 0.5  # probability from which an aspect is asked for
_NEAR = 0.25  # what the likeliest aspect must reach where none is likely
_NARROWER = {Aspect.COUNT_OF_ISSUERS: Aspect.ISSUERS}  # the answer to the first says the second as well


@dataclass(frozen=True)
class Told:
    """What a question wants: the kinds with their probabilities, likeliest first, and aspects of documents."""

    kinds: tuple[tuple[Kind, float], ...]
    aspects: tuple[Aspect, ...]

    @property
    def kind(self) -> Kind:
        """The likeliest kind, one that is not answered from clauses only where it is sure."""
        return next(kind for kind, share in self.kinds if share >= _SURE or kind not in BESIDE)


@dataclass(frozen=True, eq=False)
class Classifier:
    """Tells kinds and aspects. Immutable; a question takes about a quarter of a millisecond."""

    vocabulary: dict[str, int]
    kinds: Linear  # classes in the order of `Kind`
    aspects: Linear  # classes in the order of `Aspect`, each by itself
    digest: str  # of the questions and features that it was trained with

    def tell(self, text: str) -> Told:
        """What `text`, in simplified script, wants to know."""
        vocabulary = self.vocabulary
        known = [vocabulary[name] for name in features_of(text) if name in vocabulary]
        logits = self.kinds(known)
        odds = np.exp(logits - logits.max())
        ranked = np.argsort(-odds, kind="stable").tolist()
        shares = (odds / odds.sum()).tolist()
        likely = (1 / (1 + np.exp(-self.aspects(known)))).tolist()
        return Told(tuple((_KINDS[i], shares[i]) for i in ranked), _asked(likely))

    def save(self, path: Path) -> None:
        """Write one npz file without pickled objects."""
        np.savez_compressed(
            path,
            vocabulary=np.frombuffer("\n".join(self.vocabulary).encode(), np.uint8),
            digest=np.frombuffer(self.digest.encode(), np.uint8),
            **{f"kind_{name}": getattr(self.kinds, name) for name in ("weights", "step", "bias")},
            **{f"aspect_{name}": getattr(self.aspects, name) for name in ("weights", "step", "bias")},
        )

    @classmethod
    def load(cls, path: Path) -> Classifier:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        names = arrays["vocabulary"].tobytes().decode().split("\n")
        kinds, aspects = (
            Linear(*(arrays[f"{group}_{part}"] for part in ("weights", "step", "bias")))
            for group in ("kind", "aspect")
        )
        vocabulary = {name: place for place, name in enumerate(names)}
        return cls(vocabulary, kinds, aspects, arrays["digest"].tobytes().decode())


def _asked(likely: list[float]) -> tuple[Aspect, ...]:
    """All aspects that are likely; else the likeliest, if it is near."""
    asked = {aspect for aspect, share in zip(TAUGHT, likely, strict=True) if share >= _LIKELY}
    if not asked and max(likely) >= _NEAR:
        asked = {TAUGHT[likely.index(max(likely))]}
    covered = {_NARROWER[aspect] for aspect in asked if aspect in _NARROWER}
    return tuple(aspect for aspect in TAUGHT if aspect in asked and aspect not in covered)


@lru_cache(maxsize=1)
def shipped() -> Classifier:
    """The classifier in the repository, read once."""
    return Classifier.load(WEIGHTS)


@lru_cache(maxsize=512)
def _told(text: str) -> Told:
    return shipped().tell(text)


def kind_of(text: str) -> Kind:
    """The kind of answer that the question wants; `text` is in simplified script."""
    return _told(text).kind


def aspects_of(text: str) -> tuple[Aspect, ...]:
    """What a question about a document itself wants to know; empty where it does not say."""
    return _told(text).aspects
