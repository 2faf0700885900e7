"""Accounts of staff: names, roles, passwords (argon2)."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, Executable, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from chat.database import Base, Moment

SHORTEST = 8  # characters of a password
LONGEST = 200  # of a password; hashing takes its time
BUILT_IN = "staff"  # the account that is there from the first start
_NAME = re.compile(r"[\w.@-]{1,64}")


class Role(StrEnum):
    """What an account may do."""

    STAFF = "staff"  # everything
    READER = "reader"  # look, and change nothing

    @property
    def label(self) -> str:
        """As the pages call it."""
        return {"staff": "工作人员", "reader": "只读"}[self.value]


class AccountRow(Base):
    """One account."""

    __tablename__ = "accounts"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str]  # argon2's hash, with its parameters and salt
    created_at: Mapped[datetime] = mapped_column(Moment)
    signed_in_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class Account:
    """Who is signed in."""

    name: str
    role: Role
    signed_in_at: datetime | None = None

    @property
    def may_change(self) -> bool:
        """Whether it may do more than look."""
        return self.role is Role.STAFF


class AccountError(ValueError):
    """An account cannot be made or changed so; the message is Chinese."""


class Accounts:
    """The accounts in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex())

    def add(self, name: str, password: str, role: Role = Role.STAFF) -> None:
        """Make an account. Raises AccountError."""
        name = name.strip()
        if not _NAME.fullmatch(name):
            raise AccountError("用户名应为 1 到 64 个文字、字母、数字或 . _ @ -")
        row = AccountRow(name=name, role=role, password=self._hashed(password), created_at=datetime.now(UTC))
        with Session(self._engine) as session, session.begin():
            if session.get(AccountRow, name):
                raise AccountError(f"已有账号“{name}”；改密码请用 python -m chat.access password {name}")
            session.add(row)

    def change_password(self, name: str, password: str) -> None:
        """Give an account another password. Raises AccountError."""
        changed = update(AccountRow).where(AccountRow.name == name).values(password=self._hashed(password))
        self._change(changed.returning(AccountRow.name), name)

    def remove(self, name: str) -> None:
        """Delete an account, and with it its sessions. Raises AccountError."""
        self._change(delete(AccountRow).where(AccountRow.name == name).returning(AccountRow.name), name)

    def all(self) -> list[Account]:
        """The accounts by name."""
        with Session(self._engine) as session:
            return [_account(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name))]

    def find(self, name: str) -> Account | None:
        """The account of this name."""
        with Session(self._engine) as session:
            row = session.get(AccountRow, name)
            return _account(row) if row else None

    def verify(self, name: str, password: str) -> Account | None:
        """The account, where the password is its; a name that does not exist takes as long to refuse."""
        with Session(self._engine) as session, session.begin():
            row = session.get(AccountRow, name)
            if not self.matches(row.password if row else self._nobody, password) or row is None:
                return None
            if self._hasher.check_needs_rehash(row.password):
                row.password = self._hasher.hash(password)
            row.signed_in_at = datetime.now(UTC)
            return _account(row)

    def open_built_in(self, password: str) -> str:
        """Make sure that somebody can sign in; the password that was generated, to be told once, or nothing.

        `password` is that of the built-in account, from the settings; where it is empty and there is no
        account at all yet, one is generated.
        """
        row = self._built_in_hash()
        if password and row is None:
            self.add(BUILT_IN, password)
        elif password and row is not None and not self.matches(row, password):
            self.change_password(BUILT_IN, password)
        elif not password and not self.all():
            generated = generate_password()
            self.add(BUILT_IN, generated)
            return generated
        return ""

    def matches(self, hashed: str, password: str) -> bool:
        """Whether a password is the one that was hashed."""
        try:
            return self._hasher.verify(hashed, password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False

    def _built_in_hash(self) -> str | None:
        with Session(self._engine) as session:
            return session.scalar(select(AccountRow.password).where(AccountRow.name == BUILT_IN))

    def _hashed(self, password: str) -> str:
        if not SHORTEST <= len(password) <= LONGEST:
            raise AccountError(f"密码应为 {SHORTEST} 到 {LONGEST} 个字符")
        return self._hasher.hash(password)

    def _change(self, statement: Executable, name: str) -> None:
        with Session(self._engine) as session, session.begin():
            if session.execute(statement).first() is None:
                raise AccountError(f"没有账号“{name}”")


def generate_password() -> str:
    """Four groups of five characters that are not mistaken for one another: 99 bits."""
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))


def _account(row: AccountRow) -> Account:
    return Account(row.name, Role(row.role), row.signed_in_at)
