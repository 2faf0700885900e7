"""Runs and comparisons as pages and reports show them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from chat.answer import Reason
from chat.question import Kind
from chat.render import markdown_html
from eval import charts, metrics
from eval.compare import FIGURES, Comparison
from eval.record import Line
from eval.report import HEADER, KIND_NAMES, STYLE_NAMES, rows, summaries

REASONS = {
    Reason.BLANK: "没有问题",
    Reason.OFF_TOPIC: "库内没有谈到",
    Reason.NO_REGION: "库内没有该地区的政策",
    Reason.NO_DOCUMENT: "库内没有该文件",
    Reason.NOT_STATED: "条款没有写明",
    Reason.UNCHECKED: "没有通过核对的句子",
}
ORIGINS = {"quote": "摘引", "model": "AI 生成", "curated": "标准答案"}
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]+|\s+|.", re.S)


@dataclass(frozen=True)
class SetView:
    """One set of a run: its figures, its chart, its table."""

    name: str
    locked: bool
    figures: dict[str, Any]  # of `eval.report.summaries`
    right: int
    chart: Markup
    times: Markup
    head: tuple[str, ...]
    table: list[list[str]]
    lines: list[Line]  # the wrong ones first

    @property
    def wrong(self) -> list[Line]:
        """The cases whose answer is not right."""
        return [line for line in self.lines if not line.scores.right]


def set_views(lines: Sequence[Line]) -> list[SetView]:
    """The sets of a run in its order."""
    views = []
    for name, figures in summaries(lines).items():
        group = [line for line in lines if line.set == name]
        table = rows(group)
        shown = [row for row in table if not row.name.startswith("·")]
        views.append(
            SetView(
                name=name,
                locked=not any(line.texts for line in group),
                figures=figures,
                right=sum(line.scores.right for line in group),
                chart=charts.bars(
                    [charts.Bar(r.name, r.right.mean, r.right.low, r.right.high, r.cases) for r in shown],
                    "各类问题全对的比例",
                ),
                times=charts.spread([line.took_ms for line in group], "回答耗时的分布"),
                head=HEADER,
                table=[row.cells() for row in table],
                lines=sorted(group, key=lambda line: line.scores.right),
            )
        )
    return views


def answer_html(line: Line) -> Markup:
    """The answer of a case, rendered as the chat does."""
    return markdown_html(line.texts.get("answer", ""), "", len(line.texts.get("citations", ())))


def kind_name(kind: str) -> str:
    """The kind of a question, as staff know it."""
    return KIND_NAMES.get(Kind(kind), kind)


def style_name(style: str) -> str:
    """The style of a question, as staff know it."""
    return STYLE_NAMES.get(style, style)


def reason_name(reason: object) -> str:
    """Why an answer was refused, as staff know it."""
    return REASONS.get(Reason(str(reason)), str(reason)) if reason else ""


@dataclass(frozen=True)
class Change:
    """A figure before and after; shares are 0 to 1."""

    name: str
    old: float
    new: float

    @property
    def points(self) -> float:
        """The difference in percentage points."""
        return 100 * (self.new - self.old)


def changes(comparison: Comparison) -> list[Change]:
    """The figures of both runs, those that neither has left out."""
    found = []
    for figure, name in FIGURES.items():
        old, new = comparison.means(figure)
        if old is not None and new is not None:
            found.append(Change(name, old, new))
    return found


def verdict(comparison: Comparison) -> str:
    """What the comparison comes to, in a sentence."""
    better, worse = len(comparison.better), len(comparison.worse)
    if not comparison.pairs:
        return "两次评测没有相同的题目，无从比较。"
    if not better and not worse:
        return f"{len(comparison.pairs)} 道相同的题目，对错没有变化。"
    if comparison.p_value >= 0.05:
        chance = f"这样的差别可能出于偶然（p = {comparison.p_value:.2f}）"
    else:
        chance = f"这样的差别不像出于偶然（p = {comparison.p_value:.3f}）"
    return f"{len(comparison.pairs)} 道相同的题目中，变好 {better} 题，变差 {worse} 题；{chance}。"


def plain(answer: str) -> str:
    """An answer without the marks of its markdown, for reading it beside another."""
    return re.sub(r"\*\*|\\(?=[^\w\s])", "", answer).strip()


def differences(old: str, new: str) -> tuple[Markup, Markup]:
    """Both texts with what only one of them has marked."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    left, right = [], []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for act, i, j, k, m in matcher.get_opcodes():
        gone, come = "".join(before[i:j]), "".join(after[k:m])
        if act == "equal":
            left.append(escape(gone))
            right.append(escape(come))
            continue
        if gone:
            left.append(Markup("<del>{}</del>").format(gone))
        if come:
            right.append(Markup("<ins>{}</ins>").format(come))
    return Markup("").join(left), Markup("").join(right)


def latency(lines: Sequence[Line]) -> tuple[float | None, float | None]:
    """Milliseconds within which half, and 95 %, of the answers came."""
    times = [line.took_ms for line in lines]
    return metrics.percentile(times, 50), metrics.percentile(times, 95)
