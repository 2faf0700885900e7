"""Search by words: jieba's segmentation and BM25."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import bm25s
import numpy as np
import rjieba
from numpy.typing import NDArray

K1, B = 1.5, 0.75  # on held-out laws, k1 from 1.2 to 2 and b from .5 to .9 differ by less than the noise
_CHINESE = re.compile(r"[㐀-鿿]+")
_WORD = re.compile(r"\w")
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
    return [word for word in rjieba.cut(unicodedata.normalize("NFKC", text).lower()) if _WORD.search(word)]


def subject_words(text: str) -> list[str]:
    """The distinct words of a question that say what it is about, in their order."""
    return [word for word in dict.fromkeys(tokenize(text)) if word not in QUESTION_WORDS]


def terms(text: str) -> list[str]:
    """What BM25 counts: words, and pairs of neighbouring characters.

    Pairs mend the cuts that differ between question and text (小 巨人, 小巨人): + .03 recall@10.
    """
    runs = _CHINESE.findall(unicodedata.normalize("NFKC", text))
    return tokenize(text) + [run[i : i + 2] for run in runs for i in range(len(run) - 1)]


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
    """BM25 over texts. The row of a text is its position in the sequence that was indexed."""

    def __init__(self, engine: bm25s.BM25) -> None:
        self._engine = engine
        self._vocabulary: dict[str, int] = engine.vocab_dict
        self.size = int(engine.scores["num_docs"])

    @classmethod
    def from_texts(cls, texts: Iterable[str], labels: Iterable[str]) -> WordIndex:
        """Index texts, each with the label of its clause (第十二条; anything else counts for nothing)."""
        vocabulary: dict[str, int] = {}
        rows = [
            [vocabulary.setdefault(term, len(vocabulary)) for term in terms(text) + article_terms(label)]
            for text, label in zip(texts, labels, strict=True)
        ]
        engine = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numpy")
        engine.index((rows, vocabulary), show_progress=False)
        return cls(engine)

    def scores(self, text: str) -> NDArray[np.float32]:
        """The BM25 score of every row for a question, float32 (size,); 0 where no term is shared."""
        found = self._engine.get_tokens_ids(terms(text) + article_terms(text))
        if not found:
            return np.zeros(self.size, dtype=np.float32)
        return self._engine.get_scores_from_ids(found)

    def search(self, text: str, k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The rows that share a term with the question, best first, at most k, and their scores.

        Equal scores keep the order of the rows.
        """
        scores = self.scores(text)
        rows = best_rows(scores, k)
        return rows, scores[rows]

    def frequency(self, token: str) -> int:
        """In how many rows a token occurs."""
        number = self._vocabulary.get(token)
        if number is None:
            return 0
        pointers = self._engine.scores["indptr"]
        return int(pointers[number + 1] - pointers[number])

    def idf(self, token: str) -> float:
        """The inverse document frequency of a token, above 0; highest for one that does not occur."""
        frequency = self.frequency(token)
        return float(np.log1p((self.size - frequency + 0.5) / (frequency + 0.5)))

    def weigh(self, text: str) -> dict[str, float]:
        """The words that say what a question is about, each with its idf."""
        return {word: self.idf(word) for word in subject_words(text)}

    @staticmethod
    def covered(weights: dict[str, float], text: str) -> float:
        """The share of the weighed words that stand in `text`: 0 to 1; 0 where there is no word."""
        plain = unicodedata.normalize("NFKC", text).lower()
        return sum(w for word, w in weights.items() if word in plain) / (sum(weights.values()) or 1.0)

    def save(self, folder: Path) -> None:
        """Write the index to `folder`, as bm25s writes it."""
        self._engine.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> WordIndex:
        """Read what `save` wrote."""
        return cls(bm25s.BM25.load(folder, show_progress=False))


def best_rows(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """The rows of the k highest scores above 0, best first; equal scores in the order of the rows."""
    candidates = np.flatnonzero(scores > 0)
    if len(candidates) > k:
        kth = np.partition(scores[candidates], -k)[-k]
        candidates = candidates[scores[candidates] >= kth]
    return candidates[np.argsort(-scores[candidates], kind="stable")][:k]
