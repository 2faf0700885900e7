"""Train the ranking of sentences: python -m chat.ranking.train --models MEASURED CROSSED [--texts DIR].

It learns from the written questions of index/train/written, and from questions on laws whose article is known.
For each question the candidates are found as the assistant finds them, with the one of the two sentence models
of `python -m index.train` (in its work folder) that has not learned the question: a model that has would rank
what answers higher than it will ever do for a question that it does not know. Takes some ten minutes.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch import Tensor

from chat import thresholds
from chat.marks import PASSAGE, ROLE, WEIGHTS
from chat.ranking import asks, confidence, contrasts, features, forms, model, references, standing, tiers
from chat.ranking.confidence import confidence_features
from chat.ranking.examples import UNRELATED, Example, of_group, of_laws
from chat.ranking.fit import Plan, fit
from chat.ranking.model import Network, Ranking
from index.embedder import load_embedder
from index.train.__main__ import OWN_QUESTIONS
from index.train.written import WRITTEN, read_groups

CLOSEST = 50  # sentences of a question that are learned from, the best by the marks, beside those that answer
FOLDS = 4  # parts of the groups, each ranked by what was learned from the others, for the confidence to learn from
ORDER = Plan(hidden=128, epochs=40, batches=20, decay=1.0, dropped=0.4, seeds=2)
SURE = Plan(hidden=64, epochs=60, batches=20, decay=1.0, dropped=0.2, seeds=3)


def fit_order(examples: Sequence[Example]) -> Network:
    """The ranking of the sentences of a question, from the examples that have an answer among what was found."""
    used = [closest(example) for example in examples if example.answers.any()]
    sizes = np.array([len(example.rows) for example in used])
    right = [example.answers.astype(np.float32) for example in used]

    def loss(odds: Tensor, questions: NDArray[np.int64]) -> Tensor:
        count = len(questions)
        owner = torch.from_numpy(np.repeat(np.arange(count), sizes[questions]))
        answering = torch.from_numpy(np.concatenate([right[question] for question in questions]))
        best = torch.full((count,), -torch.inf).scatter_reduce(0, owner, odds.detach(), "amax")
        mass = torch.exp(odds - best[owner])
        whole = torch.zeros(count).index_add(0, owner, mass)
        good = torch.zeros(count).index_add(0, owner, mass * answering)
        return (torch.log(whole) - torch.log(good + 1e-9)).mean()

    return fit(np.concatenate([example.rows for example in used]), sizes, loss, ORDER)


def closest(example: Example) -> Example:
    """An example with its best sentences by the marks and those that answer: the rest is easily told, and most of it."""
    best = np.argsort(-plain_score(example.rows), kind="stable")[:CLOSEST]
    kept = np.union1d(best, np.flatnonzero(example.answers))
    return replace(example, rows=example.rows[kept], answers=example.answers[kept])


def fit_sure(examples: Sequence[Example], orders: Sequence[Network]) -> Network:
    """The confidence in the first sentence, from what rankings make of examples that they have not learned."""
    rows, right = [], []
    for example, order in zip(examples, orders, strict=True):
        odds = order(example.rows)
        rows.append(confidence_features(example.kind, example.rows, odds, example.distance))
        right.append(bool(example.answers[np.argmax(odds)]))
    target = torch.tensor(right, dtype=torch.float32)

    def loss(odds: Tensor, questions: NDArray[np.int64]) -> Tensor:
        wanted = target[torch.from_numpy(questions)]
        return torch.nn.functional.binary_cross_entropy_with_logits(odds, wanted)

    return fit(np.stack(rows), np.ones(len(rows), dtype=np.int64), loss, SURE)


def held_out_orders(examples: Sequence[Example]) -> list[Network]:
    """For each fold an order that was learned from the other folds."""
    return [
        fit_order([example for example in examples if example.place % FOLDS != fold]) for fold in range(FOLDS)
    ]


def train(
    examples: Sequence[Example], family: str = "", digest: bytes = b""
) -> tuple[Ranking, list[Ranking]]:
    """The ranking learned from all examples, and for each fold one that has learned from the others alone.

    The confidence learns from what the orders make of examples that they have not learned.
    """
    orders, folds = held_out_orders(examples), [example.place % FOLDS for example in examples]
    own = [orders[fold] for fold in folds]
    whole = Ranking(fit_order(examples), fit_sure(examples, own), family, digest)
    parts = []
    for fold, order in enumerate(orders):
        others = [place for place, other in enumerate(folds) if other != fold]
        sure = fit_sure([examples[i] for i in others], [own[i] for i in others])
        parts.append(Ranking(order, sure, family, digest))
    return whole, parts


def measure(examples: Sequence[Example], odds: Sequence[NDArray[np.float32]]) -> tuple[float, float, float]:
    """Shares of the answered questions whose first, or first three, sentences hold an answer; mean reciprocal rank."""
    ranks = []
    for example, own in zip(examples, odds, strict=True):
        if example.answers.any():
            order = np.argsort(-own, kind="stable")
            ranks.append(int(np.flatnonzero(example.answers[order])[0]) + 1)
    found = np.array(ranks)
    return float((found == 1).mean()), float((found <= 3).mean()), float((1 / found).mean())


def plain_score(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The score without the learned ranking, as chat.marks puts it together."""
    column = {name: place for place, name in enumerate(features.NAMES)}
    near = (1 - PASSAGE) * rows[:, column["cosine"]] + PASSAGE * rows[:, column["passage_cosine"]]
    marks = WEIGHTS["coverage"] * rows[:, column["coverage"]] + WEIGHTS["own"] * rows[:, column["own"]]
    marks += WEIGHTS["cosine"] * np.maximum(near, 0.0) + ROLE * rows[:, column["fits"]]
    return np.asarray(marks, dtype=np.float32)


def digest_of(groups: Path = WRITTEN) -> bytes:
    """What the weights depend on in the repository: questions, documents and the code of the features."""
    parts = [
        inspect.getsource(module).encode()
        for module in (features, forms, tiers, references, contrasts, asks, standing, thresholds, confidence)
    ]
    parts.append(UNRELATED.read_bytes())
    parts += [path.read_bytes() for path in sorted(groups.rglob("*")) if path.is_file()]
    return hashlib.sha256(b"\n".join(parts)).digest()


def read_examples(models: Sequence[str], texts: Path | None, questions: Sequence[Path]) -> list[Example]:
    """All examples; `models`: the sentence model that has not learned the second half of the groups, nor the laws
    held out, and the one that has not learned the first."""
    groups = read_groups(laws=texts)
    unseen = {1: load_embedder(models[0]), 0: load_embedder(models[1])}
    examples = [
        example
        for group, other in zip(groups, groups[2:] + groups[:2], strict=True)
        for example in of_group(group, other, unseen[group.half])
    ]
    if texts is not None:
        examples += of_laws(texts, questions, unseen[1])
    return examples


def main() -> None:
    """Train, report, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs=2, required=True, metavar=("MEASURED", "CROSSED"))
    parser.add_argument("--texts", type=Path, help="folder of laws in Markdown")
    parser.add_argument("--questions", type=Path, nargs="*", default=[], help="further questions on laws")
    parser.add_argument("--out", type=Path, default=model.WEIGHTS)
    parser.add_argument("--held-out", type=Path, help="folder for the rankings of the folds, for eval.groups")
    parser.add_argument("--examples", type=Path, help="file for the questions, for chat.reading.train")
    options = parser.parse_args()
    console = Console()
    examples = read_examples(options.models, options.texts, (*options.questions, *OWN_QUESTIONS))
    answered = sum(bool(example.answers.any()) for example in examples)
    console.print(f"{len(examples)} questions, of {answered} an answer among what is found")
    ranking, parts = train(examples, load_embedder(options.models[0]).family, digest_of())
    plain = measure(examples, [plain_score(example.rows) for example in examples])
    held_out = [parts[example.place % FOLDS].order(example.rows) for example in examples]
    for title, figures in (("marks", plain), ("learned, held out", measure(examples, held_out))):
        console.print("{}: R@1 {:.3f}, R@3 {:.3f}, MRR {:.3f}".format(title, *figures))
    ranking.save(options.out)
    console.print(f"{options.out.stat().st_size / 1000:.0f} kB → {options.out}")
    if options.held_out:
        options.held_out.mkdir(parents=True, exist_ok=True)
        for fold, part in enumerate(parts):
            part.save(options.held_out / f"{fold}.npz")
    if options.examples:
        with options.examples.open("wb") as file:
            pickle.dump(examples, file)


if __name__ == "__main__":
    main()
