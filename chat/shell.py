"""The wrapper around the mounted Gradio app: its page in Chinese, its needless doors shut."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What the chat page uses. Upload, file, proxy, monitoring and code-editing routes stay shut.
OPEN = re.compile(
    r"/(?:|config|theme\.css|favicon\.ico|robots\.txt|static/.*|assets/.*|svelte/.*"
    r"|gradio_api/(?:queue/(?:join|data)|heartbeat/[^/]+|cancel|reset|startup-events|info|theme\.css))"
)
_CHARSET = b'<meta charset="utf-8" />'
_SOCIAL = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>')


class ChineseShell:
    """Serves Gradio's page with lang="zh-CN", `head` in its head and without its advertisement.

    Gradio itself adds a head only once it runs, too late to tell it the language. What the page does not
    need is not served.
    """

    def __init__(self, app: ASGIApp, head: str) -> None:
        self._app = app
        self._head = head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", "").rstrip("/"))
        if not OPEN.fullmatch(path.rstrip("/") or "/"):
            await _not_found(send)
        elif path in ("", "/"):
            # Gradio would compress the page, and what is compressed cannot be rewritten.
            plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            await self._app({**scope, "headers": plain}, receive, _PageSender(send, self._head))
        else:
            await self._app(scope, receive, send)


class _PageSender:
    """Passes a response on, an HTML body rewritten."""

    def __init__(self, send: Send, head: bytes) -> None:
        self._send = send
        self._head = head
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
            self._body = self._body.replace(_CHARSET, _CHARSET + self._head, 1)
            headers["Content-Length"] = str(len(self._body))
            headers["Cache-Control"] = "no-store"  # the configuration in it changes with the documents
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})


async def _not_found(send: Send) -> None:
    body = '{"detail": "没有找到。"}'.encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": body})
