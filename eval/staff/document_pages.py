"""The corpus as staff see it; and one question with everything that was made of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from chat import render, shelf
from chat.answer import Answer
from chat.contract import answer_body, clause_path, clause_url, document_url
from chat.validity import validity
from corpus.document import Document
from eval import views
from eval.staff.web import NotFound, OfSite, Signed, Site, page

EVIDENCE = 20  # of what was found for a question


def document_router() -> APIRouter:
    """The routes of the tabs 文档 and 试问."""
    router = APIRouter(prefix="/staff")
    router.get("/documents")(documents)
    router.get("/documents/{document_id:path}")(document)
    router.get("/try")(trial)
    return router


def documents(request: Request, site: OfSite, _: Signed, q: str = "") -> Response:
    """The documents with how each was understood, and the files that could not be read."""
    snapshot = site.pool.assistant.snapshot
    found = [each for each, _ in shelf.search(snapshot.documents, shelf.Wanted(q=q[:100]))]
    today = date.today()
    return page(
        request,
        "staff/documents.html",
        here="documents",
        title="文档",
        q=q,
        total=len(snapshot.documents),
        rows=[(each, validity(each, today), _gaps(each)) for each in found],
        problems=snapshot.manifest.problems,
        manifest=snapshot.manifest,
    )


def document(request: Request, site: OfSite, _: Signed, document_id: str) -> Response:
    """One document: what is known of it, and its tree of clauses."""
    documents = site.pool.assistant.snapshot.documents
    found = next((each for each in documents if each.id == document_id), None)
    if found is None:
        raise NotFound("没有收录这份文件。")
    return page(
        request,
        "staff/document.html",
        here="documents",
        title=found.title,
        document=found,
        state=validity(found, date.today()),
        public=document_url(found, site.root),
        gaps=_gaps(found),
        clauses=[
            {
                "path": clause_path(clause),
                "depth": max(1, len(clause.path)),
                "heading": clause.heading,
                "text": clause.body.strip().removeprefix(clause.heading).lstrip("。 \n"),
                "id": clause.id,
                "url": clause_url(clause, site.root),
                "departments": clause.departments,
            }
            for clause in found.clauses
        ],
    )


def trial(request: Request, site: OfSite, _: Signed, question: str = "", as_of: str = "") -> Response:
    """Ask a question and see all of it; nothing is put on record."""
    values: dict[str, Any] = {"question": question[:1000], "as_of": as_of, "answer": None}
    if question.strip():
        answer = site.pool.assistant.ask(question[:1000], as_of=_day(as_of))
        values |= _shown(site, answer)
    return page(request, "staff/try.html", here="try", title="试问", **values)


def _shown(site: Site, answer: Answer) -> dict[str, Any]:
    body = answer_body(answer, sum(answer.timings.values()), site.root)
    cited = {(c.document.id, c.clause.id) for c in answer.citations}
    asked = answer.question
    return {
        "answer": answer,
        "shown": Markup(render.answer_html(body, site.root, tools=False)),
        "reason": views.reason_name(answer.reason),
        "origin": views.ORIGINS.get(answer.origin, answer.origin),
        "understood": [
            ("问的类型", views.kind_name(asked.kind)),
            ("问题（补全后）", asked.standalone),
            ("主题词", "、".join(term.word for term in asked.terms)),
            ("地区", "、".join((*asked.regions, *(("国家",) if asked.national else ())))),
            ("库内没有的", "、".join((*asked.missing_regions, *asked.missing))),
            ("年份", "、".join(map(str, asked.years))),
            ("范围", "全部文件" if asked.documents is None else f"{len(asked.documents)} 份文件"),
        ],
        "evidence": [
            {
                "title": found.passage.clause.document.title,
                "path": clause_path(found.passage.clause),
                "url": clause_url(found.passage.clause, site.root),
                "text": found.passage.text.strip(),
                "score": found.score,
                "cosine": found.cosine,
                "coverage": found.coverage,
                "cited": (found.passage.clause.document.id, found.passage.clause.id) in cited,
            }
            for found in answer.evidence[:EVIDENCE]
        ],
        "dropped": [statement.lead + statement.text for statement in answer.dropped],
    }


def _gaps(document: Document) -> list[str]:
    """What could not be read of a document's own data; staff can add it in documents.toml."""
    known = {
        "文号": document.number,
        "发文机关": document.issuers,
        "层级": document.level,
        "成文日期": document.issued_on,
    }
    return [name for name, value in known.items() if not value]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
