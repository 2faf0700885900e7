"""The confidence after reading: python -m chat.reading.train.settle WORK --examples FILE --rankings DIR.

It learns from what each fold's network read of the questions that it has not learned. Also leaves in WORK those
of the folds, each learned from the others, for `eval.groups`.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch import Tensor

from chat.ranking.examples import Example
from chat.ranking.fit import fit
from chat.ranking.model import Network, Ranking, save_network
from chat.ranking.train import FOLDS, SURE, measure
from chat.reading.second import SETTLED, asks, chosen, combined, digest_of, due, settled_features
from chat.reading.train.prepare import best_of


@dataclass(frozen=True, eq=False)
class Settled:
    """One question that was read again."""

    fold: int
    features: NDArray[np.float32]
    right: bool  # whether the sentence that ranks first after reading answers


def settled_of(example: Example, ranking: Ranking, scores: NDArray[np.float32]) -> Settled | None:
    """What the confidence learns of one example; None where nothing is read again.

    scores: of the sentences of `best_of`, as many of them as were scored.
    """
    odds = ranking.order(example.rows)
    confidence = ranking.confidence(example.kind, example.rows, odds, example.distance)
    if not due(odds, confidence) or not asks(example.question):
        return None
    which = chosen(odds)
    read = read_of(example, ranking, scores, which)
    features = settled_features(example.kind, example.rows, odds, which, read, example.distance, confidence)
    right = bool(example.answers[which[np.argmax(combined(odds, which, read)[which])]])
    return Settled(example.place % FOLDS, features, right)


def after_reading(
    example: Example, ranking: Ranking, scores: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The odds of an example's sentences by the ranking, and with all of the best read again."""
    odds = ranking.order(example.rows)
    which = chosen(odds)
    return odds, combined(odds, which, read_of(example, ranking, scores, which))


def read_of(
    example: Example, ranking: Ranking, scores: NDArray[np.float32], which: NDArray[np.int64]
) -> NDArray[np.float32]:
    """What was read of some sentences. scores: of those of `best_of`, in its order."""
    place = {row: number for number, row in enumerate(best_of(example, ranking))}
    return scores[[place[row] for row in which.tolist()]]


def learn(found: Sequence[Settled]) -> Network:
    """The confidence, from questions that were read by networks that have not learned them."""
    target = torch.tensor([one.right for one in found], dtype=torch.float32)

    def loss(odds: Tensor, questions: NDArray[np.int64]) -> Tensor:
        wanted = target[torch.from_numpy(questions)]
        return torch.nn.functional.binary_cross_entropy_with_logits(odds, wanted)

    features = np.stack([one.features for one in found])
    return fit(features, np.ones(len(found), dtype=np.int64), loss, SURE)


def main() -> None:
    """Train, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--examples", type=Path, required=True, help="the questions of the ranking")
    parser.add_argument("--rankings", type=Path, required=True, help="folder of the rankings of its folds")
    parser.add_argument("--out", type=Path, default=SETTLED)
    options = parser.parse_args()
    with options.examples.open("rb") as file:
        examples: list[Example] = pickle.load(file)  # noqa: S301 - our own work file
    rankings = [Ranking.load(options.rankings / f"{fold}.npz") for fold in range(FOLDS)]
    found, read = [], []
    for fold, ranking in enumerate(rankings):
        with np.load(options.work / f"{fold}_scores.npz") as scores:
            for number in scores.files:
                example, own = examples[int(number)], scores[number]
                one = settled_of(example, ranking, own)
                found += [one] if one else []
                read.append((example, *after_reading(example, ranking, own)))
    console = Console()
    asked, before, after = zip(*read, strict=True)
    for title, odds in (("ranked", before), ("read again, all", after)):
        console.print("{}: R@1 {:.3f}, R@3 {:.3f}, MRR {:.3f}".format(title, *measure(asked, odds)))
    console.print(f"{len(found)} of {len(examples)} questions are read again")
    save_network(learn(found), options.out, digest_of())
    for fold in range(FOLDS):
        others = [one for one in found if one.fold != fold]
        save_network(learn(others), options.work / f"{fold}_settled.npz", b"")


if __name__ == "__main__":
    main()
