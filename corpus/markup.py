"""Marks that are not text: front matter and Markdown. Each function returns edits of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.draft import Edit

FRONT_MATTER = "网页文件头"
COMMENT = "网页注释"
MARKDOWN = "Markdown 标记"
IMAGE = "图片"

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(?:[^\n]*\n){0,200}?---[ \t]*(?:\n|\Z)")
_SIGN = re.compile(
    r"^#{1,6}[ \t\u3000\u2002]|\*\*[^*\n]{1,500}\*\*|^[ \t]*+\|?[ \t]*+:?-{3,}:?[ \t]*\|", re.MULTILINE
)
_HEAD = re.compile(r"^#{1,6}[ \t\u3000\u2002]+", re.MULTILINE)
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^\n*_]{1,1000})(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![*\\A-Za-z0-9])\*(?=[^\s*])([^\n*]{1,500})(?<=[^\s*])\*(?![*A-Za-z0-9])")
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,1000}\)")
_LINK = re.compile(
    r"(?<!!)(\[)([^\[\]\n]{1,300})(\]\((?:https?:|/|\.|#|mailto:|javascript:)[^()\n]{0,1000}\))"
)
_RULE = re.compile(
    r"^[ \t]*+(?:[-*_=][ \t]*+){3,}$|^[ \t]*+\|?[ \t]*+(?::?-{2,}:?[ \t]*+\|[ \t]*+)+:?-*:?[ \t]*$",
    re.MULTILINE,
)
_QUOTE = re.compile(r"^>[ \t]+", re.MULTILINE)


def front_matter(text: str) -> list[Edit]:
    """The YAML block that site generators put in front."""
    match = _FRONT_MATTER.match(text)
    return [Edit(0, match.end(), FRONT_MATTER)] if match else []


def comments(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of <!-- … -->."""
    place = text.find("<!--")
    while place >= 0 and (end := text.find("-->", place)) >= 0:
        yield place, end + 3
        place = text.find("<!--", end)


def markdown(text: str) -> list[Edit]:
    """Heading signs, bold, links, images and rules of Markdown; the words stay."""
    edits = [Edit(start, end, COMMENT) for start, end in comments(text)]
    edits += [Edit(match.start(), match.end(), IMAGE) for match in _IMAGE.finditer(text)]
    for match in _LINK.finditer(text):
        edits += (Edit(match.start(1), match.end(1), MARKDOWN), Edit(match.start(3), match.end(3), MARKDOWN))
    if not _SIGN.search(text):
        return edits
    for pattern in (_HEAD, _RULE, _QUOTE):
        edits += [Edit(match.start(), match.end(), MARKDOWN) for match in pattern.finditer(text)]
    for match in _BOLD.finditer(text):
        edits += (
            Edit(match.start(), match.start(2), MARKDOWN),
            Edit(match.end(2), match.end(), MARKDOWN),
        )
    for match in _EMPHASIS.finditer(text):
        edits += (Edit(match.start(), match.start(1), MARKDOWN), Edit(match.end(1), match.end(), MARKDOWN))
    return edits
