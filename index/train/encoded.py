"""Texts as token ids in flat arrays: sentences within articles, so that pairs are cut without strings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.train.articles import Article, sentences

Ids = NDArray[np.int32]
CHUNK = 20_000  # texts tokenised at a time


@dataclass(frozen=True)
class Encoded:
    """Articles as token ids. Sentence s is tokens[starts[s]:starts[s + 1]]; article a is the sentences
    first[a] to first[a + 1] (excluded). Titles and headings are shared by the articles of a law.
    """

    tokens: Ids
    starts: NDArray[np.int64]
    first: NDArray[np.int64]
    titles: list[Ids]  # one an article, title and heading; empty for general texts
    group: NDArray[np.int32]  # articles under one heading of one law share a number
    law: NDArray[np.int32]  # articles of one law share a number

    def __len__(self) -> int:
        return len(self.first) - 1

    def sentence(self, s: int) -> Ids:
        """The tokens of one sentence."""
        return self.tokens[self.starts[s] : self.starts[s + 1]]

    def article(self, a: int) -> Ids:
        """The tokens of one article without its title."""
        return self.tokens[self.starts[self.first[a]] : self.starts[self.first[a + 1]]]

    def searchable(self, a: int) -> Ids:
        """The tokens of one article with title and heading in front."""
        return np.concatenate([self.titles[a], self.article(a)])


def encode_texts(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Ids]:
    """The token ids of each text, without special tokens."""
    found: list[Ids] = []
    for i in range(0, len(texts), CHUNK):
        batch = tokenizer.encode_batch_fast(list(texts[i : i + CHUNK]), add_special_tokens=False)
        found += [np.asarray(encoding.ids, dtype=np.int32) for encoding in batch]
    return found


def encode_articles(tokenizer: Tokenizer, articles: Sequence[Article]) -> Encoded:
    """Tokenise articles sentence by sentence; title and heading once for each chapter."""
    chapters = {key: i for i, key in enumerate(dict.fromkeys((a.law, a.heading) for a in articles))}
    laws = {law: i for i, law in enumerate(dict.fromkeys(a.law for a in articles))}
    titles = encode_texts(tokenizer, [f"{law} {heading}" for law, heading in chapters])
    group = np.array([chapters[a.law, a.heading] for a in articles], dtype=np.int32)
    law = np.array([laws[a.law] for a in articles], dtype=np.int32)
    return _encode(tokenizer, [a.text for a in articles], [titles[g] for g in group], group, law)


def encode_general(tokenizer: Tokenizer, texts: Sequence[str]) -> Encoded:
    """Tokenise texts that have no title, such as openings of news articles."""
    numbers = np.arange(len(texts), dtype=np.int32)
    return _encode(tokenizer, texts, [np.empty(0, np.int32)] * len(texts), numbers, numbers)


def _encode(
    tokenizer: Tokenizer,
    texts: Sequence[str],
    titles: list[Ids],
    group: NDArray[np.int32],
    law: NDArray[np.int32],
) -> Encoded:
    parts = [sentences(text) or [text] for text in texts]
    flat = encode_texts(tokenizer, [sentence for part in parts for sentence in part])
    tokens = np.concatenate(flat) if flat else np.empty(0, np.int32)
    starts = np.cumsum([0, *map(len, flat)], dtype=np.int64)
    first = np.cumsum([0, *map(len, parts)], dtype=np.int64)
    return Encoded(tokens, starts, first, titles, group, law)


class Postings:
    """For each token id the articles that hold it, and how often: one list after the other."""

    def __init__(self, texts: Encoded, with_titles: bool = False) -> None:
        parts = [texts.searchable(a) for a in range(len(texts))] if with_titles else [texts.tokens]
        tokens = np.concatenate(parts).astype(np.int64)
        plain = np.diff(texts.starts[texts.first])
        self.lengths = np.array([len(part) for part in parts]) if with_titles else plain
        owner = np.repeat(np.arange(len(texts)), self.lengths)
        pairs, self.counts = np.unique(tokens * len(texts) + owner, return_counts=True)
        self.tokens, self.articles = pairs // len(texts), pairs % len(texts)
        self.frequency = np.bincount(self.tokens)
        self.start = np.concatenate([[0], np.cumsum(self.frequency)])

    def span(self, token: int) -> slice:
        """Where the list of one token stands; empty for a token that no article holds."""
        return slice(self.start[token], self.start[token + 1]) if token < len(self.frequency) else slice(0, 0)

    def holding_all(self, tokens: Ids) -> NDArray[np.int64]:
        """The articles that hold every one of the tokens, in order; none for no token."""
        lists = sorted((self.articles[self.span(t)] for t in np.unique(tokens)), key=len)
        if not lists:
            return np.empty(0, np.int64)
        found = lists[0]
        for other in lists[1:]:
            found = found[np.isin(found, other, assume_unique=True)]
        return found


def inverse_frequency(texts: Encoded, size: int) -> NDArray[np.float32]:
    """The inverse document frequency of each of `size` token ids: log(articles / articles that hold it).

    Tokens that never occur count as seen once; padding and unknown tokens (0 and 1) weigh nothing.
    """
    found = Postings(texts).frequency
    frequency = np.zeros(size)
    frequency[: len(found)] = found
    idf = np.log(max(len(texts), 2) / np.maximum(frequency, 1)).astype(np.float32)
    idf[:2] = 0
    return idf
