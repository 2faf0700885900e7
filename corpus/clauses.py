"""Divide a cleaned policy into its clauses: title block, leads, numbered clauses, closings, signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.draft import lines as find_lines
from corpus.labels import Kind, Label, joined, label_at
from corpus.zones import Part, find_parts

HEADER, LEAD, CLOSING, SIGNATURE = "版头", "前言", "结语", "落款"

_HEADING_LONGEST = 45  # characters; a longer first sentence is text, not a heading
_NO_HEADING = re.compile(
    r"\d+(?:\.\d+)?\s*(?:万|亿|元|%|％|家|个|项|年|月|日|户|人|倍|分)|不超过|不低于|不少于|给予|应当|不得|可以|是指|包括|奖励|补助|补贴|必须|须|本办法|本规定|本细则|本条例"
)
_BRACKET_HEADING = re.compile(r"[【\[（(]([^【】\[\]（）()。；]{2,30})[】\]）)]")
_CLOSING = re.compile(
    r"(?:各地|各市|各县|各区|各省|各州|各有关|各级|各部门|各单位|各镇|各乡|请各|请你|以上|上述|特此|此前|此通知|附则|凡|未尽事宜|执行中|执行过程|联系人|联系电话|联系方式|咨询"
    r"|本(?:通知|意见|办法|措施|方案|政策|规定|文件|细则|计划|公告|若干措施|实施意见|实施方案|行动计划)(?:自|由|从|有效|所|未|中|印发|发布|施行|实施|执行|解释|最终))"
)
_CONTINUES = re.compile(
    r"[（(]?[\d①-⑳一二三四五六七八九十]+(?:[）)是、.．]|[，,])|第[一二三四五六七八九十]|[●•·■◆▪➢✓☑□★※—-]|\||其中|注[:：]"
)
_LISTS_DEPARTMENTS = re.compile(r"(?:负责|牵头|配合|落实|配合相关工作)(?:落实)?[）)]?[。]?$")


@dataclass(slots=True)
class Found:
    """A clause as found, before it becomes a record. Offsets refer to the text."""

    part: str
    path: tuple[str, ...]
    label: str
    heading: str
    start: int
    end: int
    body_start: int


@dataclass(slots=True)
class _Node:
    """A labelled line with the lines behind it, up to the next labelled line."""

    label: Label | None
    path: tuple[str, ...]
    lines: list[tuple[int, int]]
    parent: _Node | None = None
    children: list[_Node] = field(default_factory=list)


def find_clauses(text: str) -> list[Found]:
    """The clauses of the text in reading order; they tile it."""
    lines = find_lines(text)
    found: list[Found] = []
    for part in find_parts(text, lines):
        found += _part_clauses(text, lines, part)
    for index, clause in enumerate(found):
        clause.end = found[index + 1].start if index + 1 < len(found) else len(text)
    if found:
        found[0].start = 0
    return found


def _part_clauses(text: str, lines: list[tuple[int, int]], part: Part) -> list[Found]:
    found: list[Found] = []

    def add(
        path: tuple[str, ...], label: str, span: list[tuple[int, int]], heading: str = "", skip: int = 0
    ) -> None:
        if span:
            found.append(Found(part.name, path, label, heading, span[0][0], span[-1][1], span[0][0] + skip))

    add((), HEADER, lines[part.first : part.body])
    root, nodes = _tree(text, lines[part.body : part.signature])
    add((), LEAD, root.lines)
    closing: list[tuple[int, int]] = []
    for index, node in enumerate(nodes):
        label = node.label
        assert label is not None
        own, rest = node.lines[:1], node.lines[1:]
        following = nodes[index + 1] if index + 1 < len(nodes) else None
        heading, complete = heading_of(text[slice(*own[0])], label, bool(rest))
        closing = [] if node.children else _closing(text, node, following)
        if closing:
            rest = rest[: len(rest) - len(closing)]
        if node.children and rest and complete:
            add(node.path, joined(node.path), own, heading, label.end)
            add(node.path, LEAD, rest)
        else:
            add(node.path, joined(node.path), own + rest, heading, label.end)
        if closing:
            above = () if following is None else _common(node.path, following.path)
            add(above, CLOSING, closing)
    add((), SIGNATURE, lines[part.signature : part.end])
    return found


def _common(path: tuple[str, ...], following: tuple[str, ...]) -> tuple[str, ...]:
    """The path of the clause that a closing between these two belongs to: the parent of the first."""
    return path[:-1]


def _tree(text: str, lines: list[tuple[int, int]]) -> tuple[_Node, list[_Node]]:
    """The labelled lines as nodes in reading order, each with its path; the root holds the lead."""
    from corpus.levels import decide_levels

    labels = decide_levels([text[start:end] for start, end in lines])
    root = _Node(None, (), [])
    stack: list[tuple[int, _Node]] = [(-1, root)]
    nodes: list[_Node] = []
    for span, placed in zip(lines, labels, strict=True):
        if placed is None:
            (nodes[-1] if nodes else root).lines.append(span)
            continue
        rank, label = placed
        while stack[-1][0] >= rank:
            stack.pop()
        parent = stack[-1][1]
        node = _Node(label, (*parent.path, label.part), [span], parent)
        parent.children.append(node)
        stack.append((rank, node))
        nodes.append(node)
    return root, nodes


def heading_of(line: str, label: Label, more: bool) -> tuple[str, bool]:
    """The heading behind a label, and whether the line ends with it or with a full sentence.

    `more`: further lines belong to the clause.
    """
    words = line[label.end :].strip()
    bracket = _BRACKET_HEADING.match(words)
    if label.kind == Kind.ARTICLE:
        if bracket and line[label.end - 1 : label.end + 1].strip():
            return bracket[1], True
        return "", True
    if "。" not in words and not words.endswith(("；", ";")):
        if len(words) <= 60 and not re.search(r"[；]|[：:].*，", words):
            return words.rstrip("：:"), True
        first = re.match(r"([^：:，。；]{2,20})[：:](?=.)", words)
        return (first[1], True) if first and not _NO_HEADING.search(first[1]) else ("", True)
    first, _, rest = words.partition("。")
    if (
        (rest.strip() or more)
        and len(first) <= _HEADING_LONGEST
        and not _NO_HEADING.search(first)
        and "；" not in first
    ):
        colon = re.match(r"([^：:，。；]{2,20})[：:](?=.)", first)
        return (colon[1] if colon else first), True
    colon = re.match(r"([^：:，。；]{2,20})[：:](?=.)", words)
    return (colon[1], True) if colon and not _NO_HEADING.search(colon[1]) else ("", True)


def _closing(text: str, node: _Node, following: _Node | None) -> list[tuple[int, int]]:
    """The paragraphs behind the last clause of a parent that close the parent and not this clause."""
    assert node.label is not None
    assert node.parent is not None
    last_child = following is None or following.parent is not node.parent
    if not last_child or node.label.kind <= Kind.SECTION or len(node.lines) < 2:
        return []
    paragraphs = [text[start:end] for start, end in node.lines]
    siblings = [child for child in node.parent.children if child is not node]
    single = (
        node.label.kind != Kind.ARTICLE
        and siblings
        and all(len(child.lines) == 1 and not child.children for child in siblings)
    )
    for index in range(1, len(paragraphs)):
        before, words = paragraphs[index - 1], paragraphs[index]
        if _LISTS_DEPARTMENTS.search(words) and words.startswith(("（", "(", "责任", "牵头")):
            continue
        if _CONTINUES.match(words) or before.endswith(("：", ":")):
            continue
        if _LISTS_DEPARTMENTS.search(before) or (_CLOSING.match(words) and (single or following is None)):
            return node.lines[index:]
        if (
            single
            and node.label.kind <= Kind.PAREN
            and len(paragraphs) == 2
            and "。" in before
            and all(text[slice(*child.lines[0])].endswith(("。", "）", ")")) for child in siblings)
        ):
            return node.lines[index:]
    return []
