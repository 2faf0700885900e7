"""The HTTP contract, over a stand-in assistant."""

import json
from datetime import date

import pytest
from fastapi.testclient import TestClient

from chat.api import create_app
from chat.question import Filters, Turn
from chat.records import Records
from tests.standin import StandIn, corpus

EAST = "东工信发〔2023〕7号"
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
def assistant():
    return StandIn(corpus())


@pytest.fixture
def client(assistant, tmp_path):
    app = create_app(assistant, Records(f"sqlite:///{tmp_path}/records.db"))
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def events(text):
    """The events of a stream as (name, data)."""
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n", 1)
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


# --- asking


def test_an_answer_has_the_fields_of_the_contract(client):
    response = client.post("/api/ask", json={"question": "东海省的目标？"})
    body = response.json()
    assert response.status_code == 200
    assert list(body) == [
        "id", "answer", "refused", "reason", "origin", "generated", "label", "aigc", "notes", "warnings",
        "citations", "closest", "took_ms",
    ]  # fmt: skip
    assert body["id"] == "a1"
    assert (body["refused"], body["reason"], body["origin"], body["generated"]) == (
        False,
        None,
        "quote",
        False,
    )
    assert body["warnings"] == ["《关于支持机器人产业发展的若干意见》行动期2023—2024年已结束"]
    assert body["closest"] == []
    assert body["took_ms"] >= 0


def test_citations_follow_the_markers_and_slice_the_document(client, assistant):
    body = client.post("/api/ask", json={"question": "东海省的目标？"}).json()
    first, second = body["citations"]
    east = assistant.snapshot.documents[1]
    assert (first["marker"], second["marker"]) == (1, 2)
    assert "60家左右**[1]" in body["answer"]
    assert "支持企业建设创新平台。[2]" in body["answer"]
    assert first["document_id"] == first["document_number"] == EAST
    assert first["document_title"] == "关于支持机器人产业发展的若干意见"
    assert first["clause_path"] == "一、前言"
    assert second["clause_path"] == "二、（一）"
    assert second["quote"] == "支持企业建设创新平台。"
    for citation in (first, second):
        assert citation["quote"] in citation["clause_text"]
        assert citation["clause_text"] in east.text
        clause = next(each for each in east.clauses if each.id == citation["clause_id"])
        assert citation["clause_text"] == clause.text
    assert second["departments"] == [
        {"name": "省科技厅", "role": "牵头"},
        {"name": "省财政厅", "role": "配合"},
    ]
    assert first["url"] == (
        "/documents/%E4%B8%9C%E5%B7%A5%E4%BF%A1%E5%8F%91%E3%80%942023%E3%80%957%E5%8F%B7#notice-%E4%B8%80-2"
    )


def test_validity_is_judged_at_as_of(client):
    def validity(day):
        body = client.post("/api/ask", json={"question": "比较两省", "as_of": day}).json()
        return [citation["validity"] for citation in body["citations"]]

    assert validity("2024-06-01") == ["行动期2023—2024年", "有效期至2024年12月31日"]
    assert validity("2025-01-01") == [
        "行动期2023—2024年已结束，库内未见废止或延续文件",
        "已失效（有效期至2024年12月31日）",
    ]


def test_a_refusal_offers_the_closest_clauses(client):
    body = client.post("/api/ask", json={"question": "今天天气？"}).json()
    assert (body["refused"], body["reason"], body["citations"]) == (True, "off_topic", [])
    assert [each["marker"] for each in body["closest"]] == [1, 2]
    assert body["closest"][0]["document_id"] == EAST
    assert body["closest"][0]["quote"] in body["closest"][0]["clause_text"]
    assert set(body["closest"][0]) == {
        "marker", "document_id", "document_number", "document_title", "clause_id", "clause_path", "clause_text",
        "quote", "url", "departments", "validity",
    }  # fmt: skip


def test_the_assistant_gets_history_filters_and_day(client, assistant):
    request = {
        "question": "  那西岭省呢？ ",
        "history": [
            {"role": "user", "content": "东海省的目标？"},
            {"role": "assistant", "content": "60家[1]"},
        ],
        "filters": {"regions": ["西岭省"], "documents": [EAST]},
        "as_of": "2024-02-29",
    }
    assert client.post("/api/ask", json=request).status_code == 200
    assert assistant.asked == [
        (
            "那西岭省呢？",
            (Turn("user", "东海省的目标？"), Turn("assistant", "60家[1]")),
            Filters(("西岭省",), (EAST,)),
            date(2024, 2, 29),
        )
    ]


def test_the_answer_alone_is_in_the_askers_script(client):
    body = client.post("/api/ask", json={"question": "東海省的目標與創新平臺？"}).json()
    assert "支持企業建設創新平臺。[2]" in body["answer"]
    assert body["citations"][1]["quote"] == "支持企业建设创新平台。"


# --- streaming


def test_a_stream_gives_statements_and_then_the_whole(client):
    response = client.post("/api/ask", json={"question": "东海省的目标？"}, headers=STREAM)
    assert response.headers["content-type"].startswith("text/event-stream")
    got = events(response.text)
    assert [name for name, _ in got] == ["statement", "statement", "statement", "done"]
    statements = [data for _, data in got[:-1]]
    assert statements[2]["text"] == "东海省：支持企业建设创新平台。"
    assert [[each["marker"] for each in statement["citations"]] for statement in statements] == [
        [1],
        [1],
        [2],
    ]
    done = got[-1][1]
    assert statements[2]["answer"] == done["answer"]
    assert done["citations"][1]["quote"] == "支持企业建设创新平台。"
    plain = client.post("/api/ask", json={"question": "东海省的目标？"}).json()
    assert plain.keys() == done.keys()
    assert plain["answer"] == done["answer"]


def test_a_failure_within_a_stream_is_an_event(client):
    got = events(client.post("/api/ask", json={"question": "中断"}, headers=STREAM).text)
    assert [name for name, _ in got] == ["statement", "error"]
    assert got[1][1] == {"detail": "系统出错，未能回答，请稍后再试。"}


# --- bad input


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "question：不能缺少。"),
        ({"question": ""}, "question：请输入要查询的问题。"),
        ({"question": " \n\u3000\u200b"}, "question：请输入要查询的问题。"),
        ({"question": 5}, "question：应为文字。"),
        ({"question": None}, "question：应为文字。"),
        ({"question": "问" * 1001}, "question：不能超过 1000 个字。"),
        ({"question": "问", "history": "x"}, "history：应为列表。"),
        ({"question": "问", "history": [{"role": "user"}]}, "history 的 第 1 项 的 content：不能缺少。"),
        (
            {"question": "问", "history": [{"role": "system", "content": "x"}]},
            "history 的 第 1 项 的 role：只能是 'user' 或 'assistant'。",
        ),
        ({"question": "问", "history": [{"role": "user", "content": "x"}] * 41}, "history：不能超过 40 项。"),
        ({"question": "问", "filters": []}, "filters：应为对象。"),
        ({"question": "问", "filters": {"regions": "山东"}}, "filters 的 regions：应为列表。"),
        ({"question": "问", "filters": {"documents": ["没有的"]}}, "没有收录文件：没有的。"),
        ({"question": "问", "filters": {"regions": ["山东", "瞎写"]}}, "不认识的地区：瞎写。"),
        ({"question": "问", "as_of": "2025-13-01"}, "as_of：不是有效的日期，应写成 YYYY-MM-DD。"),
        ({"question": "问", "as_of": "昨天"}, "as_of：日期应写成 YYYY-MM-DD。"),
        ({"question": "问", "as_of": 1700000000}, "as_of：日期应写成 YYYY-MM-DD。"),
        ([], "请求正文应为 JSON 对象（Content-Type: application/json）。"),
        ("问题", "请求正文应为 JSON 对象（Content-Type: application/json）。"),
    ],
)
def test_unusable_questions_are_told_in_chinese(client, body, message):
    response = client.post("/api/ask", json=body)
    assert (response.status_code, response.json()) == (422, {"detail": message})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "请求正文不是有效的 JSON。"),
        (b"", "请求正文不能缺少。"),
        (b"\xff\xfe{}", "请求正文不是有效的 JSON。"),
        (b"[" * 100_000, "请求正文不是有效的 JSON。"),
        (b'{"question": "\\ud800"}', "question：含有无效字符。"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_broken_json_is_told_in_chinese(client, content, message, accept):
    headers = {"Content-Type": "application/json", "Accept": accept}
    response = client.post("/api/ask", content=content, headers=headers)
    assert (response.status_code, response.json()) == (422, {"detail": message})


@pytest.mark.parametrize("declared", [True, False])
def test_a_huge_body_is_refused(client, declared):
    body = json.dumps({"question": "问", "x": "x" * 2_000_000}).encode()
    content = body if declared else (body[start : start + 65536] for start in range(0, len(body), 65536))
    response = client.post("/api/ask", content=content, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()) == (413, {"detail": "请求内容过大。"})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/ask", 405), ("POST", "/api/nothing", 404), ("GET", "/api/documents/没有", 404)],
)
def test_wrong_addresses_are_told_in_chinese(client, method, path, status):
    response = client.request(method, path)
    assert response.status_code == status
    assert response.json()["detail"] in ("没有这个接口。", "没有收录这份文件。")


def test_a_crash_shows_no_traceback(client):
    response = client.post("/api/ask", json={"question": "崩溃"})
    assert response.status_code == 500
    assert response.json() == {"detail": "系统出错，未能回答，请稍后再试。"}


# --- feedback


def test_a_vote_is_recorded(client):
    answer = client.post("/api/ask", json={"question": "目标？"}).json()["id"]
    response = client.post("/api/feedback", json={"answer_id": answer, "vote": -1, "reason": "不全"})
    assert (response.status_code, response.json()) == (200, {"recorded": True})
    assert 'tiaowen_votes_total{vote="-1"} 1.0' in client.get("/metrics").text


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"answer_id": "a9", "vote": 1}, "没有这个回答，或已超过保存期限。"),
        ({"answer_id": "a1", "vote": 2}, "vote：只能是 1 或 -1。"),
        ({"answer_id": "a1", "vote": 0}, "vote：只能是 1 或 -1。"),
        ({"vote": 1}, "answer_id：不能缺少。"),
        ({"answer_id": "a1", "vote": 1, "reason": "长" * 1001}, "reason：不能超过 1000 个字。"),
    ],
)
def test_unusable_votes_are_told_in_chinese(client, body, message):
    response = client.post("/api/feedback", json=body)
    assert (response.status_code, response.json()) == (422, {"detail": message})


# --- documents


def test_the_list_of_documents(client):
    state, east, west = client.get("/api/documents").json()
    assert east == {
        "id": EAST,
        "number": EAST,
        "title": "关于支持机器人产业发展的若干意见",
        "issuers": ["东海省工业和信息化厅", "东海省财政厅"],
        "level": "省",
        "region": "东海省",
        "issued_on": "2023-05-06",
        "valid_from": None,
        "valid_until": None,
        "period": "2023—2024",
        "cites": ["国工发〔2022〕1号", "国发〔2020〕9号"],
        "source_url": "https://example.gov.cn/7.html",
        "page_url": "/documents/%E4%B8%9C%E5%B7%A5%E4%BF%A1%E5%8F%91%E3%80%942023%E3%80%957%E5%8F%B7",
        "clauses": 8,
    }
    assert (west["issued_on"], west["valid_until"], west["period"]) == ("2022", "2024-12-31", None)
    assert (state["level"], state["region"]) == ("国家", "")


def test_a_document_with_its_clauses_in_reading_order(client):
    listed = client.get("/api/documents").json()[1]
    body = client.get(f"/api/documents/{EAST}").json()
    clauses = body.pop("clauses")
    assert listed.pop("clauses") == len(clauses)
    assert body == listed
    assert [each["label"] for each in clauses] == [
        "版头", "一、", "前言", "二、", "二、（一）", "二、（一）1", "二、（二）", "落款",
    ]  # fmt: skip
    assert clauses[4] == {
        "id": "notice-二-（一）-4",
        "part": "notice",
        "label": "二、（一）",
        "path": ["二", "（一）"],
        "heading": "提高机器人自主创新能力",
        "text": "提高机器人自主创新能力。支持企业建设创新平台。",
        "departments": [{"name": "省科技厅", "role": "牵头"}, {"name": "省财政厅", "role": "配合"}],
    }
    assert clauses[2]["path"] == ["一"]


def test_page_addresses_lead_to_the_documents(client):
    for document in client.get("/api/documents").json():
        assert client.get(document["page_url"]).status_code == 200


# --- operations


def test_health_and_meters(client):
    assert client.get("/healthz").json() == {"status": "ok", "documents": 3, "clauses": 18}
    client.post("/api/ask", json={"question": "目标？"})
    client.post("/api/ask", json={"question": "天气？"})
    client.post("/api/ask", json={"question": "崩溃"})
    page = client.get("/metrics").text
    assert 'tiaowen_answers_total{channel="api",outcome="answered"} 1.0' in page
    assert 'tiaowen_answers_total{channel="api",outcome="off_topic"} 1.0' in page
    assert 'tiaowen_answers_total{channel="api",outcome="failed"} 1.0' in page
    assert "tiaowen_documents 3.0" in page
    assert "tiaowen_answers_running 0.0" in page


def test_the_interface_describes_itself(client):
    described = client.get("/openapi.json").json()
    assert {
        "/api/ask",
        "/api/feedback",
        "/api/documents",
        "/api/documents/{document_id}",
        "/api/channels/{channel_id}",
        "/api/channels/{channel_id}/token",
        "/v1/chat/completions",
        "/v1/models",
        "/healthz",
        "/metrics",
    } == set(described["paths"])
    ask = described["paths"]["/api/ask"]["post"]
    assert "text/event-stream" in ask["responses"]["200"]["content"]
    assert described["components"]["schemas"]["AskRequest"]["example"]["question"]
    assert described["paths"]["/api/ask"]["post"]["responses"]["422"]["content"]["application/json"][
        "schema"
    ] == {"$ref": "#/components/schemas/Problem"}


def test_every_response_carries_the_security_headers(client):
    for path in ("/healthz", "/documents", "/api/nothing", "/public/common.css"):
        headers = client.get(path).headers
        assert "script-src 'self' 'unsafe-inline'" in headers["content-security-policy"]
        assert "frame-ancestors 'self';" in headers["content-security-policy"] + ";"
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_a_prefix_that_a_proxy_strips_is_in_the_links(assistant, tmp_path):
    app = create_app(assistant, Records(f"sqlite:///{tmp_path}/r.db"), root_path="/zc")
    with TestClient(app, root_path="/zc") as client:
        assert client.get("/api/documents").json()[0]["page_url"].startswith("/zc/documents/")
        body = client.post("/api/ask", json={"question": "目标？"}).json()
        assert body["citations"][0]["url"].startswith("/zc/documents/")
        assert 'href="/zc/documents"' in client.get("/documents").text
