"""Batches of questions with sentences, and the steps of training."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from chat.reading.tokens import MASK, SEPARATOR, SPECIAL, SURROUNDING, Ids, padded
from chat.reading.train.network import Network, spread

SINGLY = 2.0  # weight of each sentence told by itself, beside the comparison of a question's sentences
LAST_RATE = 0.03  # of the first
WARMING = 200
CLIP = 1.0  # longest gradient
DECAY = 0.01
WITHHELD = 0.1  # share of a question's tokens that are masked while training
_NONE = (np.array([SEPARATOR, SEPARATOR], dtype=np.int32), np.full(2, SURROUNDING, dtype=np.int32))


def device_of(network: nn.Module) -> torch.device:
    """Where a network is."""
    return next(network.parameters()).device


@dataclass
class Batch:
    """Questions with as many sentences each; where there are fewer, empty ones fill the row."""

    each: int
    questions: list[Ids] = field(default_factory=list)
    sentences: list[tuple[Ids, Ids]] = field(default_factory=list)
    answers: list[list[bool]] = field(default_factory=list)

    def add(self, question: Ids, sentences: Sequence[tuple[Ids, Ids]], answers: Sequence[bool]) -> None:
        """Add a question with its sentences."""
        missing = self.each - len(sentences)
        self.questions.append(question)
        self.sentences += [*sentences, *[_NONE] * missing]
        self.answers.append([*answers, *[False] * missing])


def scores_of(network: Network, batch: Batch, rng: np.random.Generator | None = None) -> Tensor:
    """Log odds of a batch, shape (questions, each). rng: for withholding tokens, while training."""
    device = device_of(network)
    asked = torch.from_numpy(padded(batch.questions)).to(device)
    if rng is not None:
        withheld = torch.rand(asked.shape, device=device) < WITHHELD
        asked = torch.where(withheld & (asked >= len(SPECIAL)), MASK, asked)
    said = torch.from_numpy(padded([ids for ids, _ in batch.sentences])).to(device)
    belongs = torch.from_numpy(padded([belongs for _, belongs in batch.sentences])).to(device)
    question = spread(network.ask(asked), batch.each)
    return network.score(question, network.read(said, belongs)).view(-1, batch.each)


def step_loss(odds: Tensor, batch: Batch) -> Tensor:
    """Which sentence of a question answers, where one does, and of each sentence whether it does."""
    odds = odds.float()
    right = torch.tensor(batch.answers, device=odds.device)
    singly = functional.binary_cross_entropy_with_logits(odds, right.float())
    some = right.any(1)
    if not some.any():
        return SINGLY * singly
    held, good = odds[some], right[some]
    compared = torch.logsumexp(held, 1) - torch.logsumexp(held.masked_fill(~good, -1e4), 1)
    return compared.sum() / len(odds) + SINGLY * singly


class Steps:
    """Steps of AdamW, whose rate rises at first and then falls evenly."""

    def __init__(
        self, networks: Sequence[nn.Module], rate: float, steps: int, warming: int = WARMING
    ) -> None:
        self._parameters = [p for network in networks for p in network.parameters()]
        tables = [p for p in self._parameters if p.ndim > 1]
        others = [p for p in self._parameters if p.ndim < 2]
        groups = [{"params": tables, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
        self._optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))
        self._device = self._parameters[0].device.type
        self._rate = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: min(1.0, (step + 1) / warming) * max(LAST_RATE, 1 - step / steps)
        )

    def precision(self) -> AbstractContextManager:
        """Half precision where there is an accelerator."""
        return torch.autocast(self._device, dtype=torch.bfloat16, enabled=self._device == "cuda")

    def take(self, loss: Tensor) -> None:
        """One step."""
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._parameters, CLIP)
        self._optimizer.step()
        self._rate.step()
