"""How much may be asked."""

import pytest
from fastapi.testclient import TestClient

from chat.access.channels import Channels
from chat.access.gate import Gate
from chat.access.limits import Limiter, Limits, TooMany, Visit, visitor_of
from chat.api import create_app
from chat.records import Records
from tests.standin import StandIn, corpus


def admitted(limiter, limits, visits):
    """How many of the visits are admitted."""
    count = 0
    for visit in visits:
        try:
            limiter.admit(visit, limits)
        except TooMany:
            continue
        count += 1
    return count


@pytest.mark.parametrize(
    ("limits", "visitors", "expected"),
    [
        (Limits(visitor_minute=3), ["a"] * 5, 3),
        (Limits(visitor_day=4), ["a"] * 6, 4),
        (Limits(visitor_minute=3), ["a", "b"] * 4, 6),
        (Limits(channel_minute=5), list("abcdefgh"), 5),
        (Limits(channel_day=2), list("abc"), 2),
    ],
)
def test_each_limit_holds(limits, visitors, expected):
    assert admitted(Limiter(), limits, [Visit("portal", name) for name in visitors]) == expected


def test_channels_do_not_count_for_each_other():
    limiter, limits = Limiter(), Limits(visitor_minute=2, channel_minute=2)
    assert admitted(limiter, limits, [Visit("one", "a")] * 3 + [Visit("two", "a")] * 3) == 4


def test_what_is_refused_does_not_count_against_the_channel():
    limiter, limits = Limiter(), Limits(visitor_minute=1, channel_minute=3)
    assert admitted(limiter, limits, [Visit("one", "a")] * 50) == 1
    assert admitted(limiter, limits, [Visit("one", "b"), Visit("one", "c")]) == 2


def test_the_message_says_how_long_to_wait():
    limiter = Limiter()
    limiter.admit(Visit("one", "a"), Limits(visitor_minute=1))
    with pytest.raises(TooMany, match=r"您提问得太快了，请 \d+ 秒后再试。") as told:
        limiter.admit(Visit("one", "a"), Limits(visitor_minute=1))
    assert 1 <= told.value.seconds <= 60
    assert str(TooMany(600, own=False)) == "当前咨询人数较多，请 10 分钟后再试。"
    assert str(TooMany(86_000, own=True)) == "您提问得太快了，请 24 小时后再试。"


def test_limits_can_be_off():
    assert admitted(Limiter(on=False), Limits(visitor_minute=1), [Visit("one", "a")] * 9) == 9


@pytest.mark.parametrize(
    ("host", "visitor"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        (None, "unknown"),
        ("testclient", "testclient"),
    ],
)
def test_a_visitor_is_an_address_or_a_network(host, visitor):
    assert visitor_of(host) == visitor


def served(tmp_path, trusted=""):
    gate = Gate(Channels(api=Limits(visitor_minute=2)), limiter=Limiter())
    records = Records(f"sqlite:///{tmp_path}/r.db")
    return TestClient(
        create_app(StandIn(corpus()), records, gate=gate, trusted_proxies=trusted), client=("10.0.0.1", 1)
    )


def test_the_third_question_of_a_minute_is_turned_away(tmp_path):
    client = served(tmp_path)
    answers = [client.post("/api/ask", json={"question": "目标？"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["detail"].startswith("您提问得太快了")
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60
    streamed = client.post("/api/ask", json={"question": "目标？"}, headers={"Accept": "text/event-stream"})
    assert streamed.status_code == 429


@pytest.mark.parametrize(("trusted", "expected"), [("", [200, 200, 429]), ("10.0.0.0/8", [200, 200, 200])])
def test_a_forwarded_address_is_believed_from_trusted_proxies_alone(tmp_path, trusted, expected):
    client = served(tmp_path, trusted)
    statuses = [
        client.post(
            "/api/ask", json={"question": "目标？"}, headers={"X-Forwarded-For": f"1.2.3.{n}"}
        ).status_code
        for n in range(3)
    ]
    assert statuses == expected


def test_a_visitor_cannot_put_itself_before_the_trusted_proxy(tmp_path):
    client = served(tmp_path, "10.0.0.1")
    statuses = [
        client.post(
            "/api/ask", json={"question": "目标？"}, headers={"X-Forwarded-For": f"9.9.9.{n}, 1.2.3.4"}
        ).status_code
        for n in range(3)
    ]
    assert statuses == [200, 200, 429]


def test_the_public_address_holds_whatever_a_request_says(tmp_path):
    app = create_app(
        StandIn(corpus()), Records(f"sqlite:///{tmp_path}/r.db"), public_url="https://www.example.gov.cn"
    )
    asked = {"model": "x", "messages": [{"role": "user", "content": "目标？"}]}
    spoofed = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    answer = TestClient(app).post("/v1/chat/completions", json=asked, headers=spoofed)
    assert "](https://www.example.gov.cn/documents/" in answer.text
    assert "evil" not in answer.text
