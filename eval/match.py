"""Whether an answer says something: comparison that looks past width, script, markdown and markers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from chat.quantities import normalize
from corpus.script import simplify

MARKER = re.compile(
    r"\[\^?\d{1,2}\](\([^)]*\))?"
)  # [1], [^1], [1](address); not the year in 鄂政办发[2020]19号
TAG = re.compile(r"<[^<>]*>")
TABLE_RULE = re.compile(r"^\s*\|?(\s*:?-{3,}:?\s*\|)+(\s*:?-{3,}:?)?\s*$", re.MULTILINE)
LINE_START = re.compile(r"^\s*(#{1,6}\s|>\s?|[-*+]\s)+", re.MULTILINE)  # heading, quotation, bullet
EMPHASIS = re.compile(r"\*+|__+|`+|\\(?=[^\w\s])")
BETWEEN_DIGITS = re.compile(r"(?<=\d)\s+(?=\d)")
SPACE = re.compile(r"\s+")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
SAME = str.maketrans(
    "[]【】〔〕—–−‐~", "()()()-----", "“”\"「」『』‘’'"
)  # brackets, dashes; no quotation marks
NUMERALS = "0123456789零〇一二三四五六七八九十百千两"  # 万 and 亿 begin units as well: 万元


def visible(text: str) -> str:
    """What a reader counts of an answer in markdown: no markers, tags, decoration or whitespace."""
    for noise in (MARKER, TAG, TABLE_RULE, LINE_START, EMPHASIS):
        text = noise.sub("", text)
    return SPACE.sub("", BETWEEN_DIGITS.sub("¦", text))


def fold(text: str) -> str:
    """The form in which texts are compared: visible, simplified, half width, lower case, one style of
    brackets and dashes, no quotation marks."""
    text = unicodedata.normalize("NFKC", simplify(visible(text))).lower()
    return THOUSANDS.sub("", text.translate(SAME))


def contains(text: str, wanted: str) -> bool:
    """Whether the text holds the wanted words, quantities in any notation (1000家 is 千家, 60％ is 六成).

    A number is never part of a longer one (5家 in 15家).
    """
    held, needle = fold(text), fold(wanted)
    if not needle:
        return False
    return _holds(held, needle) or _holds(normalize(held), normalize(needle))


def _holds(text: str, needle: str) -> bool:
    before = f"(?<![{NUMERALS}])(?<![0-9]\\.)" if needle[0] in NUMERALS else ""
    after = r"(?!\.?[0-9])" if needle[-1].isdigit() else ""
    return re.search(before + re.escape(needle) + after, text) is not None


def says(text: str, alternatives: Iterable[str]) -> bool:
    """Whether the text holds one of the alternatives."""
    return any(contains(text, wanted) for wanted in alternatives)
