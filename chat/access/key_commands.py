"""API keys in the terminal: `python -m chat.access key create NAME`, `key list`, `key revoke ID`."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console

from chat.access.keys import Keys, Scope

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_key_options(acts: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """The options of `key`."""
    key = acts.add_parser("key", help="API 密钥").add_subparsers(dest="key_act", required=True)
    create = key.add_parser("create", help="生成密钥")
    create.add_argument("name", help="用途，例如调用方的名称")
    create.add_argument(
        "--scope",
        dest="scopes",
        action="append",
        choices=[scope.value for scope in Scope],
        help="权限，可重复；默认全部：" + "，".join(f"{scope.value} {scope.label}" for scope in Scope),
    )
    create.add_argument("--days", type=int, help="有效天数；默认长期有效，直到吊销")
    key.add_parser("list", help="列出密钥")
    key.add_parser("revoke", help="吊销密钥").add_argument("id", help="密钥编号，见 key list")


def act_on_keys(options: argparse.Namespace, keys: Keys, console: Console) -> None:
    """Do what the options of `key` say. Raises ApiKeyError."""
    if options.key_act == "create":
        wanted = [Scope(scope) for scope in options.scopes or Scope]
        console.print(keys.create(options.name, wanted, options.days), markup=False, soft_wrap=True)
        console.print("请立即保存：系统只存摘要，密钥不会再次显示。", style="yellow")
    elif options.key_act == "revoke":
        keys.revoke(options.id)
        console.print(f"已吊销密钥 {options.id}", markup=False)
    else:
        for key in keys.all():
            labels = "、".join(scope.label for scope in Scope if scope in key.scopes)
            console.print(
                f"{key.id}　{key.name}　{labels}　{key.state}　"
                f"最近使用 {_day(key.used_at, '从未')}　有效期至 {_day(key.expires_at, '吊销为止')}",
                markup=False,
                soft_wrap=True,
            )


def _day(moment: datetime | None, otherwise: str) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else otherwise
