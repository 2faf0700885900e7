"""The runs of an installation: queued by staff, worked off by processes of low priority, listed from their folders."""

from __future__ import annotations

import logging
import re
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.cases import load_cases
from eval.record import RESULTS, Line, RunError, read_run
from eval.report import summaries
from eval.writing import CANCEL, CASES, Status, is_held, read_manifest, status_of, write_manifest

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
ID = re.compile(r"[\w.-]{1,80}")
OUTPUT = "output.txt"  # what the process of a run prints
PAUSE = 0.5  # seconds between two looks at the queue
ENDED_BY_ITSELF = (0, 1)  # exit status of a run that scored its cases


@dataclass(frozen=True)
class Run:
    """A run as a list shows it."""

    id: str
    status: Status
    manifest: dict[str, Any]
    done: int  # cases that are on the disk

    @property
    def name(self) -> str:
        """What staff called it."""
        return self.manifest.get("name") or self.id

    @property
    def total(self) -> int:
        """Cases to be asked."""
        return int(self.manifest.get("total", 0))

    @property
    def started(self) -> str:
        """When it began, or was queued: local time to the minute."""
        return str(self.manifest.get("started") or self.manifest.get("queued", ""))[:16].replace("T", " ")

    @property
    def active(self) -> bool:
        """Whether it waits or goes on."""
        return self.status in (Status.QUEUED, Status.RUNNING)

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """Figures per set, of a finished run."""
        found: dict[str, dict[str, Any]] = self.manifest.get("summary", {})
        return found


class Runs:
    """The folder of runs, and the thread that works off its queue, `together` at a time.

    `environment`: the settings of this process as its environment would give them, for the processes of
    runs. What runs when the server is killed goes on; what was queued is taken up at the next start.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], together: int = 2) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._together = together
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._wake = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Begin to work off the queue."""
        self._thread = threading.Thread(target=self._work, name="runs", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop what this process started: the runs are marked as interrupted and can be taken up again."""
        self._closed = True
        self._wake.set()
        if self._thread:
            self._thread.join(10)
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()

    def start(self, files: Sequence[Path], name: str, by: str) -> str:
        """Queue a run over case files; its id."""
        now = datetime.now(UTC).astimezone()
        run_id = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        folder = self._folder / run_id
        (folder / CASES).mkdir(parents=True)
        for file in files:
            shutil.copyfile(file, folder / CASES / file.name)
        write_manifest(
            folder,
            {
                "name": name.strip()[:80],
                "by": by,
                "queued": now.isoformat(timespec="seconds"),
                "total": sum(len(load_cases(file).cases) for file in files),
                "sets": {file.stem: {} for file in files},
                "status": Status.QUEUED,
            },
        )
        self._wake.set()
        return run_id

    def go_on(self, run_id: str) -> None:
        """Queue a run that broke off once more. Raises RunError."""
        run = self.find(run_id)
        if run.status not in (Status.INTERRUPTED, Status.CANCELLED, Status.FAILED):
            raise RunError("只有中断、取消或未能运行的评测可以接着运行")
        if not any((self._folder / run_id / CASES).glob("*.jsonl")):
            raise RunError("这次评测没有留下题目，不能接着运行")
        manifest = {key: value for key, value in run.manifest.items() if key not in ("why", "ended")}
        write_manifest(self._folder / run_id, {**manifest, "status": Status.QUEUED})
        self._wake.set()

    def cancel(self, run_id: str) -> None:
        """Stop a run, or take it out of the queue; what is done is kept. Raises RunError."""
        run = self.find(run_id)
        folder = self._folder / run_id
        if run.status is Status.QUEUED and not is_held(folder):
            write_manifest(folder, {**run.manifest, "status": Status.CANCELLED})
        elif run.active:
            (folder / CANCEL).touch()

    def remove(self, run_id: str) -> None:
        """Delete a run. Raises RunError."""
        if self.find(run_id).active:
            raise RunError("评测还在进行，请先取消")
        shutil.rmtree(self._folder / run_id)

    def rename(self, run_id: str, name: str) -> None:
        """Call a run otherwise. Raises RunError."""
        run = self.find(run_id)
        if run.active:
            raise RunError("评测还在进行，完成后再改名")
        write_manifest(self._folder / run_id, {**run.manifest, "name": name.strip()[:80]})

    def all(self) -> list[Run]:
        """Every run, the newest first; folders that hold none are passed over."""
        runs = []
        for folder in sorted(self._folder.glob("*/"), reverse=True):
            try:
                runs.append(self.find(folder.name))
            except RunError:
                continue
        return sorted(runs, key=lambda run: run.started, reverse=True)

    def find(self, run_id: str) -> Run:
        """One run. Raises RunError."""
        folder = self._path(run_id)
        manifest = read_manifest(folder)
        status = status_of(folder, manifest)
        if status is Status.FINISHED and "summary" not in manifest:  # written before runs had one
            manifest["summary"] = summaries(read_run(folder)[1])
        return Run(run_id, status, manifest, _count(folder / RESULTS))

    def lines(self, run_id: str) -> list[Line]:
        """What a run has of its cases so far. Raises RunError."""
        folder = self._path(run_id)
        return read_run(folder)[1] if (folder / RESULTS).exists() else []

    def results(self, run_id: str) -> Path:
        """The file of results. Raises RunError."""
        return self._path(run_id) / RESULTS

    def _path(self, run_id: str) -> Path:
        if not ID.fullmatch(run_id) or run_id.startswith("."):
            raise RunError("没有这次评测")
        folder = self._folder / run_id
        if not folder.is_dir():
            raise RunError("没有这次评测，可能已被删除")
        return folder

    def _work(self) -> None:
        while not self._closed:
            try:
                self._look()
            except OSError:
                log.exception("the queue of runs cannot be worked off")
            self._wake.wait(PAUSE if self._processes else 60 * PAUSE)
            self._wake.clear()

    def _look(self) -> None:
        """Note what ended, start what may start."""
        for run_id, process in list(self._processes.items()):
            if process.poll() is not None:
                del self._processes[run_id]
                self._ended(run_id, process.returncode)
        queued = [run for run in reversed(self.all()) if run.status is Status.QUEUED]
        for run in queued[: self._together - len(self._processes)]:
            if run.id not in self._processes:
                self._processes[run.id] = self._begin(run.id)

    def _begin(self, run_id: str) -> subprocess.Popen[bytes]:
        folder = self._folder / run_id
        command = [sys.executable, "-m", "eval.run", "--continue", str(folder), "--low-priority"]
        with (folder / OUTPUT).open("wb") as output:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the server's terminal is for the server
            )

    def _ended(self, run_id: str, code: int) -> None:
        """A process that died before it could say so itself leaves a run that says why it does not go on."""
        folder = self._folder / run_id
        try:
            manifest = read_manifest(folder)
        except RunError:
            return  # deleted meanwhile
        if manifest["status"] == Status.QUEUED and code not in ENDED_BY_ITSELF and not is_held(folder):
            said = (folder / OUTPUT).read_text("utf-8", errors="replace").strip().splitlines()
            why = said[-1] if said else f"进程以状态 {code} 结束"
            write_manifest(folder, {**manifest, "status": Status.FAILED, "why": why[:300]})


def _count(results: Path) -> int:
    try:
        with results.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    except FileNotFoundError:
        return 0
