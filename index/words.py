"""Search by words: jieba's segmentation and BM25."""

from __future__ import annotations

import json
import operator
import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

ARTICLE_WEIGHT = 2.0  # of an article's number times its idf: about that of the name of its law
K1, B = 1.5, 0.75  # on held-out laws, k1 from 1.2 to 2 and b from .5 to .9 differ by less than the noise
_CHINESE = re.compile(r"[㐀-鿿]+")
_LETTER = re.compile(r"\w")
_NUMERAL = "一二三四五六七八九十百千零〇两0-9"
_ARTICLE = re.compile(rf"第[ 　]*([{_NUMERAL}]+)[ 　]*[条條](?:之([{_NUMERAL}]+))?")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}

# Words that carry the question and not its subject: a clause need not contain them to answer.
_CARRIERS = """
什么 怎么 怎样 怎么样 怎么办 如何 哪些 哪个 哪里 哪儿 哪 哪家 谁 几 多少 多久 多长 多长时间 多大 为什么 为何 何时 何
是否 能否 可否 有没有 是不是 能不能 可不可以 会不会 要不要 行不行 吗 呢 吧 啊 呀 嘛 哦 请问 问 问下 想问 告诉
我 我们 我家 咱们 咱 你 你们 您 他 她 它 他们 自己 这 那 这个 那个 这些 那些 一下 一个 个 些 种 的 了 着 过 得 地
是 有 在 和 与 及 或 也 都 就 还 又 被 把 给 让 对 从 到 向 于 能 会 要 想 可以 可 应 应该 需要 上 下 中 里 不 没 没有
很 最 更 去 来 做 用 说 办 叫 指 情况 时候 东西 事 事情 具体 主要 内容 有关 关于 相关
"""
QUESTION_WORDS = frozenset(_CARRIERS.split())


def tokenize(text: str) -> list[str]:
    """The words of a text as jieba cuts them: NFKC, lower case, without punctuation.

    rjieba has jieba's dictionary and algorithm and makes the same cuts, some ten times faster.
    """
    return _words(plain(text))


def plain(text: str) -> str:
    """A text as words are compared: NFKC, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def _words(text: str) -> list[str]:
    return [word for word in rjieba.cut(text) if word.isalnum() or _LETTER.search(word)]


def subject_words(text: str) -> list[str]:
    """The distinct words of a question that say what it is about, in their order."""
    return [word for word in dict.fromkeys(tokenize(text)) if word not in QUESTION_WORDS]


def terms(text: str) -> list[str]:
    """What BM25 counts: words, and pairs of neighbouring characters.

    Pairs mend the cuts that differ between question and text (小 巨人, 小巨人): + .03 recall@10.
    """
    text = plain(text)
    found = _words(text)
    for run in _CHINESE.findall(text):
        found += map(operator.add, run, run[1:])
    return found


def article_terms(text: str) -> list[str]:
    """A term for each article number in the text: 第十二条, 第 12 條 → @12; 第一百二十条之一 → @120.1.

    Indexed for the label of a clause and not for what its text mentions, so that a question for an
    article finds the article itself and not those that refer to it.
    """
    return [
        f"@{_number(article)}.{_number(added)}" if added else f"@{_number(article)}"
        for article, added in _ARTICLE.findall(unicodedata.normalize("NFKC", text))
    ]


def _number(numeral: str) -> int:
    """The value of a Chinese or Arabic numeral below ten thousand, also digit by digit (一二〇)."""
    if numeral.isdecimal():
        return int(numeral)
    if not _UNITS.keys() & set(numeral):
        return int("".join(str(_DIGITS.get(char, char)) for char in numeral))
    total, digit = 0, 0
    for char in numeral:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS.get(char, 0)
    return total + digit


class WordIndex:
    """BM25 over texts. The row of a text is its position in the sequence that was indexed.

    Every score that a term gives a row is computed beforehand and kept by term: term t gives
    `values[starts[t]:starts[t + 1]]` to the rows `rows[starts[t]:starts[t + 1]]`.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        starts: NDArray[np.int32],
        rows: NDArray[np.int32],
        values: NDArray[np.float32],
        size: int,
    ) -> None:
        self.size = size
        self._number = {term: number for number, term in enumerate(vocabulary)}
        self._starts, self._rows, self._values = starts, rows, values

    @classmethod
    def from_texts(cls, texts: Iterable[str], labels: Iterable[str]) -> WordIndex:
        """Index texts, each with the label of its clause (第十二条; anything else counts for nothing)."""
        vocabulary: dict[str, int] = {}
        numbers = array("i")  # of the terms of all texts, one after the other
        lengths = array("i")
        for text, label in zip(texts, labels, strict=True):
            found = terms(text) + article_terms(label)
            numbers.extend([vocabulary.setdefault(term, len(vocabulary)) for term in found])
            lengths.append(len(found))
        length = np.asarray(lengths)
        owner = np.repeat(np.arange(len(length), dtype=np.int32), length)
        ones = np.ones(len(numbers), dtype=np.float32)
        counts = csc_matrix((ones, (owner, np.asarray(numbers))), shape=(len(length), len(vocabulary)))
        frequency = np.diff(counts.indptr)
        norm = K1 * (1 - B + B * length / max(float(length.mean()), 1e-9))
        values = np.repeat(_idf(len(length), frequency), frequency) * counts.data
        values /= norm[counts.indices] + counts.data
        for term, number in vocabulary.items():
            if term.startswith("@"):  # whoever names an article means it, however long its text
                span = slice(counts.indptr[number], counts.indptr[number + 1])
                values[span] = ARTICLE_WEIGHT * _idf(len(length), frequency[number])
        return cls(list(vocabulary), counts.indptr, counts.indices, values.astype(np.float32), len(length))

    def scores(self, text: str) -> NDArray[np.float32]:
        """The BM25 score of every row for a question, float32 (size,); 0 where no term is shared."""
        found = np.zeros(self.size, dtype=np.float32)
        for term in terms(_ARTICLE.sub(" ", text)) + article_terms(text):
            if (number := self._number.get(term)) is not None:
                span = slice(self._starts[number], self._starts[number + 1])
                found[self._rows[span]] += self._values[span]  # a row stands once in the span
        return found

    def named(self, text: str) -> NDArray[np.int32]:
        """The rows of the articles whose number the question names."""
        numbers = [number for term in article_terms(text) if (number := self._number.get(term)) is not None]
        spans = [self._rows[self._starts[number] : self._starts[number + 1]] for number in numbers]
        return np.concatenate(spans) if spans else np.empty(0, dtype=np.int32)

    def search(self, text: str, k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The rows that share a term with the question, best first, at most k, and their scores.

        Equal scores keep the order of the rows.
        """
        scores = self.scores(text)
        rows = best_rows(scores, k)
        return rows, scores[rows]

    def frequency(self, token: str) -> int:
        """In how many rows a token occurs."""
        number = self._number.get(token)
        return 0 if number is None else int(self._starts[number + 1] - self._starts[number])

    def vocabulary(self) -> tuple[str, ...]:
        """What is indexed: words, pairs of neighbouring characters, and article numbers (@12)."""
        return tuple(self._number)

    def idf(self, token: str) -> float:
        """The inverse document frequency of a token, above 0; highest for one that does not occur."""
        return float(_idf(self.size, np.array(self.frequency(token))))

    def weigh(self, text: str) -> dict[str, float]:
        """The words that say what a question is about, each with its idf."""
        return {word: self.idf(word) for word in subject_words(text)}

    @staticmethod
    def covered(weights: dict[str, float], text: str) -> float:
        """The share of the weighed words that stand in `text`: 0 to 1; 0 where there is no word."""
        found = 0.0
        for word, weight in weights.items():
            if word in text or (word.isascii() and word in plain(text)):  # ５Ｇ and 5G; the rest is alike
                found += weight
        return found / (sum(weights.values()) or 1.0)

    def save(self, folder: Path) -> None:
        """Write the index to `folder`."""
        (folder / "terms.json").write_text(json.dumps(list(self._number), ensure_ascii=False), "utf-8")
        for name, values in (("starts", self._starts), ("rows", self._rows), ("values", self._values)):
            np.save(folder / f"terms_{name}.npy", values)

    @classmethod
    def load(cls, folder: Path, size: int) -> WordIndex:
        """Read what `save` wrote of `size` texts."""
        starts, rows, values = (
            np.load(folder / f"terms_{name}.npy") for name in ("starts", "rows", "values")
        )
        return cls(json.loads((folder / "terms.json").read_text("utf-8")), starts, rows, values, size)


def _idf(size: int, frequency: NDArray[np.int32]) -> NDArray[np.float64]:
    """Lucene's form, which stays above 0 for terms that most texts share."""
    return np.log1p((size - frequency + 0.5) / (frequency + 0.5))


def best_rows(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """The rows of the k highest scores above 0, best first; equal scores in the order of the rows."""
    candidates = np.flatnonzero(scores > 0)
    if len(candidates) > k:
        kth = np.partition(scores[candidates], -k)[-k]
        candidates = candidates[scores[candidates] >= kth]
    return candidates[np.argsort(-scores[candidates], kind="stable")][:k]
