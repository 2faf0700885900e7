"""What the staff's pages share: who is signed in, how a page is made, how a form is believed."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader
from starlette.datastructures import FormData, UploadFile

from chat import render
from chat.access.accounts import Accounts
from chat.access.sessions import Sessions, SignedIn
from chat.access.throttle import Throttle
from chat.curated.entries import CuratedStore
from chat.guard import content_policy
from chat.logbook import Logbook
from chat.pool import AnswerPool
from eval.cases import CaseError
from eval.record import RunError
from eval.runs import Runs
from eval.sets import CaseSets

FOLDER = Path(__file__).resolve().parent.parent
COOKIE = "tiaowen_staff"
FORM_FIELDS = 300
# What a redirect may tell; the address names it, so that nobody else's words get into the page.
SAID = {
    "queued": "评测已加入队列。",
    "cancelled": "已请求取消，已完成的题目保留。",
    "continued": "评测将从中断处继续。",
    "deleted": "已删除。",
    "saved": "已保存。",
    "renamed": "已改名。",
    "welcome": "登录成功。",
}


@dataclass(frozen=True)
class Site:
    """The parts that the pages stand on."""

    pool: AnswerPool
    accounts: Accounts
    sessions: Sessions
    throttle: Throttle
    logbook: Logbook
    curated: CuratedStore
    sets: CaseSets
    runs: Runs

    @property
    def root(self) -> str:
        """The path prefix of the site."""
        return self.pool.root


class NotSignedIn(Exception):  # noqa: N818 — leads to the sign-in page
    """Nobody is signed in."""


class NotAllowed(Exception):  # noqa: N818 — told to the one who tried
    """The request is not believed, or the account may only look. The message is Chinese."""


class NotFound(Exception):  # noqa: N818
    """There is no such page. The message is Chinese."""


def site_of(request: Request) -> Site:
    """The site of a request."""
    site: Site = request.app.state.staff
    return site


def signed_in(request: Request) -> SignedIn:
    """Whose request it is. Raises NotSignedIn."""
    found = site_of(request).sessions.find(request.cookies.get(COOKIE, ""))
    if found is None:
        raise NotSignedIn
    return found


@dataclass(frozen=True)
class Posted:
    """A form that somebody who is signed in sent from a page of ours."""

    form: FormData
    by: SignedIn

    def text(self, name: str, most: int = 20_000) -> str:
        """A field of the form; empty where it was not sent. Line ends are \\n."""
        value = self.form.get(name, "")
        return value.replace("\r\n", "\n")[:most].strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """All values of a field."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def file(self, name: str) -> UploadFile | None:
        """An uploaded file, where one was chosen."""
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None


async def believed(request: Request) -> Posted:
    """The form of a request that a page of ours sent. Raises NotSignedIn, NotAllowed."""
    by = signed_in(request)
    if not is_same_site(request):
        raise NotAllowed("请求不是从本站的页面发出的，未予执行。")
    form = await request.form(max_files=1, max_fields=FORM_FIELDS)
    if form.get("csrf") != by.csrf:
        raise NotAllowed("页面已过期，请刷新后重试。")
    return Posted(form, by)


async def posted(form: Annotated[Posted, Depends(believed)]) -> Posted:
    """As `believed`, of somebody who may change things. Raises NotAllowed too."""
    if not form.by.account.may_change:
        raise NotAllowed("您的账号是只读账号，不能改动。")
    return form


def is_same_site(request: Request) -> bool:
    """Whether a browser says that a page of this site sent the request; other programs say nothing."""
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


Signed = Annotated[SignedIn, Depends(signed_in)]
Form = Annotated[Posted, Depends(posted)]
OfSite = Annotated[Site, Depends(site_of)]


@functools.cache
def environment() -> Environment:
    """The templates, every value escaped."""
    made = Environment(
        loader=FileSystemLoader([FOLDER / "templates", render.FOLDER / "templates"]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["percent"] = lambda share: "—" if share is None else f"{100 * share:.3g}%"
    made.filters["quoted"] = lambda text: quote(str(text), safe="")
    made.filters["local"] = lambda moment: f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else ""
    made.globals["version"] = static_version()
    return made


@functools.cache
def static_version() -> str:
    """Changes with the style sheets and scripts, so that browsers fetch them anew."""
    digest = hashlib.sha256(render.static_version().encode())
    for file in sorted((FOLDER / "static").iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
    """A page of the staff, in the layout that names who is signed in."""
    by = site_of(request).sessions.find(request.cookies.get(COOKIE, ""))
    shown = {
        "root": site_of(request).root,
        "by": by,
        "csrf": by.csrf if by else "",
        "may_change": by is not None and by.account.may_change,
        "said": SAID.get(request.query_params.get("said", ""), ""),
        "with_query": functools.partial(_with_query, request),
        **values,
    }
    return HTMLResponse(environment().get_template(template).render(**shown), status, headers=headers())


def headers() -> dict[str, str]:
    """What keeps the staff's pages out of frames, caches and search engines, and foreign scripts out of them."""
    policy = content_policy().replace("script-src 'self' 'unsafe-inline'", "script-src 'self'")
    return {
        "Content-Security-Policy": policy.replace("frame-ancestors 'self'", "frame-ancestors 'none'"),
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }


def go(site: Site, path: str, said: str = "", **query: str) -> RedirectResponse:
    """Lead on to another page of the staff."""
    words = {**query, **({"said": said} if said else {})}
    return RedirectResponse(
        f"{site.root}/staff{path}{'?' + urlencode(words) if words else ''}", 303, headers()
    )


def download(content: bytes, name: str, kind: str) -> Response:
    """A file to be saved; `name` may be Chinese."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=kind, headers={**headers(), "Content-Disposition": disposition})


def install_handlers(app: FastAPI) -> None:
    """Make the app lead those who are not signed in to the door, and tell the others what went wrong."""
    app.add_exception_handler(NotSignedIn, _to_the_door)
    app.add_exception_handler(NotAllowed, _told)
    app.add_exception_handler(NotFound, _told)
    app.add_exception_handler(RunError, _told)
    app.add_exception_handler(CaseError, _told)


async def _to_the_door(request: Request, _: Exception) -> Response:
    site = site_of(request)
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        path = request.url.path.removeprefix(request.scope.get("root_path", ""))
        wanted = f"{path}?{request.url.query}" if request.url.query else path
        return go(site, "/sign-in", next=wanted)
    if request.method == "GET":
        return JSONResponse({"detail": "需要登录。"}, 401, headers())
    message = "登录已过期。请在新标签页登录，再回到这一页重新提交，填写的内容还在。"
    return page(request, "staff/told.html", 401, title="需要登录", message=message, door=True)


async def _told(request: Request, problem: Exception) -> Response:
    status = {NotAllowed: 403, NotFound: 404}.get(type(problem), 422)
    title = {403: "没有权限", 404: "没有找到"}.get(status, "未能完成")
    return page(request, "staff/told.html", status, title=title, message=str(problem), door=False)


def _with_query(request: Request, **changes: object) -> str:
    """The query of this page with some values changed; for links to other pages of a list."""
    query = {key: value for key, value in request.query_params.items() if key != "said"}
    query |= {key: str(value) for key, value in changes.items()}
    return "?" + urlencode({key: value for key, value in query.items() if value})
