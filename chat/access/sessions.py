"""Sessions of staff: a signed cookie in the browser, a row in the database, so that signing out ends it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, Signer
from sqlalchemy import Engine, ForeignKey, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from chat.access.accounts import Account, AccountRow, Role
from chat.database import Base, Moment

HOURS = 12  # that a session lasts: a working day


class SessionRow(Base):
    """One session. The id is the hash of what the cookie carries: a copy of the database opens no session."""

    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str] = mapped_column(
        String(64), ForeignKey("accounts.name", ondelete="CASCADE"), index=True
    )
    password: Mapped[str] = mapped_column(String(64))  # of the account's: another password ends the session
    csrf: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class SignedIn:
    """A session: whose it is, and the token that its forms must bring back."""

    account: Account
    csrf: str


class Sessions:
    """The sessions in the database; cookies are signed with `key`."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._engine = engine
        self._signer = Signer(key, salt="staff-session")

    def open(self, account: Account) -> str:
        """Begin a session; the value of its cookie. Sessions that are over are cleared away."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        with Session(self._engine) as session, session.begin():
            session.execute(delete(SessionRow).where(SessionRow.expires_at < now))
            row = session.get_one(AccountRow, account.name)
            session.add(
                SessionRow(
                    id=_hashed(token),
                    account=row.name,
                    password=_hashed(row.password),
                    csrf=secrets.token_urlsafe(24),
                    expires_at=now + timedelta(hours=HOURS),
                )
            )
        return self._signer.sign(token).decode()

    def find(self, cookie: str) -> SignedIn | None:
        """The session of a cookie; None where it is forged, over, ended, or its account is gone."""
        token = self._token(cookie)
        if token is None:
            return None
        with Session(self._engine) as session:
            row = session.get(SessionRow, _hashed(token))
            account = session.get(AccountRow, row.account) if row else None
            if row is None or account is None or row.expires_at < datetime.now(UTC):
                return None
            if row.password != _hashed(account.password):
                return None
            return SignedIn(Account(account.name, Role(account.role), account.signed_in_at), row.csrf)

    def close(self, cookie: str) -> None:
        """End a session."""
        token = self._token(cookie)
        if token is not None:
            with Session(self._engine) as session, session.begin():
                session.execute(delete(SessionRow).where(SessionRow.id == _hashed(token)))

    def _token(self, cookie: str) -> str | None:
        try:
            return self._signer.unsign(cookie).decode()
        except (BadSignature, UnicodeError):
            return None


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
