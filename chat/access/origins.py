"""Which pages of other sites may read from this one: those of the channels, and no other."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.access.channels import Channels
from chat.guard import problem, route_path

_CHANNEL = re.compile(r"/api/channels/([^/]+)")
_SHARED = re.compile(r"/api/(?:ask|feedback|documents(?:/.*)?)|/v1/.*")
_REFUSED = "本网站未获授权调用条问。网站管理员请把本网站的来源加入 channels.toml 中该渠道的 origins。"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}


class Origins:
    """Turns pages of other sites away, unless a channel allows their origin; no cookie ever counts."""

    def __init__(self, app: ASGIApp, channels: Channels, public_url: str = "") -> None:
        self._app = app
        self._channels = channels
        parts = urlsplit(public_url)
        self._own = f"{parts.scheme}://{parts.netloc}".lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "").lower()
        path = route_path(scope)
        if path == "/widget.js":  # public, and an integrity hash asks for it
            await self._app(scope, receive, _adding(send, {"Access-Control-Allow-Origin": "*"}))
        elif not origin or not self._foreign(origin, headers):
            await self._app(scope, receive, send)
        elif origin not in self._allowed(path):
            refusal = problem(path, 403, _REFUSED, {"Vary": "Origin"})
            await refusal(scope, receive, send)
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            answer = Response(
                status_code=204,
                headers=_PREFLIGHT | {"Access-Control-Allow-Origin": origin, "Vary": "Origin"},
            )
            await answer(scope, receive, send)
        else:
            allowed = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
            await self._app(scope, receive, _adding(send, allowed))

    def _foreign(self, origin: str, headers: Headers) -> bool:
        if origin == self._own:
            return False
        site = headers.get("sec-fetch-site")  # the browser's own word, which no page can forge
        if site:
            return site not in ("same-origin", "none")
        return urlsplit(origin).netloc != headers.get("host", "").lower()

    def _allowed(self, path: str) -> frozenset[str]:
        """The origins whose pages may read from a path."""
        named = _CHANNEL.fullmatch(path)
        if named:
            channel = self._channels.portals.get(named[1])
            return frozenset(channel.origins if channel else ())
        return self._channels.origins if _SHARED.fullmatch(path) else frozenset()


def _adding(send: Send, added: dict[str, str]) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in added.items():
                if name == "Vary":
                    headers.add_vary_header(value)
                elif value:
                    headers[name] = value
        await send(message)

    return with_headers
