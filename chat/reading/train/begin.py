"""Teach the network the language of laws and news: python -m chat.reading.train.begin WORK [--steps N].

A stretch of each text is taken out as a question would be; some of its words and of the rest are hidden, and told
again: those of the rest from the rest alone, those of the stretch from both. Then it learns from questions on laws
whose article is known. Three minutes on a large accelerator; without one, a day.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch import Tensor, nn
from torch.nn import functional

from chat.reading.tokens import FIRST, MASK, SAID, SPECIAL
from chat.reading.train.material import Encoded, Pairs, Work, encoded_questions
from chat.reading.train.network import Network
from chat.reading.train.steps import Batch, Steps, device_of, scores_of, step_loss

STEPS = 2337  # 153 million tokens, four and a half times all of the texts
BATCH, LENGTH = 512, 128  # texts in a step, tokens of each
RATE, WARMING = 1e-3, 500
HIDDEN_OF_STRETCH, HIDDEN_OF_REST = 0.3, 0.12
SHORTEST, LONGEST = 16, 48  # tokens of a stretch
PAIR_EPOCHS, PAIR_BATCH, PAIR_RATE = 3, 48, 3e-4
EACH = 12  # articles of a question at a step
NEAR = 8  # of them from the same law, where it has as many
ELSEWHERE = 0.3  # share of long articles that are read from a later place
FROM_QUESTION = 0.7  # share of steps at which the question itself asks, not a paraphrase


class Telling(nn.Module):
    """Tells hidden words. Thrown away afterwards."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        vocabulary, width = network.embedding.weight.shape
        self.inner, self.norm = nn.Linear(width, width), nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(vocabulary))

    def forward(self, x: Tensor, words: Tensor) -> Tensor:
        """Log odds of every word, shape (tokens, vocabulary)."""
        return self.norm(functional.gelu(self.inner(x))) @ words.T + self.bias


@dataclass(frozen=True, eq=False)
class _Hidden:
    ids: Tensor
    where: Tensor


def _hide(ids: Tensor, share: float, vocabulary: int) -> _Hidden:
    """Hide some tokens: of those four fifths by the mask, a tenth by another token, a tenth not at all."""
    where = (torch.rand(ids.shape, device=ids.device) < share) & (ids >= len(SPECIAL))
    how = torch.rand(ids.shape, device=ids.device)
    other = torch.randint(len(SPECIAL), vocabulary, ids.shape, device=ids.device)
    shown = torch.where(where & (how < 0.8), MASK, ids)
    return _Hidden(torch.where(where & (how >= 0.9), other, shown), where)


def telling_loss(network: Network, telling: Telling, texts: Tensor, rng: np.random.Generator) -> Tensor:
    """How badly hidden words are told. texts: (texts, LENGTH)."""
    vocabulary = len(network.embedding.weight)
    size = int(rng.integers(SHORTEST, LONGEST + 1))
    start = int(rng.integers(0, texts.shape[1] - size + 1))
    first = torch.full_like(texts[:, :1], FIRST)
    stretch = torch.cat((first, texts[:, start : start + size]), 1)
    rest = torch.cat((texts[:, :start], texts[:, start + size :]), 1)
    asked, said = _hide(stretch, HIDDEN_OF_STRETCH, vocabulary), _hide(rest, HIDDEN_OF_REST, vocabulary)
    question = network.ask(asked.ids)
    sentence = network.read(said.ids, torch.full_like(said.ids, SAID))
    words = network.embedding.weight
    joined = network.together_with(question, sentence)[asked.where]
    alone = network.of_other(sentence.tokens)[said.where]
    return functional.cross_entropy(
        telling(joined, words).float(), stretch[asked.where]
    ) + functional.cross_entropy(telling(alone, words).float(), rest[said.where])


def learn_language(network: Network, tokens: NDArray[np.uint16], steps: int, console: Console) -> None:
    """Pretrain on unlabelled texts."""
    device = device_of(network)
    count = len(tokens) // LENGTH
    rows = torch.from_numpy(tokens[: count * LENGTH].astype(np.int32).reshape(count, LENGTH)).to(device)
    telling, rng = Telling(network).to(device), np.random.default_rng(0)
    walk = Steps((network, telling), RATE, steps, WARMING)
    order, at = torch.randperm(count, device=device), 0
    for step in range(steps):
        if at + BATCH > count:
            order, at = torch.randperm(count, device=device), 0
        texts = rows[order[at : at + BATCH]].long()
        at += BATCH
        with walk.precision():
            loss = telling_loss(network, telling, texts, rng)
        walk.take(loss)
        if step % 500 == 0:
            console.print(f"step {step}: {loss.item():.3f}")


def learn_pairs(network: Network, work: Work, console: Console) -> None:
    """Learn which article answers, among others of the same law and of any."""
    pairs: Pairs = work.read("pairs")
    tokenizer, rng = work.tokenizer(), np.random.default_rng(0)
    articles = Encoded(tokenizer, [text for article in pairs.articles for text in article])
    asked = [encoded_questions(tokenizer, wordings) for wordings, _, _ in pairs.questions]

    def article(number: int) -> tuple:
        row = (3 * number, 3 * number + 1, 3 * number + 2)
        spare = articles.length(row[2]) - LENGTH
        later = spare > 0 and rng.random() < ELSEWHERE
        return articles.sentence(row, int(rng.integers(0, spare + 1)) if later else 0)

    per = len(asked) // PAIR_BATCH
    walk = Steps((network,), PAIR_RATE, per * PAIR_EPOCHS)
    for epoch in range(PAIR_EPOCHS):
        order, right = rng.permutation(len(asked)), 0.0
        for number in range(per):
            batch = Batch(EACH)
            for i in order[number * PAIR_BATCH : (number + 1) * PAIR_BATCH]:
                wordings, (_, gold, near) = asked[i], pairs.questions[i]
                other = len(wordings) > 1 and rng.random() >= FROM_QUESTION
                question = wordings[int(rng.integers(1, len(wordings)))] if other else wordings[0]
                wrong = list(rng.permutation(near)[:NEAR]) if near else []
                wrong += list(rng.integers(0, len(pairs.articles), EACH - 1 - len(wrong)))
                wrong = [one for one in wrong if one not in gold]
                chosen = [int(rng.choice(gold)), *map(int, wrong)]
                batch.add(question, [article(one) for one in chosen], [True] + [False] * len(wrong))
            with walk.precision():
                odds = scores_of(network, batch, rng)
            walk.take(step_loss(odds, batch))
            right += float((odds.argmax(1) == 0).float().mean())
        console.print(f"questions on laws, epoch {epoch}: {right / per:.3f} right")


def main() -> None:
    """Pretrain and write the network into the work folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    console, work = Console(), Work(options.work)
    torch.manual_seed(0)
    network = Network(work.shape()).to("cuda" if torch.cuda.is_available() else "cpu").train()
    tokens = work.texts()
    console.print(f"{len(tokens) / 1e6:.1f} million tokens")
    learn_language(network, tokens, options.steps, console)
    learn_pairs(network, work, console)
    torch.save(network.state_dict(), work.folder / "begun.pt")


if __name__ == "__main__":
    main()
