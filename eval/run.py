"""Ask the serving Assistant every case, judge the answers, write them down: `python -m eval.run [CASES…]`."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from chat.answer import Answer
from chat.assistant import Assistant
from chat.curated.entries import CuratedStore
from chat.database import DatabaseClosed, open_engine
from chat.opening import NotReady, open_assistant, open_language
from chat.question import Filters, Turn
from chat.writing.opening import Writing
from eval.cases import LOCKED, Case, CaseError, CaseSet, load_cases
from eval.corpora import Corpora, CorpusMissingError
from eval.gold import Reference
from eval.record import Line, RunError, to_line
from eval.report import show, summaries
from eval.score import Result, judge
from eval.writing import CASES as KEPT_CASES
from eval.writing import (
    Cancelled,
    RunWriter,
    Status,
    Stopped,
    is_held,
    read_manifest,
    resume,
    stop,
    write_manifest,
)
from index.build import EmptyCorpusError
from index.embedder import ModelError
from index.records import to_json
from settings import ROOT, Settings

CASES = Path(__file__).resolve().parent / "cases"
SECRET = ("password", "key", "secret", "token", "url")
NICE = 10  # added to the niceness of a run of low priority
_FAILURES = (CaseError, RunError, NotReady, ModelError, EmptyCorpusError, DatabaseClosed)
SAME_CORPUS = ("model_hash", "documents_hash")  # of a snapshot's manifest


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
    """Exit status 0: all cases were scored; 1: some were broken; 2: nothing could be run; 3: stopped."""
    options = _options(arguments)
    if options.low_priority:
        os.nice(NICE)
    settings = Settings(writer=options.writer) if options.writer else Settings()
    console = Console()
    try:
        writing = open_language(settings.language)
        sets, writer = _taken_up(options.go_on, settings) if options.go_on else _begun(options, settings)
        writer.failures = _FAILURES
        with writer:
            served = partial(_open_served, settings, console, writer, writing, curated=not options.no_curated)
            corpora = Corpora(served, settings.model, options.documents, options.laws, writing)
            outcomes = _run(sets, corpora, writer, console, options.show_misses)
            writer.manifest["summary"] = summaries([o for o in outcomes if isinstance(o, Line)])
    except _FAILURES as error:
        console.print(escape(str(error)), style="red")
        if options.go_on:
            _failed(options.go_on, str(error))
        return 2
    except (Cancelled, Stopped):
        console.print("评测已停止，已完成的案例保留。")
        return 3
    if not options.quiet:
        show(console, [outcome for outcome in outcomes if isinstance(outcome, Line)], misses=True)
    broken = [outcome for outcome in outcomes if isinstance(outcome, Broken)]
    _show_broken(console, sets, broken, options.show_misses)
    if not options.quiet:
        console.print(f"结果已写入 {writer.folder}", markup=False, soft_wrap=True)
    return 1 if broken or any(case_set.problems for case_set in sets) else 0


def _open_served(
    settings: Settings, console: Console, writer: RunWriter, writing: Writing | None, *, curated: bool
) -> Assistant:
    """The assistant as it serves, with the answers that staff wrote; how many is put down."""
    store = CuratedStore(open_engine(settings.records_url)) if curated else None
    writer.manifest["curated"] = sum(entry.enabled for entry in store.all()) if store else 0
    return open_assistant(settings.data, settings.document_folders, settings.model, console, writing, store)


def _begun(options: argparse.Namespace, settings: Settings) -> tuple[list[CaseSet], RunWriter]:
    """A new run."""
    started = datetime.now(UTC).astimezone()
    folder = options.out or settings.data / "runs" / started.strftime("%Y%m%d-%H%M%S")
    files = options.cases or default_cases()
    sets = [load_cases(path) for path in files]
    if not any(case_set.cases for case_set in sets):
        raise CaseError("没有可用的案例：请给出 JSONL 文件，或在 eval/cases/ 中放入 policies_*.jsonl")
    writer = RunWriter(folder, {**described(settings, started), "total": sum(len(s.cases) for s in sets)})
    writer.keep_cases(files)
    return sets, writer


def _taken_up(folder: Path, settings: Settings) -> tuple[list[CaseSet], RunWriter]:
    """A run that waits in a folder, or broke off there."""
    writer = resume(folder)
    sets = [load_cases(path) for path in sorted((folder / KEPT_CASES).glob("*.jsonl"))]
    if "started" not in writer.manifest:
        writer.manifest |= described(settings, datetime.now(UTC).astimezone())
    writer.manifest["total"] = sum(len(case_set.cases) for case_set in sets)
    return sets, writer


def _failed(folder: Path, why: str) -> None:
    """Tell whoever looks at the run why it does not go on."""
    try:
        manifest = read_manifest(folder)
        if not is_held(folder) and manifest["status"] != Status.FINISHED:
            write_manifest(folder, {**manifest, "status": Status.FAILED, "why": why})
    except RunError:
        return  # it was said already


def described(settings: Settings, started: datetime) -> dict[str, Any]:
    """What a run is told by: when, with which code and settings."""
    return {
        "started": started.isoformat(timespec="seconds"),
        "code": code_version(),
        "settings": describe(settings),
        "sets": {},
    }


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
        "--continue",
        dest="go_on",
        type=Path,
        metavar="FOLDER",
        help="接着运行中断的评测，已完成的案例不再提问",
    )
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
    parser.add_argument("--quiet", action="store_true", help="只写结果，不打印表格")
    parser.add_argument("--no-curated", action="store_true", help="不使用工作人员编写的标准答案")
    parser.add_argument("--low-priority", action="store_true", help="让出处理器给正在进行的问答")
    return parser.parse_args(arguments)


def _run(
    sets: Sequence[CaseSet], corpora: Corpora, writer: RunWriter, console: Console, show_misses: bool
) -> list[Line | Broken]:
    """Evaluate the sets one after the other with a progress bar, writing as it goes."""
    outcomes: list[Line | Broken] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        for case_set in sets:
            writer.heed()
            try:
                corpus = corpora.of(case_set.path)
            except CorpusMissingError as missing:
                progress.console.print(f"跳过 {case_set.name}：{missing}", markup=False)
                writer.manifest["sets"][case_set.name] = {"skipped": str(missing)}
                continue
            _note_corpus(writer, case_set, to_json(corpus.manifest))
            left = [case for case in case_set.cases if (case_set.name, case.id) not in writer.done]
            outcomes += [line for line in writer.done.values() if line.set == case_set.name]
            outcome_of_each = evaluate(
                replace(case_set, cases=tuple(left)),
                corpus.assistant,
                corpus.reference,
                show_texts=show_misses or not case_set.locked,
            )
            for outcome in progress.track(outcome_of_each, total=len(left), description=case_set.name):
                outcomes.append(outcome)
                if isinstance(outcome, Line):
                    writer.write(outcome)
        writer.manifest["broken"] = [f"{o.set}/{o.id}" for o in outcomes if isinstance(o, Broken)]
        writer.manifest["problems"] = _problems(sets, outcomes, show_misses)
    return outcomes


def _note_corpus(writer: RunWriter, case_set: CaseSet, snapshot: dict[str, Any]) -> None:
    """Put down what a set is asked over; a run that goes on must go on over the same. Raises RunError."""
    before = writer.manifest["sets"].get(case_set.name, {}).get("snapshot")
    if writer.done and before and any(before.get(key) != snapshot.get(key) for key in SAME_CORPUS):
        raise RunError("文件库或模型在中断之后有了变化，前后结果不能合在一起；请重新运行一次评测")
    noted = {"locked": case_set.locked, "snapshot": snapshot}
    if writer.manifest["sets"].get(case_set.name) != noted:
        writer.manifest["sets"][case_set.name] = noted
        writer.write_manifest(Status.RUNNING)  # now, so that it is known when the process is killed


def _problems(
    sets: Sequence[CaseSet], outcomes: Sequence[Line | Broken], show_misses: bool
) -> list[dict[str, Any]]:
    """What was not scored, and why, for those who read the run later."""
    found: list[dict[str, Any]] = []
    lines = {case_set.name: case_set.lines for case_set in sets}
    for case_set in sets:
        found += [
            {"set": case_set.name, "line": problem.line, "why": problem.message}
            for problem in case_set.problems
        ]
    for broken in (outcome for outcome in outcomes if isinstance(outcome, Broken)):
        hidden = broken.set.endswith(LOCKED) and not show_misses
        why = f"{len(broken.problems)} 处与文件库不符" if hidden else "；".join(broken.problems)
        found.append({"set": broken.set, "id": broken.id, "line": lines[broken.set][broken.id], "why": why})
    return found


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
    signal.signal(signal.SIGTERM, stop)  # ends like Ctrl-C: the run is marked, what is done is kept
    sys.exit(main())
