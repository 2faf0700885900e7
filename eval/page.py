"""The staff page: evaluation, records, curated answers and documents under /staff."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from chat.access.accounts import Accounts
from chat.access.secret import signing_key
from chat.access.sessions import Sessions
from chat.access.throttle import Throttle
from chat.curated.entries import CuratedStore
from chat.logbook import Logbook
from chat.pool import AnswerPool
from eval.runs import Runs
from eval.sets import CaseSets
from eval.staff.curated_pages import curated_router
from eval.staff.document_pages import document_router
from eval.staff.record_pages import record_router
from eval.staff.run_pages import run_router
from eval.staff.set_pages import set_router
from eval.staff.sign_in import sign_in_router
from eval.staff.web import FOLDER, NotFound, Site, install_handlers


def add_staff(
    app: FastAPI, accounts: Accounts, *, data: Path, environment: Mapping[str, str], together: int = 2
) -> None:
    """Add the staff page to an app made by `chat.api.create_app`, before the chat is mounted.

    `data` is the folder for runs and sets; `environment` holds the settings for the processes of runs
    (`eval.runs.Runs`), of which `together` may go on at a time.
    """
    pool: AnswerPool = app.state.pool
    engine = pool.records.engine
    runs = Runs(data / "runs", environment, together)
    app.state.staff = Site(
        pool=pool,
        accounts=accounts,
        sessions=Sessions(engine, signing_key(data)),
        throttle=Throttle(),
        logbook=Logbook(engine),
        curated=CuratedStore(engine),
        sets=CaseSets(data / "cases"),
        runs=runs,
    )
    install_handlers(app)
    app.mount("/staff/public", StaticFiles(directory=FOLDER / "static"), name="staff-public")
    routers = (sign_in_router, run_router, set_router, record_router, curated_router, document_router)
    for make in (*routers, _elsewhere):
        app.include_router(make(), include_in_schema=False)
    _run_with(app, runs)


def _elsewhere() -> APIRouter:
    router = APIRouter()

    @router.get("/staff/{rest:path}")
    def no_such_page(rest: str) -> None:
        # Without this the chat page, mounted at /, would answer.
        raise NotFound(f"没有这一页：{rest[:60]}")

    return router


def _run_with(app: FastAPI, runs: Runs) -> None:
    """Work off the queue of runs for as long as the app serves."""
    inner = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(served: FastAPI) -> AsyncIterator[None]:
        runs.open()
        try:
            async with inner(served):
                yield
        finally:
            runs.close()

    app.router.lifespan_context = lifespan
