"""The evaluation cases: what is asked, what a right answer must cite, say and leave out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from chat.question import Filters, Kind, Turn

STYLES = ("plain", "colloquial", "traditional", "typo", "abbreviation")
FIELDS = (
    "id",
    "question",
    "history",
    "filters",
    "as_of",
    "kind",
    "style",
    "documents",
    "quotes",
    "facts",
    "forbidden",
    "answerable",
    "note",
)
LOCKED = "_locked"  # how the name of a set ends that is scored and never tuned on
Groups = tuple[tuple[str, ...], ...]  # groups of alternatives: one of each group must be there


@dataclass(frozen=True)
class Case:
    """One question with what is expected of its answer."""

    id: str
    question: str
    kind: Kind
    answerable: bool
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    as_of: date | None = None
    style: str = "plain"
    documents: tuple[str, ...] = ()  # numbers (文号), or titles (laws: without 中华人民共和国)
    quotes: Groups = ()  # one alternative of each group stands in a cited clause
    facts: Groups = ()  # one alternative of each group stands in the answer
    forbidden: tuple[str, ...] = ()
    note: str = ""

    @property
    def fingerprint(self) -> str:
        """Changes when anything that is asked or expected changes (not with the note)."""
        content = {name: value for name, value in asdict(self).items() if name != "note"}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Problem:
    """What is wrong with one line of a case file; `message` is Chinese and names the field."""

    file: str
    line: int  # from 1
    message: str

    def __str__(self) -> str:
        return f"{self.file} 第{self.line}行：{self.message}"


@dataclass(frozen=True)
class CaseSet:
    """The cases of one file, in its order, and what could not be read of it."""

    path: Path
    cases: tuple[Case, ...]
    problems: tuple[Problem, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)  # case id → line of the file

    @property
    def name(self) -> str:
        """The name of the file, without its ending."""
        return self.path.stem

    @property
    def locked(self) -> bool:
        """Scored, never tuned on: its texts are not shown unless somebody asks for them."""
        return self.name.endswith(LOCKED)


class CaseError(ValueError):
    """A record is no case; the message is Chinese and says which field is wrong and how it must be."""


def parse_case(record: object) -> Case:
    """Make a case of one JSON object. Raises CaseError for the first field that is wrong."""
    if not isinstance(record, dict):
        raise CaseError("应为一个 JSON 对象（以 { 开头）")
    for name in record:
        if name not in FIELDS:
            raise CaseError(f"未知字段“{name}”；可用字段：{'、'.join(FIELDS)}")
    case = Case(
        id=_text(record, "id", required=True),
        question=_text(record, "question"),
        kind=Kind(_choice(record, "kind", tuple(Kind))),
        answerable=_flag(record, "answerable"),
        history=_history(record.get("history") or []),
        filters=_filters(record.get("filters") or {}),
        as_of=_date(record.get("as_of")),
        style=_choice(record, "style", STYLES, default="plain"),
        documents=_texts(record, "documents"),
        quotes=_groups(record, "quotes"),
        facts=_groups(record, "facts"),
        forbidden=_texts(record, "forbidden"),
        note=_text(record, "note"),
    )
    if "question" not in record:
        raise CaseError("缺少字段“question”")
    if case.answerable and not case.question.strip():
        raise CaseError("字段“question”为空，而“answerable”为 true；空问题只能是应拒答的案例")
    if case.answerable and not (case.documents or case.quotes or case.facts):
        raise CaseError("可回答的案例须至少给出 documents、quotes、facts 之一，否则无从评判")
    return case


def to_record(case: Case) -> dict[str, Any]:
    """A case as the JSON object that `parse_case` reads; what is empty is left out."""
    record = asdict(case) | {"as_of": case.as_of.isoformat() if case.as_of else None}
    record["filters"] = {name: value for name, value in record["filters"].items() if value}
    always = ("id", "question", "kind", "answerable")
    return {name: record[name] for name in FIELDS if name in always or record[name]}


def load_cases(path: Path) -> CaseSet:
    """Read one JSONL file. Lines that are wrong become problems; blank lines are skipped.

    Raises CaseError when the file is missing or is not UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise CaseError(f"找不到案例文件：{path}") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"案例文件不是 UTF-8 编码：{path}（第 {error.start} 字节）") from error
    cases: list[Case] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            case = parse_case(json.loads(line))
            if case.id in lines:
                raise CaseError(f"字段“id”重复：“{case.id}”已见于第{lines[case.id]}行")
        except json.JSONDecodeError as error:
            problems.append(Problem(path.name, number, f"不是合法的 JSON（第{error.colno}列附近）"))
        except CaseError as error:
            problems.append(Problem(path.name, number, str(error)))
        else:
            lines[case.id] = number
            cases.append(case)
    return CaseSet(path, tuple(cases), tuple(problems), lines)


def _text(record: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = record.get(name, "")
    if not isinstance(value, str):
        raise CaseError(f"字段“{name}”应为字符串")
    if required and not value.strip():
        raise CaseError(f"缺少字段“{name}”")
    return value


def _flag(record: Mapping[str, Any], name: str) -> bool:
    value = record.get(name)
    if not isinstance(value, bool):
        raise CaseError(f"字段“{name}”应为 true 或 false")
    return value


def _choice(record: Mapping[str, Any], name: str, options: tuple[str, ...], default: str = "") -> str:
    value = record.get(name, default)
    if value not in options:
        raise CaseError(f"字段“{name}”应为以下之一：{'、'.join(options)}；现为“{value}”")
    return str(value)


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise CaseError(f'字段“{name}”应为非空字符串的列表，例如 ["甲", "乙"]')
    return tuple(value)


def _groups(record: Mapping[str, Any], name: str) -> Groups:
    value = record.get(name) or []
    if not isinstance(value, list):
        raise CaseError(f'字段“{name}”应为列表，每项是一组可互换的写法，例如 [["甲", "乙"], ["丙"]]')
    for order, group in enumerate(value, start=1):
        if (
            not isinstance(group, list)
            or not group
            or not all(isinstance(text, str) and text.strip() for text in group)
        ):
            raise CaseError(f'字段“{name}”第{order}组应为非空字符串的列表，例如 ["甲", "乙"]')
    return tuple(tuple(group) for group in value)


def _history(value: object) -> tuple[Turn, ...]:
    if not isinstance(value, list):
        raise CaseError("字段“history”应为列表")
    for order, turn in enumerate(value, start=1):
        if (
            not isinstance(turn, dict)
            or turn.get("role") not in ("user", "assistant")
            or not isinstance(turn.get("content"), str)
        ):
            raise CaseError(
                f'字段“history”第{order}项应为 {{"role": "user" 或 "assistant", "content": 字符串}}'
            )
    return tuple(Turn(turn["role"], turn["content"]) for turn in value)


def _filters(value: object) -> Filters:
    if not isinstance(value, dict) or not set(value) <= {"regions", "documents"}:
        raise CaseError('字段“filters”应为 {"regions": [...], "documents": [...]}')
    return Filters(regions=_texts(value, "regions"), documents=_texts(value, "documents"))


def _date(value: object) -> date | None:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise CaseError(f"字段“as_of”应为日期，例如 2025-06-30；现为“{value}”") from error
