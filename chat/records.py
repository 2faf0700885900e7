"""Answers and what people thought of them, on record: for complaints, reloads and printing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, DateTime, Engine, ForeignKey, create_engine, delete, event, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """The one base of all tables."""


class AnswerRow(Base):
    """One answer, as the HTTP API gave it."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    channel: Mapped[str]  # api, chat
    question: Mapped[str]
    refused: Mapped[bool]
    reason: Mapped[str | None]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class FeedbackRow(Base):
    """The last vote on an answer."""

    __tablename__ = "feedback"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True)
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    vote: Mapped[int]  # 1 or -1
    reason: Mapped[str]


@dataclass(frozen=True)
class Recorded:
    """An answer on record. `body` has the fields of the response to POST /api/ask."""

    id: str
    asked_at: datetime
    channel: str
    question: str
    body: dict[str, Any]
    vote: int = 0  # 1, -1, or 0 where nobody voted
    vote_reason: str = ""


class Records:
    """The database of answers and feedback."""

    def __init__(self, url: str) -> None:
        """Open the database at a SQLAlchemy URL; the folder of an SQLite file and the tables are made."""
        database = make_url(url)
        if database.get_backend_name() == "sqlite" and database.database not in (None, "", ":memory:"):
            Path(str(database.database)).parent.mkdir(parents=True, exist_ok=True)
        self._engine = create_engine(url)
        if database.get_backend_name() == "sqlite":
            event.listen(self._engine, "connect", _tune_sqlite)
        Base.metadata.create_all(self._engine)

    @property
    def engine(self) -> Engine:
        """The engine, for the other parts that keep tables of their own."""
        return self._engine

    def keep(self, body: dict[str, Any], question: str, channel: str, at: datetime | None = None) -> None:
        """Put an answer on record; `body` as the HTTP API gave it, `at` is now unless told."""
        row = AnswerRow(
            id=body["id"],
            asked_at=at or datetime.now(UTC),
            channel=channel,
            question=question,
            refused=body["refused"],
            reason=body["reason"],
            body=body,
        )
        with Session(self._engine) as session, session.begin():
            session.add(row)

    def find(self, answer_id: str) -> Recorded | None:
        """The answer with this id, None where there is none (any longer)."""
        with Session(self._engine) as session:
            row = session.get(AnswerRow, answer_id)
            if row is None:
                return None
            vote = session.get(FeedbackRow, answer_id)
            return Recorded(
                row.id,
                row.asked_at.replace(tzinfo=UTC),  # SQLite forgets the zone; all is written in UTC
                row.channel,
                row.question,
                row.body,
                vote.vote if vote else 0,
                vote.reason if vote else "",
            )

    def vote(self, answer_id: str, vote: int, reason: str = "") -> bool:
        """Record a vote, in place of an earlier one; False where the answer is not on record."""
        with Session(self._engine) as session, session.begin():
            if session.get(AnswerRow, answer_id) is None:
                return False
            row = FeedbackRow(answer_id=answer_id, given_at=datetime.now(UTC), vote=vote, reason=reason)
            session.merge(row)
            return True

    def forget(self, before: datetime) -> int:
        """Delete the answers given before a moment, their votes with them; how many answers went."""
        old = select(AnswerRow.id).where(AnswerRow.asked_at < before)
        with Session(self._engine) as session, session.begin():
            session.execute(delete(FeedbackRow).where(FeedbackRow.answer_id.in_(old)))
            gone = session.execute(
                delete(AnswerRow).where(AnswerRow.asked_at < before).returning(AnswerRow.id)
            )
            return len(gone.all())

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def _tune_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 — the driver's own type
    # WAL lets readers go on while an answer is written; NORMAL then risks only the last answers at a power cut.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
