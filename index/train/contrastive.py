"""The model while it is trained, its loss, and the unsupervised stage.

The loop is our own: sentence-transformers' trainer tokenises every text anew at each step, its losses
cannot mask rows that are no true negatives of each other, and its optimizers update all 40,000 token
vectors where a batch holds a fifth of them (eval/LOG.md has the times).
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
        return bag(torch.from_numpy(tokens.astype(np.int64)), self.weight, torch.from_numpy(offsets))


def bag(tokens: Tensor, vectors: Tensor, offsets: Tensor) -> Tensor:
    """Unit vectors, float32 (n, d), of n texts: the mean of the vectors of the tokens from each offset on."""
    return functional.normalize(functional.embedding_bag(tokens, vectors, offsets, mode="mean"))


class Learner:
    """Token vectors that learn by Adam; a step touches those of its batch alone.

    This takes half the time of Adam over all vectors and learns as well; torch's own SparseAdam takes
    three times as long (eval/LOG.md).
    """

    DECAY = (0.9, 0.999)  # of the running means of gradient and squared gradient: Adam's defaults
    EPSILON = 1e-8

    def __init__(self, weights: Tensor) -> None:
        """`weights`: float32 (vocabulary, d), not changed."""
        self.weights = weights.clone()
        self.first, self.second = torch.zeros_like(weights), torch.zeros_like(weights)
        self.steps = 0

    def embed(self, *groups: Sequence[Ids]) -> tuple[Tensor, ...]:
        """Unit vectors of the texts of each group, float32 (n, d), for the loss of one step."""
        tokens, offsets = flatten([text for group in groups for text in group])
        self._tokens, places = torch.unique(torch.from_numpy(tokens.astype(np.int64)), return_inverse=True)
        self._rows = self.weights[self._tokens].requires_grad_()
        vectors = bag(places, self._rows, torch.from_numpy(offsets))
        return vectors.split([len(group) for group in groups])

    def step(self, loss: Tensor, rate: float) -> None:
        """Learn from the loss over what `embed` gave last."""
        loss.backward()
        self.steps += 1
        gradient = self._rows.grad
        assert gradient is not None
        decay, slow = self.DECAY
        first = self.first[self._tokens].lerp_(gradient, 1 - decay)
        second = self.second[self._tokens].lerp_(gradient.square(), 1 - slow)
        self.first[self._tokens], self.second[self._tokens] = first, second
        scale = (second / (1 - slow**self.steps)).sqrt_().add_(self.EPSILON)
        moved = self._rows.detach().addcdiv(first, scale, value=-rate / (1 - decay**self.steps))
        self.weights[self._tokens] = moved

    def state(self) -> dict[str, Any]:
        """Everything that is needed to go on."""
        return {"weights": self.weights, "first": self.first, "second": self.second, "steps": self.steps}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Learner:
        """The learner that `state` was taken of."""
        learner = cls(state["weights"])
        learner.first, learner.second, learner.steps = state["first"], state["second"], state["steps"]
        return learner


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


def train_unsupervised(
    learner: Learner,
    sampler: PairSampler,
    schedule: Schedule,
    batch: int,
    *,
    report: Report = lambda step, steps, loss: None,
    keep: Keep = lambda state: None,
    resume: dict[str, Any] | None = None,
) -> tuple[Tensor, list[float]]:
    """Train on pairs of the sampler; returns the token vectors and the loss of every step.

    `keep` receives a checkpoint every CHECKPOINT steps and at the end; `resume` is one of them.
    """
    losses: list[float] = []
    if resume is not None:
        learner = Learner.restored(resume["learner"])
        sampler.rng.bit_generator.state = resume["random"]
        losses = list(resume["losses"])
    for step in range(len(losses), schedule.steps):
        pairs = sampler.draw(batch)
        anchors, positives = learner.embed(pairs.anchors, pairs.positives)
        loss = pair_loss(anchors, positives, pairs.group)
        learner.step(loss, schedule.rate(step))
        losses.append(loss.item())
        report(step, schedule.steps, losses[-1])
        if len(losses) % CHECKPOINT == 0 or len(losses) == schedule.steps:
            random = sampler.rng.bit_generator.state
            keep({"learner": learner.state(), "random": random, "losses": losses})
    return learner.weights, losses
