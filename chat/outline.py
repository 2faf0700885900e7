"""The clause tree of a document: who stands above whom."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from corpus.document import Clause, Document

UNNUMBERED = ("前言", "结语")  # labels of leads and closings, which have the path of their parent


class Outline:
    """Parents, children and headings of the clauses of one document."""

    def __init__(self, document: Document) -> None:
        self._by_path: dict[tuple[str, tuple[str, ...]], Clause] = {}
        self._children: dict[tuple[str, tuple[str, ...]], list[Clause]] = defaultdict(list)
        for clause in document.clauses:
            if not clause.path:
                continue
            key = (clause.part, clause.path)
            if clause.label in UNNUMBERED:
                self._children[key].append(clause)
            else:
                self._by_path[key] = clause
                self._children[(clause.part, clause.path[:-1])].append(clause)

    def parent(self, clause: Clause) -> Clause | None:
        """The clause above, or None at the top."""
        own = self._by_path.get((clause.part, clause.path))
        if own is not None and own is not clause:
            return own
        for length in range(len(clause.path) - 1, 0, -1):
            above = self._by_path.get((clause.part, clause.path[:length]))
            if above is not None:
                return above
        return None

    def children(self, clause: Clause) -> list[Clause]:
        """The clauses directly below, leads and closings included, in reading order."""
        if self._by_path.get((clause.part, clause.path)) is not clause:
            return []
        return self._children.get((clause.part, clause.path), [])

    def top(self, part: str) -> list[Clause]:
        """The clauses of the first level of a part, in reading order."""
        return self._children.get((part, ()), [])

    def ancestors(self, clause: Clause) -> list[Clause]:
        """The clauses above, the nearest first."""
        above = []
        current = self.parent(clause)
        while current is not None:
            above.append(current)
            current = self.parent(current)
        return above

    def headings(self, clause: Clause) -> str:
        """The headings above and of the clause, the outermost first, joined by spaces."""
        chain = [*self.ancestors(clause)[::-1], clause]
        return " ".join(c.heading for c in chain if c.heading)


def label_of(clause: Clause) -> str:
    """The label of a clause as an answer gives it; a lead below a heading has that heading's label before its own."""
    if clause.label not in UNNUMBERED or not clause.path:
        return clause.label
    same = (c.label for c in clause.document.clauses if c.part == clause.part and c.path == clause.path)
    return next((label for label in same if label not in UNNUMBERED), "") + clause.label


def labelled(documents: Sequence[Document], labels: Sequence[str]) -> list[Clause]:
    """The clauses that bear one of the numbers, with what stands below them."""
    numbers = {re.sub(r"^第(.+?)(?:部分|项任务|条)$", r"\1", label) for label in labels} | set(labels)
    return [clause for document in documents for clause in document.clauses if numbers & set(clause.path)]
