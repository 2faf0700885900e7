"""Which labelled lines are clauses, and how deep each stands."""

from __future__ import annotations

import re

from corpus.labels import Kind, Label, label_at

_QUOTED = re.compile(r"^\s*[“\"「]")


def decide_levels(lines: list[str]) -> list[tuple[int, Label] | None]:
    """For each line its rank (0 is the most general) and label, or None where the line is no clause."""
    labels = [None if line.lstrip().startswith("|") or " | " in line else label_at(line) for line in lines]
    labels = _without_references(lines, labels)
    if sum(label is not None and label.kind == Kind.ARTICLE for label in labels) >= 2:
        labels = _articles_as_leaves(lines, labels)
    ranks = _ranks(labels)
    return [None if label is None else (ranks[label.kind], label) for label in labels]


def _without_references(lines: list[str], labels: list[Label | None]) -> list[Label | None]:
    """Drop articles run together with their text whose number does not go on: they are references."""
    kept: list[Label | None] = []
    last = 0
    for label in labels:
        if label is not None and label.kind == Kind.ARTICLE:
            goes_on = label.number in (last, last + 1) or label.number == 1
            if not label.spaced and not goes_on:
                label = None
            else:
                last = label.number
        kept.append(label)
    return kept


def _articles_as_leaves(lines: list[str], labels: list[Label | None]) -> list[Label | None]:
    """In a text of articles, what is numbered inside an article belongs to the article."""
    kept: list[Label | None] = []
    inside = False
    for line, label in zip(lines, labels, strict=True):
        if label is None:
            kept.append(None)
            continue
        if label.kind == Kind.ARTICLE:
            inside = True
        elif label.kind < Kind.ARTICLE:
            heading = len(line) <= 40 and not line.rstrip().endswith(("。", "；", "，", "：", ";"))
            if label.kind in (Kind.ITEM, Kind.ACTION) and inside and not heading:
                label = None
            else:
                inside = False
        elif inside:
            label = None
        kept.append(label)
    return kept


def _ranks(labels: list[Label | None]) -> dict[Kind, int]:
    """The rank of each kind: as usual, save where the numbering shows the opposite order."""
    kinds = sorted({label.kind for label in labels if label is not None})
    order = list(kinds)
    for upper, lower in zip(kinds, kinds[1:], strict=False):
        if (
            upper >= Kind.ITEM
            and lower != Kind.ARTICLE
            and upper != Kind.ARTICLE
            and _inverted(labels, upper, lower)
        ):
            place = order.index(upper)
            order[place], order[place + 1] = order[place + 1], order[place]
    return {kind: rank for rank, kind in enumerate(order)}


def _inverted(labels: list[Label | None], upper: Kind, lower: Kind) -> bool:
    """Whether `lower` runs on without a restart while `upper` restarts below it: 1. （一）（二） 2. （一）."""
    seen = [label for label in labels if label is not None and label.kind in (upper, lower)]
    if len(seen) < 4 or seen[0].kind != lower:
        return False
    upper_starts = sum(label.kind == upper and label.number == 1 for label in seen)
    lower_numbers = [label.number for label in seen if label.kind == lower]
    return upper_starts >= 2 and lower_numbers == list(range(1, len(lower_numbers) + 1))
