"""The numbered lines of a body as a tree, and the paragraphs behind them that close a parent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.labels import Kind, Label
from corpus.levels import decide_levels

_CLOSING = re.compile(
    r"各(?:地|市|县|区|省|州|有关|级|部门|单位|镇|乡|相关|企业)|请各|请你|以上|上述|特此|此前|此通知|此复|凡|未尽事宜|执行中|执行过程|原|联系人|联系电话|联系方式|咨询"
    r"|本(?:通知|意见|办法|措施|方案|政策|规定|文件|细则|计划|公告|通告|决定|决议|批复|若干措施|若干政策|实施意见|实施方案|行动计划|政策措施)"
    r"(?:自|由|从|有效|所|未|中|印发|发布|施行|实施|执行|解释|最终)"
)
_CONTINUES = re.compile(
    r"[（(]?[\d①-⑳一二三四五六七八九十]+(?:[）)是、.．]|[，,])|第[一二三四五六七八九十]|[●•·■◆▪➢✓☑□★※—-]|\||其中|注[:：]|[a-zA-Z][.．、)]"
)
_OWN_DUTIES = re.compile(
    r"[（(【\[][^。]{0,120}(?:负责|牵头|配合|落实)(?:相关工作)?[）)】\]][。]?$|[（(【\[]?(?:责任|牵头|配合|主办|协办|负责)(?:单位|部门)[:：]"
)
_DUTIES_END = re.compile(
    r"(?:负责|牵头|配合|落实|配合相关工作)[）)】\]][。]?$|[（(【\[](?:责任|牵头|配合)(?:单位|部门)[:：][^（）]*[）)】\]]$"
)
_ROW = re.compile(r"\||.* \| ")


@dataclass(slots=True)
class Node:
    """A numbered line with the lines behind it, up to the next numbered line."""

    label: Label
    path: tuple[str, ...]
    first: int  # places in the list of lines
    end: int
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    siblings: list[Node] = field(default_factory=list)  # itself among them


def find_outline(words: Sequence[str], first: int, end: int) -> list[Node]:
    """The numbered lines from `first` to `end` in reading order, each with its path."""
    stack: list[tuple[float, Node]] = []
    nodes: list[Node] = []
    top: list[Node] = []
    for place, placed in enumerate(decide_levels(words[first:end]), first):
        if placed is None:
            continue
        rank, label = placed
        while stack and stack[-1][0] >= rank:
            stack.pop()
        parent = stack[-1][1] if stack else None
        path = (*parent.path, label.part) if parent else (label.part,)
        siblings = parent.children if parent else top
        node = Node(label, path, place, end, parent, siblings=siblings)
        siblings.append(node)
        if nodes:
            nodes[-1].end = place
        stack.append((rank, node))
        nodes.append(node)
    return nodes


def closing_of(words: Sequence[str], node: Node, following: Node | None) -> int:
    """Where paragraphs begin that close the parent of its last clause; the clause's end if there are none."""
    last = following is None or following.siblings is not node.siblings
    if (
        not last
        or node.label.kind <= Kind.SECTION
        or node.label.kind == Kind.ARTICLE
        or node.end - node.first < 2
    ):
        return node.end
    others = [other for other in node.siblings if other is not node]
    brief = bool(others) and all(other.end - other.first == 1 and not other.children for other in others)
    # The paragraph below a heading that stands alone is the clause's own, whatever it says.
    alone = "。" not in words[node.first] and words[node.first][-1] not in "；："
    for place in range(node.first + 1 + alone, node.end):
        before, line = words[place - 1], words[place]
        if _OWN_DUTIES.match(line) or _CONTINUES.match(line) or _ROW.match(line) or before[-1] in "：:":
            continue
        if _DUTIES_END.search(before) or (_CLOSING.match(line) and (following is None or brief)):
            return place
        # Each sibling is one paragraph run together with its heading: one more paragraph is not the clause's.
        if (
            brief
            and place == node.first + 1 == node.end - 1
            and _full(before)
            and _full_siblings(words, others)
        ):
            return place
    return node.end


def _full(line: str) -> bool:
    return "。" in line and line[-1] in "。）)"


def _full_siblings(words: Sequence[str], others: Sequence[Node]) -> bool:
    return all(_full(words[other.first]) for other in others)
