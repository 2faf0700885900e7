"""Generated text bears its label wherever it goes; quoted text does not. What it cost is counted."""

import asyncio
import html
import json
import re
from datetime import date
from io import StringIO

import pytest
from fastapi.testclient import TestClient
from rich.console import Console

from chat import ask
from chat.access.limits import Visit
from chat.answer import GENERATED_LABEL
from chat.api import create_app
from chat.assistant import Assistant
from chat.contract import AskRequest, StatementBody
from chat.page import Chat
from chat.records import Records
from tests.scripted import Scripted, writing

DAY = date(2026, 11, 21)
GENERATED = {"question": "浙江对首次认定的瞪羚企业奖励多少钱？", "as_of": "2026-11-21"}
TRUE = "浙江省对首次认定的瞪羚企业给予一次性奖励60万元。{60万元}"
FALSE = "浙江省对首次认定的瞪羚企业给予一次性奖励90万元。{60万元}"


@pytest.fixture(scope="module")
def model():
    return Scripted()


@pytest.fixture(scope="module")
def app(policies, model, tmp_path_factory):
    records = Records(f"sqlite:///{tmp_path_factory.mktemp('data')}/records.db")
    return create_app(Assistant(policies, writing(model)), records)


@pytest.fixture(scope="module")
def client(app):
    with TestClient(app) as opened:
        yield opened


def test_a_generated_answer_is_labelled_in_the_interface(client, model):
    model.script = f"{TRUE}\n- 企业免税。{{60万元}}"
    body = client.post("/api/ask", json=GENERATED).json()
    assert (body["origin"], body["generated"], body["label"]) == ("model", True, GENERATED_LABEL)
    assert body["aigc"] == {"Label": "1", "ContentProducer": "条问 Tiaowen", "ProduceID": body["id"]}
    assert body["notes"] == ["已略去1句无法核对的内容。"]
    assert "usage" not in body


def test_a_quoted_answer_is_not(client, model):
    model.script = FALSE
    body = client.post("/api/ask", json=GENERATED).json()
    assert (body["origin"], body["generated"], body["label"], body["aigc"]) == ("quote", False, "", None)
    page = client.get(f"/answers/{body['id']}").text
    assert GENERATED_LABEL not in page
    assert "AIGC" not in page


def test_every_statement_of_a_stream_says_whether_it_is_generated(client, model):
    model.script = TRUE
    events = client.post("/api/ask", json=GENERATED, headers={"Accept": "text/event-stream"}).text
    bodies = [json.loads(line[6:]) for line in events.splitlines() if line.startswith("data: ")]
    assert [(each.get("kind"), each["generated"]) for each in bodies] == [("written", True), (None, True)]


@pytest.mark.parametrize("stream", [False, True])
def test_a_generated_answer_is_labelled_for_clients_of_openai(client, model, stream):
    model.script = TRUE
    asked = {"model": "x", "messages": [{"role": "user", "content": GENERATED["question"]}], "stream": stream}
    said = client.post("/v1/chat/completions", json=asked | {"as_of": GENERATED["as_of"]}).text
    assert f"> {GENERATED_LABEL}" in said
    assert '"generated":true' in said.replace(" ", "")
    assert '"aigc":{"Label":"1"' in said.replace(" ", "")


def test_the_printed_page_bears_the_label_for_readers_and_machines(client, model):
    model.script = TRUE
    body = client.post("/api/ask", json=GENERATED).json()
    page = client.get(f"/answers/{body['id']}?print=1").text
    assert f'<p class="tw-generated">{GENERATED_LABEL}</p>' in page
    meta = re.search(r'<meta name="AIGC" content="([^"]+)">', page)
    assert json.loads(html.unescape(meta[1])) == body["aigc"]
    data = re.search(r'data-aigc="([^"]+)"', page)
    assert json.loads(html.unescape(data[1])) == {"AIGC": body["aigc"]}


def test_the_chat_shows_the_label_while_it_writes_and_after(app, model, monkeypatch):
    model.script = TRUE
    monkeypatch.setattr("chat.page.PAUSE", 0.0)
    chat = Chat(app.state.pool, app.state.gate, examples="甲？|乙？")

    async def shown():
        return [each async for each in chat._answering(AskRequest(**GENERATED), lambda: Visit("chat"))]

    *partial, last = asyncio.run(shown())
    assert partial
    assert all(GENERATED_LABEL in each.html for each in (*partial, last))


def test_the_terminal_shows_the_label_and_the_notes(policies, model):
    model.script = f"{TRUE}\n- 企业免税。{{60万元}}"
    out = StringIO()
    ask.show(
        ask.answer(Assistant(policies, writing(model)), AskRequest(**GENERATED)), Console(file=out, width=100)
    )
    assert GENERATED_LABEL in out.getvalue()
    assert "已略去1句无法核对的内容。" in out.getvalue()


def test_what_a_model_takes_is_counted_and_kept(policies, model, tmp_path):
    records = Records(f"sqlite:///{tmp_path}/records.db")
    with TestClient(create_app(Assistant(policies, writing(model)), records)) as client:
        model.script = f"{TRUE}\n- 企业免税。{{60万元}}"
        written = client.post("/api/ask", json=GENERATED).json()
        model.script = FALSE
        client.post("/api/ask", json=GENERATED)
        client.post("/api/ask", json={"question": "今天天气怎么样？"})
        metrics = client.get("/metrics").text
    for line in (
        'tiaowen_model_answers_total{outcome="partly"} 1.0',
        'tiaowen_model_answers_total{outcome="replaced"} 1.0',
        'tiaowen_model_sentences_total{verdict="shown"} 1.0',
        'tiaowen_model_sentences_total{verdict="dropped"} 2.0',
        'tiaowen_model_tokens_total{kind="prompt"} 1400.0',
        "tiaowen_model_calls_total 2.0",
        "tiaowen_model_seconds_count 2.0",
        "tiaowen_model_first_seconds_count 2.0",
    ):
        assert line in metrics
    usage = records.find(written["id"]).usage
    assert (usage["model"], usage["prompt_tokens"], usage["shown"], usage["dropped"]) == (
        "scripted",
        700,
        1,
        1,
    )
    assert usage["took_ms"] > 0


def test_a_statement_of_the_interface_may_be_written():
    assert StatementBody(text="甲", kind="written", citations=[], answer="甲").generated is False
