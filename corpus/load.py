"""Load policy files: read, clean, parse, and merge what several sites publish of one notice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from corpus.clauses import Found, find_clauses
from corpus.clean import Cleaned, clean
from corpus.departments import find_duties
from corpus.document import Clause, Document, Rule
from corpus.metadata import read_metadata
from corpus.read_text import Unreadable, read_text

FORMATS = (".txt", ".md")


@dataclass(frozen=True)
class Loaded:
    """What was read from the document roots, and what could not be (file → message in Chinese)."""

    documents: tuple[Document, ...]
    problems: dict[str, str] = field(default_factory=dict)


def load_document(path: Path | str, root: Path | str | None = None, *, keep_source: bool = True) -> Document:
    """Read one file. `root`: the folder that ids and file names are relative to (default: the file's own).

    `keep_source`: also keep the source, the map to it and what was removed. Raises `Unreadable` with a
    message in Chinese for files that hold no readable text.
    """
    path = Path(path)
    name = path.relative_to(root).as_posix() if root else path.name
    data = path.read_bytes()
    source = read_text(data)
    if not source.strip():
        raise Unreadable("文件是空的，没有可读的文字。")
    cleaned = clean(source)
    return _document(
        name, hashlib.sha256(data).hexdigest(), source if keep_source else "", cleaned, keep_source
    )


def _document(name: str, sha256: str, source: str, cleaned: Cleaned, keep_source: bool) -> Document:
    found = find_clauses(cleaned.text)
    known = read_metadata(cleaned, found)
    document = Document(
        id=known.number or name,
        title=known.title or Path(name).stem,
        text=cleaned.text,
        number=known.number,
        issuers=known.issuers,
        level=known.level,
        region=known.region,
        issued_on=known.issued_on,
        valid_from=known.valid_from,
        valid_until=known.valid_until,
        period=known.period,
        cites=known.cites,
        traditional=cleaned.traditional,
        file=name,
        sha256=sha256,
        source=source,
        offsets=cleaned.offsets if keep_source else (),
        removed=cleaned.removed if keep_source else (),
    )
    _attach(document, found)
    return document


def _attach(document: Document, found: list[Found]) -> None:
    """Give a document its clauses, which refer back to it, and the rules that they state."""
    clauses: list[Clause] = []
    rules: list[Rule] = []
    seen: dict[str, int] = {}
    for item in found:
        duties = find_duties(document.text[item.start : item.end])
        clause = Clause(
            document, _id(item, seen), item.part, item.path, item.label, item.heading, item.start, item.end,
            item.body_start, duties.departments,
        )  # fmt: skip
        clauses.append(clause)
        if duties.rule:
            start, end = duties.rule
            rules.append(Rule(clause, duties.rule_departments, item.start + start, item.start + end))
    object.__setattr__(document, "clauses", tuple(clauses))
    object.__setattr__(document, "rules", tuple(rules))


def _id(item: Found, seen: dict[str, int]) -> str:
    """Part and path, 前言 and the like behind them, and ~2 on a repeat: stable while others change."""
    own = not item.path or item.label in ("前言", "结语")
    name = ".".join((item.part, *item.path, *((item.label,) if own else ())))
    seen[name] = seen.get(name, 0) + 1
    return name if seen[name] == 1 else f"{name}~{seen[name]}"


def load_documents(roots: Path | str | list[Path] | list[str], *, keep_source: bool = True) -> Loaded:
    """Read every policy file below the roots."""
    folders = [Path(roots)] if isinstance(roots, (str, Path)) else [Path(root) for root in roots]
    documents: list[Document] = []
    problems: dict[str, str] = {}
    for root in folders:
        for path in sorted(root.rglob("*")):
            if path.suffix.lower() not in FORMATS or not path.is_file():
                continue
            try:
                documents.append(load_document(path, root, keep_source=keep_source))
            except Unreadable as problem:
                problems[path.relative_to(root).as_posix()] = str(problem)
    return Loaded(tuple(documents), problems)
