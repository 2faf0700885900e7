"""The answers on record as staff read them: searched, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine, Row, Select, case, func, or_, select
from sqlalchemy.orm import Session

from chat.records import AnswerRow, FeedbackRow

STATES = {
    "answered": "已回答",
    "refused": "未回答",
    "down": "没有帮助",
    "up": "有帮助",
    "curated": "标准答案",
}
ROWS = 50  # entries on one page
Query = TypeVar("Query", bound="Select[*tuple[Any, ...]]")


@dataclass(frozen=True)
class Wanted:
    """What staff look for; empty means any."""

    q: str = ""  # words of the question or of the reason of a vote
    state: str = ""  # one of STATES
    channel: str = ""
    since: date | None = None
    until: date | None = None  # inclusive


@dataclass(frozen=True)
class Entry:
    """One line of the logbook."""

    id: str
    asked_at: datetime
    channel: str
    question: str
    refused: bool
    reason: str | None
    origin: str
    took_ms: float
    vote: int  # 1, -1, or 0
    vote_reason: str


_COLUMNS = (
    AnswerRow.id,
    AnswerRow.asked_at,
    AnswerRow.channel,
    AnswerRow.question,
    AnswerRow.refused,
    AnswerRow.reason,
    AnswerRow.origin,
    AnswerRow.took_ms,
    func.coalesce(FeedbackRow.vote, 0),
    func.coalesce(FeedbackRow.reason, ""),
)  # not the body: it is the bulk, and a list does not show it
_NEWEST = (AnswerRow.asked_at.desc(), AnswerRow.id.desc())
_CONDITIONS = {
    "answered": AnswerRow.refused.is_(False),
    "refused": AnswerRow.refused.is_(True),
    "down": FeedbackRow.vote == -1,
    "up": FeedbackRow.vote == 1,
    "curated": AnswerRow.origin == "curated",
}


class Logbook:
    """Reads the database that `chat.records.Records` writes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(self, wanted: Wanted, number: int = 1, rows: int = ROWS) -> tuple[list[Entry], int]:
        """The entries of a page (from 1), newest first, and how many there are in all."""
        found = _where(select(AnswerRow.id, AnswerRow.asked_at), wanted).order_by(*_NEWEST)
        # The ids of a page come from an index alone, however far down it is; only its own rows are read.
        ids = found.limit(rows).offset((max(number, 1) - 1) * rows).subquery()
        query = _with_votes(select(*_COLUMNS).join(ids, ids.c.id == AnswerRow.id)).order_by(*_NEWEST)
        with Session(self._engine) as session:
            total = session.scalar(_where(select(func.count()).select_from(AnswerRow), wanted)) or 0
            return [_entry(row) for row in session.execute(query)], total

    def each(self, wanted: Wanted) -> Iterator[Entry]:
        """All entries, newest first, fetched as they are read."""
        query = _where(select(*_COLUMNS), wanted, votes=True).order_by(*_NEWEST)
        with Session(self._engine) as session:
            for row in session.execute(query.execution_options(yield_per=500)):
                yield _entry(row)

    def channels(self) -> list[str]:
        """The channels that questions came by."""
        with Session(self._engine) as session:
            return sorted(session.scalars(select(AnswerRow.channel).distinct()))

    def counts(self, since: date) -> dict[str, int]:
        """How many questions there were from a day on, by state; under "" all of them."""
        names = ("", *_CONDITIONS)
        sums = [func.count(), *(func.sum(case((each, 1), else_=0)) for each in _CONDITIONS.values())]
        query = _with_votes(select(*sums).select_from(AnswerRow))
        with Session(self._engine) as session:
            row = session.execute(query.where(AnswerRow.asked_at >= _midnight(since))).one()
            return {name: int(count or 0) for name, count in zip(names, row, strict=True)}


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(*row)


def _with_votes(query: Query) -> Query:
    return query.outerjoin(FeedbackRow, FeedbackRow.answer_id == AnswerRow.id)


def _where(query: Query, wanted: Wanted, *, votes: bool = False) -> Query:
    if votes or wanted.q.strip() or wanted.state in ("up", "down"):
        query = _with_votes(query)
    for word in wanted.q.split():
        query = query.where(
            or_(
                AnswerRow.question.icontains(word, autoescape=True),
                FeedbackRow.reason.icontains(word, autoescape=True),
            )
        )
    if wanted.state in _CONDITIONS:
        query = query.where(_CONDITIONS[wanted.state])
    if wanted.channel:
        query = query.where(AnswerRow.channel == wanted.channel)
    if wanted.since:
        query = query.where(AnswerRow.asked_at >= _midnight(wanted.since))
    if wanted.until:
        query = query.where(AnswerRow.asked_at < _midnight(wanted.until + timedelta(days=1)))
    return query


def _midnight(day: date) -> datetime:
    """The beginning of a day where the server stands."""
    return datetime.combine(day, time()).astimezone()
