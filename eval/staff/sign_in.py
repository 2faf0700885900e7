"""The door: signing in and out."""

from __future__ import annotations

import threading
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from chat.access.accounts import Account
from eval.staff.web import COOKIE, NotAllowed, OfSite, Posted, Site, believed, go, is_same_site, page

START = "/staff/evaluation"
# Failures within a quarter of an hour: of one visitor at one account, at one account, of one visitor.
BOTH, ACCOUNT, VISITOR = 5, 50, 100


def sign_in_router() -> APIRouter:
    """The routes of the door."""
    router = APIRouter()
    door = _Door()
    router.get("/staff")(door.enter)
    router.get("/staff/sign-in")(door.form)
    router.post("/staff/sign-in")(door.sign_in)
    router.post("/staff/sign-out")(door.sign_out)
    return router


class _Door:
    """Hashing takes a core and 64 MB: two at a time, so that guessers do not take the machine."""

    def __init__(self) -> None:
        self._hashing = threading.Semaphore(2)

    def enter(self, site: OfSite) -> Response:
        """Whoever comes to the house comes in by the first room."""
        return go(site, "/evaluation")

    def form(self, request: Request, site: OfSite) -> Response:
        """The form."""
        if site.sessions.find(request.cookies.get(COOKIE, "")):
            return go(site, "/evaluation")
        wanted = _wanted(request.query_params.get("next", ""))
        return page(request, "staff/sign_in.html", title="工作人员登录", wanted=wanted, problem="", name="")

    async def sign_in(self, request: Request, site: OfSite) -> Response:
        """Open a session. Not for forms of other sites: they could sign somebody in as somebody else."""
        if not is_same_site(request):
            raise NotAllowed("请求不是从本站的页面发出的，未予执行。")
        form = await request.form(max_files=0, max_fields=10)
        name, password, wanted = (str(form.get(field, "")) for field in ("name", "password", "next"))
        wanted = _wanted(wanted)
        account, problem = await run_in_threadpool(self._try, request, site, name.strip()[:64], password)
        if account is None:
            values = {"title": "工作人员登录", "wanted": wanted, "problem": problem, "name": name[:64]}
            return page(request, "staff/sign_in.html", 401, **values)
        response = go(site, wanted.removeprefix("/staff"))
        https = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))
        response.set_cookie(
            COOKIE,
            site.sessions.open(account),
            path=f"{site.root}/staff",
            httponly=True,
            samesite="lax",
            secure=https,
        )
        return response

    def sign_out(self, request: Request, site: OfSite, _: Annotated[Posted, Depends(believed)]) -> Response:
        """End the session."""
        site.sessions.close(request.cookies.get(COOKIE, ""))
        response = go(site, "/sign-in")
        response.delete_cookie(COOKIE, path=f"{site.root}/staff")
        return response

    def _try(self, request: Request, site: Site, name: str, password: str) -> tuple[Account | None, str]:
        """The account, or what to tell."""
        visitor = request.client.host if request.client else ""
        both, account, any_ = f"{visitor} {name}", f"name {name}", f"from {visitor}"
        seconds = site.throttle.wait({both: BOTH, account: ACCOUNT, any_: VISITOR})
        if seconds:
            return None, f"失败次数过多，请在 {-(-seconds // 60)} 分钟后再试。"
        with self._hashing:
            found = site.accounts.verify(name, password)
        if found is None:
            site.throttle.failed(both, account, any_)
            return None, "用户名或密码不对。"
        site.throttle.succeeded(both)
        return found, ""


def _wanted(path: str) -> str:
    """Where to go afterwards: a page of the staff, never another site."""
    return path if path.startswith("/staff/") and "//" not in path and "\\" not in path else START
