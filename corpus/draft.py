"""A text under the pen: edits take stretches out, and every character left knows where it stood."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from corpus.document import Removed

_LINE = re.compile(r"\S[^\n]*")


@dataclass(frozen=True, slots=True)
class Edit:
    """Take out `start` to `end`, leaving the characters of `keep` in the first places of the stretch."""

    start: int
    end: int
    reason: str
    keep: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The text as it stands, and the edits of each step that led to it, each in order and apart."""

    text: str
    length: int  # of the source
    steps: tuple[tuple[Edit, ...], ...] = ()

    @classmethod
    def of(cls, source: str) -> Draft:
        """Begin with the whole source."""
        return cls(source, len(source))

    def apply(self, edits: Iterable[Edit]) -> Draft:
        """Carry out edits, given in any order. Of two that overlap the later one gives way."""
        step: list[Edit] = []
        pieces: list[str] = []
        done = 0
        for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
            if edit.start < done:
                if edit.end <= done:
                    continue
                edit = Edit(done, edit.end, edit.reason)
            if edit.start == edit.end:
                continue
            if len(edit.keep) > edit.end - edit.start:
                raise ValueError(f"{edit} keeps more than it takes")
            pieces += (self.text[done : edit.start], edit.keep)
            step.append(edit)
            done = edit.end
        if not step:
            return self
        pieces.append(self.text[done:])
        return Draft("".join(pieces), self.length, (*self.steps, tuple(step)))

    def trace(self) -> tuple[np.ndarray, tuple[Removed, ...]]:
        """The source offset of each character (int32, rising), and the stretches of the source taken out.

        Both together are the whole source, and nothing stands in both.
        """
        places = np.arange(self.length, dtype=np.int32)
        reasons = [""]
        codes: dict[str, int] = {}
        taken = np.zeros(self.length, dtype=np.uint8)
        for step in self.steps:
            stays = np.ones(len(places), dtype=bool)
            for edit in step:
                if edit.reason not in codes:
                    codes[edit.reason] = len(reasons)
                    reasons.append(edit.reason)
                start = edit.start + len(edit.keep)
                stays[start : edit.end] = False
                taken[places[start : edit.end]] = codes[edit.reason]
            places = places[stays]
        borders = [0, *(np.flatnonzero(np.diff(taken)) + 1).tolist(), self.length]
        removed = tuple(
            Removed(start, end, reasons[taken[start]])
            for start, end in zip(borders, borders[1:], strict=False)
            if start < end and taken[start]
        )
        return places, removed


@functools.lru_cache(maxsize=8)  # the steps of cleaning ask again for the lines of a text they left as it was
def lines(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each line that holds something, without the blanks around it."""
    spans = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        if text[end - 1].isspace():
            end = start + len(match[0].rstrip())
        spans.append((start, end))
    return tuple(spans)
