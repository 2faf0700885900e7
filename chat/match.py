"""How well a text speaks of what a question asks: exact words first, then words of like meaning."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import rjieba
from numpy.typing import NDArray

from chat.terms import Term
from index.embedder import Embedder
from index.words import tokenize

# A word of like meaning counts less than the word itself; below the floor likeness is chance.
_FLOOR, _CEILING, _MOST = 0.35, 0.85, 0.8
_TEXTS = 100_000  # whose rows are kept
_QUESTIONS = 16  # whose vectors are kept: as many as are answered at once
_PROBE = ("企业", "政策", "支持", "目标", "部门", "融资", "人才", "创新")  # words that time the embedder
_PROBES = 5
_TOGETHER = 256  # words that are learned at a time while questions wait
_WORD_SECONDS = 0.001


@dataclass(frozen=True, eq=False)
class Words:
    """A text with its tokens, for matching against many questions."""

    text: str
    tokens: tuple[str, ...]


def words_of(text: str) -> Words:
    """Tokenize a text for matching."""
    return Words(text.lower(), tuple(dict.fromkeys(token for token in tokenize(text) if len(token) > 1)))


class Matches(NamedTuple):
    """For each of many texts and each term of a question how well the text holds it, shape (texts, terms)."""

    exact: NDArray[np.float32]  # the word itself or an official one for it, 0 to 1
    whole: NDArray[np.float32]  # words of like meaning count as well, 0 to 1
    likeness: NDArray[np.float32]  # cosine of the text's likest word; 1 where it is held exactly


class Matcher:
    """Matches the terms of a question against texts. Keeps the vectors of the words that it has seen.

    Words of like meaning count only with an embedder that encodes a word in well under a millisecond, as ours does;
    with a large hub model a question would wait seconds for the words of its evidence.
    """

    def __init__(self, embedder: Embedder, most_words: int = 200_000) -> None:
        self._embedder = embedder
        self._most = most_words
        self._lock = threading.Lock()
        self._rows: dict[str, int] = {}
        self._known: dict[int, tuple[Words, NDArray[np.int64]]] = {}  # texts seen before, by identity
        seconds = []
        for _ in range(_PROBES):  # the quickest counts: a busy machine must not change the answers
            began = time.process_time()
            probe = embedder.encode_document(list(_PROBE))
            seconds.append(time.process_time() - began)
        self._soft = min(seconds) / len(_PROBE) < _WORD_SECONDS
        self._vectors = np.zeros((1024, probe.shape[1]), dtype=np.float32)
        self._asked: OrderedDict[tuple[Term, ...], tuple[NDArray[np.float32], NDArray[np.int64]]] = (
            OrderedDict()
        )

    def match(self, terms: Sequence[Term], text: Words) -> NDArray[np.float32]:
        """For each term how well the text holds it, 0 to 1; shape (terms,)."""
        return self.match_all(terms, [text])[0]

    def match_all(self, terms: Sequence[Term], texts: Sequence[Words]) -> NDArray[np.float32]:
        """As `match`, for many texts at once; shape (texts, terms)."""
        return self.match_fully(terms, texts).whole

    def match_fully(self, terms: Sequence[Term], texts: Sequence[Words]) -> Matches:
        """As `match_all`, with what it is made of."""
        exact = _exact_scores(terms, [text.text for text in texts])
        if not self._soft or not terms or bool((exact >= _MOST).all()):
            return Matches(exact, exact, exact)
        rows = [self._rows_of(text) for text in texts]
        filled = [place for place, found in enumerate(rows) if len(found)]
        if not filled:
            return Matches(exact, exact, exact)
        starts = np.cumsum([0, *(len(rows[place]) for place in filled[:-1])])
        likest = self._likeness(tuple(terms), np.concatenate([rows[place] for place in filled]))
        likeness = exact.copy()
        likeness[filled] = np.maximum(exact[filled], np.maximum.reduceat(likest, starts, axis=1).T)
        scaled = np.clip((likeness - _FLOOR) / (_CEILING - _FLOOR) * _MOST, 0.0, _MOST)
        return Matches(exact, np.maximum(exact, scaled), likeness)

    def match_exactly(self, terms: Sequence[Term], text: str) -> NDArray[np.float32]:
        """As `match`, but words of like meaning do not count; shape (terms,)."""
        return _exact_scores(terms, [text.lower()])[0]

    def learn(self, texts: Iterable[Words]) -> None:
        """Keep the vectors of the texts' words, so that no question waits for them."""
        if self._soft:
            for text in texts:
                self._rows_of(text)

    def learn_words(self, words: Iterable[str]) -> None:
        """Keep the vectors of words, so that no question waits for them; half the room is left to others."""
        unknown = [word for word in words if word not in self._rows] if self._soft else []
        for start in range(0, len(unknown), _TOGETHER):
            with self._lock:  # questions may learn some of them meanwhile
                room = max(self._most // 2 - len(self._rows), 0)
                some = [word for word in unknown[start : start + _TOGETHER] if word not in self._rows]
                self._learn(some[:room])

    def _rows_of(self, text: Words) -> NDArray[np.int64]:
        """Where the vectors of the text's words stand; words not seen before are encoded while there is room."""
        known = self._known.get(id(text))
        if known is not None and known[0] is text:
            return known[1]
        with self._lock:
            unknown = [word for word in text.tokens if word not in self._rows]
            if unknown and len(self._rows) + len(unknown) <= self._most:
                self._learn(unknown)
            rows = np.array([self._rows[word] for word in text.tokens if word in self._rows], dtype=np.int64)
            if len(self._known) >= _TEXTS:
                self._known.clear()
            self._known[id(text)] = (text, rows)
        return rows

    def _learn(self, unknown: list[str]) -> None:
        if not unknown:
            return
        first, last = len(self._rows), len(self._rows) + len(unknown)
        if last > len(self._vectors):
            grown = np.zeros((max(2 * len(self._vectors), last), self._vectors.shape[1]), dtype=np.float32)
            grown[:first] = self._vectors[:first]
            self._vectors = grown
        self._vectors[first:last] = self._embedder.encode_document(unknown)
        self._rows.update(zip(unknown, range(first, last), strict=True))

    def _likeness(self, terms: tuple[Term, ...], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Cosine of each term with the words in `rows`; shape (terms, rows)."""
        meanings, starts = self._meanings(terms)
        words, places = _distinct(rows, len(self._vectors))
        likest = np.maximum.reduceat(meanings @ self._vectors[words].T, starts, axis=0)
        return np.asarray(likest.astype(np.float32)[:, places])

    def _meanings(self, terms: tuple[Term, ...]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Vectors of the terms, of one with alternatives those of each; and where each term's begin."""
        with self._lock:
            known = self._asked.get(terms)
            if known is not None:
                return known
        words = [list(term.alternatives or (term.word,)) for term in terms]
        vectors = self._embedder.encode_document([word for group in words for word in group])
        starts = np.cumsum([0, *(len(group) for group in words[:-1])])
        with self._lock:
            self._asked[terms] = vectors, starts
            while len(self._asked) > _QUESTIONS:
                self._asked.popitem(last=False)
        return vectors, starts


def _distinct(rows: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers below `size` once each, ascending, and where each of `rows` stands among them; without sorting."""
    held = np.zeros(size, dtype=bool)
    held[rows] = True
    distinct = np.flatnonzero(held)
    places = np.empty(size, dtype=np.int64)
    places[distinct] = np.arange(len(distinct))
    return distinct, places[rows]


def _exact_scores(terms: Sequence[Term], texts: Sequence[str]) -> NDArray[np.float32]:
    """1 where a text (lower case) holds the word or an official word for it; part of it for a part of a long word.

    Shape (texts, terms). Term by term, since most of a question's time would go into looking at each pair alone.
    """
    scores = np.zeros((len(texts), len(terms)), dtype=np.float32)
    for column, term in enumerate(terms):
        word = term.word.lower()
        held = [word in text for text in texts]
        for other in term.alternatives:
            held = [known or other in text for known, text in zip(held, texts, strict=True)]
        scores[:, column] = held
        if len(word) >= 4:
            pieces = _pieces(word)
            for row, text in enumerate(texts):
                if not held[row]:
                    scores[row, column] = _part_held(word, pieces, text)
    return scores


def _part_held(word: str, pieces: Sequence[tuple[str, int]], text: str) -> float:
    """引进人才 is all but there where 引进高端人才 is, 单项冠军企业 in good part where 冠军企业 is."""
    held = {i for piece, place in pieces if piece in text for i in range(place, place + len(piece))}
    return 0.9 * len(held) / len(word) if len(held) >= len(word) / 2 else 0.0


@lru_cache(maxsize=8192)
def _pieces(word: str) -> tuple[tuple[str, int], ...]:
    """The shorter words within a long one, with their places in it."""
    cut = {piece for piece in rjieba.cut_for_search(word) if 2 <= len(piece) < len(word)}
    return tuple((piece, word.find(piece)) for piece in sorted(cut))


def coverage(terms: Sequence[Term], scores: NDArray[np.float32]) -> float:
    """Weighted share of the terms that are matched, 0 to 1; 0 without terms."""
    return float(shares(terms, scores[np.newaxis])[0])


def shares(terms: Sequence[Term], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """As `coverage`, for the scores of many texts, shape (texts, terms); shape (texts,)."""
    weights = np.array([term.weight for term in terms], dtype=np.float32)
    total = float(weights.sum())
    return scores @ (weights / total) if total else np.zeros(len(scores), dtype=np.float32)
