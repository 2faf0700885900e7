"""Show how a file was understood: metadata, clause tree, what was removed and why.

python -m corpus.show FILE…
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from corpus.document import Clause, Document
from corpus.load import load_document
from corpus.read_text import UnreadableError

_LAYOUT = frozenset(
    {
        "空白与空行",
        "文字间的空白",
        "网页标签",
        "Markdown 标记",
        "行内硬换行",
        "不可见字符",
        "换页符",
        "网页字符编码",
        "网页源码中的换行",
    }
)
_OPENING = 40  # characters of a clause or a removed stretch that are shown
_PARTS = {"notice": "正文"}


def metadata_table(document: Document) -> Table:
    """What is known of the document, one field a row."""
    table = Table(title=escape(document.title), show_header=False, title_justify="left")
    table.add_column()
    table.add_column(overflow="fold")
    rows = {
        "文号": document.number or "（无，编号用文件路径）",
        "发文机关": "、".join(document.issuers),
        "层级与地区": " ".join(filter(None, (document.level, document.region))),
        "成文日期": str(document.issued_on or ""),
        "施行日期": str(document.valid_from or ""),
        "有效期至": str(document.valid_until or ""),
        "行动期": str(document.period or ""),
        "引用文件": "、".join(document.cites),
        "繁体来源": "是（已转为简体）" if document.traditional else "",
        "人工补充": "；".join(f"{key}：{value}" for key, value in document.added.items()),
    }
    for name, value in rows.items():
        table.add_row(
            name,
            escape(value) if value else "[dim]文件没有写明[/dim]" if name in ("成文日期", "发文机关") else "",
        )
    return table


def clause_tree(document: Document) -> Tree:
    """The clauses as a tree, with headings, lengths and departments."""
    tree = Tree(f"{len(document.clauses)} 个条款，{len(document.text)} 字")
    parts: dict[str, Tree] = {}
    branches: dict[tuple[str, tuple[str, ...]], Tree] = {}
    for clause in document.clauses:
        if clause.part not in parts:
            parts[clause.part] = tree.add(_PARTS.get(clause.part, f"附件（{clause.part}）"))
        parent = parts[clause.part]
        own = bool(clause.path) and clause.label not in ("前言", "结语")
        for depth in range(len(clause.path) - own, 0, -1):
            if (clause.part, clause.path[:depth]) in branches:
                parent = branches[clause.part, clause.path[:depth]]
                break
        branch = parent.add(_line(clause))
        if own:
            branches[clause.part, clause.path] = branch
    return tree


def _line(clause: Clause) -> str:
    words = clause.heading or clause.body[:_OPENING].replace("\n", " ") + (
        "…" if len(clause.body) > _OPENING else ""
    )
    line = f"[bold]{escape(clause.label)}[/bold] {escape(words)} [dim]{len(clause.text)} 字[/dim]"
    if clause.departments:
        named = "；".join(f"{item.role} {item.name}" for item in clause.departments)
        line += f" [cyan]{escape(named)}[/cyan]"
    return line


def removed_table(document: Document) -> Table:
    """What was taken out, with reasons; layout is only counted."""
    table = Table("原因", "字数", title="清洗时去掉的内容", title_justify="left")
    table.add_column("内容", overflow="fold")
    counted: dict[str, int] = {}
    for item in document.removed:
        if item.reason in _LAYOUT:
            counted[item.reason] = counted.get(item.reason, 0) + item.end - item.start
            continue
        words = " ".join(document.source[item.start : item.end].split())
        shown = words[:_OPENING] + ("…" if len(words) > _OPENING else "")
        table.add_row(item.reason, str(item.end - item.start), escape(shown))
    for reason, count in counted.items():
        table.add_row(reason, str(count), "[dim]排版，不逐条列出[/dim]")
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each file; the exit status is 1 if one could not be read."""
    parser = argparse.ArgumentParser(
        prog="python -m corpus.show", description="查看一份政策文件是怎样被读懂的。"
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="文件")
    console = Console()
    status = 0
    for path in parser.parse_args(arguments).files:
        try:
            document = load_document(path)
        except (UnreadableError, OSError) as problem:
            reason = str(problem) if isinstance(problem, UnreadableError) else f"无法打开：{problem.strerror}"
            console.print(f"[red]{escape(str(path))}：{escape(reason)}[/red]")
            status = 1
            continue
        console.print(metadata_table(document), clause_tree(document), removed_table(document), sep="\n")
        for rule in document.rules:
            words = document.text[rule.start : rule.end]
            console.print(
                f"[yellow]{escape(rule.clause.label)} 的规定适用于其后各条：{escape(words)}[/yellow]"
            )
    return status


if __name__ == "__main__":
    sys.exit(main())
