"""Words of Taiwan and Hong Kong beside those of the mainland (智慧制造, 智能制造), for search alone."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher

from corpus.script import search_form, simplify
from index.words import tokenize


def mainland_words(text: str) -> str:
    """The words that a simplified text would have in mainland wording and does not have, by blanks."""
    converted = search_form(text)
    if converted == text:
        return ""
    present = set(tokenize(text))
    return " ".join(dict.fromkeys(word for word in tokenize(converted) if word not in present))


def in_corpus_wording(question: str, frequency: Callable[[str], int]) -> str:
    """A question in simplified script; wording that the corpus does not know gives way to mainland wording
    that it knows. `frequency` says in how many passages a pair of characters stands.

    The converter alone must not decide: it also turns 程序 into 进程 and 建立 into 创建.
    """
    simple = simplify(question)
    converted = search_form(simple)
    if converted == simple:
        return simple
    found, done = "", 0
    for start, end, to, until in _changes(simple, converted):
        found += simple[done:start]
        unknown = _rarest(simple, start, end, frequency) == 0 < _rarest(converted, to, until, frequency)
        found += converted[to:until] if unknown else simple[start:end]
        done = end
    return found + simple[done:]


def _changes(simple: str, converted: str) -> list[tuple[int, int, int, int]]:
    """Where two texts differ, as (start, end) in each. Changes around a single character are one: 程序, 进程."""
    found: list[tuple[int, int, int, int]] = []
    for kind, start, end, to, until in SequenceMatcher(None, simple, converted, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if found and start - found[-1][1] <= 1:
            start, to = found[-1][0], found[-1][2]
            found.pop()
        found.append((start, end, to, until))
    return found


def _rarest(text: str, start: int, end: int, frequency: Callable[[str], int]) -> int:
    """The frequency of the rarest pair of characters that touches text[start:end]; 0 where there is none."""
    pairs = [text[i : i + 2] for i in range(max(start - 1, 0), min(end, len(text) - 1))]
    return min((frequency(pair) for pair in pairs if pair.isalnum()), default=0)
