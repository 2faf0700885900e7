"""Answers and votes on record."""

import asyncio
import shutil
import tempfile
import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert

import chat.access.keys  # noqa: F401 — every table is known
from chat.access.accounts import Accounts
from chat.access.sessions import Sessions
from chat.curated.entries import Cite, CuratedStore, Entry
from chat.database import Base
from chat.logbook import Logbook, Wanted
from chat.records import AnswerRow, Records
from chat.retention import forget_old

BODY = {"id": "a1", "answer": "60家", "refused": False, "reason": None, "citations": [{"marker": 1}]}


@pytest.fixture
def records(tmp_path):
    opened = Records(f"sqlite:///{tmp_path}/deep/records.db")
    yield opened
    opened.close()


def test_an_answer_comes_back_as_it_was_given(records):
    records.keep(BODY, "多少家？", "api")
    found = records.find("a1")
    assert found is not None
    assert (found.question, found.channel, found.body, found.vote) == ("多少家？", "api", BODY, 0)
    assert timedelta(0) <= datetime.now(UTC) - found.asked_at < timedelta(minutes=1)


def test_an_unknown_answer_is_none(records):
    assert records.find("a2") is None


def test_the_last_vote_counts(records):
    records.keep(BODY, "多少家？", "chat")
    assert records.vote("a1", 1)
    assert records.vote("a1", -1, "条款不对")
    found = records.find("a1")
    assert found is not None
    assert (found.vote, found.vote_reason) == (-1, "条款不对")


def test_a_vote_on_an_unknown_answer_is_not_recorded(records):
    assert not records.vote("a2", 1)


def test_old_answers_are_forgotten_with_their_votes(records):
    now = datetime.now(UTC)
    records.keep(BODY, "旧", "api", at=now - timedelta(days=10))
    records.keep(BODY | {"id": "a2"}, "新", "api", at=now)
    records.vote("a1", 1)
    assert records.forget(now - timedelta(days=5)) == 1
    assert records.find("a1") is None
    assert records.find("a2") is not None
    records.keep(BODY, "又问", "api")
    again = records.find("a1")
    assert again is not None
    assert again.vote == 0


def test_records_outlive_the_process(tmp_path):
    url = f"sqlite:///{tmp_path}/records.db"
    first = Records(url)
    first.keep(BODY, "多少家？", "api")
    first.close()
    assert Records(url).find("a1") is not None


# --- masking, circumstances, the logbook


def body(number, **changes):
    return {"id": f"a{number}", "answer": "60家", "refused": False, "reason": None, "took_ms": 5.0} | changes


def test_personal_data_is_not_written_down(records):
    history = [{"role": "user", "content": "我叫李雷，13812345678"}]
    said = "没有找到与“13912345678”相符的规定；咨询电话0531-86012345。"
    records.keep(body(1, answer=said), "13912345678能办吗", "api", request={"history": history})
    records.vote("a1", -1, "回我 a@b.cn")
    found = records.find("a1")
    assert found.question == "［电话］能办吗"
    assert found.body["answer"] == "没有找到与“［电话］”相符的规定；咨询电话0531-86012345。"
    assert found.request["history"][0]["content"] == "我叫李雷，［电话］"
    assert found.vote_reason == "回我 ［邮箱］"


def test_masking_can_be_switched_off(tmp_path):
    records = Records(f"sqlite:///{tmp_path}/r.db", masked=False)
    records.keep(body(1), "13912345678能办吗", "api")
    assert records.find("a1").question == "13912345678能办吗"


@pytest.fixture
def logbook(records):
    days = [datetime(2025, 3, day, 12).astimezone() for day in (1, 2, 3)]
    records.keep(body(1), "山东多少家？", "api", days[0])
    records.keep(body(2, refused=True, reason="no_region"), "江苏 100%_够吗？", "chat", days[1])
    records.keep(body(3, origin="curated"), "湖北多少家？", "chat", days[2])
    records.vote("a1", 1, "引用准确")
    records.vote("a3", -1)
    return Logbook(records.engine)


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(), ["a3", "a2", "a1"]),
        (Wanted(q="多少家"), ["a3", "a1"]),
        (Wanted(q="引用 山东"), ["a1"]),
        (Wanted(q="100%_"), ["a2"]),
        (Wanted(q="1_0"), []),
        (Wanted(state="refused"), ["a2"]),
        (Wanted(state="answered", channel="chat"), ["a3"]),
        (Wanted(state="down"), ["a3"]),
        (Wanted(state="up"), ["a1"]),
        (Wanted(state="curated"), ["a3"]),
        (Wanted(since=date(2025, 3, 2), until=date(2025, 3, 2)), ["a2"]),
    ],
)
def test_the_logbook_is_searched(logbook, wanted, ids):
    found, total = logbook.page(wanted)
    assert ([entry.id for entry in found], total) == (ids, len(ids))
    assert [entry.id for entry in logbook.each(wanted)] == ids


def test_the_logbook_is_read_by_pages_and_counted(logbook):
    found, total = logbook.page(Wanted(), 2, rows=2)
    assert ([entry.id for entry in found], total) == (["a1"], 3)
    assert (found[0].vote, found[0].vote_reason, found[0].took_ms) == (1, "引用准确", 5.0)
    assert logbook.channels() == ["api", "chat"]
    counts = logbook.counts(date(2025, 3, 2))
    assert (counts[""], counts["refused"], counts["up"], counts["down"]) == (2, 1, 0, 1)


def test_ten_thousand_records_are_paged_and_searched_quickly(records):
    rows = [
        {
            "id": f"n{n}",
            "asked_at": datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=n),
            "channel": "api",
            "question": f"第{n}个问题",
            "refused": n % 2 == 0,
            "origin": "quote",
            "took_ms": 1.0,
            "body": body(n, answer="政策" * 300),
        }
        for n in range(10_000)
    ]
    with records.engine.begin() as connection:
        connection.execute(insert(AnswerRow), rows)
    logbook = Logbook(records.engine)
    started = time.perf_counter()
    last, total = logbook.page(Wanted(), 200)
    found, hits = logbook.page(Wanted(q="777"))
    took = time.perf_counter() - started
    assert (total, last[-1].question, hits) == (10_000, "第0个问题", len(found))
    assert found[0].question == "第9777个问题"
    assert took < 1.0  # milliseconds, but for a machine that is busy with other tests


def test_old_answers_are_forgotten_while_the_server_runs(records, monkeypatch):
    records.keep(body(1), "旧", "api", datetime.now(UTC) - timedelta(days=31))
    records.keep(body(2), "新", "api")

    async def look():
        task = asyncio.create_task(forget_old(records, 30))
        for _ in range(200):
            await asyncio.sleep(0.01)
            if records.find("a1") is None:
                break
        task.cancel()

    asyncio.run(look())
    assert records.find("a1") is None
    assert records.find("a2") is not None


# --- the same on PostgreSQL


@pytest.fixture(scope="module")
def postgresql():
    server = pytest.importorskip("pgserver")
    folder = tempfile.mkdtemp(prefix="pg")  # short: the path of a socket may have 100 characters
    started = server.get_server(folder, cleanup_mode="delete")
    yield started.get_uri()
    started.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def test_it_all_runs_the_same_on_postgresql(postgresql):
    records = Records(postgresql)
    Records(postgresql).close()  # a second process finds everything done
    asked = datetime(2025, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=8)))
    records.keep(
        body(1), "山东多少家？13812345678", "api", asked, request={"as_of": "2025-01-01"}, usage={"in": 1}
    )
    records.vote("a1", -1, "不全")
    records.vote("a1", 1, "补上了")
    found = records.find("a1")
    assert (found.question, found.vote, found.asked_at) == ("山东多少家？［电话］", 1, asked)
    assert (found.body["answer"], found.request) == ("60家", {"as_of": "2025-01-01"})
    entries, total = Logbook(records.engine).page(Wanted(q="山东", state="up", since=date(2025, 3, 1)))
    assert ([entry.id for entry in entries], total) == (["a1"], 1)
    store = CuratedStore(records.engine)
    kept = store.save(Entry("问", "答", (Cite("d", "c", "q", "x"),), ("另问",), date(2025, 1, 1)), "wang")
    assert store.find(kept.id) == kept
    assert store.version()[0] == 1
    accounts = Accounts(records.engine)
    accounts.add("wang", "long enough")
    sessions = Sessions(records.engine, b"key")
    cookie = sessions.open(accounts.find("wang"))
    accounts.remove("wang")
    assert sessions.find(cookie) is None
    assert records.forget(datetime(2025, 3, 2, tzinfo=UTC)) == 1
    with records.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    records.close()
