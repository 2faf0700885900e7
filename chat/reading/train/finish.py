"""Teach the network which sentences answer: python -m chat.reading.train.finish WORK --part 0|1|2|3|all.

A number leaves the questions of that fold out and scores them, which is what the confidence learns from and what is
measured. `all` goes on from the first of these with every question, and is what ships.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console

from chat.reading.train import arrays as stored
from chat.reading.train.material import Asked, Encoded, Work, encoded_questions
from chat.reading.train.network import Network, arrays_of, load_arrays
from chat.reading.train.steps import Batch, Steps, scores_of, step_loss

BATCH = 48
EPOCHS, RATE = 6, 2e-4
FURTHER_EPOCHS, FURTHER_RATE = 2, 1e-4  # with every question
FIRST_PART = 0
EACH = 12  # sentences of a question at a step
RIGHT = 3  # of them that answer, at most
SCORED = 32  # sentences of a question that are scored
_AT_ONCE = 24


def drawn(asked: Asked, rng: np.random.Generator) -> NDArray[np.int64]:
    """Sentences of a question for one step: some that answer, some of the hardest of the others, some of any."""
    right, wrong = np.flatnonzero(asked.answers), np.flatnonzero(~asked.answers)
    good = rng.permutation(right)[:RIGHT]
    count = min(len(wrong), EACH - len(good))
    hard = rng.permutation(wrong[: count + 4])[: count // 2 + 2]
    rest = rng.permutation(np.setdiff1d(wrong, hard))
    return np.concatenate((good, hard, rest))[:EACH].astype(np.int64)


def learn(
    network: Network,
    examples: Sequence[int],
    asked: Sequence[Asked],
    texts: Texts,
    epochs: int,
    rate: float,
) -> Iterator[float]:
    """Train on examples, given by their numbers; the mean loss of each epoch."""
    rng = np.random.default_rng(0)
    per = len(examples) // BATCH
    walk = Steps((network,), rate, per * epochs)
    network.train()
    for _ in range(epochs):
        order, total = rng.permutation(examples), 0.0
        for number in range(per):
            batch = Batch(EACH)
            for i in order[number * BATCH : (number + 1) * BATCH]:
                rows = drawn(asked[i], rng)
                said = [texts.sentences.sentence(asked[i].sentences[row]) for row in rows]
                batch.add(texts.questions[i], said, asked[i].answers[rows].tolist())
            with walk.precision():
                odds = scores_of(network, batch, rng)
            loss = step_loss(odds, batch)
            walk.take(loss)
            total += float(loss.detach())
        yield total / per


def score(
    network: Network, examples: Sequence[int], asked: Sequence[Asked], texts: Texts
) -> dict[int, NDArray]:
    """The log odds of the best sentences of examples, each of shape (sentences,)."""
    network.eval()
    found = {}
    with torch.inference_mode():
        for at in range(0, len(examples), _AT_ONCE):
            some, batch = examples[at : at + _AT_ONCE], Batch(SCORED)
            for i in some:
                rows = asked[i].sentences[:SCORED]
                said = [texts.sentences.sentence(row) for row in rows]
                batch.add(texts.questions[i], said, asked[i].answers[:SCORED].tolist())
            odds = scores_of(network, batch).float().cpu().numpy()
            for i, row in zip(some, odds, strict=True):
                found[i] = row[: len(asked[i].sentences)].astype(np.float32)
    return found


class Texts:
    """The questions and sentences of all examples, encoded."""

    def __init__(self, work: Work, strings: Sequence[str], asked: Sequence[Asked]) -> None:
        tokenizer = work.tokenizer()
        self.questions = encoded_questions(tokenizer, [one.question for one in asked])
        self.sentences = Encoded(tokenizer, strings)


def parts_of(asked: Sequence[Asked], fold: int) -> tuple[list[int], list[int]]:
    """The numbers of what is learned and of what is held out; no question stands in both, of whatever documents."""
    held = [i for i, one in enumerate(asked) if one.fold == fold]
    questions = {asked[i].question for i in held}
    learned = [i for i, one in enumerate(asked) if one.fold != fold and one.question not in questions]
    return learned, held


def main() -> None:
    """Train one part and write its network, and the scores of what it has not learned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--part", required=True, help="a fold, or all")
    options = parser.parse_args()
    console, work = Console(), Work(options.work)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    strings, asked = work.read("examples")
    texts, shape = Texts(work, strings, asked), work.shape()
    torch.manual_seed(0)
    network = Network(shape).to(device)
    if options.part == "all":
        load_arrays(network, stored.load(work.folder / f"{FIRST_PART}.npz")[1])
        learned, held = list(range(len(asked))), list[int]()
        losses = learn(network, learned, asked, texts, FURTHER_EPOCHS, FURTHER_RATE)
    else:
        network.load_state_dict(torch.load(work.folder / "begun.pt", map_location=device, weights_only=True))
        learned, held = parts_of(asked, int(options.part))
        losses = learn(network, learned, asked, texts, EPOCHS, RATE)
    console.print(f"part {options.part}: {len(learned)} questions learned, {len(held)} held out")
    for epoch, loss in enumerate(losses):
        console.print(f"epoch {epoch}: {loss:.4f}")
    target = work.folder / f"{options.part}.npz"
    stored.save(shape, arrays_of(network), target)
    if held:
        load_arrays(network, stored.load(target)[1])  # rounded
        scores = score(network, held, asked, texts)
        named: dict[str, Any] = {str(i): row for i, row in scores.items()}
        np.savez_compressed(work.folder / f"{options.part}_scores.npz", **named)
        right = [
            bool(asked[i].answers[np.argmax(row)]) for i, row in scores.items() if asked[i].answers.any()
        ]
        console.print(
            f"part {options.part}: the best by this reading alone answers {np.mean(right):.3f}, of the {SCORED} best"
        )


if __name__ == "__main__":
    main()
