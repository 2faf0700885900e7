"""What the classifier sees of a question: its character n-grams, where they stand, and the clues that fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from chat.kinds.clues import CLUES

_TITLE = re.compile(r"《[^》]*》")
_QUOTED = re.compile(r"[“\"「『‘][^“”\"「」『』‘’]{1,24}[”\"」』’]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LATIN = re.compile(r"[a-z]+")
_BREAK = re.compile(r"[，,；;：:。.！!？?…—~\-\s]+")
_LONGEST = 3  # characters of an n-gram, the marks of start and end among them
_TAIL = 8  # last characters of the question, whose n-grams count once more
_PART_TAIL = 5  # the same of each part between punctuation marks
_NEAR_END = 3  # characters after which a clue no longer stands at the end


def features_of(text: str) -> frozenset[str]:
    """Names of the features of a question in simplified script.

    Titles and quotations are folded to one mark each and numbers and Latin words to one letter: they
    are what the question is about, not what it asks. Capital letters name the group of a feature.
    """
    folded = _fold(text)
    parts = [part for part in _BREAK.split(folded) if part]
    whole = f"^{'|'.join(parts)}$"
    found = set(_ngrams(whole))
    found.update(f"E{gram}" for gram in _ngrams(whole[-_TAIL - 1 :]))
    for part in parts:
        found.add(f"H{part[:2]}")
        found.update(f"P{gram}" for gram in _ngrams(f"{part[-_PART_TAIL:]}$"))
    found.add(f"L{min(sum(map(len, parts)) // 6, 6)}")
    found.update(_clues(_BREAK.sub(lambda m: "，" if m.end() < len(folded) else "", folded)))
    return frozenset(found)


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    return _LATIN.sub("a", _NUMBER.sub("0", _QUOTED.sub("“", _TITLE.sub("《", text))))


def _ngrams(text: str) -> Iterator[str]:
    for length in range(1, _LONGEST + 1):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]


def _clues(text: str) -> Iterator[str]:
    """The clues that fit, those among them that stand at the end, the last two, and the kinds they speak for."""
    fitting: list[tuple[int, str]] = []
    for clue in CLUES:
        end = -1
        for match in clue.pattern.finditer(text):
            end = match.end()
        if end < 0:
            continue
        fitting.append((end, clue.name))
        yield f"C{clue.name}"
        yield f"K{clue.kind}"
        if end >= len(text) - _NEAR_END:
            yield f"Cend:{clue.name}"
    for place, (_, name) in enumerate(sorted(fitting)[:-3:-1]):
        yield f"Clast{place}:{name}"
