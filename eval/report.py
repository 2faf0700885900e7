"""A run as tables per kind, per style and overall, for terminal and README: `python -m eval.report RUN`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chat.question import Kind
from eval import metrics
from eval.cases import STYLES
from eval.metrics import Interval
from eval.record import Line, RunError, read_run

KIND_NAMES = {
    Kind.NUMBER: "数量目标",
    Kind.DATE: "日期期限",
    Kind.WHO: "责任部门",
    Kind.MEASURES: "措施清单",
    Kind.DEFINITION: "定义条件",
    Kind.YES_NO: "是否",
    Kind.COMPARISON: "比较",
    Kind.DOCUMENT: "文件本身",
    Kind.CORPUS: "语料范围",
    Kind.OPEN: "其他",
}
STYLE_NAMES = dict(zip(STYLES, ("书面", "口语", "繁体", "错别字", "缩写"), strict=True))
HEADER = (
    *("类别", "案例", "全对", "区间", "拒答", "条款", "引用", "前五", "MRR", "事实"),  # shares in percent
    *("泄漏", "外地", "超限"),  # answers
)


@dataclass(frozen=True)
class Row:
    """The figures of a group of cases. Shares are 0 to 1; None where no case of the group has the figure."""

    name: str
    cases: int
    right: Interval
    refusal_right: float
    clause_recall: float | None
    citation_precision: float | None
    recall_5: float | None
    reciprocal_rank: float | None
    fact_coverage: float | None
    leaks: int  # answers with a forbidden string
    foreign: int  # answers that cite a document of another region
    too_long: int  # answers longer, or with more citations, than their kind allows

    def cells(self) -> list[str]:
        """The row as text, in the order of HEADER."""
        shares = (
            self.clause_recall,
            self.citation_precision,
            self.recall_5,
            self.reciprocal_rank,
            self.fact_coverage,
        )
        return [
            self.name,
            str(self.cases),
            _percent(self.right.mean),
            f"{100 * self.right.low:.0f}–{100 * self.right.high:.0f}",
            _percent(self.refusal_right),
            *(_percent(share) for share in shares),
            str(self.leaks),
            str(self.foreign),
            str(self.too_long),
        ]


def summarize(name: str, lines: Sequence[Line]) -> Row:
    """The figures of a group of cases, at least one."""
    scores = [line.scores for line in lines]
    right = metrics.bootstrap([float(score.right) for score in scores])
    if right is None:
        raise ValueError("a group without cases has no figures")
    return Row(
        name=name,
        cases=len(lines),
        right=right,
        refusal_right=sum(score.refusal_right for score in scores) / len(scores),
        clause_recall=metrics.mean([score.clause_recall for score in scores]),
        citation_precision=metrics.mean([score.citation_precision for score in scores]),
        recall_5=metrics.mean([score.recall_5 for score in scores]),
        reciprocal_rank=metrics.mean([score.reciprocal_rank for score in scores]),
        fact_coverage=metrics.mean([score.fact_coverage for score in scores]),
        leaks=sum(score.leaks > 0 for score in scores),
        foreign=sum(score.foreign > 0 for score in scores),
        too_long=sum(not score.within_limits for score in scores),
    )


def rows(lines: Sequence[Line]) -> list[Row]:
    """Per kind (answerable cases), the cases to be refused, per style, follow-ups, and all."""
    groups: list[tuple[str, Callable[[Line], bool]]] = [
        *((KIND_NAMES[kind], lambda line, kind=kind: line.answerable and line.kind == kind) for kind in Kind),
        ("应拒答", lambda line: not line.answerable),
        *(
            (f"· {name}", lambda line, style=style: line.style == style)
            for style, name in STYLE_NAMES.items()
        ),
        ("· 追问", lambda line: line.follow_up),
        ("全部", lambda line: True),
    ]
    picked = [(name, [line for line in lines if belongs(line)]) for name, belongs in groups]
    return [summarize(name, group) for name, group in picked if group]


def overall(lines: Sequence[Line]) -> str:
    """One line: how far refusals can be trusted, and how long an answer takes."""
    refused = [line.refused for line in lines]
    answerable = [line.answerable for line in lines]
    times = [line.took_ms for line in lines]
    p50, p95 = (metrics.percentile(times, percent) for percent in (50, 95))
    return (
        f"拒答精度 {_percent(metrics.refusal_precision(refused, answerable))}，"
        f"拒答召回 {_percent(metrics.refusal_recall(refused, answerable))}；"
        f"耗时 p50 {p50:.1f} ms，p95 {p95:.1f} ms"
    )


def writing(lines: Sequence[Line]) -> str:
    """One line: what a language model had to do with the answers; empty where none was asked."""
    asked = [line for line in lines if line.usage]
    if not asked:
        return ""
    written = sum(line.origin == "model" for line in asked)
    shown, dropped = (sum(line.usage[name] for line in asked) for name in ("shown", "dropped"))
    tokens = [sum(line.usage[name] or 0 for line in asked) for name in ("prompt_tokens", "completion_tokens")]
    troubles = sum(bool(line.usage["trouble"]) for line in asked)
    return (
        f"模型撰写 {written}/{len(asked)} 个回答；句子显示 {shown}，略去 {dropped}；"
        f"调用失败 {troubles}；token {tokens[0]} + {tokens[1]}"
    )


def summaries(lines: Sequence[Line]) -> dict[str, dict[str, float | int | None]]:
    """Per set the few figures that a history of runs shows; shares are 0 to 1, times in milliseconds."""
    found: dict[str, dict[str, float | int | None]] = {}
    for name in dict.fromkeys(line.set for line in lines):
        group = [line for line in lines if line.set == name]
        row = summarize(name, group)
        refused, answerable = [line.refused for line in group], [line.answerable for line in group]
        found[name] = {
            "cases": row.cases,
            "right": row.right.mean,
            "low": row.right.low,
            "high": row.right.high,
            "clause_recall": row.clause_recall,
            "citation_precision": row.citation_precision,
            "fact_coverage": row.fact_coverage,
            "refusal_precision": metrics.refusal_precision(refused, answerable),
            "refusal_recall": metrics.refusal_recall(refused, answerable),
            "p50": metrics.percentile([line.took_ms for line in group], 50),
            "p95": metrics.percentile([line.took_ms for line in group], 95),
        }
    return found


def markdown(lines: Sequence[Line]) -> str:
    """The table for a README."""
    table = [HEADER, ("---", *["---:"] * (len(HEADER) - 1)), *(row.cells() for row in rows(lines))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in table) + f"\n\n{overall(lines)}\n"


def show(console: Console, lines: Sequence[Line], *, misses: bool) -> None:
    """Print the table of each set and, where the run kept its texts, the misses with their reasons."""
    for name in dict.fromkeys(line.set for line in lines):
        group = [line for line in lines if line.set == name]
        title = f"\n{name}（{len(group)} 个案例）"
        table = Table(title=title, title_justify="left", box=None, padding=(0, 0, 0, 1), pad_edge=False)
        for order, head in enumerate(HEADER):
            table.add_column(head, justify="left" if order == 0 else "right", no_wrap=True)
        for row in rows(group):
            table.add_row(*row.cells())
        console.print(table)
        console.print(overall(group))
        if told := writing(group):
            console.print(told)
        if misses:
            for line in group:
                if (line.misses or line.notes) and line.texts:
                    console.print(miss(line), markup=False, highlight=False, soft_wrap=True)


def miss(line: Line) -> str:
    """One miss: the question, what was expected and not met, what was answered and cited."""
    texts = line.texts
    cited = "；".join(f"{c['document_id']} {c['label']}" for c in texts["citations"]) or "无"
    asked = " → ".join(
        [*(turn["content"] for turn in texts["history"] if turn["role"] == "user"), texts["question"]]
    )
    reasons = "\n".join(
        [*(f"    ✗ {reason}" for reason in line.misses), *(f"    · {note}" for note in line.notes)]
    )
    head = f"\n{line.id}［{line.kind}］{asked}\n{reasons}"
    return f"{head}\n    得到：{texts['answer'].strip()}\n    引用：{cited}"


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.3g}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a run that is on disk."""
    parser = argparse.ArgumentParser(prog="python -m eval.report", description="打印一次评测的结果")
    parser.add_argument("run", type=Path, help="评测结果文件夹（eval.run 的 --out）")
    parser.add_argument("--markdown", action="store_true", help="以 Markdown 表格输出，便于贴入 README")
    parser.add_argument("--misses", action="store_true", help="列出未通过的案例及原因")
    options = parser.parse_args(arguments)
    console = Console()
    try:
        manifest, lines = read_run(options.run)
    except RunError as error:
        console.print(escape(str(error)), style="red")
        return 2
    if options.markdown:
        for name in dict.fromkeys(line.set for line in lines):
            sys.stdout.write(f"**{name}**\n\n{markdown([line for line in lines if line.set == name])}\n")
        return 0
    console.print(f"状态：{manifest['status']}　日期：{manifest.get('started', '未知')}", markup=False)
    show(console, lines, misses=options.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
