"""From an answer on record, or from a case, to a form that is filled in already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chat.records import Recorded
from corpus.document import Document

QUOTES = 5  # quotations that a case is prefilled with


def from_record(kept: Recorded, documents: Sequence[Document]) -> dict[str, str]:
    """The cells of a case, by head: what was asked, and what the answer cited; the rest is for staff to judge."""
    cited = kept.body.get("citations", [])
    by_id = {document.id: document for document in documents}
    names = {_name(by_id[each["document_id"]]): None for each in cited if each["document_id"] in by_id}
    quotes = dict.fromkeys(" ".join(each["quote"].split()) for each in cited)
    filters: dict[str, Any] = kept.request.get("filters", {})
    within = [_name(by_id[i]) for i in filters.get("documents", ()) if i in by_id]
    vote = {1: "用户评价：有帮助", -1: "用户评价：没有帮助"}.get(kept.vote, "")
    noted = "；".join(
        part for part in (f"来自问答记录 {kept.asked_at.astimezone():%Y-%m-%d %H:%M}", vote) if part
    )
    return {
        "问题": kept.question,
        "应回答": "否" if kept.body.get("refused") else "是",
        "应引文件": "\n".join(names),
        "应引原文": "\n".join(list(quotes)[:QUOTES]),
        "此前的对话": "\n".join(_turn(turn) for turn in kept.request.get("history", ())),
        "限定地区": "\n".join(filters.get("regions", ())),
        "限定文件": "\n".join(within),
        "截至日期": kept.request.get("as_of") or "",
        "备注": f"{noted}（{kept.vote_reason}）" if kept.vote_reason else noted,
    }


def _name(document: Document) -> str:
    return document.number or document.title


def _turn(turn: dict[str, str]) -> str:
    return f"{'问' if turn['role'] == 'user' else '答'}：{turn['content']}"
