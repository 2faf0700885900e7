"""Channel tokens: who issues them, what they open, when they end."""

import pytest

from chat.access import tokens as tokens_module
from chat.access.channels import Channel, Channels
from chat.access.gate import Gate, NoChannel
from chat.access.tokens import LIFETIME, SESSION, Claims, TokenError, Tokens

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def clock(monkeypatch):
    """The time, to be set forward."""

    class Clock:
        now = 1_900_000_000.0

        def time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(tokens_module.time, "time", clock.time)
    return clock


@pytest.fixture
def gate():
    portals = {
        "open": Channel(id="open", origins=("https://a.gov.cn",), region="山东省"),
        "closed": Channel(id="closed", secret=SECRET, region="山东省"),
    }
    return Gate(Channels(portals), Tokens(b"k" * 32))


def test_a_token_opens_its_channel_for_half_an_hour(clock):
    tokens = Tokens(b"k" * 32)
    token = tokens.issue("open", "u1", "山东省")
    assert tokens.read(token, "open") == Claims("open", "u1", "山东省", int(clock.now))
    clock.now += LIFETIME
    assert tokens.read(token, "open").user == "u1"
    clock.now += 2
    with pytest.raises(TokenError, match="已过期"):
        tokens.read(token, "open")


def test_what_is_not_a_token_of_the_channel_opens_nothing():
    tokens = Tokens(b"k" * 32)
    token = tokens.issue("open")
    with pytest.raises(TokenError, match="不属于本渠道"):
        tokens.read(token, "closed")
    body, rest = token.split(".", 1)
    for wrong in (
        body[:-2] + "AA." + rest,
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "x",
        "..",
        "é",
        token + "=" * 9,
    ):
        with pytest.raises(TokenError, match="无效"):
            tokens.read(wrong, "open")
    for wrong in ("", None, 5, ["x"]):
        with pytest.raises(TokenError, match="缺少"):
            tokens.read(wrong, "open")
    with pytest.raises(TokenError, match="无效"):
        Tokens(b"other" * 8).read(token, "open")


def test_a_token_is_renewed_through_a_working_day_and_no_longer(clock):
    tokens = Tokens(b"k" * 32)
    token = tokens.issue("open", "u1")
    for _ in range(SESSION // 1500):
        clock.now += 1500
        token = tokens.renew(token, "open")
    assert tokens.read(token, "open").user == "u1"
    clock.now += 1500
    with pytest.raises(TokenError, match="停留过久"):
        tokens.renew(token, "open")


def test_an_open_channel_gives_tokens_without_user_or_region(gate):
    token = gate.token("open", "", "", "", "1.2.3.4")
    visit = gate.admit_embedded("open", token, "1.2.3.4")
    assert (visit.channel, visit.visitor, visit.region) == ("embed:open", "1.2.3.4", "山东省")
    for user, region in (("u1", ""), ("", "湖北省")):
        with pytest.raises(TokenError, match="渠道密钥"):
            gate.token("open", "", user, region, None)
    with pytest.raises(NoChannel):
        gate.token("nowhere", "", "", "", None)


def test_a_channel_with_a_secret_gives_the_first_token_for_it_alone(gate):
    for wrong in ("", SECRET[:-1] + "0", gate.tokens.issue("open")):
        with pytest.raises(TokenError):
            gate.token("closed", wrong, "", "", None)
    token = gate.token("closed", SECRET, "u-7", "湖北省", None)
    visit = gate.admit_embedded("closed", token, "1.2.3.4")
    assert (visit.visitor, visit.region) == ("user:u-7", "湖北省")
    renewed = gate.token("closed", token, "", "", None)
    assert gate.admit_embedded("closed", renewed, None).visitor == "user:u-7"
    with pytest.raises(TokenError, match="渠道密钥"):  # a renewal cannot change who it is for
        gate.token("closed", token, "u-8", "", None)
