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
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch import Tensor

from chat import thresholds
from chat.marks import PASSAGE, ROLE, WEIGHTS
from chat.ranking import asks, confidence, contrasts, features, forms, model, references, tiers
from chat.ranking.confidence import confidence_features
from chat.ranking.examples import UNRELATED, Example, of_group, of_laws
from chat.ranking.model import Network, Ranking
from index.embedder import load_embedder
from index.train.__main__ import OWN_QUESTIONS
from index.train.written import WRITTEN, read_groups

SEEDS = 3  # networks whose mean counts
HIDDEN = 32
EPOCHS = 150
CLOSEST = 50  # sentences of a question that are learned from, the best by the marks, beside those that answer
RATE = 0.005
DECAY = 0.1
DROPPED = 0.5  # share of the hidden units left out at each step
FOLDS = 4  # parts of the groups, each ranked by what was learned from the others, for the confidence to learn from
SURE_HIDDEN, SURE_EPOCHS, SURE_DECAY, SURE_DROPPED = 48, 120, 0.05, 0.3
_CONSTANT = 1e-3  # deviation of a feature below which it is left as it is

Loss = Callable[[Tensor], Tensor]


def fit(
    rows: NDArray[np.float32], loss_of: Loss, hidden: int, epochs: int, decay: float, dropped: float
) -> Network:
    """The mean of SEEDS networks that minimise a loss of the odds of all rows."""
    torch.use_deterministic_algorithms(True)
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(deviation < _CONSTANT, 1.0, deviation).astype(np.float32)
    x = torch.from_numpy(((rows - mean) / scale).astype(np.float32))
    parts: list[list[Tensor]] = []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        linear, inner = torch.nn.Linear(x.shape[1], 1), torch.nn.Linear(x.shape[1], hidden)
        outer, dropout = torch.nn.Linear(hidden, 1, bias=False), torch.nn.Dropout(dropped)
        torch.nn.init.zeros_(linear.weight)
        parameters = [*linear.parameters(), *inner.parameters(), *outer.parameters()]
        optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=decay)
        for _ in range(epochs):
            loss = loss_of((linear(x) + outer(dropout(torch.tanh(inner(x)))))[:, 0])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        parts.append(
            [
                p.detach()
                for p in (linear.weight[0], linear.bias[0], inner.weight, inner.bias, outer.weight[0])
            ]
        )
    linear_, bias, inner_, inner_bias, outer_ = zip(*parts, strict=True)
    return Network(
        mean.astype(np.float32),
        scale,
        torch.stack(linear_).mean(0).numpy(),
        torch.cat(inner_).T.contiguous().numpy(),
        torch.cat(inner_bias).numpy(),
        (torch.cat(outer_) / SEEDS).numpy(),
        np.asarray(torch.stack(bias).mean().numpy()),
    )


def fit_order(examples: Sequence[Example]) -> Network:
    """The ranking of the sentences of a question, from the examples that have an answer among what was found."""
    used = [closest(example) for example in examples if example.answers.any()]
    right = torch.from_numpy(np.concatenate([example.answers for example in used]).astype(np.float32))
    owner = torch.from_numpy(np.repeat(np.arange(len(used)), [len(example.rows) for example in used]))

    def loss(odds: Tensor) -> Tensor:
        best = torch.full((len(used),), -torch.inf).scatter_reduce(0, owner, odds.detach(), "amax")
        mass = torch.exp(odds - best[owner])
        whole = torch.zeros(len(used)).index_add(0, owner, mass)
        good = torch.zeros(len(used)).index_add(0, owner, mass * right)
        return (torch.log(whole) - torch.log(good + 1e-9)).mean()

    return fit(np.concatenate([example.rows for example in used]), loss, HIDDEN, EPOCHS, DECAY, DROPPED)


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

    def loss(odds: Tensor) -> Tensor:
        return torch.nn.functional.binary_cross_entropy_with_logits(odds, target)

    return fit(np.stack(rows), loss, SURE_HIDDEN, SURE_EPOCHS, SURE_DECAY, SURE_DROPPED)


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
        for module in (features, forms, tiers, references, contrasts, asks, thresholds, confidence)
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


if __name__ == "__main__":
    main()
