"""Load policy files: read, clean, parse, and merge what several sites publish of one notice."""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from corpus.clauses import Found, find_clauses
from corpus.clean import clean
from corpus.copies import merge_copies, rebind, with_unique_ids
from corpus.departments import find_duties
from corpus.document import Clause, Document, Rule
from corpus.metadata import read_metadata
from corpus.read_html import read_html
from corpus.read_text import UnreadableError, decode
from corpus.register import Entry, read_register, with_entry

FORMATS = (".txt", ".md", ".html", ".htm", ".docx", ".pdf")
_OTHERS = {
    ".doc": "旧版 Word（.doc）",
    ".wps": "WPS 文字（.wps）",
    ".ofd": "版式文件（.ofd）",
    ".rtf": "RTF",
    ".xls": "电子表格",
    ".xlsx": "电子表格",
    ".ppt": "演示文稿",
    ".pptx": "演示文稿",
    ".jpg": "图片",
    ".jpeg": "图片",
    ".png": "图片",
    ".tif": "图片",
    ".zip": "压缩包",
    ".rar": "压缩包",
}
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_LEAST = 10  # ideographs; less is no policy


@dataclass(frozen=True)
class Loaded:
    """What was read from the document roots, and what could not be (file → message in Chinese)."""

    documents: tuple[Document, ...]
    problems: dict[str, str] = field(default_factory=dict)


def load_document(path: Path | str, root: Path | str | None = None, *, keep_source: bool = True) -> Document:
    """Read one file. `root`: the folder that ids and file names are relative to (default: the file's own).

    `keep_source`: also keep the source, the map to it and what was removed. Raises `UnreadableError` with a
    message in Chinese for files that hold no readable text.
    """
    path = Path(path)
    name = path.relative_to(root).as_posix() if root else path.name
    data = path.read_bytes()
    source, pages = read_source(data, path.suffix.lower())
    if sum(1 for _ in islice(_IDEOGRAPH.finditer(source), _LEAST)) < _LEAST:
        raise UnreadableError("文件是空的，或者没有中文文字。")
    return parse(name, source, sha256=hashlib.sha256(data).hexdigest(), pages=pages, keep_source=keep_source)


def read_source(data: bytes, suffix: str) -> tuple[str, tuple[int, ...]]:
    """The source text of a file, and for PDF the offset at which each page begins."""
    if not data.strip():
        raise UnreadableError("文件是空的。")
    if suffix == ".docx":
        from corpus.read_docx import read_docx  # seldom needed, and slow to import

        return read_docx(data), ()
    if suffix == ".pdf":
        from corpus.read_pdf import read_pdf  # seldom needed, and slow to import

        found = read_pdf(data)
        return found.text, found.pages
    if suffix in (".html", ".htm"):
        return read_html(data), ()
    if suffix in (".txt", ".md"):
        return decode(data), ()
    kind = _OTHERS.get(suffix, suffix or "没有扩展名的文件")
    raise UnreadableError(f"不支持{kind}：请另存为 .docx、.pdf、.html、.md 或 .txt。")


def parse(
    name: str, source: str, *, sha256: str = "", pages: tuple[int, ...] = (), keep_source: bool = True
) -> Document:
    """Understand one source text; `name` is its path under the documents root."""
    cleaned = clean(source)
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
        pages=pages,
        source=source if keep_source else "",
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
            document,
            _id(item, seen),
            item.part,
            item.path,
            item.label,
            item.heading,
            item.start,
            item.end,
            item.body_start,
            duties.departments,
        )
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


def load_documents(
    roots: Path | str | Sequence[Path | str],
    *,
    keep_source: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Loaded:
    """Read every policy file below the roots, each notice once. `progress` is told (files read, files in all)."""
    folders = [Path(roots)] if isinstance(roots, (str, Path)) else [Path(root) for root in roots]
    files = [(root, path) for root in folders for path in _files(root)]
    problems = {str(root): "文件夹不存在。" for root in folders if not root.is_dir()}
    registers: dict[Path, dict[str, Entry]] = {}
    for root in folders:
        registers[root], found = read_register(root)
        problems |= found
    documents: list[Document] = []
    with _without_collector():
        for count, (root, path) in enumerate(files, 1):
            name = path.relative_to(root).as_posix()
            try:
                document = load_document(path, root, keep_source=keep_source)
                documents.append(_registered(document, registers[root].get(name), problems))
            except UnreadableError as problem:
                problems[name] = str(problem)
            except OSError as problem:
                problems[name] = f"无法读取：{problem.strerror}。"
            if progress:
                progress(count, len(files))
    return Loaded(tuple(with_unique_ids(merge_copies(documents))), problems)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the cyclic collector: it would walk all clauses loaded so far again and again (a fifth of the time)."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _files(root: Path) -> list[Path]:
    """The policy files below a root, and those of a kind that people take for one; hidden ones left out."""
    return [
        path
        for path in sorted(root.rglob("*"))
        if path.suffix.lower() in (*FORMATS, *_OTHERS)
        and path.is_file()
        and not path.name.startswith(("~$", "README"))
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
    ]


def _registered(document: Document, entry: Entry | None, problems: dict[str, str]) -> Document:
    if entry is None:
        return document
    if entry.sha256 and entry.sha256 != document.sha256:
        problems[document.file] = "文件内容与登记的 sha256 不符：文件被改动过，请核对后更新登记。"
    try:
        changed = with_entry(document, entry)
    except ValueError as problem:
        problems[document.file] = str(problem)
        return document
    return rebind(replace(changed, clauses=document.clauses, rules=document.rules))
