"""documents.toml: where a document came from, and metadata that staff add to their own documents."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from corpus.document import Document, IssueDate, Period
from corpus.numbers import normalize_number

FILE = "documents.toml"
_PLAIN = ("title", "region", "level")
_DAYS = ("valid_from", "valid_until")
_KEYS = frozenset({*_PLAIN, *_DAYS, "number", "issuers", "issued_on", "period"})


@dataclass(frozen=True)
class Entry:
    """What is registered of one file."""

    file: str
    source_url: str = ""
    licence: str = ""
    sha256: str = ""
    added: Mapping[str, Any] = field(default_factory=dict)


def read_register(root: Path) -> tuple[dict[str, Entry], dict[str, str]]:
    """The entries of a root's documents.toml by file, and problems (file → message in Chinese)."""
    path = root / FILE
    if not path.is_file():
        return {}, {}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        return {}, {FILE: f"登记文件无法读取：{problem}"}
    entries: dict[str, Entry] = {}
    problems: dict[str, str] = {}
    for item in data.get("document", []):
        name = str(item.get("file", ""))
        if not name or not (root / name).is_file():
            problems[name or FILE] = "登记了这个文件，但文件夹里没有。"
            continue
        added = item.get("added", {})
        unknown = sorted(set(added) - _KEYS)
        if unknown:
            problems[name] = (
                f"人工补充里有不认识的项：{'、'.join(unknown)}。可用：{'、'.join(sorted(_KEYS))}。"
            )
        entries[name] = Entry(
            name,
            str(item.get("source_url", "")),
            str(item.get("licence", "")),
            str(item.get("sha256", "")),
            {key: value for key, value in added.items() if key in _KEYS},
        )
    return entries, problems


def with_entry(document: Document, entry: Entry) -> Document:
    """The document with its source address and what staff added. Raises ValueError, in Chinese, for a bad value."""
    changes: dict[str, Any] = {"source_url": entry.source_url or document.source_url}
    for key, value in entry.added.items():
        changes[key] = _value(key, value)
    if "number" in changes:
        changes["id"] = changes["number"]
    added = {key: _written(changes[key]) for key in entry.added}
    return replace(document, **changes, added=added, clauses=(), rules=())


def _written(value: object) -> str:
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _value(key: str, value: object) -> object:
    if key in _PLAIN:
        return str(value)
    if key == "number":
        return normalize_number(str(value))
    if key == "issuers":
        return tuple(value) if isinstance(value, list) else (str(value),)
    written = str(value)
    if key == "period":
        years = re.findall(r"\d{4}", written)
        if len(years) != 2:
            raise ValueError(f"人工补充的 period（{written}）应写成 2022—2025。")
        return Period(int(years[0]), int(years[1]))
    if key == "issued_on" and re.fullmatch(r"\d{4}", written):
        return IssueDate(int(written))
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"人工补充的 {key}（{value}）应写成 2022-05-12。") from None
    return IssueDate(day.year, day) if key == "issued_on" else day
