"""The same answers for clients of OpenAI's chat completions: /v1/chat/completions and /v1/models."""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from chat.access.keys import Scope
from chat.answer import escaped
from chat.contract import (
    HISTORY_TURNS,
    TURN_CHARACTERS,
    AskRequest,
    AskResponse,
    CitationBody,
    FiltersBody,
    day_of,
)
from chat.doors import KEY, Pool, admit_with_key, known_filters
from chat.pool import AnswerFailed
from chat.problems import explain

MODEL = "tiaowen"
MESSAGES = 1_000  # a conversation of a working day; the last of them count
_RULE = "\n\n---\n\n"  # between the answer and what is added to it


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str = Field(max_length=40)
    text: str = Field(default="", max_length=TURN_CHARACTERS)


class Message(BaseModel):
    """A message. What system, developer and tool say changes nothing: answers come from the policies alone."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=TURN_CHARACTERS)] | list[Part] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """Of a stream."""

    include_usage: bool = False


class CompletionRequest(BaseModel):
    """A request as OpenAI's clients send it; what does not apply (temperature, tools) is ignored."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "model": MODEL,
                "messages": [{"role": "user", "content": "到2025年山东要培育多少家单项冠军企业？"}],
                "stream": False,
            }
        }
    )

    model: str = Field(default=MODEL, max_length=200, description="任意名称，都由同一个系统回答")
    messages: list[Message] = Field(min_length=1, max_length=MESSAGES, description="最后一条为用户的问题")
    stream: bool = False
    stream_options: StreamOptions | None = None
    filters: FiltersBody = Field(default=FiltersBody(), description="扩展：同 /api/ask")
    as_of: Annotated[date | None, BeforeValidator(day_of)] = Field(
        default=None, description="扩展：同 /api/ask"
    )


class AnswerMessage(BaseModel):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    content: str = Field(description="Markdown，文末附引用")
    refusal: None = None


class Choice(BaseModel):
    """The only choice."""

    index: int = 0
    message: AnswerMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Usage(BaseModel):
    """Tokens of a language model: none are counted here."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class Extra(BaseModel):
    """What OpenAI's format has no place for, as in the response of /api/ask."""

    answer_id: str
    citations: list[CitationBody]
    refused: bool
    reason: str | None
    warnings: list[str]
    generated: bool
    label: str
    aigc: dict[str, str] | None
    notes: list[str]
    closest: list[CitationBody]


class Completion(Extra):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage = Usage()


class OpenAIError(BaseModel):
    """What OpenAI's clients read of a failure."""

    message: str
    type: str
    param: None = None
    code: str | None = None


class OpenAIProblem(BaseModel):
    """A failure in OpenAI's format."""

    error: OpenAIError


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": OpenAIProblem, "description": description}
    for status, description in (
        (401, "需要密钥，或密钥无效"),
        (403, "密钥没有权限，或网页的来源未获允许"),
        (408, "请求内容传输过慢"),
        (413, "请求内容过大"),
        (422, "请求内容不可用"),
        (429, "超出限额；Retry-After 为可再试的秒数"),
        (503, "提问过多"),
    )
}
_CHUNKS = {
    "text/event-stream": {
        "schema": {"type": "string"},
        "example": 'data: {"object": "chat.completion.chunk", "choices": [{"delta": {"content": "…"}}]}\n\n'
        "data: [DONE]\n\n",
    }
}


def completion_router() -> APIRouter:
    """/v1/…"""
    router = APIRouter(prefix="/v1")

    @router.post(
        "/chat/completions",
        summary="OpenAI 兼容的提问",
        response_model=Completion,
        responses={200: {"content": _CHUNKS}, **_PROBLEMS},
        dependencies=[Depends(KEY)],
    )
    async def completions(asked: CompletionRequest, request: Request, pool: Pool) -> Response:
        """OpenAI 客户端可直接使用。回答末尾附引用；`citations` 等字段与 /api/ask 相同。"""
        visit = await admit_with_key(request, Scope.ASK)
        question = question_of(asked)
        known_filters(question, pool.assistant.snapshot.documents)
        site = request.app.state.public_url or f"{request.url.scheme}://{request.url.netloc}"
        if not asked.stream:
            answer = await pool.ask(question, visit.channel)
            return JSONResponse(_whole(answer, asked.model, site))
        events = pool.stream(question, visit.channel)
        first = await anext(events)  # fails here, with a status, where there is nothing to stream
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # the latter for nginx
        usage = asked.stream_options is not None and asked.stream_options.include_usage
        chunks = _chunks(_texts(first, events, site), asked.model, usage=usage)
        return StreamingResponse(chunks, media_type="text/event-stream", headers=headers)

    @router.get("/models", summary="OpenAI 兼容的模型列表", responses={401: _PROBLEMS[401]})
    async def models() -> dict[str, Any]:
        """只有一个：tiaowen。"""
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}
        return {"object": "list", "data": [model]}

    return router


def question_of(asked: CompletionRequest) -> AskRequest:
    """The question and what was said before it. Raises HTTPException."""
    said = [message for message in asked.messages if message.role in ("user", "assistant")]
    if not said or said[-1].role != "user":
        raise HTTPException(422, "messages：最后一条应为用户的问题。")
    earlier = [
        {"role": message.role, "content": message.text.partition(_RULE)[0][:TURN_CHARACTERS]}
        for message in said[:-1]
    ]
    try:
        return AskRequest.model_validate(
            {
                "question": said[-1].text,
                "history": earlier[-HISTORY_TURNS:],
                "filters": asked.filters,
                "as_of": asked.as_of.isoformat() if asked.as_of else None,
            }
        )
    except ValidationError as problem:
        raise HTTPException(422, f"messages：{explain(problem.errors(), 'question')}") from problem


def additions(answer: AskResponse, site: str) -> str:
    """What stands below the answer: what to mind, and the citations as a list of links."""
    lines = [f"> 注意：{escaped(warning)}" for warning in answer.warnings]
    lines += [f"> {escaped(note)}" for note in (*answer.notes, answer.label) if note]
    for title, cards in (("引用条款", answer.citations), ("相近条款，不构成回答", answer.closest)):
        if cards:
            lines += ["", f"**{title}**", "", *(_entry(card, site) for card in cards)]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return f"{_RULE}{text}" if text else ""


def _entry(card: CitationBody, site: str) -> str:
    title = card.document_title if card.document_title.startswith("《") else f"《{card.document_title}》"
    number = f"（{card.document_number}）" if card.document_number else ""
    name = escaped(f"{title}{number}{card.clause_path}").replace("[", "\\[").replace("]", "\\]")
    return f"- [{card.marker}] [{name}]({site}{card.url})：“{escaped(card.quote)}”"


def _extra(answer: AskResponse) -> dict[str, Any]:
    said = answer.model_dump(mode="json")
    return {"answer_id": answer.id} | {name: said[name] for name in Extra.model_fields if name != "answer_id"}


def _whole(answer: AskResponse, model: str, site: str) -> dict[str, Any]:
    message = AnswerMessage(content=answer.answer + additions(answer, site))
    body = {
        "id": f"chatcmpl-{answer.id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": [Choice(message=message).model_dump()],
        "usage": Usage().model_dump(),
    }
    return body | _extra(answer)


async def _texts(first: Any, rest: AsyncIterator[Any], site: str) -> AsyncIterator[str | AskResponse]:  # noqa: ANN401
    """The pieces of text that are new each time, then the whole answer."""
    sent = ""

    async def all_items() -> AsyncIterator[Any]:
        yield first
        async for item in rest:
            yield item

    async for item in all_items():
        text = item.answer
        if isinstance(item, AskResponse):
            if not text.startswith(sent):  # what was sent cannot be taken back; the whole is told once more
                text = f"{sent}\n\n{text}" if sent else text
            yield (text + additions(item, site))[len(sent) :]
            yield item
        elif text.startswith(sent):
            yield text[len(sent) :]
            sent = text


async def _chunks(texts: AsyncIterator[str | AskResponse], model: str, *, usage: bool) -> AsyncIterator[str]:
    """Server-sent events as OpenAI's clients read them."""
    head = {
        "id": f"chatcmpl-{time.time_ns():x}",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": model,
    }

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:  # noqa: ANN401
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event({**head, "choices": [choice], **more})

    yield chunk({"role": "assistant", "content": ""})
    try:
        async for piece in texts:
            if isinstance(piece, AskResponse):
                yield chunk({}, "stop", **_extra(piece))
            elif piece:
                yield chunk({"content": piece})
    except AnswerFailed as failure:
        yield _event(
            {"error": {"message": str(failure), "type": "server_error", "param": None, "code": None}}
        )
        return
    if usage:
        yield _event({**head, "choices": [], "usage": Usage().model_dump()})
    yield "data: [DONE]\n\n"


def _event(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
