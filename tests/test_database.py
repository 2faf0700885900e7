"""Migrations: a new database, one from before them, and several processes at once."""

import multiprocessing
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

import chat.access.keys
import chat.access.sessions
import chat.records  # noqa: F401 — every table is known
from chat.database import Base, Moment, open_engine
from chat.records import Records

OLD = """
CREATE TABLE answers (id VARCHAR NOT NULL, asked_at DATETIME NOT NULL, channel VARCHAR NOT NULL,
    question VARCHAR NOT NULL, refused BOOLEAN NOT NULL, reason VARCHAR, body JSON NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_answers_asked_at ON answers (asked_at);
CREATE TABLE feedback (answer_id VARCHAR NOT NULL, given_at DATETIME NOT NULL, vote INTEGER NOT NULL,
    reason VARCHAR NOT NULL, PRIMARY KEY (answer_id),
    FOREIGN KEY(answer_id) REFERENCES answers (id) ON DELETE CASCADE);
INSERT INTO answers VALUES ('a1', '2025-01-02 03:04:05.000000', 'api', '多少家？', 0, NULL, '{"answer": "60家"}');
INSERT INTO feedback VALUES ('a1', '2025-01-02 03:05:05.000000', -1, '不全');
"""


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/deep/records.db"


def test_a_new_database_has_the_tables_that_the_code_knows(url):
    engine = open_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_database_from_before_the_migrations_is_taken_over_whole(tmp_path):
    url = f"sqlite:///{tmp_path}/records.db"
    old = create_engine(url)
    with old.begin() as connection:
        for statement in filter(str.strip, OLD.split(";")):
            connection.execute(text(statement))
    records = Records(url)
    found = records.find("a1")
    assert found is not None
    assert (found.question, found.body, found.vote_reason) == ("多少家？", {"answer": "60家"}, "不全")
    assert found.asked_at == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert "accounts" in inspect(records.engine).get_table_names()
    with records.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_opening_again_changes_nothing(url):
    Records(url).keep({"id": "a1", "refused": False, "reason": None}, "问", "api")
    assert Records(url).find("a1") is not None


def test_processes_that_start_together_migrate_once(url):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(_tables, [url] * 3) == [_tables(url)] * 3


def _tables(url):
    return sorted(inspect(open_engine(url)).get_table_names())


def test_a_moment_keeps_its_instant_and_needs_a_zone():
    moment, dialect = Moment(), create_engine("sqlite://").dialect
    noon = datetime(2025, 1, 1, 12, tzinfo=timezone(timedelta(hours=8)))
    stored = moment.process_bind_param(noon, dialect)
    assert stored is not None
    assert (stored.hour, stored) == (4, noon)
    assert moment.process_result_value(stored.replace(tzinfo=None), dialect) == noon
    with pytest.raises(ValueError, match="zone"):
        moment.process_bind_param(datetime(2025, 1, 1), dialect)
