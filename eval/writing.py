"""A run while it is being written: held by one process, each case on the disk when it is done, resumable."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, TextIO

from eval.record import MANIFEST, RESULTS, Line, RunError, read_run

CASES = "cases"  # the folder with the case files as they were when the run began
LOCK = "lock"
CANCEL = "cancel"  # a file of this name asks the run to stop


class Status(StrEnum):
    """How a run stands. The manifest holds it; `status_of` sees through a process that was killed."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """As the pages call it."""
        return {
            "queued": "排队中",
            "running": "进行中",
            "finished": "已完成",
            "interrupted": "中断",
            "cancelled": "已取消",
            "failed": "未能运行",
        }[self.value]


class Cancelled(Exception):  # noqa: N818 — a wish, not an error
    """Somebody asked the run to stop."""


class Stopped(BaseException):
    """The process was told to end."""


def stop(_signal: int, _frame: object) -> None:
    """What SIGTERM does to a run: it ends like Ctrl-C, marked, with what is done kept."""
    raise Stopped


class RunWriter:
    """Writes a run into a folder: the manifest when it starts and ends, each case when it is done.

    A context manager: what leaves it by an exception (Ctrl-C too) is marked as interrupted, by Cancelled as
    cancelled, by one of `failures` as failed, with what it says. What is added to `manifest` while it runs is
    written at the end. While it is entered no other process can write the run, and the system lets go of it
    however this process ends.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], done: Sequence[Line] = ()) -> None:
        """A new run; `done` is what an earlier process wrote of it (`resume`). Raises RunError."""
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / RESULTS).exists() and not done:
            raise RunError(f"文件夹 {folder} 里已有一次评测结果，请用 --out 指定另一个文件夹")
        self.folder = folder
        self.manifest = manifest
        self.failures: tuple[type[BaseException], ...] = ()  # after which there is nothing to go on with
        self.done = {line.key: line for line in done}

    def __enter__(self) -> Self:
        self._lock = (self.folder / LOCK).open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise RunError(f"{self.folder} 的评测正在另一个进程中运行") from error
        self._results = self._open_results()
        self.manifest.pop("why", None)  # of an earlier try
        self.write_manifest(Status.RUNNING)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        self._results.close()
        ended = Status.FINISHED if kind is None else Status.INTERRUPTED
        if kind is not None and issubclass(kind, Cancelled):
            ended = Status.CANCELLED
        elif isinstance(error, self.failures):
            ended = Status.FAILED
            self.manifest["why"] = str(error)
        self.manifest["ended"] = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
        self.write_manifest(ended)
        (self.folder / CANCEL).unlink(missing_ok=True)
        self._lock.close()

    def write(self, line: Line) -> None:
        """Append one case; whoever reads the file sees it when this returns. Raises Cancelled."""
        self._results.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
        self._results.flush()
        self.heed()

    def heed(self) -> None:
        """Raise Cancelled where somebody asked the run to stop."""
        if (self.folder / CANCEL).exists():
            raise Cancelled

    def keep_cases(self, files: Sequence[Path]) -> None:
        """Put the case files beside the results: what a run asked stays known when the files change."""
        (self.folder / CASES).mkdir(exist_ok=True)
        for file in files:
            shutil.copyfile(file, self.folder / CASES / file.name)

    def write_manifest(self, status: Status) -> None:
        """Put the manifest on the disk as a whole."""
        write_manifest(self.folder, {**self.manifest, "status": status})

    def _open_results(self) -> TextIO:
        if not self.done:
            return (self.folder / RESULTS).open("w", encoding="utf-8")
        # Whole lines only: the last may have been torn when the process was killed.
        text = "".join(json.dumps(asdict(line), ensure_ascii=False) + "\n" for line in self.done.values())
        beside = self.folder / f".{RESULTS}"
        beside.write_text(text, encoding="utf-8")
        beside.replace(self.folder / RESULTS)
        return (self.folder / RESULTS).open("a", encoding="utf-8")


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest so that no reader ever sees a half of it."""
    beside = folder / f".{MANIFEST}"
    beside.write_text(json.dumps(manifest, ensure_ascii=False, indent=2, default=str) + "\n", "utf-8")
    beside.replace(folder / MANIFEST)


def resume(folder: Path) -> RunWriter:
    """Take up a run that was queued or broke off; cases that are done are not asked again. Raises RunError."""
    if (folder / RESULTS).exists():
        manifest, done = read_run(folder)
    else:
        manifest, done = read_manifest(folder), []
    if manifest["status"] == Status.FINISHED:
        raise RunError(f"{folder} 的评测已经完成")
    if not any((folder / CASES).glob("*.jsonl")):
        raise RunError(f"{folder} 里没有题目，不能接着运行")
    return RunWriter(folder, manifest, done)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run. Raises RunError."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RunError(f"{folder} 不是评测结果文件夹：缺少 {MANIFEST}") from error
    except ValueError as error:
        raise RunError(f"{folder / MANIFEST} 读不懂：{error}") from error
    return manifest


def status_of(folder: Path, manifest: dict[str, Any]) -> Status:
    """How a run stands: one that says it is running while no process holds it was interrupted."""
    status = Status(manifest.get("status", Status.INTERRUPTED))
    if status is Status.RUNNING and not is_held(folder):
        return Status.INTERRUPTED
    return status


def is_held(folder: Path) -> bool:
    """Whether a process is writing the run."""
    try:
        with (folder / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
