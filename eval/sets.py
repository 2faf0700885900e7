"""The sets of cases that staff choose from: those of the repository, and their own in the data folder."""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.cases import LOCKED, Case, CaseError, CaseSet, load_cases, to_record

NAME = re.compile(r"[\w-]{1,40}")
BUNDLED = Path(__file__).resolve().parent / "cases"
Cases = tuple[Case, ...]


@dataclass(frozen=True)
class Listed:
    """A set in the list."""

    name: str
    path: Path
    own: bool  # may be changed

    @property
    def locked(self) -> bool:
        """Scored, but its texts are not shown."""
        return self.name.endswith(LOCKED) and not self.own


class CaseSets:
    """Finds, reads and changes sets. Changes of one process wait for those of another."""

    def __init__(self, folder: Path, bundled: Path = BUNDLED) -> None:
        """`folder` holds the own sets; it is made when the first is saved."""
        self._folder = folder
        self._bundled = bundled

    def all(self) -> list[Listed]:
        """The sets by name, the own ones first. Sets over the laws need texts that are not at hand here."""
        own = [Listed(path.stem, path, True) for path in sorted(self._folder.glob("*.jsonl"))]
        bundled = [Listed(path.stem, path, False) for path in sorted(self._bundled.glob("policies_*.jsonl"))]
        return own + bundled

    def find(self, name: str) -> Listed | None:
        """The set of this name."""
        return next((listed for listed in self.all() if listed.name == name), None)

    def load(self, name: str) -> CaseSet:
        """Read a set. Raises CaseError."""
        listed = self.find(name)
        if listed is None:
            raise CaseError(f"没有题目集“{name}”")
        return load_cases(listed.path)

    def add(self, name: str, cases: Sequence[Case]) -> int:
        """Put cases into a set, which is made where it is not there; how many took the place of one of the same id.

        Raises CaseError.
        """
        replaced = 0

        def merged(held: Cases) -> Cases:
            nonlocal replaced
            new = {case.id: case for case in cases}
            replaced = sum(case.id in new for case in held)
            return tuple(new.pop(case.id, case) for case in held) + tuple(new.values())

        self._change(name, merged)
        return replaced

    def replace(self, name: str, case_id: str, case: Case) -> None:
        """Put a case in the place of the one with `case_id`. Raises CaseError."""

        def changed(held: Cases) -> Cases:
            if case.id != case_id and any(other.id == case.id for other in held):
                raise CaseError(f"“编号”重复：“{case.id}”已在题目集里")
            if all(other.id != case_id for other in held):
                raise CaseError(f"题目集里没有“{case_id}”，可能已被别人删除")
            return tuple(case if other.id == case_id else other for other in held)

        self._change(name, changed)

    def remove_case(self, name: str, case_id: str) -> None:
        """Take a case out. Raises CaseError."""
        self._change(name, lambda held: tuple(case for case in held if case.id != case_id))

    def remove(self, name: str) -> None:
        """Delete an own set. Raises CaseError."""
        with self._only_writer():
            self._own(name).unlink(missing_ok=True)

    def new_id(self, name: str) -> str:
        """An id that the set does not have yet."""
        held = {case.id for case in self.load(name).cases} if self.find(name) else set()
        return next(
            f"{name}-{n:03d}"
            for n in range(len(held) + 1, len(held) + 100_000)
            if f"{name}-{n:03d}" not in held
        )

    def _change(self, name: str, change: Callable[[Cases], Cases]) -> None:
        path = self._own(name)
        with self._only_writer():
            held = load_cases(path) if path.exists() else CaseSet(path, ())
            if held.problems:
                raise CaseError(f"题目集“{name}”里有读不懂的行，改动会丢失它们，请先改正：{held.problems[0]}")
            lines = (json.dumps(to_record(case), ensure_ascii=False) + "\n" for case in change(held.cases))
            beside = path.with_name(f".{path.name}")
            beside.write_text("".join(lines), encoding="utf-8")
            beside.replace(path)

    def _own(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise CaseError("题目集的名称应为 1 到 40 个文字、字母、数字、_ 或 -")
        if (self._bundled / f"{name}.jsonl").exists():
            raise CaseError(f"“{name}”是随附的题目集，不能改动；请另取名称")
        return self._folder / f"{name}.jsonl"

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
