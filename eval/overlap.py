"""Questions that are the same or nearly so: what is tuned on must not be what is measured."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from corpus.script import simplify
from eval.cases import Case

NEAR = 0.6  # share of common character bigrams above which two questions ask the same in the same words
NOT_WORDS = re.compile(r"[\W_]+")


def whole_question(case: Case) -> str:
    """The question with what the user asked before: 由谁负责？ alone says nothing."""
    return " ".join([*(turn.content for turn in case.history if turn.role == "user"), case.question])


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters, in simplified script and without punctuation."""
    letters = NOT_WORDS.sub("", simplify(text)).lower()
    return frozenset(letters[i : i + 2] for i in range(max(len(letters) - 1, 1)) if letters)


def near_duplicates(
    left: Sequence[str], right: Iterable[str], near: float = NEAR
) -> list[tuple[str, str, float]]:
    """Pairs (left, right, share of common bigrams among all of both) at or above `near`, most alike first."""
    grams = [bigrams(text) for text in left]
    holders: dict[str, list[int]] = defaultdict(list)
    for order, own in enumerate(grams):
        for gram in own:
            holders[gram].append(order)
    found = []
    for text in right:
        other = bigrams(text)
        common = Counter(order for gram in other for order in holders.get(gram, ()))
        for order, count in common.items():
            share = count / (len(grams[order]) + len(other) - count)
            if share >= near:
                found.append((left[order], text, share))
    return sorted(found, key=lambda pair: -pair[2])
