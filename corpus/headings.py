"""The heading of a numbered clause: alone on its line, in brackets, or run together with its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.labels import Kind, Label

_LONGEST = 45  # characters; a longer first sentence is text
_LONGEST_LINE = 60  # characters; a longer line without a full stop is text
_NOT_HEADING = re.compile(
    r"\d+(?:\.\d+)?\s*(?:万|亿|元|%|％|家|个|项|年|月|日|户|人|倍|分)|不超过|不低于|不少于|给予|应当|不得|可以|是指|包括|奖励|补助|补贴|必须"
    r"|本(?:办法|规定|细则|条例|通知|意见|措施)"
)
# 一次性扩岗补助。 names what follows; 给予一次性扩岗补助。 states it.
_SHORTEST = 16  # characters
_ENDS_AS_NAME = re.compile(r"(?:奖励|补助|补贴|奖补|贴息)$")
_STATES = re.compile(r"\d|给予|应当|不得|可以|予以|享受|按|将|的")
_IN_BRACKETS = re.compile(r"[【\[（(]([^【】\[\]（）()。；]{2,30})[】\]）)]")
_DUTIES = re.compile(
    r"\s*[（(【\[](?:[^（）()]|[（(][^（）()]*[）)])*(?:负责|牵头|配合|单位|部门|局|委|厅|办)(?:[^（）()]|[（(][^（）()]*[）)])*[）)】\]]$"
)
_SPREAD = re.compile(r"^([\u4e00-\u9fff])\s+([\u4e00-\u9fff])$")  # 总 则
_BEFORE_COLON = re.compile(r"([^：:，。；]{2,20})[：:](?=.)")


def heading_lines(words: Sequence[str], label: Label) -> int:
    """How many lines the label and its heading take: a heading may stand below its label, or run on there."""
    if label.kind == Kind.ARTICLE or len(words) < 2:
        return 1
    below = words[1]
    if len(below) > _LONGEST or re.search(r"[。；：，]", below):
        return 1
    return 2 if label.end >= len(words[0]) or (label.kind <= Kind.SECTION and below[0] in "及和与或的") else 1


def heading_of(line: str, label: Label, more: bool) -> str:
    """The heading behind the label, or nothing. `more`: further lines belong to the clause."""
    words = _SPREAD.sub(r"\1\2", line[label.end :].strip())
    if label.kind == Kind.ARTICLE:
        bracket = _IN_BRACKETS.match(words)
        return bracket[1] if bracket and len(words) > len(bracket[0]) else ""
    if "。" not in words:
        return _whole_line(words)
    first, _, rest = words.partition("。")
    rest = rest.strip()
    runs_on = bool(rest or more) and len(first) <= _LONGEST and "；" not in first
    named = _BEFORE_COLON.match(words)
    if named and not _NOT_HEADING.search(named[1]):
        return named[1]
    if runs_on and len(first) <= _SHORTEST and _ENDS_AS_NAME.search(first) and not _STATES.search(first):
        return first
    return first if runs_on and not _NOT_HEADING.search(first) else ""


def _whole_line(words: str) -> str:
    """The heading of a line without a full stop: all of it, or what stands before a colon."""
    words = _DUTIES.sub("", words)
    if words.endswith(("；", ";", "，", ",")):
        return ""
    named = _BEFORE_COLON.match(words)
    if named:
        return named[1] if not _NOT_HEADING.search(named[1]) else ""
    return words.rstrip("：:") if len(words) <= _LONGEST_LINE and "；" not in words else ""
