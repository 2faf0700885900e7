"""Recall of a model alone over a corpus of articles: the figures that training logs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from index.train.contrastive import StaticBag
from index.train.encoded import Ids

Figures = dict[str, float]
BATCH = 4096


def embed(model: StaticBag, texts: Sequence[Ids]) -> NDArray[np.float32]:
    """Unit vectors of texts, float32 (n, d)."""
    with torch.no_grad():
        parts = [model(texts[i : i + BATCH]).numpy() for i in range(0, len(texts), BATCH)]
    return np.concatenate(parts)


def centred(vectors: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors less the mean of the corpus, normalised anew; what all articles share says nothing."""
    shifted = vectors - mean
    norms = np.linalg.norm(shifted, axis=1, keepdims=True)
    return (shifted / np.maximum(norms, 1e-9)).astype(np.float32)


def best_ranks(
    queries: NDArray[np.float32], corpus: NDArray[np.float32], gold: Sequence[Sequence[int]]
) -> list[list[int]]:
    """For each query the ranks (1 is best) of its gold articles; ties count against the model."""
    ranks = []
    for query, answers in zip(queries, gold, strict=True):
        scores = corpus @ query
        ranks.append(sorted(int((scores >= scores[a]).sum()) for a in answers))
    return ranks


def figures(ranks: Sequence[Sequence[int]]) -> Figures:
    """Mean recall at 5, 10 and 100, and mean reciprocal rank within the first ten."""
    found: Figures = {}
    for k in (5, 10, 100):
        found[f"R@{k}"] = float(np.mean([sum(r <= k for r in rs) / len(rs) for rs in ranks]))
    found["MRR@10"] = float(np.mean([1 / rs[0] if rs[0] <= 10 else 0.0 for rs in ranks]))
    return found
