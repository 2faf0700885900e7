"""Accounts and API keys in the terminal: `python -m chat.access add NAME`, `… key create NAME`."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence

from rich.console import Console

from chat.access.accounts import AccountError, Accounts, Role, generate_password
from chat.access.key_commands import act_on_keys, add_key_options
from chat.access.keys import ApiKeyError, Keys
from chat.database import open_engine
from settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: done; 1: not done, and why is told."""
    options = _options(arguments)
    console = Console(highlight=False)
    engine = open_engine(Settings().records_url)
    try:
        if options.act == "key":
            act_on_keys(options, Keys(engine), console)
        else:
            _act(options, Accounts(engine), console)
    except (AccountError, ApiKeyError) as problem:
        console.print(str(problem), style="red", markup=False)
        return 1
    return 0


def _act(options: argparse.Namespace, accounts: Accounts, console: Console) -> None:
    if options.act == "list":
        for account in accounts.all():
            seen = account.signed_in_at.strftime("%Y-%m-%d") if account.signed_in_at else "从未"
            console.print(f"{account.name}　{account.role.label}　最近登录 {seen}", markup=False)
    elif options.act == "remove":
        accounts.remove(options.name)
        console.print(f"已删除账号 {options.name}", markup=False)
    elif options.act == "password":
        accounts.change_password(options.name, _password(console))
        console.print(f"已更改 {options.name} 的密码", markup=False)
    else:
        role = Role(options.role)
        accounts.add(options.name, _password(console), role)
        console.print(f"已建立账号 {options.name}（{role.label}）", markup=False)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chat.access", description="工作人员账号和 API 密钥")
    acts = parser.add_subparsers(dest="act", required=True)
    add = acts.add_parser("add", help="建立账号")
    add.add_argument("name", help="用户名")
    add.add_argument(
        "--role", choices=[role.value for role in Role], default="staff", help="staff 工作人员，reader 只读"
    )
    for act, help_ in (("password", "更改密码"), ("remove", "删除账号")):
        acts.add_parser(act, help=help_).add_argument("name", help="用户名")
    acts.add_parser("list", help="列出账号")
    add_key_options(acts)
    return parser.parse_args(arguments)


def _password(console: Console) -> str:
    """Ask for a password twice; an empty one means: generate it. From a pipe it is the first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("密码（直接回车则自动生成）：")
    if not password:
        password = generate_password()
        console.print(f"生成的密码：{password}", markup=False)
        return password
    if getpass.getpass("再输入一次：") != password:
        raise AccountError("两次输入的密码不一致")
    return password


if __name__ == "__main__":
    sys.exit(main())
