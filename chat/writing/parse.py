"""What a model writes, read as it comes: complete sentences with the numbers of the clauses that they cite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_LONGEST = 400  # characters without an end: no sentence any more
_CITED = r"(?:条款|来源|依据|编号)?\s*\^?\d{1,3}"
_MARKER = rf"[\[［【]\s*{_CITED}(?:\s*[,，、;；\-–~]\s*{_CITED})*\s*[\]］】]"
_MARKERS = re.compile(rf"(?:\s*{_MARKER})+")
# The end of a sentence: its mark and what closes after it, or a marker before ；.
_END = re.compile(r"[。！？!?]+[”’」』）)》]*|(?<=[\]］】])；")
_NUMBER = re.compile(r"\d{1,3}")
_RANGE = re.compile(r"(\d{1,3})\s*[-–~]\s*(\d{1,3})")
_ITEM = re.compile(
    r"^\s*(?:[-*+•·]\s+|\d{1,2}[.、．)）]\s*(?!\d)|[（(][一二三四五六七八九十\d]{1,3}[）)]\s*)"
)
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_BOLD = re.compile(r"\*\*|__|`")
_RULE = re.compile(r"^[\s|:\-—=*_]*$")
_CELL = re.compile(r"\s*\|\s*")
_HAN = re.compile(r"[㐀-鿿]")
_THOUGHTS = re.compile(r"<think>.*?</think>|^.*?</think>", re.DOTALL)


@dataclass(frozen=True)
class Written:
    """A complete sentence. `cites` are the numbers at it, or at the next cited sentence of its line."""

    text: str
    cites: tuple[int, ...] = ()
    item: bool = False  # the first of an item of a list
    follows: bool = False  # in the same line as the sentence before
    leads: bool = False  # a heading, or words that introduce what follows; asserts nothing

    @property
    def chinese(self) -> bool:
        """Whether it has Chinese characters."""
        return bool(_HAN.search(self.text))


class Reader:
    """Takes the pieces of a reply, gives its sentences. One for each reply."""

    def __init__(self) -> None:
        self._buffer = ""
        self._thinking = True  # at the start: a reply may begin with thoughts
        self._held: list[Written] = []  # sentences of the line that wait for a marker
        self._last: tuple[int, ...] = ()  # the markers of the last cited sentence in the line
        self._begins = True  # a line begins

    def feed(self, piece: str) -> Iterator[Written]:
        """The sentences that this piece completes."""
        self._buffer += piece
        if self._thinking:
            if "<think>" in self._buffer and "</think>" not in self._buffer:
                return
            if len(self._buffer.lstrip()) < len("<think>") and "<think>".startswith(self._buffer.lstrip()):
                return
            self._thinking = False
        if "</think>" in self._buffer:
            self._buffer = _THOUGHTS.sub("", self._buffer)
        while (end := self._end()) is not None:
            stretch, self._buffer = self._buffer[:end], self._buffer[end:]
            yield from self._line(stretch)

    def finish(self, *, complete: bool) -> Iterator[Written]:
        """What is left. A reply that broke off (not `complete`) ends in a sentence that nobody finished."""
        rest, self._buffer = self._buffer, ""
        ended = complete or bool(re.search(rf"(?:[。！？!?][”’」』）)》]*|{_MARKER})\s*$", rest))
        if rest.strip() and ended and not self._thinking:
            yield from self._line(rest)
        yield from self._release()

    def _end(self) -> int | None:
        """Where the first sentence of the buffer ends with its markers; None while more of it may come."""
        newline = self._buffer.find("\n")
        mark = _END.search(self._buffer)
        if mark is None or 0 <= newline < mark.start():
            if newline >= 0:
                return newline + 1
            return len(self._buffer) if len(self._buffer) > _LONGEST else None
        markers = _MARKERS.match(self._buffer, mark.end())
        end = markers.end() if markers else mark.end()
        rest = self._buffer[end:].lstrip(" ")
        # A marker may still be coming, whole or in part.
        if not rest or rest[0] in "[［【" and not re.search(r"[\]］】]", rest) and len(rest) < 40:
            return None
        return end

    def _line(self, stretch: str) -> Iterator[Written]:
        """A sentence, a heading, or the rest of a line."""
        ends_line = stretch.endswith("\n")
        found = self._read(stretch)
        if found is not None:
            self._begins = False
            if found.cites:
                self._last = found.cites
                for held in self._held:
                    yield replace(held, cites=found.cites)
                self._held.clear()
                yield found
            elif found.leads:
                yield found
            else:
                self._held.append(found)
        if ends_line:
            yield from self._release()

    def _release(self) -> Iterator[Written]:
        """At the end of a line: what has no marker of its own stands on the one before it in the line, if any."""
        for held in self._held:
            yield replace(held, cites=self._last)
        self._held.clear()
        self._last, self._begins = (), True

    def _read(self, stretch: str) -> Written | None:
        cites = _numbers(stretch)
        text = _MARKERS.sub("", stretch).strip()
        heading = bool(_HEADING.match(text)) or (text.startswith("**") and text.rstrip("：:").endswith("**"))
        item = bool(_ITEM.match(text)) and self._begins
        if item:
            text = _ITEM.sub("", text)
        text = _BOLD.sub("", _HEADING.sub("", text))
        if _RULE.match(text):
            return None
        text = _CELL.sub("，", text.strip().strip("|").strip())
        text = re.sub(r"\s+", " ", text).strip(" ；")
        if not text:
            return None
        leads = not cites and (heading or text.endswith(("：", ":")))
        return Written(text, cites, item, not self._begins and not item, leads)


def _numbers(stretch: str) -> tuple[int, ...]:
    """The numbers of all markers, each once; [2-4] is 2, 3, 4."""
    found: dict[int, None] = {}
    for marker in re.findall(_MARKER, stretch):
        for match in _RANGE.finditer(marker):
            first, last = int(match[1]), int(match[2])
            found |= dict.fromkeys(range(first, min(last, first + 20) + 1))
        found |= dict.fromkeys(int(number) for number in _NUMBER.findall(marker))
    return tuple(found)
