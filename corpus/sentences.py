"""Divide text into sentences, by offsets."""

from __future__ import annotations

import re
from functools import lru_cache

_END = re.compile(r"[。！？!?；;…]+[”’」』）)》〉】\]]*|\n+")
_ROW = re.compile(r"[^\n。]*(?:\t|\||[ \u00a0\u3000]{2,}[^\s。]+[ \u00a0\u3000]{2,})")  # a line of a table
_NOT_INSIDE = re.compile(r"《[^《》\n]*》|〈[^〈〉\n]*〉")


def split_sentences(text: str, start: int = 0) -> list[tuple[int, int]]:
    """Spans of the sentences of `text`, without surrounding blanks, in reading order.

    Each span is shifted by `start`. A sentence ends with 。！？；, its closing quotes and brackets, or
    a line end; never inside 《》. A line that ends in ： stays with its first item, unless a table follows.
    """
    return [(start + a, start + b) for a, b in _spans(text)]


@lru_cache(maxsize=4096)  # the clauses that are cited are cut again and again
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    shielded = [match.span() for match in _NOT_INSIDE.finditer(text)]
    spans: list[tuple[int, int]] = []
    begin = 0
    shield = 0
    for match in _END.finditer(text):
        while shield < len(shielded) and shielded[shield][1] <= match.start():
            shield += 1
        if shield < len(shielded) and shielded[shield][0] < match.start() < shielded[shield][1]:
            continue
        if (
            match.group()[0] == "\n"
            and _opens_list(text, begin, match.start())
            and not _ROW.match(text, match.end())
        ):
            continue
        if _inside_brackets(text, begin, match):
            continue
        _add(spans, text, begin, match.end())
        begin = match.end()
    _add(spans, text, begin, len(text))
    return tuple(spans)


def _opens_list(text: str, begin: int, end: int) -> bool:
    return text[begin:end].rstrip().endswith(("：", ":"))


def _inside_brackets(text: str, begin: int, match: re.Match[str]) -> bool:
    """Whether a mark stands inside brackets that close on the same line: （…；…） is one sentence's aside."""
    if match.group()[0] == "\n":
        return False
    before = text[begin : match.start()]
    depth = before.count("（") + before.count("(") - before.count("）") - before.count(")")
    if depth <= 0:
        return False
    line_end = text.find("\n", match.start())
    rest = text[match.start() : line_end if line_end >= 0 else len(text)]
    if "）" in match.group() or ")" in match.group():
        return False
    return "）" in rest or ")" in rest


def _add(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    stretch = text[begin:end]
    left = len(stretch) - len(stretch.lstrip())
    right = len(stretch.rstrip())
    if left < right:
        spans.append((begin + left, begin + right))
