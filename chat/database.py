"""The database: one base of all tables, an engine, and the migrations that bring it up to date."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    TypeDecorator,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

MIGRATIONS = Path(__file__).parent / "migrations"
FIRST = "0001"  # the tables that databases had before there were migrations
_LOCK = 7_210_301  # PostgreSQL's advisory lock under which one process at a time migrates


class DatabaseClosed(RuntimeError):  # noqa: N818 — a state of the installation, told to its user
    """The database cannot be opened. The message is for users, in Chinese."""


class Base(DeclarativeBase):
    """The one base of all tables."""


class Moment(TypeDecorator[datetime]):
    """A moment, in UTC in the database and out of it; SQLite and PostgreSQL forget zones in ways of their own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        """To the database; a moment without a zone is an error."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def open_engine(url: str) -> Engine:
    """Open the database at a SQLAlchemy URL and bring its tables up to date.

    The folder of an SQLite file is made. Several processes may open the same database at the same time.
    Raises DatabaseClosed.
    """
    try:
        engine = _engine(make_url(url))
        with _only_migrator(engine) as connection:
            migrate(connection)
    except ModuleNotFoundError as error:
        raise DatabaseClosed(
            f"数据库驱动 {error.name} 没有安装；PostgreSQL 请执行 pip install 'psycopg[binary]'"
        ) from error
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseClosed(f"数据库打不开，请检查 TIAOWEN_DATABASE_URL：{_brief(error)}") from error
    return engine


def _engine(url: URL) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and url.database not in (None, "", ":memory:"):
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")  # version 3, which is the one to install
    # Chinese stays readable in the JSON columns, and can be searched there.
    written = partial(json.dumps, ensure_ascii=False)
    engine = create_engine(url, json_serializer=written, pool_pre_ping=not sqlite)
    if sqlite:
        event.listen(engine, "connect", _tune_sqlite)
    return engine


def _brief(error: Exception) -> str:
    """The first line of what the driver says; never the URL, which may hold a password."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return said[0] if said and not isinstance(error, ArgumentError) else type(error).__name__


def migrate(connection: Connection) -> None:
    """Bring the tables up to date; a database from before the migrations is taken over as it is."""
    config = migrations_config(connection)
    tables = set(inspect(connection).get_table_names())
    if "answers" in tables and "alembic_version" not in tables:
        command.stamp(config, FIRST)
    command.upgrade(config, "heads")


def migrations_config(connection: Connection) -> Config:
    """What Alembic's commands take to work on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _only_migrator(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that no other process can be in at the same time."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # A table that is changed by copying it must not take along what refers to it.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        yield connection
        connection.commit()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _tune_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 — the driver's own type
    # WAL lets readers go on while an answer is written; NORMAL then risks only the last answers at a power cut.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
