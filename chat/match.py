"""How well a text speaks of what a question asks: exact words first, then words of like meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chat.terms import Term
from index.embedder import Embedder
from index.words import tokenize

# A word of like meaning counts less than the word itself; below the floor likeness is chance.
_FLOOR, _CEILING, _MOST = 0.35, 0.85, 0.8


@dataclass(frozen=True, eq=False)
class Words:
    """A text with its tokens, for matching against many questions."""

    text: str
    tokens: tuple[str, ...]


def words_of(text: str) -> Words:
    """Tokenize a text for matching."""
    return Words(text.lower(), tuple(dict.fromkeys(token for token in tokenize(text) if len(token) > 1)))


class Matcher:
    """Matches the terms of a question against texts. Keeps the vectors of the words that it has seen."""

    def __init__(self, embedder: Embedder, most_words: int = 200_000) -> None:
        self._embedder = embedder
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._most = most_words

    def match(self, terms: Sequence[Term], text: Words) -> NDArray[np.float32]:
        """For each term how well the text holds it, 0 to 1; shape (terms,)."""
        scores = np.array([_exact(term, text.text) for term in terms], dtype=np.float32)
        open_rows = [row for row, score in enumerate(scores) if score < _MOST]
        if not open_rows or not text.tokens:
            return scores
        words = self._matrix(text.tokens)
        for row in open_rows:
            meanings = self._matrix(terms[row].alternatives or (terms[row].word,))
            likeness = float((meanings @ words.T).max())
            soft = (likeness - _FLOOR) / (_CEILING - _FLOOR) * _MOST
            scores[row] = max(scores[row], min(max(soft, 0.0), _MOST))
        return scores

    def _matrix(self, words: Sequence[str]) -> NDArray[np.float32]:
        unknown = [word for word in words if word not in self._vectors]
        if unknown:
            if len(self._vectors) > self._most:
                self._vectors.clear()
                unknown = list(words)
            self._vectors.update(zip(unknown, self._embedder.encode_document(unknown), strict=True))
        return np.stack([self._vectors[word] for word in words])


def _exact(term: Term, text: str) -> float:
    """1 where the text holds the word or an official word for it; part of it for a part of a long word."""
    word = term.word.lower()
    if word in text or any(alternative in text for alternative in term.alternatives):
        return 1.0
    if len(word) >= 4:
        # 单项冠军企业 is half there where 冠军企业 is.
        longest = max((n for n in range(len(word) - 1, 1, -1) if _shares(word, text, n)), default=0)
        return 0.9 * longest / len(word) if longest >= len(word) / 2 else 0.0
    return 0.0


def _shares(word: str, text: str, length: int) -> bool:
    return any(word[i : i + length] in text for i in range(len(word) - length + 1))


def coverage(terms: Sequence[Term], scores: NDArray[np.float32]) -> float:
    """Weighted share of the terms that are matched, 0 to 1; 0 without terms."""
    total = sum(term.weight for term in terms)
    return float(sum(t.weight * s for t, s in zip(terms, scores, strict=True)) / total) if total else 0.0
