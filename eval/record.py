"""A run on disk: a folder with manifest.json and results.jsonl, one line per case, written as it goes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self, TextIO

from eval.gold import clause_key
from eval.score import Result, Scores

RESULTS = "results.jsonl"
MANIFEST = "manifest.json"
EVIDENCE_KEPT = 20  # ranks of the evidence that are written, best first


@dataclass(frozen=True)
class Line:
    """What a run keeps of one case for comparison. `texts` holds the rest; it is empty for locked sets."""

    set: str
    id: str
    fingerprint: str
    kind: str
    style: str
    follow_up: bool
    answerable: bool
    refused: bool
    took_ms: float
    scores: Scores
    misses: tuple[str, ...]
    notes: tuple[str, ...]
    texts: Mapping[str, Any]
    origin: str = "quote"  # who worded the answer: quote, model, curated
    usage: Mapping[str, Any] = field(default_factory=dict)  # of a language model; empty where none was asked

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the case across runs."""
        return self.set, self.id


class RunError(ValueError):
    """A folder is no run; the message is Chinese."""


def to_line(set_name: str, result: Result, *, show: bool) -> Line:
    """The line of one result. Without `show`, nothing of the case's wording is in it."""
    case, answer = result.case, result.answer
    return Line(
        set=set_name,
        id=case.id,
        fingerprint=case.fingerprint,
        kind=case.kind,
        style=case.style,
        follow_up=bool(case.history),
        answerable=case.answerable,
        refused=answer.refused,
        took_ms=round(result.took_ms, 3),
        scores=result.scores,
        misses=_wording(result.misses, show),
        notes=_wording(result.notes, show),
        texts=_texts(result) if show else {},
        origin=answer.origin,
        usage=asdict(answer.usage) if answer.usage else {},
    )


def _wording(reasons: tuple[str, ...], show: bool) -> tuple[str, ...]:
    """The reasons, or only what kind of reason each is."""
    return reasons if show else tuple(reason.split("：")[0] for reason in reasons)


def _texts(result: Result) -> dict[str, Any]:
    case, answer = result.case, result.answer
    return {
        "question": case.question,
        "history": [asdict(turn) for turn in case.history],
        "documents": list(case.documents),
        "quotes": [list(group) for group in case.quotes],
        "facts": [list(group) for group in case.facts],
        "forbidden": list(case.forbidden),
        "note": case.note,
        "answer": result.text,
        "reason": answer.reason,
        "warnings": list(answer.warnings),
        "notes": list(answer.notes),
        "dropped": [statement.lead + statement.text for statement in answer.dropped],
        "citations": [
            {
                "document_id": citation.evidence.passage.clause.document.id,
                "clause_id": citation.evidence.passage.clause.id,
                "label": citation.evidence.passage.clause.label,
                "quote": citation.quote,
            }
            for citation in answer.citations
        ],
        "evidence": [
            {
                "document_id": clause_key(evidence.passage.clause)[0],
                "clause_id": clause_key(evidence.passage.clause)[1],
                "label": evidence.passage.clause.label,
                "score": round(float(evidence.score), 4),
                "cosine": round(float(evidence.cosine), 4),
                "coverage": round(float(evidence.coverage), 4),
            }
            for evidence in answer.evidence[:EVIDENCE_KEPT]
        ],
        "timings": {step: round(ms, 3) for step, ms in answer.timings.items()},
    }


class RunWriter:
    """Writes a run into a folder: the manifest when it starts and ends, each case when it is done.

    A context manager: what leaves it by an exception (Ctrl-C too) is marked as interrupted. What is added
    to `manifest` while it runs is written at the end.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / RESULTS).exists():
            raise RunError(f"文件夹 {folder} 里已有一次评测结果，请用 --out 指定另一个文件夹")
        self.folder = folder
        self.manifest = manifest

    def __enter__(self) -> Self:
        self._results: TextIO = (self.folder / RESULTS).open("x", encoding="utf-8")
        self._write_manifest("running")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._results.close()
        self._write_manifest("interrupted" if kind else "finished")

    def write(self, line: Line) -> None:
        """Append one case; whoever reads the file sees it when this returns."""
        self._results.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
        self._results.flush()

    def _write_manifest(self, status: str) -> None:
        text = json.dumps({**self.manifest, "status": status}, ensure_ascii=False, indent=2, default=str)
        beside = self.folder / f".{MANIFEST}"
        beside.write_text(text + "\n", encoding="utf-8")
        beside.replace(self.folder / MANIFEST)


def read_run(folder: Path) -> tuple[dict[str, Any], list[Line]]:
    """The manifest and the lines of a run. Raises RunError when the folder holds none."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return manifest, list(_lines(folder / RESULTS))
    except FileNotFoundError as error:
        raise RunError(f"{folder} 不是评测结果文件夹：缺少 {Path(str(error.filename)).name}") from error


def _lines(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, start=1):
            if not text.endswith("\n"):
                return  # torn: the run was killed while it wrote this line
            try:
                record = json.loads(text)
                scores = Scores(**record.pop("scores"))
                misses, notes = tuple(record.pop("misses")), tuple(record.pop("notes"))
                yield Line(**record, scores=scores, misses=misses, notes=notes)
            except (json.JSONDecodeError, TypeError, KeyError) as error:
                raise RunError(f"{path} 第{number}行读不懂：{error}") from error
