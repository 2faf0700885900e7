"""API keys: made, used, revoked; what they open."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from chat.access.__main__ import main
from chat.access.channels import Channels
from chat.access.gate import Gate
from chat.access.keys import ApiKeyError, KeyRow, Keys, Scope
from chat.access.limits import Limiter, Limits
from chat.api import create_app
from chat.database import open_engine
from chat.records import Records
from tests.standin import StandIn, corpus


@pytest.fixture
def records(tmp_path):
    return Records(f"sqlite:///{tmp_path}/records.db")


@pytest.fixture
def keys(records):
    return Keys(records.engine)


def client_of(records, keys, *, public, **limits):
    gate = Gate(Channels(api=Limits(**limits)), limiter=Limiter(), keys=keys, public_api=public)
    return TestClient(create_app(StandIn(corpus()), records, gate=gate))


def bearing(key):
    return {"Authorization": f"Bearer {key}"}


def test_a_key_is_told_once_and_kept_as_a_hash(keys, records, tmp_path):
    key = keys.create("门户", [Scope.ASK])
    (held,) = keys.all()
    assert key.startswith(f"tw_{held.id}_")
    assert (held.name, held.scopes, held.state, held.used_at) == ("门户", {Scope.ASK}, "有效", None)
    records.close()
    everything = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert key.encode() not in everything
    assert key.split("_", 2)[2].encode() not in everything


def test_the_last_use_is_noted(keys):
    key = keys.create("门户")
    assert keys.find(key) is not None
    used = keys.all()[0].used_at
    assert used is not None
    assert datetime.now(UTC) - used < timedelta(seconds=10)


@pytest.mark.parametrize("wrong", ["", "tw_", "tw_x_y", "tw_0123456789_guess", "‮", "tw_" + "a" * 10_000])
def test_what_is_no_key_finds_nothing(keys, wrong):
    keys.create("门户")
    assert keys.find(wrong) is None


def test_a_key_ends_when_it_is_revoked_or_over(keys, records):
    revoked, over = keys.create("一"), keys.create("二", days=1)
    keys.revoke(next(key.id for key in keys.all() if key.name == "一"))
    with Session(records.engine) as session, session.begin():
        session.execute(
            update(KeyRow).where(KeyRow.name == "二").values(expires_at=datetime.now(UTC) - timedelta(1))
        )
    assert keys.find(revoked) is keys.find(over) is None
    assert {key.name: key.state for key in keys.all()} == {"一": "已吊销", "二": "已过期"}
    with pytest.raises(ApiKeyError, match="没有密钥"):
        keys.revoke("0000000000")


@pytest.mark.parametrize(
    ("name", "scopes", "days"), [("", [Scope.ASK], 1), ("名", [], 1), ("名", [Scope.ASK], 0)]
)
def test_a_key_without_name_scope_or_days_is_not_made(keys, name, scopes, days):
    with pytest.raises(ApiKeyError):
        keys.create(name, scopes, days)


def test_a_closed_api_asks_for_a_key(records, keys):
    client = client_of(records, keys, public=False)
    ask, documents = keys.create("问", [Scope.ASK]), keys.create("读", [Scope.DOCUMENTS])
    question = {"question": "目标？"}
    refused = client.post("/api/ask", json=question)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert "需要 API 密钥" in refused.json()["detail"]
    assert client.post("/api/ask", json=question, headers=bearing(ask)).status_code == 200
    assert client.post("/api/ask", json=question, headers=bearing("none")).status_code == 401
    wrong = client.post("/api/ask", json=question, headers=bearing(documents))
    assert (wrong.status_code, wrong.json()["detail"]) == (403, "API 密钥没有“提问”权限。")
    assert client.get("/api/documents").status_code == 401
    assert client.get("/api/documents", headers=bearing(documents)).status_code == 200
    assert client.get("/api/documents/西经信〔2022〕3号", headers=bearing(ask)).status_code == 403
    assert client.get("/documents").status_code == 200  # the pages are for people


def test_an_open_api_still_refuses_a_key_that_has_ended(records, keys):
    client = client_of(records, keys, public=True)
    key = keys.create("问")
    keys.revoke(keys.all()[0].id)
    assert client.post("/api/ask", json={"question": "目标？"}, headers=bearing(key)).status_code == 401
    assert client.post("/api/ask", json={"question": "目标？"}, headers=bearing("EMPTY")).status_code == 200


def test_each_key_has_its_own_limits(records, keys):
    client = client_of(records, keys, public=False, visitor_minute=1)
    first, second = keys.create("一"), keys.create("二")
    statuses = [
        client.post("/api/ask", json={"question": "目标？"}, headers=bearing(key)).status_code
        for key in (first, first, second)
    ]
    assert statuses == [200, 429, 200]


def test_keys_in_the_terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TIAOWEN_DATA", str(tmp_path))
    assert main(["key", "create", "济南门户", "--scope", "ask", "--days", "30"]) == 0
    key = capsys.readouterr().out.split()[0]
    keys = Keys(open_engine(f"sqlite:///{tmp_path}/records.db"))
    assert keys.find(key) is not None
    assert main(["key", "list"]) == 0
    listed = capsys.readouterr().out
    assert "济南门户" in listed
    assert "提问" in listed
    assert "有效" in listed
    assert key not in listed
    assert main(["key", "revoke", keys.all()[0].id]) == 0
    assert main(["key", "revoke", "0"]) == 1
    assert "没有密钥" in capsys.readouterr().out
    assert keys.find(key) is None
