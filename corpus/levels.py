"""Which numbered lines are clauses, and how deep each stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.labels import Kind, Label, label_at

_PLAIN_NUMBER = re.compile(r"(\d{1,2})[ \u3000\u00a0]+(?=[\u4e00-\u9fff])")
_LONGEST_HEADING = 40  # characters


def decide_levels(words: Sequence[str]) -> list[tuple[float, Label] | None]:
    """For each line its rank (the smaller the more general) and label, or None where it is no clause."""
    labels = [None if line[0] == "|" or " | " in line else label_at(line) for line in words]
    labels = _without_mentions(_without_references(labels))
    kinds = {label.kind for label in labels if label is not None}
    if Kind.ARTICLE in kinds:
        labels = _articles_as_leaves(words, labels)
    if Kind.DECIMAL in kinds:
        labels = _decimals(words, labels)
    ranks = _ranks(labels)
    return [None if label is None else (ranks[label.kind] + _depth(label), label) for label in labels]


def _without_references(labels: list[Label | None]) -> list[Label | None]:
    """Drop doubtful articles whose number does not go on from the last one: they are references."""
    kept: list[Label | None] = []
    last = 0
    for label in labels:
        if label is not None and label.kind == Kind.ARTICLE:
            goes_on = label.number in ((last, last + 1) if label.sub else (last + 1,))
            first = last == 0 and not label.spaced  # a text may begin with any article
            if label.doubtful and not (goes_on or first):
                label = None
            else:
                last = label.number
        kept.append(label)
    return kept


def _without_mentions(labels: list[Label | None]) -> list[Label | None]:
    """Drop actions that do not count on from the first: 专题五：…科，0757-… in a list of telephones is none."""
    kept: list[Label | None] = []
    last = 0
    for label in labels:
        if label is not None and label.kind == Kind.ACTION:
            label, last = (label, label.number) if label.number in (1, last + 1) else (None, last)
        elif label is not None and label.kind < Kind.ACTION:
            kept.append(label)
            continue
        kept.append(label)
    return kept


def _articles_as_leaves(words: Sequence[str], labels: list[Label | None]) -> list[Label | None]:
    """In a text of articles, what is numbered inside an article belongs to the article."""
    kept: list[Label | None] = []
    inside = False
    for line, label in zip(words, labels, strict=True):
        if label is not None and label.kind == Kind.ARTICLE:
            inside = True
        elif label is not None and inside:
            if label.kind > Kind.ARTICLE or (label.kind >= Kind.ITEM and not _is_heading(line)):
                label = None
            else:
                inside = False
        kept.append(label)
    return kept


def _is_heading(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and line[-1] not in "。；，：;"


def _decimals(words: Sequence[str], labels: list[Label | None]) -> list[Label | None]:
    """Keep decimal numbers that count from 1 (1.1, 1.2), with 1 above them; a lone one is a figure (1.5公里)."""
    numbers = [label.number for label in labels if label is not None and label.kind == Kind.DECIMAL]
    if len(numbers) > 1 and numbers[0] == 1:
        return [label or _plain_number(line) for line, label in zip(words, labels, strict=True)]
    return [None if label is not None and label.kind == Kind.DECIMAL else label for label in labels]


def _plain_number(line: str) -> Label | None:
    """A top number of decimal numbering, 1 总则, which is a label only beside 1.1."""
    match = _PLAIN_NUMBER.match(line)
    if not match or not _is_heading(line):
        return None
    return Label(Kind.DECIMAL, int(match[1]), 0, match[1], match.end(), True)


def _depth(label: Label) -> float:
    """Of decimal numbers the depth below the first, as a fraction of a rank: 1.1.1 stands below 1.1."""
    return label.part.count(".") / 10 if label.kind == Kind.DECIMAL else 0


def _ranks(labels: Sequence[Label | None]) -> dict[Kind, float]:
    """The rank of each kind: as usual, save where the numbering shows the opposite order."""
    order = sorted({label.kind for label in labels if label is not None})
    for upper, lower in zip(order[:], order[1:], strict=False):
        if upper < Kind.ITEM or Kind.ARTICLE in (upper, lower):
            continue
        if _inverted(labels, upper, lower):
            place = order.index(upper)
            order[place], order[place + 1] = order[place + 1], order[place]
    return {kind: float(rank) for rank, kind in enumerate(order)}


def _inverted(labels: Sequence[Label | None], upper: Kind, lower: Kind) -> bool:
    """Whether `lower` runs on without a restart while `upper` restarts below it: 1. （一）（二） 2. （一）."""
    seen = [label for label in labels if label is not None and label.kind in (upper, lower)]
    if seen[0].kind != lower:
        return False
    numbers = [label.number for label in seen if label.kind == lower]
    if upper == Kind.DECIMAL:
        return numbers == list(range(1, len(numbers) + 1))
    restarts = sum(label.kind == upper and label.number == 1 for label in seen)
    return restarts >= 2 and numbers == list(range(1, len(numbers) + 1))
