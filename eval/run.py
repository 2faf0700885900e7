"""Ask the serving Assistant every case, judge the answers, write them down: `python -m eval.run [CASES…]`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from chat.answer import Answer
from chat.opening import NotReady, open_assistant, open_language
from chat.question import Filters, Turn
from eval.cases import LOCKED, Case, CaseError, CaseSet, load_cases
from eval.corpora import Corpora, CorpusMissingError
from eval.gold import Reference
from eval.record import Line, RunError, RunWriter, to_line
from eval.report import show
from eval.score import Result, judge
from index.build import EmptyCorpusError
from index.embedder import ModelError
from index.records import to_json
from settings import ROOT, Settings

CASES = Path(__file__).resolve().parent / "cases"
SECRET = ("password", "key", "secret", "token", "url")


class Asked(Protocol):
    """What is evaluated: the very Assistant that serves (chat.assistant)."""

    def ask(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """Answer one question."""
        ...


@dataclass(frozen=True)
class Broken:
    """A case that its corpus contradicts: reported, not scored."""

    set: str
    id: str
    problems: tuple[str, ...]


def ask(case: Case, assistant: Asked, reference: Reference) -> Result:
    """Ask one case and judge the answer, timed by the wall clock."""
    filters = reference.filters(case)
    started = time.perf_counter()
    answer = assistant.ask(case.question, history=case.history, filters=filters, as_of=case.as_of)
    took_ms = 1000 * (time.perf_counter() - started)
    return judge(case, reference.expect(case), answer, took_ms)


def evaluate(
    case_set: CaseSet, assistant: Asked, reference: Reference, *, show_texts: bool
) -> Iterator[Line | Broken]:
    """Ask the cases of a set in order; what came of each is yielded before the next is asked."""
    for case in case_set.cases:
        problems = reference.expect(case).problems
        if problems:
            yield Broken(case_set.name, case.id, problems)
        else:
            yield to_line(case_set.name, ask(case, assistant, reference), show=show_texts)


def default_cases() -> list[Path]:
    """The cases over the bundled policies."""
    return sorted(CASES.glob("policies_*.jsonl"))


def code_version(root: Path = ROOT) -> str:
    """The commit of the code, with + when files differ from it; 未知 outside a git checkout."""
    commands = (
        ["git", "rev-parse", "--short=12", "HEAD"],
        ["git", "status", "--porcelain", "--untracked-files=no"],
    )
    try:
        commit, changes = (
            subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.strip()
            for command in commands
        )
    except (OSError, subprocess.CalledProcessError):
        return "未知"
    return commit + ("+" if changes else "")


def describe(settings: Settings) -> dict[str, Any]:
    """The settings for the manifest, without anything secret."""
    values = settings.model_dump(mode="json")
    return {name: value for name, value in values.items() if not set(SECRET) & set(name.split("_"))}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: all cases were scored; 1: some were broken; 2: nothing could be run."""
    options = _options(arguments)
    settings = Settings(writer=options.writer) if options.writer else Settings()
    console = Console()
    started = datetime.now(UTC).astimezone()
    folder = options.out or settings.data / "runs" / started.strftime("%Y%m%d-%H%M%S")
    try:
        sets = [load_cases(path) for path in options.cases or default_cases()]
        if not any(case_set.cases for case_set in sets):
            raise CaseError("没有可用的案例：请给出 JSONL 文件，或在 eval/cases/ 中放入 policies_*.jsonl")
        manifest = {
            "started": started.isoformat(timespec="seconds"),
            "code": code_version(),
            "settings": describe(settings),
            "sets": {},
        }
        with RunWriter(folder, manifest) as writer:
            writing = open_language(settings.language)
            served = partial(
                open_assistant,
                settings.data,
                settings.document_folders,
                settings.model,
                console,
                writing,
            )
            corpora = Corpora(served, settings.model, options.documents, options.laws, writing)
            outcomes = _run(sets, corpora, writer, console, options.show_misses)
    except (CaseError, RunError, NotReady, ModelError, EmptyCorpusError) as error:
        console.print(escape(str(error)), style="red")
        return 2
    show(console, [outcome for outcome in outcomes if isinstance(outcome, Line)], misses=True)
    broken = [outcome for outcome in outcomes if isinstance(outcome, Broken)]
    _show_broken(console, sets, broken, options.show_misses)
    console.print(f"结果已写入 {folder}", markup=False, soft_wrap=True)
    return 1 if broken or any(case_set.problems for case_set in sets) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval.run", description="用案例评测问答")
    parser.add_argument(
        "cases",
        nargs="*",
        type=Path,
        metavar="CASES",
        help="案例文件（JSONL）；默认 eval/cases/policies_*.jsonl",
    )
    parser.add_argument(
        "--writer", choices=("quote", "openai", "local"), help="由谁撰写回答，代替 TIAOWEN_WRITER"
    )
    parser.add_argument("--out", type=Path, help="结果文件夹；默认在数据目录的 runs/ 下按时间命名")
    parser.add_argument(
        "--documents", nargs="+", type=Path, default=[], metavar="DIR", help="改用这些文件夹中的政策"
    )
    parser.add_argument(
        "--laws",
        type=Path,
        default=os.environ.get("TIAOWEN_LAWS"),
        help="法律法规文本所在文件夹（laws_*.jsonl 用）；也可用环境变量 TIAOWEN_LAWS",
    )
    parser.add_argument(
        "--show-misses", action="store_true", help="锁定集（*_locked）也列出并写入案例原文；调优时请勿使用"
    )
    return parser.parse_args(arguments)


def _run(
    sets: Sequence[CaseSet], corpora: Corpora, writer: RunWriter, console: Console, show_misses: bool
) -> list[Line | Broken]:
    """Evaluate the sets one after the other with a progress bar, writing as it goes."""
    outcomes: list[Line | Broken] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        for case_set in sets:
            try:
                corpus = corpora.of(case_set.path)
            except CorpusMissingError as missing:
                progress.console.print(f"跳过 {case_set.name}：{missing}", markup=False)
                writer.manifest["sets"][case_set.name] = {"skipped": str(missing)}
                continue
            writer.manifest["sets"][case_set.name] = {
                "locked": case_set.locked,
                "snapshot": to_json(corpus.manifest),
            }
            outcome_of_each = evaluate(
                case_set, corpus.assistant, corpus.reference, show_texts=show_misses or not case_set.locked
            )
            count = len(case_set.cases)
            for outcome in progress.track(outcome_of_each, total=count, description=case_set.name):
                outcomes.append(outcome)
                if isinstance(outcome, Line):
                    writer.write(outcome)
        writer.manifest["broken"] = [f"{o.set}/{o.id}" for o in outcomes if isinstance(o, Broken)]
    return outcomes


def _show_broken(
    console: Console, sets: Sequence[CaseSet], broken: Sequence[Broken], show_misses: bool
) -> None:
    """List the lines that are no cases and the cases that the corpus contradicts; neither was scored."""
    for case_set in sets:
        for problem in case_set.problems:
            console.print(f"案例有误　{problem}", markup=False, style="yellow")
    for case in broken:
        line = next(s.lines[case.id] for s in sets if s.name == case.set)
        hidden = case.set.endswith(LOCKED) and not show_misses
        what = f"{len(case.problems)} 处与语料不符" if hidden else "；".join(case.problems)
        console.print(
            f"案例有误　{case.set}.jsonl 第{line}行（{case.id}）：{what}", markup=False, style="yellow"
        )


if __name__ == "__main__":
    sys.exit(main())
