"""A server that speaks OpenAI's protocol, well and in every bad way; the reader always gets an answer."""

import logging
import time
from datetime import date

import pytest

from chat.answer import to_markdown
from chat.assistant import Assistant
from chat.writing.compose import BROKEN_OFF, UNANSWERED, UNFINISHED, omitted
from chat.writing.model import Ended, Message, ModelUnavailable
from chat.writing.opening import Writing, open_writing
from chat.writing.options import ModelOptions
from chat.writing.prompt import Prompt
from chat.writing.writer import ModelWriter
from tests.stub_model import Stub

DAY = date(2026, 11, 21)
ASKED = "浙江对首次认定的瞪羚企业奖励多少钱？"
KEY = "sk-secret-7"


@pytest.fixture(scope="module")
def stub():
    with Stub() as server:
        yield server


def options(stub, behaviour, **changes):
    values = {"writer": "openai", "base_url": stub.url, "model": behaviour, "api_key": KEY, "seconds": 20.0}
    return ModelOptions(**values | changes)


def ask(policies, stub, behaviour, question=ASKED, **changes):
    chosen = options(stub, behaviour, **changes)
    model = open_writing(chosen).writer.model
    writer = ModelWriter(model, Prompt(), seconds=chosen.seconds, sleep=lambda _: None)
    stub.requests.clear()
    stub.keys.clear()
    return Assistant(policies, Writing(writer)).ask(question, as_of=DAY)


def test_a_server_that_behaves(policies, stub):
    given = ask(policies, stub, "well", temperature=0.3, max_tokens=77, extra={"enable_thinking": False})
    assert "- 浙江省：" in to_markdown(given)
    assert "60万元" in to_markdown(given)
    assert "一千万元" not in to_markdown(given)  # the stub invents its last sentence
    assert (given.origin, given.notes) == ("model", (omitted(1),))
    request = stub.requests[0]
    told = {
        name: request[name] for name in ("model", "max_tokens", "temperature", "stream", "enable_thinking")
    }
    assert told == {
        "model": "well",
        "max_tokens": 77,
        "temperature": 0.3,
        "stream": True,
        "enable_thinking": False,
    }
    assert [each["role"] for each in request["messages"]] == ["system", "user"]
    assert stub.keys == [f"Bearer {KEY}"]
    usage = given.usage
    assert (usage.model, usage.calls, usage.prompt_tokens) == ("well", 1, 1000)
    assert usage.completion_tokens > 50
    assert 0 < usage.first_ms <= usage.took_ms


@pytest.mark.parametrize(
    "behaviour", ["thinks", "old", "busy-2-then-well", "broken-1-then-well", "garbage-1-then-well"]
)
def test_a_server_that_comes_round(policies, stub, behaviour):
    given = ask(policies, stub, behaviour)
    assert (given.generated, given.usage.trouble) == (True, "")
    assert "60万元" in to_markdown(given)
    assert "免税" not in to_markdown(given)  # what a model thinks is not what it says


@pytest.mark.parametrize(
    ("behaviour", "trouble", "requests"),
    [
        ("busy", "busy", 3),
        ("full", "busy", 1),  # it asks to wait for longer than there is time
        ("broken", "down", 3),
        ("unknown", "rejected", 1),
        ("unauthorized", "rejected", 1),
        ("garbage", "garbled", 3),
        ("odd", "garbled", 3),
        ("error", "garbled", 3),
        ("page", "cut", 3),
        ("nothing", "garbled", 3),
        ("english", "language", 3),
    ],
)
def test_a_server_that_fails(policies, stub, behaviour, trouble, requests):
    given = ask(policies, stub, behaviour)
    assert "60万元" in to_markdown(given)
    assert (given.origin, given.notes, given.usage.trouble) == ("quote", (UNANSWERED,), trouble)
    assert len(stub.requests) == given.usage.calls == requests


def test_a_server_that_is_not_there(policies):
    with Stub() as gone:
        pass
    given = ask(policies, gone, "well")
    assert "60万元" in to_markdown(given)
    assert (given.notes, given.usage.trouble) == ((UNANSWERED,), "down")


@pytest.mark.parametrize("behaviour", ["slow", "silent"])
def test_a_server_that_keeps_one_waiting(policies, stub, behaviour):
    started = time.monotonic()
    given = ask(policies, stub, behaviour, seconds=0.6)
    assert time.monotonic() - started < 3
    assert "60万元" in to_markdown(given)
    assert (given.notes, given.usage.trouble) == ((UNANSWERED,), "slow")


@pytest.mark.parametrize(("behaviour", "seconds"), [("crawls", 2.0), ("stops", 20.0), ("length", 20.0)])
def test_a_server_that_stops_in_mid_sentence(policies, behaviour, seconds):
    text = "浙江省对首次认定的瞪羚企业给予一次性奖励60万元[1]。由省财政厅、省经信厅按职责分工负责[1]。"
    with Stub(text=lambda _: text) as stub:
        given = ask(policies, stub, behaviour, seconds=seconds)
    assert to_markdown(given).startswith("浙江省对首次认定的瞪羚企业给予一次性奖励60万元。")
    assert "职责分工[" not in to_markdown(given)
    assert given.generated
    assert given.notes[-1] in (UNFINISHED, BROKEN_OFF)


def test_who_leaves_early_ends_the_request(stub):
    model = open_writing(options(stub, "crawls")).writer.model
    reply = model.reply([Message("user", "问")], 20)
    first = next(reply)
    started = time.monotonic()
    reply.close()
    assert isinstance(first, str)
    assert time.monotonic() - started < 1


def test_the_key_is_nowhere_but_in_the_request(policies, stub, caplog):
    caplog.set_level(logging.DEBUG)
    chosen = options(stub, "unauthorized")
    given = ask(policies, stub, "unauthorized")
    assert stub.keys == [f"Bearer {KEY}"]
    told = caplog.text + repr(chosen) + repr(given.usage) + to_markdown(given)
    assert KEY not in told
    assert "sk-secret" not in told  # the server repeats a part of it in its message


def test_a_server_without_a_key_is_asked_without_one(stub):
    model = open_writing(options(stub, "well", api_key="")).writer.model
    stub.keys.clear()
    assert isinstance(list(model.reply([Message("user", "问")], 20))[-1], Ended)
    assert stub.keys == ["Bearer none"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"model": ""}, "TIAOWEN_LLM_MODEL"),
        ({"base_url": ""}, "TIAOWEN_LLM_BASE_URL"),
        ({"base_url": "localhost:8000"}, "TIAOWEN_LLM_BASE_URL"),
    ],
)
def test_what_is_missing_is_told_at_the_start(stub, changes, told):
    with pytest.raises(ModelUnavailable, match=told):
        open_writing(options(stub, "well", **changes))


def test_quoting_opens_nothing():
    assert open_writing(ModelOptions()) is None
