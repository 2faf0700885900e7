"""The clauses that a sentence refers to: 违反本条例第十三条规定…处…罚款 speaks of what the 13th article forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.document import Clause, Document

_HAN = "〇零一二三四五六七八九十百千两"
_ARTICLE = rf"第(?:[{_HAN}]+|\d+)条(?:之[一二三四五六七八九十]+)?"
_PART = rf"(?:第?(?P<paragraph>[{_HAN}]+)款)?(?:第?[（(]?(?P<item>[{_HAN}]+)[)）]?项)?"
_REFERENCE = re.compile(rf"(?P<article>{_ARTICLE}){_PART}")
# An article of another law: 民事诉讼法第一百二十二条, 《…条例》第三条; 本法, 本条例 and 本办法 are the document itself.
_ANOTHER = re.compile(r"(?:》|(?<![本该])(?:法|条例|办法|规定|细则|解释|规则|章程))\s*$")
_CHAIN = re.compile(
    rf"(?:{_ARTICLE}(?:第?[{_HAN}]+款)?(?:第?[（(]?[{_HAN}]+[)）]?项)?(?:[、，,和或及与至到]|以及|或者|规定的?)*)+$"
)
_ITEM = re.compile(rf"[（(]([{_HAN}]+)[)）]")
_MOST = 6  # clauses of one sentence that are looked at


def referred(sentence: str, document: Document) -> tuple[str, ...]:
    """The texts of the clauses of the same document that a sentence names, of 款 and 项 only what is named."""
    found: dict[str, None] = {}
    for match in _REFERENCE.finditer(sentence):
        before = _CHAIN.sub("", sentence[: match.start()])
        clause = None if _ANOTHER.search(before) else _labelled(document, match["article"])
        if clause is None or sentence in clause.text:
            continue
        found["".join(_named(clause, match["paragraph"], match["item"]))] = None
        if len(found) >= _MOST:
            break
    return tuple(found)


def _labelled(document: Document, label: str) -> Clause | None:
    return next((clause for clause in document.clauses if clause.label == label), None)


def _named(clause: Clause, paragraph: str | None, item: str | None) -> Iterator[str]:
    """What opens the items and the item, the paragraph, or the whole clause where they are not found."""
    body = clause.body
    if item:
        places = list(_ITEM.finditer(body))
        for number, place in enumerate(places):
            if place[1] == item:
                end = places[number + 1].start() if number + 1 < len(places) else len(body)
                yield from (body[: places[0].start()], body[place.start() : end])
                return
    if paragraph:
        lines = [line for line in body.splitlines() if line.strip() and not _ITEM.match(line.strip())]
        number = _HAN.index(paragraph) - 1 if paragraph in _HAN else 0
        if 0 < number <= len(lines):
            yield lines[number - 1]
            return
    yield body
