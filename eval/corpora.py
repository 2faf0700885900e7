"""What a set of cases is asked over: the served policies, other folders, or the laws that the set names."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chat.assistant import Assistant
from chat.writing.opening import Writing
from corpus.load import load_documents
from eval.gold import Reference
from index.build import build_snapshot, hash_documents
from index.embedder import load_embedder
from index.store import Manifest

LAW_SETS = "laws_"  # laws_dev.jsonl is asked over the laws with half = "dev" in the laws.toml beside it
LAW_TABLE = "laws.toml"


class CorpusMissingError(RuntimeError):
    """The texts that a set is about are not on this machine. The message is Chinese."""


@dataclass(frozen=True)
class EvaluatedCorpus:
    """An assistant over one corpus, and the same corpus to look up what is expected."""

    assistant: Assistant
    reference: Reference
    manifest: Manifest


class Corpora:
    """The corpora of a run, each made when the first set asks for it.

    `served` opens the assistant that serves. `others`: folders of documents to be asked instead, indexed in
    memory. `laws`: the folder that the paths in laws.toml are relative to. `writing`: the language model of
    assistants that are made here.
    """

    def __init__(
        self,
        served: Callable[[], Assistant],
        model: str,
        others: Sequence[Path],
        laws: Path | None,
        writing: Writing | None = None,
    ) -> None:
        self._served = served
        self._model = model
        self._others = others
        self._laws = laws
        self._writing = writing
        self._policies: EvaluatedCorpus | None = None

    def of(self, cases: Path) -> EvaluatedCorpus:
        """The corpus of the cases in this file. Raises CorpusMissingError when its texts are not here."""
        if cases.name.startswith(LAW_SETS):
            return _evaluated(self._law_assistant(cases))
        if self._policies is None:
            self._policies = _evaluated(self._indexed(self._others) if self._others else self._served())
        return self._policies

    def _law_assistant(self, cases: Path) -> Assistant:
        files = law_files(cases.with_name(LAW_TABLE), cases.stem.removeprefix(LAW_SETS))
        if self._laws is None or not self._laws.is_dir():
            raise CorpusMissingError("需要法律文本，请用 --laws DIR 或环境变量 TIAOWEN_LAWS 指定其文件夹")
        missing = [file for file in files if not (self._laws / file).is_file()]
        if missing:
            raise CorpusMissingError(f"{self._laws} 中缺少 {len(missing)} 个法律文件，例如 {missing[0]}")
        with tempfile.TemporaryDirectory(prefix="tiaowen-laws-") as folder:
            for file in files:
                target = Path(folder) / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self._laws / file, target)
            return self._indexed([Path(folder)])

    def _indexed(self, folders: Sequence[Path]) -> Assistant:
        documents = load_documents(list(folders)).documents
        snapshot = build_snapshot(documents, load_embedder(self._model), hash_documents(folders))
        return Assistant(snapshot, self._writing)


def law_files(table: Path, half: str) -> list[str]:
    """Paths of the laws of one half. Raises CorpusMissingError when the table has none."""
    laws = tomllib.loads(table.read_text(encoding="utf-8"))["law"] if table.is_file() else []
    files = [law["path"] for law in laws if law["half"] == half]
    if not files:
        raise CorpusMissingError(f'{table} 没有列出 half = "{half}" 的法律文件')
    return files


def _evaluated(assistant: Assistant) -> EvaluatedCorpus:
    snapshot = assistant.snapshot
    return EvaluatedCorpus(assistant, Reference(snapshot.documents), snapshot.manifest)
