"""Recall of a model alone over a corpus of articles: the figures that training logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from index.train.articles import Article
from index.train.contrastive import StaticBag
from index.train.encoded import Encoded, Ids, encode_texts
from index.train.questions import LabelledQuestion

Figures = dict[str, float]  # by name; "questions" is how many they are the mean of
BATCH = 4096  # texts embedded at a time
QUERIES = 32  # scored at a time: 32 × 144,000 scores are 18 MB


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
    for i in range(0, len(queries), QUERIES):
        for scores, answers in zip(queries[i : i + QUERIES] @ corpus.T, gold[i : i + QUERIES], strict=True):
            ranks.append(sorted(int((scores >= scores[a]).sum()) for a in answers))
    return ranks


def figures(ranks: Sequence[Sequence[int]]) -> Figures:
    """The number of questions, their mean recall at 5, 10 and 100, and mean reciprocal rank within the first ten."""
    found: Figures = {"questions": len(ranks)}
    for k in (5, 10, 100):
        found[f"R@{k}"] = float(np.mean([sum(r <= k for r in rs) / len(rs) for rs in ranks]))
    found["MRR@10"] = float(np.mean([1 / rs[0] if rs[0] <= 10 else 0.0 for rs in ranks]))
    return found


def measure(
    stage: str,
    weights: Tensor,
    tokenizer: Tokenizer,
    articles: Sequence[Article],
    encoded: Encoded,
    asked: Mapping[str, Sequence[LabelledQuestion]],
) -> dict[str, Figures]:
    """Figures of one stage for each group of questions and source, by "stage/group/source".

    Every question is asked of all articles, national and local ones together. A group with several
    sources has a row "all" too; one without questions has no row.
    """
    model = StaticBag(weights)
    corpus = embed(model, [encoded.searchable(a) for a in range(len(articles))])
    mean = corpus.mean(axis=0)
    corpus = centred(corpus, mean)
    found: dict[str, Figures] = {}
    for group, questions in asked.items():
        if not questions:
            continue
        queries = centred(embed(model, encode_texts(tokenizer, [q.text for q in questions])), mean)
        ranks = best_ranks(queries, corpus, [q.gold for q in questions])
        sources = sorted({q.source for q in questions})
        if len(sources) > 1:
            found[f"{stage}/{group}/all"] = figures(ranks)
        for source in sources:
            own = [r for r, q in zip(ranks, questions, strict=True) if q.source == source]
            found[f"{stage}/{group}/{source}"] = figures(own)
    return found
