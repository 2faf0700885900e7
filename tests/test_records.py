"""Answers and votes on record."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.records import Records

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
