"""The answers on record: searched, read, exported, turned into cases and curated answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from markupsafe import Markup

from chat import render
from chat.contract import AskResponse
from chat.logbook import ROWS, STATES, Entry, Wanted
from eval import views
from eval.sheets import guarded
from eval.staff.web import NotFound, OfSite, Signed, headers, page

DAYS = 7  # that the figures at the top look back
CHANNELS = {"chat": "网页", "api": "接口"}
Text = Annotated[str, Query(max_length=100)]


def record_router() -> APIRouter:
    """The routes of the tab 问答记录."""
    router = APIRouter(prefix="/staff")
    router.get("/records")(records)
    router.get("/records.csv")(records_csv)
    router.get("/records/{answer_id}")(record)
    return router


def records(
    request: Request,
    site: OfSite,
    _: Signed,
    q: Text = "",
    state: Text = "",
    channel: Text = "",
    since: Text = "",
    until: Text = "",
    page_: Annotated[str, Query(alias="page", max_length=9)] = "1",
) -> Response:
    """A page of the records."""
    wanted = _wanted(q, state, channel, since, until)
    number = int(page_) if page_.isascii() and page_.isdigit() else 1
    found, total = site.logbook.page(wanted, number)
    return page(
        request,
        "staff/records.html",
        here="records",
        title="问答记录",
        wanted=wanted,
        states=STATES,
        channels=site.logbook.channels(),
        channel_name=channel_name,
        reason_name=views.reason_name,
        counts=site.logbook.counts(date.today() - timedelta(days=DAYS - 1)),
        days=DAYS,
        entries=found,
        total=total,
        number=number,
        pages=max(1, -(-total // ROWS)),
    )


def records_csv(
    site: OfSite,
    _: Signed,
    q: Text = "",
    state: Text = "",
    channel: Text = "",
    since: Text = "",
    until: Text = "",
) -> Response:
    """The records found, as a CSV that Excel opens."""
    lines = _csv(site.logbook.each(_wanted(q, state, channel, since, until)))
    disposition = {
        "Content-Disposition": "attachment; filename*=UTF-8''%E9%97%AE%E7%AD%94%E8%AE%B0%E5%BD%95.csv"
    }
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers() | disposition)


def record(request: Request, site: OfSite, _: Signed, answer_id: str) -> Response:
    """One answer as it was given, with what people thought of it."""
    kept = site.pool.records.find(answer_id)
    if kept is None:
        raise NotFound("没有这条问答记录，可能已超过保存期限。")
    body = AskResponse.model_validate(kept.body)
    return page(
        request,
        "staff/record.html",
        here="records",
        title="问答记录",
        kept=kept,
        body=body,
        answer=Markup(render.answer_html(body, site.root, tools=False)),
        channel=channel_name(kept.channel),
        reason=views.reason_name(body.reason),
        origin=views.ORIGINS.get(body.origin, body.origin),
    )


def channel_name(channel: str) -> str:
    """A channel as staff know it."""
    return CHANNELS.get(channel, channel)


def _wanted(q: str, state: str, channel: str, since: str, until: str) -> Wanted:
    return Wanted(q, state if state in STATES else "", channel, _day(since), _day(until))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _csv(entries: Iterator[Entry]) -> Iterator[str]:
    yield "\ufeff"
    yield _line(("时间", "来源", "问题", "结果", "原因", "评价", "评价理由", "耗时（毫秒）", "编号"))
    for entry in entries:
        yield _line(
            (
                f"{entry.asked_at.astimezone():%Y-%m-%d %H:%M:%S}",
                channel_name(entry.channel),
                entry.question,
                "未回答" if entry.refused else views.ORIGINS.get(entry.origin, "已回答"),
                views.reason_name(entry.reason),
                {1: "有帮助", -1: "没有帮助"}.get(entry.vote, ""),
                entry.vote_reason,
                f"{entry.took_ms:.0f}",
                entry.id,
            )
        )


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([guarded(cell) for cell in cells])
    return text.getvalue()
