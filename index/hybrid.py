"""Search by words and by meaning at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder
from index.passage import Evidence, Passage
from index.second_thread import SecondThread
from index.vectors import VectorIndex
from index.wording import in_corpus_wording
from index.words import WordIndex, best_rows

CANDIDATES = 200  # best of each kind that are ranked together
# Of the cosine in the fused score; the rest is BM25. Alone, .5 is best on laws that the model has not seen and .7
# on those that it has; with the second stage .7 is as good on the former. All figures are in eval/LOG.md.
MEANING_WEIGHT = 0.7
# Second stage, .3 ms: the coverage of the first RESCORED is added. It asks how many of the question's words are
# there, where BM25 lets one rare word that is repeated outweigh several: + .02 MRR@10 on plain questions.
COVERAGE_WEIGHT = 0.4
RESCORED = 30
NAMED_WEIGHT = 0.5  # of the words once more, for an article whose number the question names
FRAME_WEIGHT = 0.5  # on scores of bare headings and title blocks, so that they stand behind content
_BESIDE = 5000  # passages from which a second thread searches by meaning: of fewer it takes longer to wake
_SELECTIONS = 32  # of documents whose passages are kept, a byte a passage each

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


class HybridIndex:
    """The passages of a corpus, searched by BM25 and by cosine. Row i of both indexes is passage i."""

    def __init__(
        self,
        passages: Sequence[Passage],
        embedder: Embedder,
        vectors: VectorIndex,
        words: WordIndex,
        meaning_weight: float = MEANING_WEIGHT,
        coverage_weight: float = COVERAGE_WEIGHT,
    ) -> None:
        """`meaning_weight`: 0 ranks by words alone, 1 by meaning alone, with a `coverage_weight` of 0."""
        if not len(passages) == vectors.size == words.size:
            raise ValueError(f"{len(passages)} passages, {vectors.size} vectors, {words.size} texts")
        self.passages = passages
        self.embedder = embedder
        self.vectors = vectors
        self.words = words
        self.meaning_weight = meaning_weight
        self.coverage_weight = coverage_weight
        self._weight = np.array([FRAME_WEIGHT if p.is_frame else 1.0 for p in passages], dtype=np.float32)
        self._second = SecondThread("searching")
        self._allowed = lru_cache(maxsize=_SELECTIONS)(self._passages_of)
        self._rows: dict[str, list[int]] = {}
        for row, passage in enumerate(passages):
            self._rows.setdefault(passage.clause.document.id, []).append(row)

    def search(self, text: str, k: int = 10, documents: Collection[str] | None = None) -> list[Evidence]:
        """The k best passages for a question, best first; equal scores in reading order.

        With `documents` (ids) only passages of these compete: they are left out before ranking, and an
        empty collection finds nothing. Blank text finds nothing.
        """
        question = in_corpus_wording(unicodedata.normalize("NFKC", text), self.words.frequency).strip()
        allowed = None if documents is None else self._allowed(tuple(documents))
        if not question or (allowed is not None and not allowed.any()):
            return []
        query = self.embedder.encode_query([question])[0]
        rows, scores, cosines = self._rank(question, query, allowed)
        best = np.argsort(-scores, kind="stable")[: max(k, RESCORED)]  # rows ascend: ties keep reading order
        weights = self.words.weigh(question)
        found = []
        for i in best.tolist():
            passage = self.passages[rows[i]]
            coverage = self.words.covered(weights, passage.searchable)
            score = float(scores[i]) + self.coverage_weight * coverage
            found.append(Evidence(passage, score, float(cosines[i]), coverage))
        return sorted(found, key=lambda evidence: -evidence.score)[:k]  # stable, too

    def search_each(self, text: str, k: int, documents: Collection[str]) -> list[Evidence]:
        """The k best passages of each of some documents (ids), best first; equal scores in the order of `documents`."""
        found = [evidence for one in documents for evidence in self.search(text, k, documents=(one,))]
        return sorted(found, key=lambda evidence: -evidence.score)

    def _passages_of(self, documents: tuple[str, ...]) -> NDArray[np.bool_]:
        allowed = np.zeros(len(self.passages), dtype=bool)
        for document in documents:
            allowed[self._rows.get(document, [])] = True
        allowed.setflags(write=False)  # it is kept
        return allowed

    def _rank(
        self, question: str, query: Scores, allowed: NDArray[np.bool_] | None
    ) -> tuple[Rows, Scores, Scores]:
        """The candidates of both searches in ascending order, with fused scores and raw cosines."""
        by_meaning: Callable[[], tuple[Rows, Scores]] = partial(
            self.vectors.search, query, CANDIDATES, allowed
        )
        if len(self.passages) >= _BESIDE:
            by_meaning = self._second.start(by_meaning)
        by_words = self.words.scores(question)
        if allowed is not None:
            by_words = np.where(allowed, by_words, 0)
        found = best_rows(by_words, CANDIDATES)
        near, products = by_meaning()
        left = np.ones(len(by_words), dtype=bool)
        left[near] = False
        worded = np.sort(found[left[found]])
        rows = np.concatenate((near, worded))
        order = np.argsort(rows)
        cosines = np.concatenate((products, self.vectors.vectors(worded) @ query))[order]
        rows = rows[order]
        words = by_words[rows] / max(float(by_words[rows].max()), 1e-9)  # 0 already means no word shared
        fused = self.meaning_weight * min_max(cosines) + (1 - self.meaning_weight) * words
        named = self.words.named(question)
        if len(named):
            fused += NAMED_WEIGHT * words * np.isin(rows, named)
        return rows, fused * self._weight[rows], cosines


def min_max(scores: Scores) -> Scores:
    """Scores stretched to 0–1; all 1 where they are equal."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)
