"""Curated answers: written, checked, tried."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from chat.assistant import Assistant
from chat.contract import clause_path, clause_url
from chat.curated.book import CuratedBook
from chat.curated.drafting import Fault, changes, cite, statements_of
from chat.curated.entries import CITES, VARIANTS, Cite, Entry
from corpus.document import Clause
from eval.staff.web import Form, NotAllowed, NotFound, OfSite, Posted, Signed, Site, go, page

FOUND = 8  # clauses that a search offers


@dataclass(frozen=True)
class Cited:
    """A cited clause as the form shows it."""

    cite: Cite
    title: str = ""
    path: str = ""
    text: str = ""
    url: str = ""
    changed: str = ""  # what became of it, in Chinese


def curated_router() -> APIRouter:
    """The routes of the tab 标准答案."""
    router = APIRouter(prefix="/staff")
    router.get("/curated")(all_entries)
    router.get("/curated/new")(new)
    router.get("/curated/{entry_id}")(edit)
    router.post("/curated")(save)
    router.post("/curated/{entry_id}/delete")(delete)
    router.get("/clauses")(find_clauses)
    return router


def all_entries(request: Request, site: OfSite, _: Signed, q: str = "", asked: str = "") -> Response:
    """The entries with how each stands; and, for a question, which of them would answer."""
    book, entries = _book(site), site.curated.all()
    words = q.split()
    shown = [e for e in entries if all(any(w in text for text in (*e.questions, e.text)) for w in words)]
    question = _assistant(site).understand(asked[:1000]) if asked.strip() else None
    return page(
        request,
        "staff/curated.html",
        here="curated",
        title="标准答案",
        entries=[(entry, *_state(entry, book)) for entry in shown],
        total=len(entries),
        q=q,
        asked=asked,
        near=book.near(question) if question else [],
    )


def new(request: Request, site: OfSite, _: Signed, record: str = "", question: str = "") -> Response:
    """A form for a new entry, prefilled with an answer on record."""
    entry = Entry(question=question[:1000], text="", cites=())
    kept = site.pool.records.find(record) if record else None
    if kept:
        cited = kept.body.get("citations", [])[:CITES]
        clauses = [_clause(site, each["document_id"], each["clause_id"]) for each in cited]
        pairs = zip(cited, clauses, strict=True)
        cites = tuple(cite(clause, each["quote"]) for each, clause in pairs if clause)
        text = "" if kept.body.get("refused") else _plain(kept.body.get("answer", ""))
        entry = replace(entry, question=kept.question, text=text, cites=cites)
    return _form(request, site, entry, [])


def edit(request: Request, site: OfSite, _: Signed, entry_id: str) -> Response:
    """A form for an entry."""
    entry = _entry(site, entry_id)
    return _form(request, site, entry, _book(site).faults(entry))


async def save(request: Request, site: OfSite, form: Form) -> Response:
    """Keep an entry. One that does not pass the check is told why, and is kept only as switched off."""
    return await run_in_threadpool(_save, request, site, form)


def _save(request: Request, site: Site, form: Posted) -> Response:
    entry, faults = _read(site, form)
    enabled = bool(form.text("enabled"))
    faults = faults or _book(site).faults(entry)
    if faults and (enabled or not entry.question or not entry.text):
        return _form(request, site, replace(entry, enabled=enabled), faults, status=422)
    kept = site.curated.save(replace(entry, enabled=enabled), form.by.account.name)
    _book(site).refresh()
    return go(site, f"/curated/{kept.id}", "saved")


async def delete(site: OfSite, form: Form, entry_id: str) -> Response:
    """Delete an entry."""
    await run_in_threadpool(site.curated.remove, entry_id)
    _book(site).refresh()
    return go(site, "/curated", "deleted")


def find_clauses(site: OfSite, _: Signed, q: str = "") -> list[dict[str, Any]]:
    """Clauses to cite, best first, for the form."""
    if not q.strip():
        return []
    found = site.pool.assistant.snapshot.index.search(q[:300], 3 * FOUND)
    clauses: dict[int, Clause] = {id(each.passage.clause): each.passage.clause for each in found}
    return [
        {
            "document_id": clause.document.id,
            "clause_id": clause.id,
            "title": clause.document.title,
            "number": clause.document.number,
            "path": clause_path(clause),
            "text": clause.text.strip(),
        }
        for clause in list(clauses.values())[:FOUND]
    ]


def _read(site: Site, form: Posted) -> tuple[Entry, list[Fault]]:
    """The entry of a form, and what of it could not be read."""
    entry = Entry(
        question=form.text("question", 1000), text=form.text("text"), cites=(), id=form.text("id", 32)
    )
    lines = (line.strip() for line in form.text("variants").split("\n"))
    variants = tuple(dict.fromkeys(line[:1000] for line in lines if line))[:VARIANTS]
    days, faults = [], []
    for field, head in (("valid_from", "有效期起"), ("valid_until", "有效期止")):
        text = form.text(field, 20)
        try:
            days.append(date.fromisoformat(text) if text else None)
        except ValueError:
            days.append(None)
            faults.append(Fault(f"“{head}”应为日期，例如 2025-06-30"))
    if days[0] and days[1] and days[1] < days[0]:
        faults.append(Fault("有效期的止日早于起日"))
    cites = []
    fields = (form.texts(name) for name in ("cite_document", "cite_clause", "cite_quote"))
    keys = itertools.zip_longest(*fields, fillvalue="")
    for number, (document_id, clause_id, quote) in enumerate(list(keys)[:CITES], 1):
        clause = _clause(site, document_id, clause_id)
        quote = quote.replace("\r\n", "\n").strip()
        if clause is None:
            faults.append(Fault("所引条款已不在库中，请移除后另选", cite=number))
            cites.append(Cite(document_id, clause_id, quote, ""))
            continue
        if quote and quote not in clause.text:
            faults.append(
                Fault("引用的原文与条款不一致：只能照抄条款中的文字，可以删去前后不需要的句子", cite=number)
            )
            cites.append(Cite(document_id, clause_id, quote, ""))
            continue
        cites.append(cite(clause, quote))
    whole = replace(entry, variants=variants, cites=tuple(cites), valid_from=days[0], valid_until=days[1])
    return whole, faults


def _form(request: Request, site: Site, entry: Entry, faults: list[Fault], *, status: int = 200) -> Response:
    statements = statements_of(entry, _book(site).clauses)
    return page(
        request,
        "staff/curated_form.html",
        status,
        here="curated",
        title="标准答案" if entry.id else "新的标准答案",
        entry=entry,
        cited=[_cited(site, entry, number, each) for number, each in enumerate(entry.cites, 1)],
        faults=faults,
        lines=len(statements),
        state=_state(entry, _book(site))[0] if entry.id else "",
    )


def _cited(site: Site, entry: Entry, number: int, cited: Cite) -> Cited:
    clause = _clause(site, cited.document_id, cited.clause_id)
    if clause is None:
        return Cited(cited, title=cited.document_id, changed="所引条款已不在库中")
    fault = next((each for each in changes(entry, _book(site).clauses) if each.cite == number), None)
    return Cited(
        cited,
        title=clause.document.title,
        path=clause_path(clause),
        text=clause.text.strip(),
        url=clause_url(clause, site.root),
        changed=fault.message if fault and cited.digest else "",
    )


def _state(entry: Entry, book: CuratedBook) -> tuple[str, str]:
    """How an entry stands, and why it needs a look."""
    today = date.today()
    changed = changes(entry, book.clauses)
    if changed:
        return "待复核", str(changed[0])
    if not entry.enabled:
        return "停用", ""
    if entry.valid_from and today < entry.valid_from:
        return "未到期", f"自 {entry.valid_from} 起"
    if entry.valid_until and entry.valid_until < today:
        return "已过期", f"至 {entry.valid_until}"
    return "使用中", ""


def _plain(answer: str) -> str:
    """An answer's markdown as the lines of an entry."""
    lines = (line.replace("**", "").replace("\\", "").strip() for line in answer.split("\n"))
    return "\n".join(line for line in lines if line)


def _clause(site: Site, document_id: str, clause_id: str) -> Clause | None:
    return _book(site).clauses.get((document_id, clause_id))


def _entry(site: Site, entry_id: str) -> Entry:
    entry = site.curated.find(entry_id)
    if entry is None:
        raise NotFound("没有这条标准答案，可能已被删除。")
    return entry


def _assistant(site: Site) -> Assistant:
    assistant = site.pool.assistant
    if not isinstance(assistant, Assistant) or assistant.curated is None:
        raise NotAllowed("标准答案没有启用。")
    return assistant


def _book(site: Site) -> CuratedBook:
    book = _assistant(site).curated
    assert book is not None
    return book
