"""Answers and what people thought of them, on record: for complaints, reloads, printing and the staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Engine, Float, ForeignKey, Index, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chat.database import Base, Moment, open_engine
from chat.masking import mask, personal


class AnswerRow(Base):
    """One answer, as the HTTP API gave it."""

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_newest", "asked_at", "id"),)  # the order in which staff page

    id: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    channel: Mapped[str]  # api, chat
    question: Mapped[str]
    refused: Mapped[bool]
    reason: Mapped[str | None]
    origin: Mapped[str]  # quote, model, curated
    took_ms: Mapped[float] = mapped_column(Float)
    request: Mapped[dict[str, Any] | None] = mapped_column(
        JSON
    )  # history, filters, as_of, where there were any
    usage: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # what a language model used, such as tokens
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


_KEPT = insert(AnswerRow)  # built once: every answer waits for this


class FeedbackRow(Base):
    """The last vote on an answer."""

    __tablename__ = "feedback"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True)
    given_at: Mapped[datetime] = mapped_column(Moment)
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
    request: dict[str, Any] = field(default_factory=dict)  # history, filters, as_of
    usage: dict[str, Any] | None = None  # of a language model, where one was asked


class Records:
    """The database of answers and feedback."""

    def __init__(self, url: str, *, masked: bool = True) -> None:
        """Open the database at a SQLAlchemy URL (`chat.database.open_engine`).

        `masked`: phone numbers, ID numbers and e-mail addresses that people type are not written down.
        """
        self._engine = open_engine(url)
        self._masked = masked

    @property
    def engine(self) -> Engine:
        """The engine, for the other parts that keep tables of their own."""
        return self._engine

    def keep(
        self,
        body: dict[str, Any],
        question: str,
        channel: str,
        at: datetime | None = None,
        *,
        request: dict[str, Any] | None = None,
        usage: dict[str, Any] | None = None,
    ) -> None:
        """Put an answer on record; `body` as the HTTP API gave it, `at` is now unless told.

        `request`: history, filters and as_of of the question. `usage`: what a language model used.
        """
        if self._masked:
            known = personal(question)
            # What the answer repeats of the question is masked with it; the text of policies is left alone.
            body = body | {"answer": mask(body["answer"], known)} if known and "answer" in body else body
            question, request = mask(question, known), _masked(request)
        row = {
            "id": body["id"],
            "asked_at": at or datetime.now(UTC),
            "channel": channel,
            "question": question,
            "refused": body["refused"],
            "reason": body["reason"],
            "origin": body.get("origin", "quote"),
            "took_ms": body.get("took_ms", 0.0),
            "request": request or None,
            "usage": usage,
            "body": body,
        }
        with self._engine.begin() as connection:  # without the unit of work
            connection.execute(_KEPT, row)

    def find(self, answer_id: str) -> Recorded | None:
        """The answer with this id, None where there is none (any longer)."""
        with Session(self._engine) as session:
            row = session.get(AnswerRow, answer_id)
            if row is None:
                return None
            vote = session.get(FeedbackRow, answer_id)
            return Recorded(
                row.id,
                row.asked_at,
                row.channel,
                row.question,
                row.body,
                vote.vote if vote else 0,
                vote.reason if vote else "",
                row.request or {},
                row.usage,
            )

    def vote(self, answer_id: str, vote: int, reason: str = "") -> bool:
        """Record a vote, in place of an earlier one; False where the answer is not on record."""
        reason = mask(reason) if self._masked else reason
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


def _masked(request: dict[str, Any] | None) -> dict[str, Any] | None:
    if not request or not request.get("history"):
        return request
    return request | {"history": [turn | {"content": mask(turn["content"])} for turn in request["history"]]}
