"""A run on disk: a folder with manifest.json and results.jsonl, one line per case; `eval.writing` writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from chat.answer import Answer
from eval.gold import clause_key
from eval.score import Result, Scores
from index.passage import Evidence

RESULTS = "results.jsonl"
MANIFEST = "manifest.json"
EVIDENCE_KEPT = 20  # ranks of the evidence that are written, best first
EXCERPT = 200  # characters of each


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
        "origin": answer.origin,
        "understood": _understood(answer),
        "citations": [
            _clause(citation.evidence, result) | {"quote": citation.quote} for citation in answer.citations
        ],
        "evidence": [
            _clause(evidence, result)
            | {
                "score": round(float(evidence.score), 4),
                "cosine": round(float(evidence.cosine), 4),
                "coverage": round(float(evidence.coverage), 4),
                "text": evidence.passage.text.strip()[:EXCERPT],
            }
            for evidence in answer.evidence[:EVIDENCE_KEPT]
        ],
        "dropped": [statement.lead + statement.text for statement in answer.dropped],
        "timings": {step: round(ms, 3) for step, ms in answer.timings.items()},
    }


def _clause(evidence: Evidence, result: Result) -> dict[str, Any]:
    clause = evidence.passage.clause
    return {
        "document_id": clause.document.id,
        "clause_id": clause.id,
        "label": clause.label,
        "title": clause.document.title,
        "gold": clause_key(clause) in result.gold,
    }


def _understood(answer: Answer) -> dict[str, Any]:
    """What the question was taken to mean: half of what staff ask of a refusal."""
    question = answer.question
    return {
        "kind": question.kind,
        "standalone": question.standalone,
        "topic": question.topic,
        "regions": list(question.regions),
        "missing": [*question.missing_regions, *question.missing],
        "years": list(question.years),
        "documents": None if question.documents is None else len(question.documents),
    }


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
