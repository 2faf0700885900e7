"""Quoted statements: exact slices of the cited clause, whole sentences, shown under their own label or none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.answer import Citation, Statement
from chat.checking.reading import compact, plain
from corpus.sentences import split_sentences

_LABEL = re.compile(
    r"^(?:第[^\s条]{1,12}条(?:之[一二三四五六七八九十]+)?|行动[一二三四五六七八九十]+[：:]|[一二三四五六七八九十百]{1,4}[、.．]"
    r"|[（(][一二三四五六七八九十]{1,3}[）)][、.．]?|[（(]\d{1,2}[）)]|\d{1,2}[.．、](?!\d)|[①-⑳])"
)
_END_MARKS = "。；;，,、.．：:！!？?…"
_CLOSING = re.compile(rf"[{re.escape(_END_MARKS)}”’」』）)\s]*")
_DUTY = re.compile(r"[。；;\s]*[（(][^（）()]*(?:负责|牵头|配合|落实)[^（）()]*[）)][。；;\s]*")
_OPENING = re.compile(r"[（(“‘「『\s]*")


def misplaced(citation: Citation) -> bool:
    """Whether a citation's offsets lie outside its clause, or cite nothing."""
    clause = citation.evidence.passage.clause
    return not (clause.start <= citation.start < citation.end <= clause.end) or not citation.quote.strip()


def quoted_fault(statement: Statement) -> str:
    """What is wrong with a quoted statement, in Chinese; empty if nothing is."""
    text = plain(statement.text)
    quotes = [plain(citation.quote) for citation in statement.citations]
    if not any(
        _same(text, quote, statement.citations) for quote in ("".join(quotes), "\n".join(quotes))
    ) and not all(_same(text, quote, statement.citations) for quote in quotes):
        return "与原文引文不一致"
    for citation in statement.citations:
        if not _is_whole(citation):
            return "引文没有取整句"
    return ""


def _same(text: str, quote: str, citations: Sequence[Citation]) -> bool:
    own, cited = compact(text), compact(quote)
    own_label, cited_label = _LABEL.match(own), _LABEL.match(cited)
    shown = own_label[0] if own_label else ""
    # A label may be left out, or be put before the body; it may not be another's.
    allowed = {"", cited_label[0] if cited_label else ""}
    allowed |= {compact(c.evidence.passage.clause.text)[: len(shown)] for c in citations}
    if shown not in allowed:
        return False
    own, cited = own[len(shown) :], cited[len(cited_label[0]) if cited_label else 0 :]
    return bool(own) and own.rstrip(_END_MARKS) == cited.rstrip(_END_MARKS)


def _is_whole(citation: Citation) -> bool:
    """Whether a citation begins where a sentence begins and ends where one ends."""
    clause = citation.evidence.passage.clause
    text, start, end = clause.text, citation.start - clause.start, citation.end - clause.start
    quote = text[start:end]
    start, end = start + len(quote) - len(quote.lstrip()), end - len(quote) + len(quote.rstrip())
    spans = split_sentences(text)
    first = next(((a, b) for a, b in spans if a <= start < b), None)
    last = next(((a, b) for a, b in spans if a < end <= b), None)
    if first is None or last is None:
        return False
    if _inside_duties(text, first, start, end):
        return True
    before, behind = text[first[0] : start], text[end : last[1]]
    opens = quote.rstrip().endswith(("：", ":")) and bool(_LABEL.match(behind.lstrip()))  # …下列条件：1.…
    ends = bool(_CLOSING.fullmatch(behind) or _DUTY.fullmatch(behind)) or behind.startswith("\n") or opens
    return _begins(before) and ends


def _begins(before: str) -> bool:
    """Whether what stands before a quotation in its sentence is a label, a bracket, or the head of a list."""
    label = _LABEL.match(before.lstrip())
    rest = before.lstrip()[label.end() :] if label else before
    return bool(_OPENING.fullmatch(rest)) or rest.rstrip().endswith(("：", ":")) or rest.endswith("\n")


def _inside_duties(text: str, sentence: tuple[int, int], start: int, end: int) -> bool:
    """A list of departments in brackets may be quoted without them, and item by item."""
    opening = max(text.rfind("（", sentence[0], start), text.rfind("(", sentence[0], start))
    closings = [place for mark in "）)" if (place := text.find(mark, end)) >= 0]
    if opening < 0 or not closings:
        return False
    group = text[opening : min(closings) + 1]
    inner_start, inner_end = text[opening + 1 : start].rstrip(), text[end : min(closings)].lstrip()
    return (
        bool(_DUTY.fullmatch(group))
        and (not inner_start or inner_start[-1] in "，,；;、")
        and (not inner_end or inner_end[0] in "，,；;")
    )
