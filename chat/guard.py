"""What holds for every request, whoever answers it: security headers and the size of its body."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OPENAI = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def route_path(scope: Scope) -> str:
    """The path of a request without the prefix that a proxy adds."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "").rstrip("/")) or "/"


def problem(path: str, status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """What went wrong, in the words of the API that was called: OpenAI's below /v1, else {"detail": "…"}."""
    if not path.startswith("/v1/"):
        return JSONResponse({"detail": detail}, status, headers)
    kind = "server_error" if status >= 500 else _OPENAI.get(status, "invalid_request_error")
    error = {"message": detail, "type": kind, "param": None, "code": None}
    return JSONResponse({"error": error}, status, headers)


def content_policy(ancestors: Sequence[str] = ("'self'",)) -> str:
    """The Content-Security-Policy: nothing from other hosts; shown in frames of `ancestors` alone.

    Gradio writes its configuration into inline scripts and its theme into inline styles.
    """
    return "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data: blob:",
            "style-src 'self' 'unsafe-inline'",
            "script-src 'self' 'unsafe-inline'",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors " + (" ".join(ancestors) or "'none'"),
        )
    )


class SecurityHeaders:
    """Adds the headers that a response does not set itself. A plain ASGI layer, so that streams stay streams."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses bodies of more than `limit` bytes, undeclared ones too, and those that take over `seconds` to come."""

    def __init__(self, app: ASGIApp, limit: int, seconds: float = 30.0) -> None:
        self._app = app
        self._limit = limit
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isascii() or not declared.isdigit() or int(declared) > self._limit:
            await problem(route_path(scope), 413, "请求内容过大。")(scope, receive, send)
            return
        read, whole = 0, False
        deadline = asyncio.get_running_loop().time() + self._seconds

        async def counted() -> Message:
            nonlocal read, whole
            if whole:  # what comes now is that the asker has left, in its own time
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408) from None  # inside the app, whose handler tells it in Chinese
            read += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if read > self._limit:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)
