"""Logistic regression over a question and a sentence: how probably the sentence answers it with yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from chat.checking.modality import modals_of
from chat.linear import Linear
from chat.verdicts.features import denies, features_of, reached_by
from chat.verdicts.rules import ruled

# Probability of a verdict from which it is said; of those 94 % are right (chat.verdicts.train --folds 8). Where the
# asker's figures alone decide, that is, all lie within a sentence's thresholds or none, less is enough: about 91 %.
_SURE, _WITHIN, _OUTSIDE = 0.85, 0.4, 0.65
WEIGHTS = Path(__file__).parent / "weights.npz"


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Tells yes from no. Immutable."""

    vocabulary: dict[str, int]
    layer: Linear  # one class: yes
    digest: str  # of the questions and features that it was trained with

    def yes(self, question: str, said: str) -> float:
        """The probability, 0 to 1, that what is said answers the question with yes and not with no.

        question: in simplified script. said: the sentence that settles it, with what opens its list.
        """
        known = [self.vocabulary[name] for name in features_of(question, said) if name in self.vocabulary]
        return float(1 / (1 + np.exp(-self.layer(known)[0])))

    def save(self, path: Path) -> None:
        """Write one npz file without pickled objects."""
        np.savez_compressed(
            path,
            vocabulary=np.frombuffer("\n".join(self.vocabulary).encode(), np.uint8),
            digest=np.frombuffer(self.digest.encode(), np.uint8),
            weights=self.layer.weights,
            step=self.layer.step,
            bias=self.layer.bias,
        )

    @classmethod
    def load(cls, path: Path) -> Verdicts:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        names = arrays["vocabulary"].tobytes().decode().split("\n")
        layer = Linear(arrays["weights"], arrays["step"], arrays["bias"])
        return cls({name: i for i, name in enumerate(names)}, layer, arrays["digest"].tobytes().decode())


@lru_cache(maxsize=1)
def shipped() -> Verdicts:
    """The classifier in the repository, read once."""
    return Verdicts.load(WEIGHTS)


@lru_cache(maxsize=512)
def yes_share(question: str, said: str) -> float:
    """As `Verdicts.yes`, by the classifier in the repository."""
    return shipped().yes(question, said)


def settled(question: str, said: str, day: date | None = None) -> bool | None:
    """Whether what is said answers the question with yes, or with no; None where that is not sure enough.

    day: on which it is asked.
    """
    if (answer := ruled(question, said, day)) is not None:
        return answer
    yes = yes_share(question, said)
    reached = "none" if denies(modals_of(said)) else reached_by(question, said)
    if yes >= (_WITHIN if reached == "in" else _SURE):
        return True
    return False if 1 - yes >= (_OUTSIDE if reached == "out" else _SURE) else None
