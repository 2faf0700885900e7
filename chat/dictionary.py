"""Jieba's dictionary: how often a word occurs and what part of speech it is, without jieba's own segmentation.

Jieba keeps every beginning of every word beside the words, which takes long to load; words are cut by rjieba here,
so that the list alone is enough.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

import jieba


class Dictionary:
    """The words of jieba's dictionary (349,045 in jieba 0.42.1) with their frequencies and tags."""

    def __init__(self) -> None:
        """Read the list from jieba's package, about a third of a second."""
        with jieba.dt.get_dict_file() as file:
            entries = file.read().decode("utf-8").split()  # word, frequency, tag, and so on
        words, counts = entries[::3], list(map(int, entries[1::3]))
        self._frequency = dict(zip(words, counts, strict=True))
        self._tag = dict(zip(words, entries[2::3], strict=True))
        self.total = sum(counts)
        self._sorted = sorted(self._frequency)

    def frequency(self, word: str) -> int:
        """How often a word occurs in the texts that the dictionary was counted in; 0 for one that it lacks."""
        return self._frequency.get(word, 0)

    def tag(self, word: str) -> str:
        """The part of speech, as ictclas names it; empty for a word that the dictionary lacks."""
        return self._tag.get(word, "")

    def begins(self, piece: str) -> bool:
        """Whether a word of the dictionary begins so, or is the piece itself."""
        place = bisect_left(self._sorted, piece)
        return place < len(self._sorted) and self._sorted[place].startswith(piece)


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """The one dictionary of the process, read when it is first asked for."""
    return Dictionary()
