"""Everyday words for official ones: articles asked in the words of those who run a business.

Laws and policies say 融资, people say 缺钱, and no unlabelled text puts the two side by side. The table
wordings.tsv does; here it rewords sentences of articles that hold an official term, so that the everyday
words are learned in their context.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from tokenizers import Tokenizer

from index.train.articles import Article, sentences
from index.train.encoded import Encoded, Ids, Postings, encode_texts
from index.train.pairs import LONGEST, PairBatch

TABLE = Path(__file__).with_name("wordings.tsv")
MOST = 400  # articles kept for a term: frequent terms need no more
BARE = 0.25  # share of pairs that are everyday words and official terms alone, without an article
OTHER_PARTS = 0.3  # share of the other parts of a sentence that are kept
REWORDED = 0.9  # share of the official terms of a sentence that are replaced
PAUSE = re.compile(r"[，、：；。]")
T = TypeVar("T")
FRAMES = (
    "{}", "{}", "{}怎么办", "{}有什么政策", "{}有补贴吗", "{}找谁", "我们厂{}", "{}国家管不管", "{}能帮忙吗",
    "请问{}", "公司{}怎么解决", "{}有什么办法", "{}有什么规定", "想问下{}", "{}行不行", "{}吗",
)  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """One notion: how documents put it, and how people do."""

    official: tuple[str, ...]
    everyday: tuple[str, ...]


def read_wordings(file: Path = TABLE) -> list[Wording]:
    """The rows of a table: official terms, a tab, everyday wordings, each parted by |.

    Raises:
        ValueError: if a row has no two columns, with its number.
    """
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != 2:
            raise ValueError(f"{file.name} 第 {number} 行应有两列，以制表符分隔：{line}")
        official, everyday = (tuple(column.split("|")) for column in columns)
        found.append(Wording(official, everyday))
    return found


class Rewording:
    """Draws pairs of an everyday wording and an article that says the same officially."""

    def __init__(
        self,
        wordings: Sequence[Wording],
        articles: Sequence[Article],
        encoded: Encoded,
        tokenizer: Tokenizer,
        rng: np.random.Generator,
    ) -> None:
        self.wordings, self.articles, self.encoded = wordings, articles, encoded
        self.tokenizer, self.rng = tokenizer, rng
        # Of a term that stands in several rows the last one rewords it: the later rows are the more particular.
        self.number = {term: i for i, wording in enumerate(wordings) for term in wording.official}
        self.term = re.compile(one_of(self.number))
        postings = Postings(encoded)
        self.terms = [encode_texts(tokenizer, wording.official) for wording in wordings]
        self.holders = [
            self._find_holders(*found, postings) for found in zip(wordings, self.terms, strict=True)
        ]

    def _find_holders(self, wording: Wording, terms: Sequence[Ids], postings: Postings) -> list[int]:
        """The articles that hold an official term of a notion, at most MOST, drawn at random."""
        found: set[int] = set()
        for term, ids in zip(wording.official, terms, strict=True):
            found.update(int(a) for a in postings.holding_all(ids) if term in self.articles[a].text)
        return self.rng.permutation(sorted(found))[:MOST].tolist()

    def draw(self, size: int) -> PairBatch:
        """A batch of pairs. Pairs of one notion are not each other's negatives."""
        chosen = self.rng.integers(len(self.wordings), size=size)
        queries: list[str] = []
        positives: list[Ids] = []
        for number in chosen:
            holders = self.holders[number]
            if not holders or self.rng.random() < BARE:
                queries.append(self._any(self.wordings[number].everyday))
                positives.append(self._some_terms(self.terms[number]))
            else:
                article = self._any(holders)
                queries.append(self.reword(self.articles[article].text, number))
                positives.append(self.encoded.searchable(article)[:LONGEST])
        framed = [self._any(FRAMES).format(query) for query in queries]
        return PairBatch(encode_texts(self.tokenizer, framed), positives, chosen.astype(np.int64))

    def reword(self, text: str, number: int) -> str:
        """One sentence of the text that holds a term of the notion, thinned, its official terms replaced."""
        official = self.wordings[number].official
        own = [s for s in sentences(text) if any(term in s for term in official)]
        parts = PAUSE.split(self._any(own) if own else text)
        kept = [
            part
            for part in parts
            if any(term in part for term in official) or self.rng.random() < OTHER_PARTS
        ]
        return self.term.sub(self._replace, " ".join(kept)[:LONGEST])

    def _replace(self, match: re.Match[str]) -> str:
        if self.rng.random() >= REWORDED:
            return match.group()
        return self._any(self.wordings[self.number[match.group()]].everyday)

    def _some_terms(self, official: Sequence[Ids]) -> Ids:
        order = self.rng.permutation(len(official))[:3]
        return np.concatenate([official[i] for i in order])

    def _any(self, choices: Sequence[T]) -> T:
        return choices[int(self.rng.integers(len(choices)))]


def one_of(terms: Iterable[str]) -> str:
    """A pattern of any of the terms, the longest first, grouped by their beginnings: 20 times as fast as a
    plain list of a thousand terms.
    """
    tails: dict[str, list[str]] = {}
    for term in terms:
        tails.setdefault(term[:1], []).append(term[1:])
    branches = []
    for first, rest in sorted(tails.items(), key=lambda item: item[0] == ""):
        longer = [tail for tail in rest if tail]
        after = f"(?:{one_of(longer)}){'?' if '' in rest else ''}" if longer else ""
        branches.append(re.escape(first) + after)
    return "|".join(branches)
