"""The model while it is trained, its loss, and the unsupervised stage.

The loop is our own: sentence-transformers' trainer tokenises every text anew at each step and its losses
cannot mask rows that are no true negatives of each other (measured in eval/LOG.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from index.train.encoded import Ids
from index.train.pairs import PairSampler, flatten

SCALE = 20.0  # cosine times this is the logit
CHECKPOINT = 100  # steps between two checkpoints, about a minute
Report = Callable[[int, int, float], None]  # step, steps, loss
Keep = Callable[[dict[str, Any]], None]  # what becomes of a checkpoint


class StaticBag(nn.Module):
    """Mean of token vectors, normalised: what StaticEmbedding and Normalize do when serving."""

    def __init__(self, weights: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weights)

    def forward(self, texts: Sequence[Ids]) -> Tensor:
        """Unit vectors, float32 (n, d), of texts given as token ids; a text without tokens is all zero."""
        tokens, offsets = flatten(texts)
        bags = functional.embedding_bag(
            torch.from_numpy(tokens.astype(np.int64)), self.weight, torch.from_numpy(offsets), mode="mean"
        )
        return functional.normalize(bags)


def initial_weights(idf: NDArray[np.float32], dimension: int, seed: int) -> Tensor:
    """Random vectors, longer for rarer tokens; padding and unknown tokens (0 and 1) count for nothing."""
    weights = torch.randn(len(idf), dimension, generator=torch.Generator().manual_seed(seed)) * 0.05
    weights *= torch.from_numpy(idf / idf.mean())[:, None]
    weights[:2] = 0
    return weights


def pair_loss(anchors: Tensor, positives: Tensor, group: NDArray[np.int64]) -> Tensor:
    """Symmetric InfoNCE over the batch; rows of one group are not each other's negatives."""
    scores = SCALE * anchors @ positives.T
    numbers = torch.from_numpy(group)
    same = numbers[:, None] == numbers[None, :]
    same.fill_diagonal_(False)
    scores = scores.masked_fill(same, -torch.inf)
    target = torch.arange(len(scores))
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


@dataclass(frozen=True)
class Schedule:
    """Learning rate over the steps: a short warm-up, then a straight line down to `floor` of the peak."""

    steps: int
    peak: float
    warmup: int = 20
    floor: float = 0.02

    def rate(self, step: int) -> float:
        """The learning rate of one step, counted from 0."""
        if step < self.warmup:
            return self.peak * (step + 1) / self.warmup
        left = (self.steps - step) / max(1, self.steps - self.warmup)
        return self.peak * (self.floor + (1 - self.floor) * left)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of all parameters."""
    for settings in optimizer.param_groups:
        settings["lr"] = rate


def train_unsupervised(
    model: StaticBag,
    sampler: PairSampler,
    schedule: Schedule,
    batch: int,
    *,
    report: Report = lambda step, steps, loss: None,
    keep: Keep = lambda state: None,
    resume: dict[str, Any] | None = None,
) -> list[float]:
    """Train on pairs of the sampler; returns the loss of every step.

    `keep` receives a checkpoint every CHECKPOINT steps and at the end; `resume` is one of them.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=schedule.peak, fused=True)
    losses: list[float] = []
    if resume is not None:
        model.weight.data = resume["weights"]
        optimizer.load_state_dict(resume["optimizer"])
        sampler.rng.bit_generator.state = resume["random"]
        losses = list(resume["losses"])
    for step in range(len(losses), schedule.steps):
        set_rate(optimizer, schedule.rate(step))
        pairs = sampler.draw(batch)
        loss = pair_loss(model(pairs.anchors), model(pairs.positives), pairs.group)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        report(step, schedule.steps, losses[-1])
        if len(losses) % CHECKPOINT == 0 or len(losses) == schedule.steps:
            keep(
                {
                    "weights": model.weight.detach(),
                    "optimizer": optimizer.state_dict(),
                    "random": sampler.rng.bit_generator.state,
                    "losses": losses,
                }
            )
    return losses
