"""Networks fitted to groups of rows, such as the sentences of a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from chat.ranking.model import CLIP, Network

RATE = 0.005  # at first; it falls evenly to a twentieth
_LAST_RATE = 0.05
_CONSTANT = 1e-3  # deviation of a feature below which it is left as it is

Loss = Callable[
    [Tensor, NDArray[np.int64]], Tensor
]  # of the odds of some groups' rows, and which groups they are


@dataclass(frozen=True)
class Plan:
    """How a network is fitted."""

    hidden: int  # units of the one hidden layer
    epochs: int
    batches: int  # parts of the groups in an epoch, a step each
    decay: float
    dropped: float  # share of the hidden units left out at each step
    seeds: int  # networks whose mean counts


def fit(rows: NDArray[np.float32], sizes: NDArray[np.int64], loss_of: Loss, plan: Plan) -> Network:
    """The mean of several networks that minimise a loss of the odds of rows. The same rows give the same weights.

    rows: shape (rows, features), those of a group together. sizes: of each group, shape (groups,).
    """
    torch.use_deterministic_algorithms(True)
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(deviation < _CONSTANT, 1.0, deviation).astype(np.float32)
    x = torch.from_numpy(np.clip((rows - mean) / scale, -CLIP, CLIP).astype(np.float32))
    parts = [_fit(x, sizes, loss_of, plan, seed) for seed in range(plan.seeds)]
    linear, bias, inner, inner_bias, outer = zip(*parts, strict=True)
    return Network(
        mean.astype(np.float32),
        scale,
        torch.stack(linear).mean(0).numpy(),
        torch.cat(inner).T.contiguous().numpy(),
        torch.cat(inner_bias).numpy(),
        (torch.cat(outer) / plan.seeds).numpy(),
        np.asarray(torch.stack(bias).mean().numpy()),
    )


def _fit(x: Tensor, sizes: NDArray[np.int64], loss_of: Loss, plan: Plan, seed: int) -> list[Tensor]:
    torch.manual_seed(seed)
    drawn = np.random.default_rng(seed)
    linear, inner = torch.nn.Linear(x.shape[1], 1), torch.nn.Linear(x.shape[1], plan.hidden)
    outer, dropout = torch.nn.Linear(plan.hidden, 1, bias=False), torch.nn.Dropout(plan.dropped)
    torch.nn.init.zeros_(linear.weight)
    parameters = [*linear.parameters(), *inner.parameters(), *outer.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=plan.decay)
    steps = plan.epochs * plan.batches
    slowing = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(_LAST_RATE, 1 - step / steps))
    ends = np.cumsum(sizes)
    for _ in range(plan.epochs):
        for groups in np.array_split(drawn.permutation(len(sizes)), plan.batches):
            if not len(groups):
                continue
            own = np.concatenate([np.arange(ends[group] - sizes[group], ends[group]) for group in groups])
            some = x[torch.from_numpy(own)]
            odds = (linear(some) + outer(dropout(torch.tanh(inner(some)))))[:, 0]
            optimizer.zero_grad()
            loss_of(odds, groups).backward()
            optimizer.step()
            slowing.step()
    found = (linear.weight[0], linear.bias[0], inner.weight, inner.bias, outer.weight[0])
    return [parameter.detach() for parameter in found]
