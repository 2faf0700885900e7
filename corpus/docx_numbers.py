"""The numbers that Word puts before paragraphs: they are not in the text and must be counted again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from docx.document import Document
from docx.oxml.xmlchemy import BaseOxmlElement

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN = "〇一二三四五六七八九"


@dataclass(frozen=True)
class _Level:
    start: int
    style: str  # decimal, chineseCounting, …
    pattern: str  # %1、


@dataclass
class Numbering:
    """Counts the numbered paragraphs of one document, in reading order."""

    levels: dict[tuple[str, int], _Level]  # (list, depth) → how it is written
    lists: dict[str, str]  # the number that a paragraph names → its list
    styles: dict[str, tuple[str, int]]  # paragraph style → (number, depth)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> Numbering:
        """Read the list definitions of a document; without any, nothing is numbered."""
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")),
            None,
        )
        if part is None:
            return cls({}, {}, {})
        root = part.element
        levels = {
            (abstract.get(f"{_W}abstractNumId"), int(level.get(f"{_W}ilvl"))): _Level(
                int(_value(level, "start") or 1),
                _value(level, "numFmt") or "decimal",
                _value(level, "lvlText") or "",
            )
            for abstract in root.findall(f"{_W}abstractNum")
            for level in abstract.findall(f"{_W}lvl")
        }
        lists = {
            num.get(f"{_W}numId"): _value(num, "abstractNumId") or "" for num in root.findall(f"{_W}num")
        }
        styles = {
            style.style_id: found
            for style in document.styles
            if (properties := style.element.find(f"{_W}pPr")) is not None
            if (found := _reference(properties)) is not None
        }
        return cls(levels, lists, styles)

    def label(self, paragraph: BaseOxmlElement) -> str:
        """The number of this paragraph as Word shows it, or nothing. Each call counts on."""
        found = self._find(paragraph)
        if found is None:
            return ""
        number, depth = found
        name = self.lists.get(number, "")
        level = self.levels.get((name, depth))
        if level is None or level.style in ("bullet", "none"):
            return ""
        self.counts[name, depth] = self.counts.get((name, depth), level.start - 1) + 1
        for deeper in [key for key in self.counts if key[0] == name and key[1] > depth]:
            del self.counts[deeper]
        return re.sub(r"%(\d)", lambda match: self._written(name, int(match[1]) - 1), level.pattern)

    def _find(self, paragraph: BaseOxmlElement) -> tuple[str, int] | None:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return None
        own = _reference(properties)
        if own is not None:
            return own if own[0] != "0" else None
        return self.styles.get(_value(properties, "pStyle") or "")

    def _written(self, name: str, depth: int) -> str:
        level = self.levels.get((name, depth))
        if level is None:
            return ""
        return _WRITTEN.get(level.style, str)(self.counts.get((name, depth), level.start))


def _value(element: BaseOxmlElement, tag: str) -> str | None:
    child = element.find(f"{_W}{tag}")
    return None if child is None else child.get(f"{_W}val")


def _reference(properties: BaseOxmlElement) -> tuple[str, int] | None:
    numbered = properties.find(f"{_W}numPr")
    if numbered is None:
        return None
    return _value(numbered, "numId") or "0", int(_value(numbered, "ilvl") or 0)


def chinese(number: int) -> str:
    """A whole number below 10,000 in Chinese (十二, 一百〇五)."""
    if number < 10:
        return _HAN[number]
    if number < 20:
        return "十" + (_HAN[number - 10] if number > 10 else "")
    written, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += ("〇" if zero and written else "") + _HAN[digit] + name
            zero = False
        else:
            zero = True
    return written


_WRITTEN: dict[str, Callable[[int], str]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "decimalFullWidth": lambda number: str(number).translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    ),
    "decimalEnclosedCircle": lambda number: chr(0x2460 + number - 1) if number <= 20 else str(number),
    "decimalEnclosedCircleChinese": lambda number: chr(0x2460 + number - 1) if number <= 20 else str(number),
    "lowerLetter": lambda number: chr(ord("a") + (number - 1) % 26),
    "upperLetter": lambda number: chr(ord("A") + (number - 1) % 26),
}
