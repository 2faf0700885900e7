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
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase

MIGRATIONS = Path(__file__).parent / "migrations"
FIRST = "0001"  # the tables that databases had before there were migrations
_LOCK = 7_210_301  # PostgreSQL's advisory lock under which one process at a time migrates


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
    """
    database = make_url(url)
    sqlite = database.get_backend_name() == "sqlite"
    if sqlite and database.database not in (None, "", ":memory:"):
        Path(str(database.database)).parent.mkdir(parents=True, exist_ok=True)
    # Chinese stays readable in the JSON columns, and can be searched there.
    engine = create_engine(
        url, json_serializer=partial(json.dumps, ensure_ascii=False), pool_pre_ping=not sqlite
    )
    if sqlite:
        event.listen(engine, "connect", _tune_sqlite)
    with _only_migrator(engine) as connection:
        migrate(connection)
    return engine


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
