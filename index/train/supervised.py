"""The supervised stage: lay questions towards the articles that answer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from index.train.contrastive import SCALE, Learner, Report, Schedule, pair_loss
from index.train.encoded import Encoded, Ids, Postings
from index.train.pairs import LONGEST, PairSampler

RANDOM_NEGATIVES = 512
HARD_RANKS = (5, 60)  # of BM25: the first ranks may hold answers that nobody labelled
QUERY_DROPPED = 0.5  # of its tokens: a question put otherwise must find the same (eval/LOG.md)
UNSUPERVISED_SHARE = 0.5  # keeps what the first stage learned


@dataclass(frozen=True)
class Example:
    """A query as token ids, its gold articles, and articles that match its words without answering it."""

    query: Ids
    gold: tuple[int, ...]
    hard: NDArray[np.int64]


def make_examples(
    queries: Sequence[tuple[Ids, tuple[int, ...], tuple[int, ...]]], articles: Encoded
) -> list[Example]:
    """Queries, each with its gold articles and the negatives known for it; where none are, those that BM25
    ranks within HARD_RANKS."""
    words = TokenRanking(articles)
    low, high = HARD_RANKS
    examples = []
    for query, gold, near in queries:
        ranked = np.array(near, dtype=np.int64) if near else words.best(query, high)[low:]
        examples.append(Example(query[:LONGEST], gold, ranked[~np.isin(ranked, gold)]))
    return examples


class TokenRanking:
    """BM25 over token ids: indexing these ids with bm25s takes ten times as long."""

    def __init__(self, articles: Encoded, k1: float = 1.5, b: float = 0.75) -> None:
        self.count = len(articles)
        self.postings = found = Postings(articles, with_titles=True)
        self.idf = np.log1p((self.count - found.frequency + 0.5) / (found.frequency + 0.5))
        norm = k1 * (1 - b + b * found.lengths[found.articles] / found.lengths.mean())
        self.weight = self.idf[found.tokens] * found.counts * (k1 + 1) / (found.counts + norm)

    def best(self, query: Ids, k: int, longest: int = 16) -> NDArray[np.int64]:
        """The k best articles for the `longest` rarest tokens of a query, best first."""
        known = np.unique(query[query < len(self.idf)])
        rare = known[np.argsort(-self.idf[known])][:longest]
        spans = [self.postings.span(int(t)) for t in rare]
        if not spans:
            return np.empty(0, np.int64)
        articles = np.concatenate([self.postings.articles[span] for span in spans])
        weights = np.concatenate([self.weight[span] for span in spans])
        scores = np.bincount(articles, weights, minlength=self.count)
        top = np.argpartition(-scores, min(k, self.count - 1))[:k]
        return top[np.argsort(-scores[top], kind="stable")]


def train_supervised(
    learner: Learner,
    examples: Sequence[Example],
    articles: Encoded,
    sampler: PairSampler,
    rng: np.random.Generator,
    *,
    epochs: int = 8,
    batch: int = 256,
    unlabelled: int = 512,
    peak: float = 0.02,
    report: Report = lambda step, steps, loss: None,
) -> tuple[Tensor, list[float]]:
    """Train on labelled questions, `batch` at a step, and on `unlabelled` pairs of the first stage with
    them; returns the token vectors and the loss of the questions at every step.
    """
    order = [rng.permutation(len(examples)) for _ in range(epochs)]
    batches = [rows[i : i + batch] for rows in order for i in range(0, len(rows), batch)]
    schedule = Schedule(len(batches), peak, warmup=5)
    losses: list[float] = []
    for step, rows in enumerate(batches):
        asked = [examples[i] for i in rows]
        candidates = _candidates(asked, len(articles), rng)
        pairs = sampler.draw(unlabelled)
        queries, found, anchors, positives = learner.embed(
            [_thinned(example.query, rng) for example in asked],
            [articles.searchable(a)[:LONGEST] for a in candidates],
            pairs.anchors,
            pairs.positives,
        )
        loss = _labelled_loss(queries, found, asked, candidates)
        other = pair_loss(anchors, positives, pairs.group)
        learner.step(loss + UNSUPERVISED_SHARE * other, schedule.rate(step))
        losses.append(loss.item())
        report(step, schedule.steps, losses[-1])
    return learner.weights, losses


def _candidates(examples: Sequence[Example], articles: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """A gold article for each example in their order, then hard and random ones."""
    chosen = [int(rng.choice(e.gold)) for e in examples]
    hard = [int(rng.choice(e.hard)) for e in examples if len(e.hard)]
    return np.concatenate([chosen, hard, rng.integers(articles, size=RANDOM_NEGATIVES)]).astype(np.int64)


def _labelled_loss(
    queries: Tensor, found: Tensor, examples: Sequence[Example], candidates: NDArray[np.int64]
) -> Tensor:
    """Cross-entropy of each example's own candidate against all that do not answer it."""
    scores = SCALE * queries @ found.T
    answers = np.stack([np.isin(candidates, e.gold) for e in examples])
    np.fill_diagonal(answers, False)
    scores = scores.masked_fill(torch.from_numpy(answers), -torch.inf)
    return functional.cross_entropy(scores, torch.arange(len(examples)))


def _thinned(query: Ids, rng: np.random.Generator) -> Ids:
    kept = query[rng.random(len(query)) >= QUERY_DROPPED]
    return kept if len(kept) else query
