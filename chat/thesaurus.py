"""Everyday words and what documents call them, from the table that the sentence model learns them by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.train.wordings import read_wordings

_SHORTEST, _LONGEST = 2, 10  # characters of an everyday wording that is looked for
_MOST = 3  # official terms that stand for one
_LONG = (
    4  # characters from which a wording is taken for one although the corpus has all its pairs of characters
)


@dataclass(frozen=True)
class Found:
    """An everyday wording in a question, with its place and the official terms for it."""

    start: int
    end: int
    official: tuple[str, ...]


_ASKS = re.compile(
    r"谁|哪|什么|多少|几|吗|么|怎|咋|啥|如何|多久|多长|多大|能不能|可不可以|行不行|要不要|[？?]"
)


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, dict[str, None]] = {}
    for wording in read_wordings():
        for phrase in wording.everyday:
            if _SHORTEST <= len(phrase) <= _LONGEST and not _ASKS.search(phrase):
                table.setdefault(phrase.lower(), {}).update(dict.fromkeys(wording.official))
    return {phrase: tuple(official) for phrase, official in table.items()}


@lru_cache(maxsize=1)
def _heads() -> frozenset[str]:
    """How the everyday wordings begin."""
    return frozenset(phrase[:_SHORTEST] for phrase in _table())


# Who asks and where, as people put it before they come to the matter.
_PERSONA = frozenset("老板 县里 区里 市里 省里 村里 镇上 厂里 店里 公司里 我们厂 我们店".split())


def look_up(text: str, frequency: Callable[[str], int]) -> Iterator[Found]:
    """The everyday wordings in a text (simplified script, lower case), the longest first from the left.

    frequency: in how many passages of the corpus a pair of characters stands. A short wording that the corpus
    itself uses needs no other, and of the official terms only those count that the corpus uses.
    """
    table, heads, position = _table(), _heads(), 0
    while position < len(text):
        if text[position : position + _SHORTEST] not in heads:
            position += 1
            continue
        for length in range(min(_LONGEST, len(text) - position), _SHORTEST - 1, -1):
            phrase = text[position : position + length]
            official = table.get(phrase, ()) if phrase not in _PERSONA else ()
            held = tuple(term for term in official if _stands(term, frequency))[:_MOST]
            if held and (length >= _LONG or not _stands(phrase, frequency)):
                yield Found(position, position + length, held)
                position += length
                break
        else:
            position += 1


def _stands(phrase: str, frequency: Callable[[str], int]) -> bool:
    return all(frequency(phrase[i : i + 2]) for i in range(len(phrase) - 1))
