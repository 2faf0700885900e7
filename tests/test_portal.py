"""What portals see of the site over HTTP: who may frame and read it, and events with and without a token."""

import base64
import hashlib
import json
import re

import pytest
from fastapi.testclient import TestClient

from chat.access.channels import Channel, Channels
from chat.access.gate import Gate
from chat.access.limits import Limiter, Limits
from chat.access.tokens import Tokens
from chat.api import create_app
from chat.records import Records
from chat.site import mount_chat
from settings import ROOT
from tests.standin import StandIn, corpus

PORTAL = "https://www.a.gov.cn"
OTHER = "https://www.b.gov.cn"
SECRET = "0123456789abcdef0123456789abcdef"
TOKENS = Tokens(b"k" * 32)
CHANNELS = {
    "portal": Channel(id="portal", origins=(PORTAL,), title="惠企政策<问答>", greeting="您好", region="山东"),
    "other": Channel(id="other", origins=(OTHER,)),
    "closed": Channel(id="closed", origins=(PORTAL,), secret=SECRET),
    "nobody": Channel(id="nobody"),
    "narrow": Channel(id="narrow", limits=Limits(visitor_minute=1)),
}
WIDGET = ROOT / "chat" / "static" / "widget.js"


@pytest.fixture(scope="module")
def assistant():
    return StandIn(corpus())


@pytest.fixture(scope="module")
def client(assistant, tmp_path_factory):
    records = Records(f"sqlite:///{tmp_path_factory.mktemp('data')}/r.db")
    gate = Gate(Channels(CHANNELS), TOKENS, Limiter())
    app = mount_chat(create_app(assistant, records, gate=gate))
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


# --- frames


@pytest.mark.parametrize(
    ("channel", "ancestors"), [("portal", PORTAL), ("other", OTHER), ("nobody", "'none'")]
)
def test_a_channel_is_framed_by_its_own_origins(client, channel, ancestors):
    page = client.get(f"/embed/{channel}")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors {ancestors}")
    assert "unsafe-eval" not in policy
    assert page.headers["cache-control"] == "no-store"


def test_everything_else_is_framed_by_nobody(client):
    for path in ("/", "/documents", "/healthz", "/embed/config", "/embed/nowhere"):
        assert client.get(path).headers["content-security-policy"].endswith("frame-ancestors 'self'")


def test_the_embedded_page_says_whose_it_is_and_no_secret(client):
    page = client.get("/embed/closed").text
    said = json.loads(re.search(r'id="tiaowen-channel">(.*?)</script>', page)[1])
    assert said == {"id": "closed", "origins": [PORTAL], "colour": "#1a5799", "tokenNeeded": True}
    assert SECRET not in page
    assert "tiaowen:closed" in page  # its own memory
    assert "<title>惠企政策<问答>" not in client.get("/embed/portal").text


@pytest.mark.parametrize(
    "path", ["/embed/", "/embed/nowhere", "/embed/portal/x", "/embed/%2e%2e/x", "/embed/portal%00"]
)
def test_there_is_no_page_but_the_channels(client, path):
    assert client.get(path).status_code == 404


# --- pages of other sites


def test_a_page_of_an_allowed_portal_reads_its_channel(client):
    response = client.get("/api/channels/portal", headers={"Origin": PORTAL})
    assert response.headers["access-control-allow-origin"] == PORTAL
    assert "Origin" in response.headers["vary"]
    assert "access-control-allow-credentials" not in response.headers
    assert response.json()["greeting"] == "您好"
    assert "secret" not in response.text


@pytest.mark.parametrize(
    "origin", [OTHER, "null", "https://www.a.gov.cn.evil.example", "http://www.a.gov.cn"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/channels/portal"),
        ("POST", "/api/channels/portal/token"),
        ("GET", "/embed/config"),
        ("POST", "/embed/gradio_api/queue/join"),
        ("POST", "/gradio_api/queue/join"),
    ],
)
def test_a_page_of_another_site_gets_nothing(client, origin, method, path):
    response = client.request(method, path, headers={"Origin": origin})
    assert response.status_code == 403
    assert "channels.toml" in response.json()["detail"]
    assert "access-control-allow-origin" not in response.headers


def test_programs_on_allowed_pages_may_ask(client):
    asked = {"question": "目标？"}
    response = client.post("/api/ask", json=asked, headers={"Origin": PORTAL})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, PORTAL)
    refused = client.post("/api/ask", json=asked, headers={"Origin": "https://evil.example"})
    assert (refused.status_code, "answer" in refused.json()) == (403, False)


@pytest.mark.parametrize(("origin", "status"), [(PORTAL, 204), ("https://evil.example", 403)])
def test_preflights(client, origin, status):
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    response = client.options("/v1/chat/completions", headers=asked)
    assert response.status_code == status
    assert response.headers.get("access-control-allow-origin") == (origin if status == 204 else None)


def test_the_browser_itself_says_what_is_foreign(client):
    """Behind a proxy that changes the host, Origin and Host differ on the site's own pages."""
    own = {"Origin": "https://zc.gov.cn", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/channels/portal/token", headers=own).status_code == 200
    near = {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/api/channels/portal/token", headers=near).status_code == 403


def test_the_widget_may_be_fetched_by_anybody(client):
    script = client.get("/widget.js", headers={"Origin": "https://evil.example"})
    assert script.headers["access-control-allow-origin"] == "*"  # an integrity hash needs it
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.content == WIDGET.read_bytes()


def test_the_widget_is_small_and_its_hash_is_documented():
    script = WIDGET.read_bytes()
    assert len(script) <= 12_000
    digest = base64.b64encode(hashlib.sha384(script).digest()).decode()
    assert f"sha384-{digest}" in (ROOT / "docs" / "embedding.md").read_text("utf-8")


# --- tokens


def test_the_backend_exchanges_the_secret(client):
    bearer = {"Authorization": f"Bearer {SECRET}"}
    given = client.post("/api/channels/closed/token", headers=bearer, json={"user": "u1", "region": "湖北"})
    assert given.json()["expires_in"] == 1800
    claims = TOKENS.read(given.json()["token"], "closed")
    assert (claims.user, claims.region) == ("u1", "湖北省")


@pytest.mark.parametrize(
    ("channel", "body", "bearer", "status", "message"),
    [
        ("closed", None, "", 403, "门户后台"),
        ("closed", None, "wrong", 403, "无效"),
        ("portal", {"user": "u1"}, "", 403, "渠道密钥"),
        ("portal", {"region": "火星"}, "", 422, "region：不认识的地区“火星”。"),
        ("portal", {"user": "长" * 101}, "", 422, "user：不能超过 100 个字。"),
        ("nowhere", None, "", 404, "没有这个渠道。"),
    ],
)
def test_a_token_that_is_not_given(client, channel, body, bearer, status, message):
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    response = client.post(f"/api/channels/{channel}/token", json=body, headers=headers)
    assert response.status_code == status
    assert message in response.json()["detail"]


# --- events of the embedded chat


def event(client, trigger, inputs, signed, mount="/embed"):
    """What comes of one event: the outputs as text."""
    config = client.get(f"{mount}/config").json()
    index = next(
        each["id"] for each in config["dependencies"] if trigger in [name for _, name in each["targets"]]
    )
    body = {"data": [*inputs, signed], "fn_index": index, "session_hash": "test"}
    assert "event_id" in client.post(f"{mount}/gradio_api/queue/join", json=body).json()
    stream = client.get(f"{mount}/gradio_api/queue/data", params={"session_hash": "test"}).text
    assert "Traceback" not in stream
    messages = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]
    assert messages[-1]["msg"] == "close_stream"
    return json.dumps([m for m in messages if m["msg"].startswith("process_")], ensure_ascii=False)


OPENED, RESPOND = "load", "submit"
MEMORY = {"turns": [], "region": "全部地区"}


def ticket(channel, token):
    return json.dumps({"channel": channel, "token": token})


def test_the_embedded_chat_answers_with_a_token(client, assistant):
    shown = event(client, RESPOND, ["目标？", "全部地区", MEMORY], ticket("portal", TOKENS.issue("portal")))
    assert "tw-cite" in shown
    assert assistant.asked[-1][2].regions == ("山东省",)  # the portal's own region comes first
    page = client.get("/metrics").text
    assert 'tiaowen_answers_total{channel="embed:portal",outcome="answered"}' in page


def forged():
    """Tickets that open nothing, and what is said."""
    other = TOKENS.issue("other")
    good = TOKENS.issue("portal")
    return [
        ("", "没有这个渠道"),
        ("not json", "没有这个渠道"),
        ("[" * 9_000, "没有这个渠道"),
        ('{"channel": 5, "token": {}}', "没有这个渠道"),
        (ticket("nowhere", good), "没有这个渠道"),
        (ticket("portal", ""), "缺少访问凭证"),
        (ticket("portal", other), "不属于本渠道"),
        (ticket("portal", good[:-4] + "AAAA"), "无效"),
        (ticket("portal", Tokens(b"x" * 32).issue("portal")), "无效"),
    ]


@pytest.mark.parametrize(("signed", "message"), forged())
def test_without_a_good_token_nothing_is_answered(client, assistant, signed, message):
    before = len(assistant.asked)
    shown = event(client, RESPOND, ["目标？", "全部地区", MEMORY], signed)
    assert message in shown
    assert "tw-cite" not in shown
    assert len(assistant.asked) == before
    assert message in event(client, OPENED, [MEMORY], signed)


def test_an_expired_token_is_told(client, assistant, monkeypatch):
    token = TOKENS.issue("portal")
    monkeypatch.setattr("chat.access.tokens.LIFETIME", -1)
    shown = event(client, RESPOND, ["目标？", "全部地区", MEMORY], ticket("portal", token))
    assert "访问凭证已过期，请刷新页面" in shown


def test_the_limit_of_a_channel_is_told_in_the_chat(client):
    signed = ticket("narrow", TOKENS.issue("narrow"))
    assert "tw-cite" in event(client, RESPOND, ["目标？", "全部地区", MEMORY], signed)
    assert "您提问得太快了" in event(client, RESPOND, ["目标？", "全部地区", MEMORY], signed)


def test_what_a_host_says_is_shown_as_text(client):
    said = {
        "channel": "portal",
        "token": TOKENS.issue("portal"),
        "greeting": "<img src=//evil.example onerror=alert(1)>",
        "starters": ["<b>问</b>", 5, "", "二"],
    }
    shown = event(client, OPENED, [MEMORY], json.dumps(said))
    assert "&lt;img src=//evil.example" in shown
    assert '"text": "<b>问</b>"' in shown  # Gradio shows examples as text
    assert '"text": "二"' in shown


# --- what Gradio takes


@pytest.mark.parametrize("mount", ["", "/embed"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 50_000,
        b'\xff\xfe{"data": []}',
        b'{"data": [], "fn_index": 0}',
        b'{"data": [], "fn_index": "0", "session_hash": "../x"}',
        b'{"data": [], "fn_index": -1, "session_hash": "s"}',
        b'{"data": {}, "fn_index": 0, "session_hash": "s"}',
        b'{"data": [1,1,1,1,1,1,1,1,1,1,1], "fn_index": 0, "session_hash": "s"}',
        b'{"data": [], "fn_index": 0, "session_hash": "s", "oauth_token": "x"}',
        b'{"data": [{"path": "/etc/passwd"}], "fn_index": 0, "session_hash": "s"}',
        b'{"data": [[{"url": "http://169.254.169.254/", "meta": {"_type": "gradio.FileData"}}]], "fn_index": 0, '
        b'"session_hash": "s"}',
        b'{"data": [], "event_data": {"path": "x"}, "fn_index": 0, "session_hash": "s"}',
    ],
)
def test_the_queue_takes_only_what_a_page_sends(client, mount, body):
    headers = {"Content-Type": "application/json"}
    response = client.post(f"{mount}/gradio_api/queue/join", content=body, headers=headers)
    assert (response.status_code, response.json()) == (422, {"detail": "请求内容不正确。"})


def test_a_long_event_is_refused(client):
    body = json.dumps({"data": ["x" * 300_000], "fn_index": 0, "session_hash": "s"})
    response = client.post("/embed/gradio_api/queue/join", content=body)
    assert (response.status_code, response.json()) == (413, {"detail": "请求内容过大。"})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/embed/gradio_api/upload"),
        ("GET", "/embed/gradio_api/file=/etc/passwd"),
        ("GET", "/embed/gradio_api/file=http://evil.example/"),
        ("GET", "/embed/gradio_api/heartbeat/..%2f..%2fx"),
        ("POST", "/embed/gradio_api/run/predict"),
        ("GET", "/embed/gradio_api/proxy=http://127.0.0.1/"),
        ("GET", "/embed/static/../../../etc/passwd"),
        ("GET", "/embed/monitoring"),
        ("POST", "/embed/portal"),
    ],
)
def test_needless_doors_are_shut(client, method, path):
    assert client.request(method, path).status_code in (404, 405)
