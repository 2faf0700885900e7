"""Accounts of staff, and their terminal."""

import io
import stat

import pytest

from chat.access.__main__ import main
from chat.access.accounts import AccountError, Accounts, Role, generate_password
from chat.access.secret import signing_key
from chat.access.sessions import Sessions
from chat.database import open_engine


@pytest.fixture
def engine(tmp_path):
    return open_engine(f"sqlite:///{tmp_path}/records.db")


@pytest.fixture
def accounts(engine):
    return Accounts(engine)


def test_only_the_right_password_signs_in(accounts):
    accounts.add("李雷", "correct horse", Role.READER)
    account = accounts.verify("李雷", "correct horse")
    assert account is not None
    assert (account.name, account.role, account.may_change) == ("李雷", Role.READER, False)
    assert accounts.verify("李雷", "correct horse ") is None
    assert accounts.verify("韩梅梅", "correct horse") is None
    assert accounts.verify("李雷", "x" * 100_000) is None


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [("a b", "long enough", "用户名应为"), ("a", "short", "密码应为"), ("a", "x" * 201, "密码应为")],
)
def test_what_cannot_be_an_account_is_told(accounts, name, password, said):
    with pytest.raises(AccountError, match=said):
        accounts.add(name, password)


def test_a_name_is_taken_once_and_goes_with_its_removal(accounts):
    accounts.add("a", "long enough")
    with pytest.raises(AccountError, match="已有账号“a”"):
        accounts.add("a", "another one")
    accounts.remove("a")
    assert accounts.find("a") is None
    with pytest.raises(AccountError, match="没有账号“a”"):
        accounts.remove("a")


def test_the_first_password_is_generated_once(accounts):
    generated = accounts.open_built_in("")
    assert accounts.verify("staff", generated)
    assert accounts.open_built_in("") == ""
    assert accounts.verify("staff", generated)


def test_the_password_of_the_settings_holds_from_the_next_start(accounts):
    assert accounts.open_built_in("first password") == ""
    accounts.open_built_in("second password")
    assert accounts.verify("staff", "first password") is None
    assert accounts.verify("staff", "second password")


def test_generated_passwords_differ_and_are_told_apart_easily():
    password = generate_password()
    assert len(password) == 23
    assert password != generate_password()
    assert not set(password) & set("01oil")


def test_the_terminal_keeps_accounts(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TIAOWEN_DATA", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO("long enough\n"))
    assert main(["add", "wang", "--role", "reader"]) == 0
    assert main(["list"]) == 0
    assert "wang　只读　最近登录 从未" in capsys.readouterr().out
    assert main(["remove", "nobody"]) == 1
    assert "没有账号“nobody”" in capsys.readouterr().out


def test_the_signing_key_is_made_once_and_for_its_owner_alone(tmp_path):
    key = signing_key(tmp_path / "var")
    assert len(key) == 32
    assert signing_key(tmp_path / "var") == key
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["signing.key"]
    assert stat.S_IMODE((tmp_path / "var" / "signing.key").stat().st_mode) == 0o600


def test_a_session_lasts_until_it_is_closed_or_the_password_changes(engine, accounts):
    accounts.add("a", "long enough")
    sessions = Sessions(engine, b"key")
    first, second = (sessions.open(accounts.find("a")) for _ in range(2))
    found = sessions.find(first)
    assert found is not None
    assert found.account.name == "a"
    assert found.csrf != sessions.find(second).csrf
    sessions.close(first)
    assert sessions.find(first) is None
    assert sessions.find(second) is not None
    accounts.change_password("a", "another password")
    assert sessions.find(second) is None


def test_a_session_ends_with_its_account_its_time_and_its_signature(engine, accounts, monkeypatch):
    accounts.add("a", "long enough")
    sessions = Sessions(engine, b"key")
    cookie = sessions.open(accounts.find("a"))
    assert sessions.find(cookie + "x") is None
    assert sessions.find("") is None
    assert sessions.find("\udcff.x") is None
    assert Sessions(engine, b"other key").find(cookie) is None
    monkeypatch.setattr("chat.access.sessions.HOURS", -1)
    assert sessions.find(sessions.open(accounts.find("a"))) is None
    accounts.remove("a")
    assert sessions.find(cookie) is None
