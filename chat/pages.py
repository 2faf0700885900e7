"""Pages for readers: the list of documents, a document with its clauses, the original file, a printed answer."""

from __future__ import annotations

import functools
import hashlib
import mimetypes
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse

from chat import render, shelf
from chat.contract import AskResponse, clause_path, document_url, responsible
from chat.pool import AnswerPool
from chat.validity import chinese_date, validity
from corpus.document import Clause, Document
from corpus.load import load_document

if TYPE_CHECKING:
    from index.store import Snapshot

ROWS = 50  # documents on one page of the list
REMOVED_CHARACTERS = 120  # of each removed stretch that the page shows
OUTLINE_CHARACTERS = 30

Text = Annotated[str, Query(max_length=100)]


def page_router(pool: AnswerPool, folders: Sequence[Path]) -> APIRouter:
    """The routes of the pages. `folders` hold the original files."""
    pages = _Pages(pool, folders)
    router = APIRouter(default_response_class=HTMLResponse)
    router.get("/documents")(pages.documents)
    router.get("/documents/{document_id:path}", response_model=None)(pages.document)
    router.get("/originals/{document_id:path}", response_model=None)(pages.original)
    router.get("/answers/{answer_id}", response_model=None)(pages.answer)
    return router


class _Pages:
    """The pages of one site."""

    def __init__(self, pool: AnswerPool, folders: Sequence[Path]) -> None:
        self._pool = pool
        self._folders = folders

    def documents(
        self,
        q: Text = "",
        region: Text = "",
        level: Text = "",
        year: Text = "",
        page: Annotated[int, Query()] = 1,
    ) -> str:
        """The list of documents, filtered and searched."""
        root = self._pool.root
        wanted = shelf.Wanted(q, region, level, year)
        held = self._pool.assistant.snapshot.documents
        found = shelf.search(held, wanted)
        pages = max(1, -(-len(found) // ROWS))
        page = min(max(page, 1), pages)
        today = date.today()
        rows = [
            shelf.row(document, self._original_url(document), today, excerpt, root)
            for document, excerpt in found[(page - 1) * ROWS : page * ROWS]
        ]

        def link(number: int) -> str:
            chosen = {"q": q, "region": region, "level": level, "year": year, "page": number}
            return f"{root}/documents?{urlencode({name: value for name, value in chosen.items() if value})}"

        return render.page(
            "documents.html",
            root=root,
            here="documents",
            total=len(held),
            found=len(found),
            filtered=bool(wanted),
            chosen=wanted,
            choices=shelf.choices(held),
            rows=rows,
            page=page,
            pages=pages,
            link=link,
        )

    def document(self, document_id: str) -> HTMLResponse:
        """A document with its clauses."""
        snapshot = self._pool.assistant.snapshot
        document = find(snapshot, document_id)
        if document is None:
            return self._missing("没有这份文件", "它可能已被移除，或链接不完整。")
        file = original(document, self._folders)
        address = self._original_url(document)
        return HTMLResponse(_document_html(document, snapshot, file, address, self._pool.root))

    def original(self, document_id: str) -> HTMLResponse | FileResponse:
        """The file that a document was read from."""
        document = find(self._pool.assistant.snapshot, document_id)
        file = original(document, self._folders) if document else None
        if file is None:
            return self._missing("没有原文件", "没有收录这份文件，或原文件已不在服务器上。")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        # A saved web page must not run as a page of this site.
        headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
        return FileResponse(file, media_type=kind, filename=file.name, headers=headers)

    def answer(self, request: Request, answer_id: str) -> HTMLResponse:
        """An answer on a page of its own, for printing and passing on."""
        kept = self._pool.records.find(answer_id)
        if kept is None:
            return self._missing("没有这个回答", "它可能已超过保存期限。")
        root = self._pool.root
        body = AskResponse.model_validate(kept.body)
        html = render.page(
            "printed.html",
            root=root,
            question=kept.question,
            asked_at=chinese_date(kept.asked_at.astimezone().date()),
            answer=render.Markup(render.answer_html(body, root, tools=False)),
            aigc=body.aigc,
            printing="print" in request.query_params,
        )
        return HTMLResponse(html, headers={"X-Robots-Tag": "noindex"})

    def _original_url(self, document: Document) -> str:
        held = original(document, self._folders)
        return f"{self._pool.root}/originals/{quote(document.id, safe='/')}" if held else ""

    def _missing(self, title: str, message: str) -> HTMLResponse:
        return HTMLResponse(
            render.page("missing.html", root=self._pool.root, title=title, message=message), 404
        )


def find(snapshot: Snapshot, document_id: str) -> Document | None:
    """The document with this id."""
    return next((document for document in snapshot.documents if document.id == document_id), None)


def original(document: Document, folders: Sequence[Path]) -> Path | None:
    """The file that a document was read from, where it still is what was read."""
    for folder in folders:
        file = (folder / document.file).resolve()
        inside = file.is_relative_to(folder.resolve())
        if document.file and inside and file.is_file() and _sha256(file) == document.sha256:
            return file
    return None


@functools.lru_cache(maxsize=64)
def removed(file: Path, sha256: str) -> tuple[tuple[str, str], ...]:
    """What is no part of the policy in a file, as (reason, beginning of the text). `sha256` keys the cache."""
    document = load_document(file)
    texts = ((each.reason, document.source[each.start : each.end]) for each in document.removed)
    return tuple((reason, _short(text, REMOVED_CHARACTERS)) for reason, text in texts if text.strip())


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _document_html(document: Document, snapshot: Snapshot, file: Path | None, address: str, root: str) -> str:
    today = date.today()
    judged = validity(document, today)
    numbers = {other.number: other for other in snapshot.documents if other.number}
    urls = {number: document_url(other, root) for number, other in numbers.items()}
    return render.page(
        "document.html",
        root=root,
        here="documents",
        document=document,
        place=shelf.place(document),
        state=judged.state,
        note=judged.note,
        today=chinese_date(today),
        facts=_facts(document),
        cites=[(number, urls.get(number, "")) for number in document.cites],
        cited_by=[
            (other.title, document_url(other, root))
            for other in snapshot.documents
            if document.number and document.number in other.cites and other is not document
        ],
        linked=shelf.is_web_address(document.source_url),
        original=address,
        outline=[_entry(clause) for clause in document.clauses],
        clauses=[_shown(clause) for clause in document.clauses],
        removed=removed(file, document.sha256) if file else (),
    )


def _facts(document: Document) -> list[tuple[str, str]]:
    facts = [
        ("文号", document.number),
        ("发文机关", "、".join(document.issuers)),
        ("层级", document.level),
        ("地区", document.region),
        ("成文日期", str(document.issued_on) if document.issued_on else ""),
        ("施行日期", document.valid_from.isoformat() if document.valid_from else ""),
        ("有效期至", document.valid_until.isoformat() if document.valid_until else ""),
        ("行动期", f"{document.period}年" if document.period else ""),
        ("条款数", str(len(document.clauses))),
    ]
    return [(name, value) for name, value in facts if value]


def _entry(clause: Clause) -> dict[str, object]:
    printed = clause.document.text[clause.start : clause.body_start].strip()
    return {
        "anchor": quote(clause.id, safe=""),
        "name": f"{printed or clause.label} {_short(clause.heading, OUTLINE_CHARACTERS)}".strip(),
        "depth": max(1, len(clause.path)),
    }


def _shown(clause: Clause) -> dict[str, object]:
    """A clause for the page: its text line by line, label and heading told apart, not a character changed."""
    text, start = clause.document.text, clause.start
    spans = [("label", start, clause.body_start)]
    heading = text.find(clause.heading, clause.body_start, clause.end) if clause.heading else -1
    after = clause.body_start
    if heading >= 0:
        after = heading + len(clause.heading)
        spans += [("", clause.body_start, heading), ("heading", heading, after)]
    spans.append(("", after, clause.end))
    lines: list[list[tuple[str, str]]] = [[]]
    for style, begin, end in spans:
        first, *others = text[begin:end].split("\n")
        lines[-1].append((style, first))
        lines += [[(style, line)] for line in others]
    kind = {"版头": "masthead", "落款": "signature"}.get(clause.label, "")
    return {
        "id": clause.id,
        "anchor": quote(clause.id, safe=""),
        "name": clause_path(clause),
        "depth": max(1, len(clause.path)),
        "kind": kind,
        "lines": [line for line in lines if any(part.strip() for _, part in line)],
        "departments": [(each.role, each.name) for each in responsible(clause)],
    }


def _short(text: str, characters: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= characters else text[:characters] + "…"
