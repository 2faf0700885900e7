"""What proxies in front say of a request, believed from trusted ones alone."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_SAID = (b"forwarded", b"x-real-ip", b"x-forwarded-")


class TrustedProxies:
    """Takes the visitor's address and scheme from X-Forwarded-For and -Proto where a trusted proxy sent them.

    From anybody else such headers are removed, for Gradio would believe them. Where the public address is
    known it holds, whatever a request says. `trusted`: addresses and networks (10.0.0.0/8), separated by commas.
    """

    def __init__(self, app: ASGIApp, trusted: str = "", public_url: str = "", root_path: str = "") -> None:
        self._app = app
        self._proxies = ProxyHeadersMiddleware(self._without_headers, trusted_hosts=trusted)  # type: ignore[arg-type]
        self._public = urlsplit(public_url) if public_url else None
        self._root = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        peer = (scope.get("client") or ("",))[0]
        said = Headers(scope=scope).get("x-forwarded-host", "")
        if self._public:
            scope = _addressed(scope, self._public.netloc)
        elif said and peer in self._proxies.trusted_hosts:
            scope = _addressed(scope, said.split(",")[0].strip())
        await self._proxies({**scope}, receive, send)  # type: ignore[arg-type]

    async def _without_headers(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is left once the proxies' word has been heard."""
        headers = [(name, value) for name, value in scope["headers"] if not name.startswith(_SAID)]
        changed = {**scope, "headers": headers}
        if self._public:
            changed["scheme"] = self._public.scheme
        if self._root and scope["path"].startswith(f"{self._root}{self._root}/"):  # its proxy strips nothing
            changed["path"] = scope["path"].removeprefix(self._root)
        await self._app(changed, receive, send)


def _addressed(scope: Scope, host: str) -> Scope:
    """The request as if it had been sent to this host."""
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    return {**scope, "headers": [(b"host", host.encode("latin-1", "replace")), *others]}
