"""204 hostile inputs, of tests/hostile.jsonl: they change nothing, leak nothing, and reach no other host."""

import base64
import json
import re
from collections import Counter

import pytest
from fastapi.testclient import TestClient

from chat import render
from chat.access.channels import Channel, Channels
from chat.access.gate import Gate
from chat.access.keys import Keys
from chat.access.tokens import Tokens
from chat.api import create_app
from chat.assistant import Assistant
from chat.contract import AskResponse
from chat.records import Records
from chat.site import mount_chat
from corpus.load import load_documents
from index.build import build_snapshot
from index.embedder import load_embedder
from settings import ROOT
from tests.serving import FLAGS, chromium

INPUTS = [
    json.loads(line) for line in (ROOT / "tests" / "hostile.jsonl").read_text("utf-8").split("\n") if line
]
SECRET = "0123456789abcdef0123456789abcdef"
EXPECTED = {200, 400, 401, 403, 404, 405, 413, 422}
LEAKS = re.compile(
    rf"Traceback|{SECRET}|root:x:|{re.escape(str(ROOT))}|sqlite|site-packages|evil\.example[^ ]*\.js"
)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return Records(f"sqlite:///{tmp_path_factory.mktemp('data')}/r.db")


@pytest.fixture(scope="module")
def assistant():
    documents = load_documents([ROOT / "corpus" / "documents"]).documents
    return Assistant(build_snapshot(documents, load_embedder(str(ROOT / "index" / "weights"))))


@pytest.fixture(scope="module")
def client(assistant, records):
    portal = Channel(id="portal", origins=("https://a.gov.cn",), secret=SECRET)
    gate = Gate(Channels({"portal": portal}), Tokens(b"k" * 32), keys=Keys(records.engine))
    app = mount_chat(create_app(assistant, records, folders=[ROOT / "corpus" / "documents"], gate=gate))
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def sent(client, number, given):
    """The response to one input; questions go by both interfaces in turn."""
    if "question" in given and number % 2 and "history" not in given:
        messages = [{"role": "user", "content": given["question"]}]
        return client.post("/v1/chat/completions", json={"model": "x", "messages": messages})
    if "question" in given:
        return client.post(
            "/api/ask", json={"question": given["question"], "history": given.get("history", [])}
        )
    headers = given.get("headers", {})
    if "base64" in given:
        content = base64.b64decode(given["base64"]) * given.get("base64_repeat", 1)
        return client.request(given["method"], given["path"], content=content, headers=headers)
    body = given.get("json")
    if "repeat" in given:  # the Chinese words of the body, so many times
        text = json.dumps(body, ensure_ascii=False)
        text = re.sub("[\u4e00-\u9fff]+", lambda words: words[0] * given["repeat"], text)
        headers = {"Content-Type": "application/json", **headers}
        return client.request(given["method"], given["path"], content=text.encode(), headers=headers)
    return client.request(given["method"], given["path"], json=body, headers=headers)


@pytest.fixture(scope="module")
def responses(client, records):
    """All inputs, one after another; what there was before is compared after."""
    before = state(client, records)
    answers = [(given, sent(client, number, given)) for number, given in enumerate(INPUTS)]
    assert state(client, records) == before
    return answers


def state(client, records):
    """What hostile inputs must not change."""
    if records.find("kept") is None:
        body = {"id": "kept", "refused": False, "reason": None, "answer": "原样"}
        records.keep(body, "问", "api")
    kept = records.find("kept")
    asked = client.post("/api/ask", json={"question": "到2025年山东要培育多少家单项冠军企业？"}).json()
    return (
        client.get("/api/documents").json(),
        client.get("/healthz").json(),
        (kept.body, kept.vote),
        (asked["answer"], asked["citations"]),
        client.get("/").status_code,
        Keys(records.engine).all(),
    )


def test_there_are_two_hundred_of_eleven_kinds():
    assert len(INPUTS) >= 200
    assert len({json.dumps(given, sort_keys=True) for given in INPUTS}) == len(INPUTS)
    assert len(Counter(given["kind"] for given in INPUTS)) == 11


def test_every_one_is_answered_or_refused_and_none_leaks(responses):
    for given, response in responses:
        assert response.status_code in EXPECTED, given
        assert not LEAKS.search(response.text), given
        assert not response.headers.get("location", "").startswith(("//", "http://evil")), given
        assert "evil" not in response.headers.get("set-cookie", ""), given


def test_every_sentence_of_every_answer_still_stands_on_a_clause(responses, assistant):
    texts = {document.id: document.text for document in assistant.snapshot.documents}
    answered = 0
    for given, response in responses:
        if response.status_code != 200 or "question" not in given:
            continue
        body = response.json()
        for cited in (*body["citations"], *body["closest"]):
            assert cited["quote"] in cited["clause_text"] in texts[cited["document_id"]], given
        assert bool(body["citations"]) != body["refused"], given
        shown = body["answer"] if "answer" in body else body["choices"][0]["message"]["content"]
        if not body["refused"]:
            assert not re.search("9999|一亿元|政府保证", shown), given
        answered += not body["refused"]
    assert answered >= 20  # the others are refused; the attack is not won by refusing everything


def test_a_header_changes_no_link_and_no_address(responses):
    for given, response in responses:
        if given["kind"] == "headers" and "Host" not in given["headers"]:
            assert "evil.example" not in response.text, given


def test_what_is_shown_runs_nothing_and_fetches_nothing(responses):
    """All of it in one page without a content policy: what is escaped needs none."""
    playwright = pytest.importorskip("playwright.sync_api")
    blocks = []
    for given, response in responses:
        if "question" in given:
            blocks.append(render.asked_html(given["question"]))
            if response.status_code == 200 and "answer" in response.json():
                blocks.append(render.answer_html(AskResponse.model_validate(response.json())))
                blocks.append(render.partial_html(response.json()["answer"]))
    assert len(blocks) > 200
    happened = []
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page()
        page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: happened.append(request.url))
        page.set_content(f"<!doctype html><title>回答</title><main>{''.join(blocks)}</main>")
        page.evaluate("() => { for (const each of document.querySelectorAll('details')) each.open = true; }")
        page.wait_for_timeout(300)
        foreign = "main :is(script, img, iframe, object, embed, video, form, input, link, base, meta, style, svg, textarea)"
        assert page.locator(foreign).count() == 0
        links = page.locator("main a").evaluate_all(
            "all => [...new Set(all.map((a) => a.getAttribute('href')))]"
        )
        browser.close()
    assert happened == []
    assert [link for link in links if not re.match(r"/documents/|/answers/|#tw-", link)] == []
