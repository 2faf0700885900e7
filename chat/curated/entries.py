"""Curated answers as staff keep them, in the database."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Engine, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chat.database import Base, Moment
from corpus.document import Clause

VARIANTS = 50  # other wordings of one question
CITES = 20  # clauses of one answer


class CuratedRow(Base):
    """One curated answer."""

    __tablename__ = "curated"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    question: Mapped[str]
    variants: Mapped[list[str]] = mapped_column(JSON)
    text: Mapped[str]
    cites: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    enabled: Mapped[bool]
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Cite:
    """A clause that an answer cites, and the words of it; `digest` is of the clause as it read when approved."""

    document_id: str
    clause_id: str
    quote: str  # an exact slice of the clause
    digest: str


@dataclass(frozen=True)
class Entry:
    """A curated answer. `text` is one statement a line; [1] marks the first of `cites`."""

    question: str
    text: str
    cites: tuple[Cite, ...]
    variants: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None  # inclusive
    enabled: bool = True
    changed_by: str = ""
    changed_at: datetime | None = None
    id: str = ""

    @property
    def questions(self) -> tuple[str, ...]:
        """The question in all its wordings."""
        return (self.question, *self.variants)

    def holds(self, day: date) -> bool:
        """Whether it may be served on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.enabled and begun and (self.valid_until is None or day <= self.valid_until)


def digest_of(clause: Clause) -> str:
    """Changes when a character of the clause changes."""
    return hashlib.sha256(clause.text.encode()).hexdigest()[:16]


class CuratedStore:
    """The curated answers in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> list[Entry]:
        """Every entry, the last changed first."""
        with Session(self._engine) as session:
            rows = session.scalars(select(CuratedRow).order_by(CuratedRow.changed_at.desc(), CuratedRow.id))
            return [_entry(row) for row in rows]

    def find(self, entry_id: str) -> Entry | None:
        """The entry with this id."""
        with Session(self._engine) as session:
            row = session.get(CuratedRow, entry_id)
            return _entry(row) if row else None

    def save(self, entry: Entry, by: str) -> Entry:
        """Keep an entry, in place of an earlier one of the same id; as it was kept."""
        kept = replace(entry, id=entry.id or uuid.uuid4().hex, changed_by=by, changed_at=datetime.now(UTC))
        values: dict[str, Any] = asdict(kept) | {
            "variants": list(kept.variants),
            "cites": [asdict(cite) for cite in kept.cites],
        }
        with Session(self._engine) as session, session.begin():
            session.merge(CuratedRow(**values))
        return kept

    def remove(self, entry_id: str) -> None:
        """Delete an entry."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(CuratedRow).where(CuratedRow.id == entry_id))

    def version(self) -> tuple[int, datetime | None]:
        """Changes when anything was saved or removed."""
        with Session(self._engine) as session:
            count, last = session.execute(select(func.count(), func.max(CuratedRow.changed_at))).one()
            return count, last


def _entry(row: CuratedRow) -> Entry:
    return Entry(
        question=row.question,
        text=row.text,
        cites=tuple(Cite(**cite) for cite in row.cites),
        variants=tuple(row.variants),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        enabled=row.enabled,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        id=row.id,
    )
