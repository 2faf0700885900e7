"""The wrapper around a mounted Gradio app: its page in Chinese, its needless doors shut, its queue guarded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.guard import route_path

# What the chat page uses. Upload, file, proxy, monitoring and code-editing routes stay shut.
OPEN = re.compile(
    r"/(?:config|theme\.css|favicon\.ico|robots\.txt|static/.*|assets/.*|svelte/.*"
    r"|gradio_api/(?:queue/(?:join|data)|heartbeat/[\w-]+|cancel|reset|app_id|startup-events|info|theme\.css))",
    flags=re.ASCII,
)
JOIN = "/gradio_api/queue/join"
JOIN_BYTES = 256_000  # a conversation as the browser remembers it, several times over
_CHARSET = b'<meta charset="utf-8" />'
_SOCIAL = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>')


@dataclass(frozen=True)
class Page:
    """One page over the Gradio app: what goes into its head, its headers, words of it to replace."""

    head: str
    headers: Mapping[str, str] = field(default_factory=dict)
    replaced: Mapping[str, str] = field(default_factory=dict)


def _no_file(value: Any) -> Any:  # noqa: ANN401 — JSON
    """No page of ours sends files; what claims to be one would have Gradio fetch it."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if isinstance(item.get("meta"), dict) or isinstance(item.get("path"), str):
                raise ValueError("不接受文件")
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return value


Plain = Annotated[Any, AfterValidator(_no_file)]


class _Event(BaseModel):
    """What the page sends when something is clicked or typed."""

    model_config = ConfigDict(extra="forbid")

    session_hash: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    fn_index: int = Field(ge=0, le=1_000)
    data: list[Plain] = Field(max_length=10)
    trigger_id: int | None = None
    event_data: Plain = None
    simple_format: bool = False
    batched: bool | None = None


class ChineseShell:
    """Serves Gradio's page with lang="zh-CN", our head and without its advertisement.

    `pages` gives the page of a path (without its slashes), None where there is none. Gradio itself adds a
    head only once it runs, too late to tell it the language. What the pages do not need is not served.
    """

    def __init__(self, app: ASGIApp, pages: Callable[[str], Page | None]) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = route_path(scope).rstrip("/") or "/"
        page = self._pages(path.strip("/"))
        if page is not None:
            # Gradio would compress the page, and what is compressed cannot be rewritten.
            plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            root = scope.get("root_path", "").rstrip("/")
            inner = {**scope, "headers": plain, "path": f"{root}/", "raw_path": f"{root}/".encode()}
            await self._app(inner, receive, _PageSender(send, page))
        elif path == JOIN:
            await self._joined(scope, receive, send)
        elif OPEN.fullmatch(path):
            await self._app(scope, receive, send)
        else:
            await JSONResponse({"detail": "没有找到。"}, 404)(scope, receive, send)

    async def _joined(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an event on once it is what a page of ours may send."""
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > JOIN_BYTES:
                await JSONResponse({"detail": "请求内容过大。"}, 413)(scope, receive, send)
                return
        try:
            _Event.model_validate_json(body)
        except ValidationError:
            await JSONResponse({"detail": "请求内容不正确。"}, 422)(scope, receive, send)
            return

        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)


class _PageSender:
    """Passes a response on, an HTML body rewritten."""

    def __init__(self, send: Send, page: Page) -> None:
        self._send = send
        self._page = page
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body") or self._start is None:
            return
        headers = MutableHeaders(scope=self._start)
        if headers.get("content-type", "").startswith("text/html"):
            self._body = _SOCIAL.sub(b"", self._body.replace(b'lang="en"', b'lang="zh-CN"', 1))
            for old, new in self._page.replaced.items():
                self._body = self._body.replace(old.encode(), new.encode())
            self._body = self._body.replace(_CHARSET, _CHARSET + self._page.head.encode(), 1)
            headers["Content-Length"] = str(len(self._body))
            headers["Cache-Control"] = "no-store"  # the configuration in it changes with the documents
        headers.update(self._page.headers)
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})
