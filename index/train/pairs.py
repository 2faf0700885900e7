"""Pairs of texts that belong together, made from unlabelled articles: the unsupervised training data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.train.encoded import Encoded, Ids

LONGEST = 128  # tokens of a text that training sees
TITLED = 0.6  # share of positives with the title in front
KEYWORDS_ONLY = 0.3  # share of sentences that are thinned to their telling words
DROPPED = 0.25  # share of an article's tokens withheld from its keyword query


@dataclass(frozen=True)
class PairBatch:
    """Anchors and positives, row by row. Rows of one group are not each other's negatives: an article
    drawn twice, or articles under one heading where the pair is about the heading.
    """

    anchors: list[Ids]
    positives: list[Ids]
    group: NDArray[np.int64]


Kind = tuple[float, Callable[[int], PairBatch]]  # weight, and what draws a batch


class PairSampler:
    """Draws batches of pairs; each batch holds one kind, so that its negatives are of one kind too.

    Kinds and their weights: a sentence and the rest of its article 3, telling words and their article 2,
    title with heading and an article 1, two neighbouring articles 1, and for general texts a sentence
    and the rest 2. `more` adds kinds with their weights.
    """

    def __init__(
        self,
        articles: Encoded,
        general: Encoded | None,
        idf: NDArray[np.float32],
        rng: np.random.Generator,
        more: Sequence[Kind] = (),
    ) -> None:
        self.articles, self.general, self.idf, self.rng = articles, general, idf, rng
        self.several = np.flatnonzero(np.diff(articles.first) > 1)
        self.long = np.flatnonzero(np.diff(articles.starts[articles.first]) >= 8)
        self.followed = np.flatnonzero(articles.law[:-1] == articles.law[1:])
        self.kinds: list[Kind] = [
            (3, self.sentence_and_rest),
            (2, self.words_and_article),
            (1, self.title_and_article),
            (1, self.neighbours),
            *more,
        ]
        if general is not None:
            self.general_several = np.flatnonzero(np.diff(general.first) > 1)
            self.kinds.append((2, self.general_sentence_and_rest))

    def draw(self, size: int) -> PairBatch:
        """One batch of `size` pairs of a kind drawn by weight."""
        weights = np.array([w for w, _ in self.kinds])
        kind = self.rng.choice(len(self.kinds), p=weights / weights.sum())
        return self.kinds[kind][1](size)

    def sentence_and_rest(self, size: int) -> PairBatch:
        """A sentence, some thinned to telling words, and the rest of its article."""
        return self._sentence_and_rest(self.articles, self.several, size)

    def general_sentence_and_rest(self, size: int) -> PairBatch:
        """The same from general texts."""
        assert self.general is not None
        return self._sentence_and_rest(self.general, self.general_several, size)

    def words_and_article(self, size: int) -> PairBatch:
        """A handful of an article's telling words, and the article with a quarter of its tokens withheld."""
        chosen = self.rng.choice(self.long, size)
        anchors, positives = [], []
        for a in chosen:
            tokens = self.articles.article(a)
            anchors.append(self._telling(tokens[: 2 * LONGEST], int(self.rng.integers(3, 12))))
            kept = tokens[self.rng.random(len(tokens)) >= DROPPED]
            positives.append(self._titled(a, kept if len(kept) else tokens))
        return PairBatch(anchors, positives, chosen)

    def title_and_article(self, size: int) -> PairBatch:
        """Title with heading, and the bare text of an article below them."""
        chosen = self.rng.choice(self.long, size)
        anchors = [self.articles.titles[a][:LONGEST] for a in chosen]
        return PairBatch(anchors, [self.articles.article(a)[:LONGEST] for a in chosen], self._groups(chosen))

    def neighbours(self, size: int) -> PairBatch:
        """Two articles that follow each other in one law, without titles."""
        chosen = self.rng.choice(self.followed, size)
        anchors = [self.articles.article(a)[:LONGEST] for a in chosen]
        positives = [self.articles.article(a + 1)[:LONGEST] for a in chosen]
        return PairBatch(anchors, positives, self._groups(chosen))

    def _sentence_and_rest(self, texts: Encoded, eligible: NDArray[np.int64], size: int) -> PairBatch:
        chosen = self.rng.choice(eligible, size)
        anchors, positives = [], []
        for a in chosen:
            low, high = texts.first[a], texts.first[a + 1]
            s = int(self.rng.integers(low, high))
            sentence = texts.sentence(s)[:LONGEST]
            if self.rng.random() < KEYWORDS_ONLY:
                sentence = self._telling(sentence, max(2, len(sentence) // 3))
            before = texts.tokens[texts.starts[low] : texts.starts[s]]
            after = texts.tokens[texts.starts[s + 1] : texts.starts[high]]
            rest = np.concatenate([before[: LONGEST // 2], after]) if len(after) else before
            anchors.append(sentence)
            positives.append(self._titled(a, rest) if texts is self.articles else rest[:LONGEST])
        return PairBatch(anchors, positives, chosen)

    def _titled(self, article: int, text: Ids) -> Ids:
        if self.rng.random() >= TITLED:
            return text[:LONGEST]
        return np.concatenate([self.articles.titles[article], text])[:LONGEST]

    def _telling(self, tokens: Ids, count: int) -> Ids:
        """`count` tokens drawn without replacement, the rarer the likelier."""
        if len(tokens) <= count:
            return tokens
        weight = self.idf[tokens] + 1e-3
        keys = np.log(self.rng.random(len(tokens))) / weight  # the largest keys are a weighted sample
        return tokens[np.argpartition(keys, -count)[-count:]]

    def _groups(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.asarray(self.articles.group[chosen], dtype=np.int64)


def flatten(texts: Sequence[Ids]) -> tuple[Ids, NDArray[np.int64]]:
    """Texts as one array with the offset of each, as an embedding bag takes them."""
    offsets = np.cumsum([0, *map(len, texts[:-1])], dtype=np.int64)
    return np.concatenate(texts), offsets
