"""A text under the pen: edits take stretches out, and every character left knows where it stood."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from corpus.document import Removed


@dataclass(frozen=True, slots=True)
class Edit:
    """Take out `start` to `end`, leaving the characters of `keep` in the first places of the stretch."""

    start: int
    end: int
    reason: str
    keep: str = ""


class Offsets(Sequence[int]):
    """The source offset of each character, held as runs of neighbours to save memory."""

    __slots__ = ("_length", "_places", "_sources")

    def __init__(self, places: list[int], sources: list[int], length: int) -> None:
        """`places[i]` is where run i begins in the text, `sources[i]` where it begins in the source."""
        self._places, self._sources, self._length = places, sources, length

    @classmethod
    def identity(cls, length: int) -> Offsets:
        """Every character stands where it stood."""
        return cls([0], [0], length)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._length))]
        if index < 0:
            index += self._length
        if not 0 <= index < self._length:
            raise IndexError(index)
        run = bisect_right(self._places, index) - 1
        return self._sources[run] + index - self._places[run]

    def runs(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The stretches of the source, as (start, end), that the text from `start` to `end` came from."""
        run = bisect_right(self._places, start) - 1
        while start < end:
            stop = self._places[run + 1] if run + 1 < len(self._places) else self._length
            stop = min(stop, end)
            source = self._sources[run] + start - self._places[run]
            if stop > start:
                yield source, source + stop - start
            start, run = stop, run + 1


@dataclass(frozen=True, slots=True)
class Draft:
    """The text as it stands, the source offset of each character, and what was taken out so far."""

    text: str
    offsets: Offsets
    removed: tuple[Removed, ...] = ()

    @classmethod
    def of(cls, text: str) -> Draft:
        """Begin with the whole text."""
        return cls(text, Offsets.identity(len(text)))

    def apply(self, edits: Iterable[Edit]) -> Draft:
        """Carry out edits, given in any order. Of two that overlap the later one is cut short."""
        ordered = sorted(edits, key=lambda edit: (edit.start, -edit.end))
        if not ordered:
            return self
        pieces: list[str] = []
        places: list[int] = []
        sources: list[int] = []
        removed = list(self.removed)
        length = done = 0

        def keep(start: int, end: int, text: str) -> None:
            nonlocal length
            for source, source_end in self.offsets.runs(start, end):
                if not sources or sources[-1] + length - places[-1] != source:
                    places.append(length)
                    sources.append(source)
                length += source_end - source
            pieces.append(text)

        for edit in ordered:
            start = max(edit.start, done)
            if start >= edit.end:
                continue
            keep(done, start, self.text[done:start])
            stand_in = edit.keep[: edit.end - start] if start == edit.start else ""
            keep(start, start + len(stand_in), stand_in)
            removed += [
                Removed(a, b, edit.reason) for a, b in self.offsets.runs(start + len(stand_in), edit.end)
            ]
            done = edit.end
        keep(done, len(self.text), self.text[done:])
        if not places:
            places, sources = [0], [0]
        return Draft("".join(pieces), Offsets(places, sources, length), tuple(removed))


def merge_removed(removed: Iterable[Removed]) -> tuple[Removed, ...]:
    """Sort what was removed and join neighbours of one reason."""
    merged: list[Removed] = []
    for item in sorted(removed, key=lambda item: item.start):
        if merged and merged[-1].end == item.start and merged[-1].reason == item.reason:
            merged[-1] = Removed(merged[-1].start, item.end, item.reason)
        else:
            merged.append(item)
    return tuple(merged)


def line_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each line, the line end itself left out."""
    spans = []
    start = 0
    while (end := text.find("\n", start)) >= 0:
        spans.append((start, end))
        start = end + 1
    spans.append((start, len(text)))
    return spans
