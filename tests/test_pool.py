"""Answers in a bounded pool of threads."""

import asyncio
import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from chat.api import create_app
from chat.contract import AskRequest
from chat.meters import Meters
from chat.pool import AnswerFailed, AnswerPool, Overloaded
from chat.records import Records
from tests.standin import StandIn, corpus


@pytest.fixture
def assistant():
    return StandIn(corpus())


def test_statements_come_while_the_answer_is_written(assistant, tmp_path):
    pool = AnswerPool(assistant, Records(f"sqlite:///{tmp_path}/r.db"), Meters())

    async def first_then_rest():
        items = pool.stream(AskRequest(question="慢：东海省的目标？"))
        first = await asyncio.wait_for(anext(items), 5)  # the stand-in waits until the gate opens
        assistant.gate.set()
        return first, [item async for item in items]

    first, rest = asyncio.run(first_then_rest())
    assert first.text == "60家左右"
    assert len(rest) == 3


def test_more_questions_than_may_wait_are_turned_away(assistant, tmp_path):
    app = create_app(assistant, Records(f"sqlite:///{tmp_path}/r.db"), workers=1, waiting=1)
    with TestClient(app) as client, ThreadPoolExecutor(2) as askers:
        waiting = [askers.submit(client.post, "/api/ask", json={"question": "慢"}) for _ in range(2)]
        deadline = time.monotonic() + 5
        while app.state.pool.running < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        response = client.post("/api/ask", json={"question": "再来一个"})
        assistant.gate.set()
        assert [each.result().status_code for each in waiting] == [200, 200]
        assert client.post("/api/ask", json={"question": "现在呢"}).status_code == 200
    assert (response.status_code, response.json()) == (503, {"detail": "当前提问较多，请稍后再试。"})
    assert response.headers["retry-after"] == "5"


def test_an_answer_that_takes_too_long_is_given_up(assistant, tmp_path):
    pool = AnswerPool(assistant, Records(f"sqlite:///{tmp_path}/r.db"), Meters(), seconds=0.2)
    with pytest.raises(AnswerFailed, match="超时"):
        asyncio.run(pool.ask(AskRequest(question="慢")))
    assistant.gate.set()


def test_a_reader_who_leaves_frees_the_worker(assistant, tmp_path):
    records = Records(f"sqlite:///{tmp_path}/r.db")
    pool = AnswerPool(assistant, records, Meters(), workers=1, waiting=0)

    async def leave_and_ask_again():
        async with contextlib.aclosing(pool.stream(AskRequest(question="慢"))) as items:
            await anext(items)
            with pytest.raises(Overloaded):
                await anext(pool.stream(AskRequest(question="第二个")))
        threading.Timer(0.1, assistant.gate.set).start()
        while pool.running:
            await asyncio.sleep(0.01)
        return await pool.ask(AskRequest(question="第三个"))

    assert asyncio.run(leave_and_ask_again()).id == "a2"
    assert records.find("a1") is None  # nobody saw the whole of it
