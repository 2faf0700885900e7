"""Two runs side by side: what got better, what got worse, and a gate. `python -m eval.compare OLD NEW`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval import metrics
from eval.record import Line, RunError, read_run

FIGURES = {
    "right": "全对",
    "refusal_right": "拒答判断",
    "clause_recall": "条款召回",
    "citation_precision": "引用精度",
    "recall_5": "前5召回",
    "reciprocal_rank": "MRR",
    "fact_coverage": "事实",
    "document_recall": "文件召回",
    "within_limits": "长度合规",
}


@dataclass(frozen=True)
class Comparison:
    """Two runs over the cases that both hold unchanged; the others are only counted."""

    pairs: tuple[tuple[Line, Line], ...]  # old, new
    changed: tuple[tuple[str, str], ...]  # cases whose wording or expectation changed
    only_old: tuple[tuple[str, str], ...]
    only_new: tuple[tuple[str, str], ...]

    @property
    def better(self) -> list[tuple[Line, Line]]:
        """Wrong before, right now."""
        return [(old, new) for old, new in self.pairs if new.scores.right and not old.scores.right]

    @property
    def worse(self) -> list[tuple[Line, Line]]:
        """Right before, wrong now."""
        return [(old, new) for old, new in self.pairs if old.scores.right and not new.scores.right]

    @property
    def p_value(self) -> float:
        """How likely so one-sided a change is by chance (McNemar, exact binomial)."""
        return metrics.mcnemar(len(self.worse), len(self.better))

    def means(self, figure: str) -> tuple[float | None, float | None]:
        """The mean of a figure before and after, over the cases where both runs have it."""
        values = [(getattr(old.scores, figure), getattr(new.scores, figure)) for old, new in self.pairs]
        both = [(float(old), float(new)) for old, new in values if old is not None and new is not None]
        return metrics.mean([old for old, _ in both]), metrics.mean([new for _, new in both])


def compare(old: Sequence[Line], new: Sequence[Line]) -> Comparison:
    """Pair the cases of two runs by set and id."""
    before = {line.key: line for line in old}
    after = {line.key: line for line in new}
    common = [key for key in before if key in after]
    same = [key for key in common if before[key].fingerprint == after[key].fingerprint]
    return Comparison(
        pairs=tuple((before[key], after[key]) for key in same),
        changed=tuple(key for key in common if key not in set(same)),
        only_old=tuple(key for key in before if key not in after),
        only_new=tuple(key for key in after if key not in before),
    )


def drops(comparison: Comparison, limits: Sequence[tuple[str, float]]) -> list[str]:
    """In Chinese, each figure that fell by more than its limit; a gate over nothing never passes."""
    found = []
    for figure, limit in limits:
        old, new = comparison.means(figure)
        if old is None or new is None:
            found.append(f"{figure}：两次评测没有可比的案例")
        elif old - new > limit + 1e-9:  # the limit itself is allowed, also after rounding of floats
            found.append(f"{figure}：由 {old:.4f} 降至 {new:.4f}，超过允许的 {limit:g}")
    return found


def show(console: Console, comparison: Comparison) -> None:
    """Print the figures of both runs, then each case that changed."""
    table = Table(title=f"{len(comparison.pairs)} 个相同案例", title_justify="left")
    for head in ("指标", "旧", "新", "变化"):
        table.add_column(head, justify="left" if head == "指标" else "right")
    for figure, name in FIGURES.items():
        before, after = comparison.means(figure)
        if before is not None and after is not None:
            table.add_row(name, f"{100 * before:.1f}", f"{100 * after:.1f}", f"{100 * (after - before):+.1f}")
    console.print(table)
    for name, sign, pairs in (("变好", "+", comparison.better), ("变差", "-", comparison.worse)):
        console.print(f"{name}：{len(pairs)} 个")
        for old, new in pairs:
            reasons = "；".join(old.misses if sign == "+" else new.misses)
            question = new.texts.get("question", "")
            console.print(f"  {sign} {new.set}/{new.id} {question}　{reasons}", markup=False, highlight=False)
    console.print(f"McNemar 精确检验 p = {comparison.p_value:.4f}")
    for name, keys in (
        ("内容已改、不参与比较", comparison.changed),
        ("仅旧评测有", comparison.only_old),
        ("仅新评测有", comparison.only_new),
    ):
        if keys:
            console.print(
                f"{name}：{len(keys)} 个（{'、'.join('/'.join(key) for key in keys[:5])}…）", markup=False
            )


def _finished(folder: Path) -> list[Line]:
    manifest, lines = read_run(folder)
    if manifest.get("status") != "finished":
        raise RunError(f"{folder} 的评测没有完成，不能比较")
    return lines


def _limit(figure: str, limit: str) -> tuple[str, float]:
    if figure not in FIGURES:
        raise RunError(f"--must-not-drop 的指标应为以下之一：{'、'.join(FIGURES)}；现为“{figure}”")
    try:
        return figure, float(limit)
    except ValueError as error:
        raise RunError(f"--must-not-drop 的幅度应为 0 到 1 的小数，例如 0.01；现为“{limit}”") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: may be released; 1: a figure fell too far; 2: the runs cannot be compared."""
    parser = argparse.ArgumentParser(prog="python -m eval.compare", description="比较两次评测")
    parser.add_argument("old", type=Path, help="旧的评测结果文件夹")
    parser.add_argument("new", type=Path, help="新的评测结果文件夹")
    parser.add_argument(
        "--must-not-drop",
        nargs=2,
        action="append",
        default=[],
        metavar=("指标", "幅度"),
        help="该指标下降超过此幅度则以状态 1 退出，例如 right 0.01；可多次给出",
    )
    options = parser.parse_args(arguments)
    console = Console()
    try:
        limits = [_limit(figure, limit) for figure, limit in options.must_not_drop]
        comparison = compare(_finished(options.old), _finished(options.new))
    except RunError as error:
        console.print(escape(str(error)), style="red")
        return 2
    show(console, comparison)
    failed = drops(comparison, limits)
    for reason in failed:
        console.print(escape(f"未通过：{reason}"), style="red")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
