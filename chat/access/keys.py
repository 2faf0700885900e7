"""API keys of programs: shown once, stored hashed, limited to scopes, revoked at any time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from chat.database import Base, Moment

PREFIX = "tw_"
NAME_CHARACTERS = 64
_SECRET_BYTES = 32  # nothing to guess: a fast hash is enough
_ID_BYTES = 5
_SEEN = timedelta(minutes=1)  # how exactly the last use is noted; not a write for every question


class Scope(StrEnum):
    """What a key opens."""

    ASK = "ask"
    DOCUMENTS = "documents"

    @property
    def label(self) -> str:
        """As people call it."""
        return {"ask": "提问", "documents": "读取文件"}[self.value]


class KeyRow(Base):
    """One key; the key itself is nowhere, only its hash."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)  # the key's first characters
    hashed: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(NAME_CHARACTERS))  # whose it is
    scopes: Mapped[str] = mapped_column(String(64))  # separated by commas
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class Key:
    """What is known of a key."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def state(self) -> str:
        """有效, 已吊销 or 已过期."""
        if self.revoked_at:
            return "已吊销"
        return "已过期" if self.expires_at and self.expires_at <= datetime.now(UTC) else "有效"


class ApiKeyError(ValueError):
    """A key cannot be made or changed so. The message is for staff, in Chinese."""


class KeyRefused(PermissionError):  # noqa: N818 — a state, told to the caller
    """A program may not. The message is for its author, in Chinese; `status` is 401 or 403."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Keys:
    """The keys in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, name: str, scopes: Iterable[Scope] = tuple(Scope), days: int | None = None) -> str:
        """Make a key, good for some days or until it is revoked; it is told now and never again.

        Raises ApiKeyError.
        """
        name, given = name.strip(), sorted(set(scopes))
        if not 1 <= len(name) <= NAME_CHARACTERS:
            raise ApiKeyError(f"密钥的用途应为 1 到 {NAME_CHARACTERS} 个字")
        if not given:
            raise ApiKeyError("密钥至少要有一项权限")
        if days is not None and not 1 <= days <= 3650:
            raise ApiKeyError("有效天数应为 1 到 3650")
        now = datetime.now(UTC)
        identity = secrets.token_hex(_ID_BYTES)
        key = f"{PREFIX}{identity}_{secrets.token_urlsafe(_SECRET_BYTES)}"
        row = KeyRow(
            id=identity,
            hashed=_hashed(key),
            name=name,
            scopes=",".join(given),
            created_at=now,
            expires_at=now + timedelta(days=days) if days else None,
        )
        with Session(self._engine) as session, session.begin():
            session.add(row)
        return key

    def all(self) -> list[Key]:
        """Every key, the newest first, those that are revoked or over included."""
        with Session(self._engine) as session:
            rows = session.scalars(select(KeyRow).order_by(KeyRow.created_at.desc()))
            return [_key(row) for row in rows]

    def revoke(self, identity: str) -> None:
        """End a key at once. Raises ApiKeyError where there is none, or it is revoked already."""
        ended = (
            update(KeyRow)
            .where(KeyRow.id == identity, KeyRow.revoked_at.is_(None))
            .values(revoked_at=datetime.now(UTC))
            .returning(KeyRow.id)
        )
        with Session(self._engine) as session, session.begin():
            if session.execute(ended).first() is None:
                raise ApiKeyError(f"没有密钥“{identity}”，或已吊销")

    def find(self, key: str) -> Key | None:
        """The key, where it is valid; its use is noted."""
        identity = key.removeprefix(PREFIX).partition("_")[0]
        with Session(self._engine) as session, session.begin():
            row = session.get(KeyRow, identity)
            if row is None or not secrets.compare_digest(row.hashed, _hashed(key)):
                return None
            found, now = _key(row), datetime.now(UTC)
            if found.state != "有效":
                return None
            if row.used_at is None or now - row.used_at > _SEEN:
                row.used_at = now
            return found


def _key(row: KeyRow) -> Key:
    return Key(
        row.id,
        row.name,
        frozenset(Scope(scope) for scope in row.scopes.split(",")),
        row.created_at,
        row.expires_at,
        row.used_at,
        row.revoked_at,
    )


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
