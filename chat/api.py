"""The HTTP interface: questions, feedback and documents for programs; health and meters for operators."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from starlette.types import Lifespan

from chat.access.gate import Gate
from chat.access.keys import Scope
from chat.access.origins import Origins
from chat.access.proxies import TrustedProxies
from chat.completions import completion_router
from chat.contract import (
    AskRequest,
    AskResponse,
    DocumentBody,
    DocumentWithClauses,
    FeedbackRequest,
    FeedbackResponse,
    Problem,
    StatementBody,
    document_body,
    document_with_clauses,
)
from chat.doors import KEY, Admission, Pool, admit_with_key, host_of, known_filters
from chat.guard import BodyLimit, SecurityHeaders, content_policy
from chat.meters import Meters
from chat.pages import page_router
from chat.pool import Answerer, AnswerFailed, AnswerPool
from chat.portal import portal_router
from chat.problems import install_problem_handlers
from chat.records import Records
from chat.retention import forget_old

STATIC = Path(__file__).parent / "static"
BODY_BYTES = 2_000_000  # the longest history that the contract allows, in UTF-8

_PROBLEMS: dict[int | str, dict[str, object]] = {
    408: {"model": Problem, "description": "请求内容传输过慢"},
    413: {"model": Problem, "description": "请求内容过大"},
    422: {"model": Problem, "description": "请求内容不可用"},
}
_ACCESS: dict[int | str, dict[str, object]] = {
    401: {"model": Problem, "description": "需要密钥，或密钥无效"},
    403: {"model": Problem, "description": "密钥没有权限，或网页的来源未获允许"},
    429: {"model": Problem, "description": "超出限额；Retry-After 为可再试的秒数"},
}
_EVENTS = {
    "text/event-stream": {
        "schema": {"type": "string"},
        "example": 'event: statement\ndata: {"text": "…", "kind": "quoted", "citations": [], "answer": "…"}\n\n'
        'event: done\ndata: {"id": "…", "answer": "…", "refused": false}\n\n',
    }
}


def create_app(
    assistant: Answerer,
    records: Records,
    *,
    folders: Sequence[Path] = (),
    workers: int = 2,
    waiting: int = 64,
    seconds: float = 60.0,
    root_path: str = "",
    public_url: str = "",
    trusted_proxies: str = "",
    gate: Gate | None = None,
    keep_days: int = 180,
) -> FastAPI:
    """The app without the chat page, which is mounted last (`chat.site.mount_chat`).

    `folders` hold the original files; `workers`, `waiting` and `seconds` bound the answers
    (`chat.pool.AnswerPool`); `root_path` is the prefix that a proxy strips, `public_url` the address under
    which visitors know the site, where that must not be taken from their requests; the word of
    `trusted_proxies` on where a request came from is believed; `gate` says who may ask, and how much.
    Answers on record longer than `keep_days` are forgotten, at the start and every hour.
    """
    meters = Meters()
    pool = AnswerPool(
        assistant, records, meters, workers=workers, waiting=waiting, seconds=seconds, root=root_path
    )

    app = FastAPI(
        title="条问",
        summary="政策问答：每一句回答都有条款依据",
        description="回答只引用已收录的政策文件；查无依据时不作回答，并给出最接近的条款。以政策原文为准。",
        version="0.1.0",
        openapi_url="/openapi.json",
        docs_url=None,  # both viewers load their scripts from another host
        redoc_url=None,
        lifespan=_living(pool, records, keep_days),
    )
    app.state.pool = pool
    app.state.meters = meters
    app.state.gate = gate or Gate()
    app.state.public_url = public_url.rstrip("/")
    install_problem_handlers(app)
    # The last one added is the first to see a request.
    app.add_middleware(Origins, channels=app.state.gate.channels, public_url=public_url)
    app.add_middleware(BodyLimit, limit=BODY_BYTES)
    app.add_middleware(SecurityHeaders, policy=content_policy())
    app.add_middleware(TrustedProxies, trusted=trusted_proxies, public_url=public_url, root_path=root_path)
    app.mount("/public", StaticFiles(directory=STATIC), name="public")
    app.include_router(_questions(), tags=["提问"])
    app.include_router(completion_router(), tags=["OpenAI 兼容"])
    app.include_router(portal_router(), tags=["门户"])
    app.include_router(_documents(), tags=["文件"])
    app.include_router(_operations(), tags=["运行"])
    app.include_router(page_router(pool, folders), include_in_schema=False)
    return app


def _living(pool: AnswerPool, records: Records, keep_days: int) -> Lifespan[FastAPI]:
    """What runs beside the app, and is closed with it."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        forgetting = asyncio.create_task(forget_old(records, keep_days))
        yield
        forgetting.cancel()
        pool.close()
        records.close()

    return lifespan


def _questions() -> APIRouter:
    router = APIRouter(prefix="/api")

    @router.post(
        "/ask",
        summary="提问",
        response_model=AskResponse,
        responses={
            **_PROBLEMS,
            **_ACCESS,
            200: {"content": _EVENTS},
            503: {"model": Problem, "description": "提问过多"},
        },
        dependencies=[Depends(KEY)],
    )
    async def ask(asked: AskRequest, request: Request, pool: Pool) -> Response:
        """回答一个问题。请求头 Accept: text/event-stream 时逐句返回：若干 `statement` 事件，最后一个 `done`。"""
        visit = await admit_with_key(request, Scope.ASK)
        known_filters(asked, pool.assistant.snapshot.documents)
        if "text/event-stream" not in request.headers.get("accept", ""):
            whole = await pool.ask(asked, visit.channel)
            return Response(whole.model_dump_json(), media_type="application/json")  # checked once is enough
        events = pool.stream(asked, visit.channel)
        first = await anext(events)  # fails here, with a status, where there is nothing to stream
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # the latter for nginx
        return StreamingResponse(_events(first, events), media_type="text/event-stream", headers=headers)

    @router.post(
        "/feedback", summary="评价一个回答", responses={**_PROBLEMS, 403: _ACCESS[403], 429: _ACCESS[429]}
    )
    async def feedback(
        given: FeedbackRequest, request: Request, pool: Pool, gate: Admission
    ) -> FeedbackResponse:
        """记录对一个回答的评价；再次评价时以最后一次为准。"""
        gate.admit_vote(host_of(request))
        recorded = await asyncio.to_thread(pool.records.vote, given.answer_id, given.vote, given.reason)
        if not recorded:
            raise HTTPException(422, "没有这个回答，或已超过保存期限。")
        request.app.state.meters.votes.labels(str(given.vote)).inc()
        return FeedbackResponse()

    return router


async def _events(
    first: StatementBody | AskResponse, rest: AsyncIterator[StatementBody | AskResponse]
) -> AsyncIterator[str]:
    yield _event("done" if isinstance(first, AskResponse) else "statement", first)
    try:
        async for item in rest:
            yield _event("done" if isinstance(item, AskResponse) else "statement", item)
    except AnswerFailed as failure:
        yield _event("error", Problem(detail=str(failure)))


def _event(name: str, body: BaseModel) -> str:
    return f"event: {name}\ndata: {json.dumps(body.model_dump(mode='json'), ensure_ascii=False)}\n\n"


async def _reading(request: Request) -> None:
    await admit_with_key(request, Scope.DOCUMENTS)


def _documents() -> APIRouter:
    router = APIRouter(prefix="/api/documents", dependencies=[Depends(KEY), Depends(_reading)])

    @router.get("", summary="已收录的文件", responses=_ACCESS)
    def documents(pool: Pool) -> list[DocumentBody]:
        """全部文件及其元数据。"""
        return [document_body(document, pool.root) for document in pool.assistant.snapshot.documents]

    @router.get(
        "/{document_id:path}",
        summary="一份文件及其全部条款",
        responses={**_ACCESS, 404: {"model": Problem, "description": "没有这份文件"}},
    )
    def document(document_id: str, pool: Pool) -> DocumentWithClauses:
        """元数据和按阅读顺序排列的条款。"""
        for each in pool.assistant.snapshot.documents:
            if each.id == document_id:
                return document_with_clauses(each, pool.root)
        raise HTTPException(404, "没有收录这份文件。")

    return router


def _operations() -> APIRouter:
    router = APIRouter()

    @router.get("/healthz", summary="运行状况")
    def healthz(pool: Pool) -> dict[str, str | int]:
        """能否回答，以及收录了多少文件和条款。"""
        documents = pool.assistant.snapshot.documents
        clauses = sum(len(document.clauses) for document in documents)
        return {"status": "ok", "documents": len(documents), "clauses": clauses}

    @router.get("/metrics", summary="Prometheus 指标", response_class=Response)
    def metrics(request: Request, pool: Pool) -> Response:
        """Prometheus 文本格式。"""
        meters: Meters = request.app.state.meters
        documents = pool.assistant.snapshot.documents
        meters.documents.set(len(documents))
        meters.clauses.set(sum(len(document.clauses) for document in documents))
        return Response(meters.page(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.api_route(
        "/api/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    @router.api_route(
        "/v1/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    def no_such_endpoint(rest: str) -> None:
        # Without this the chat page, mounted at /, would answer in English.
        raise HTTPException(405 if rest in ("ask", "feedback", "chat/completions") else 404, "没有这个接口。")

    return router
