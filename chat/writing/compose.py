"""From what a model wrote to what is shown: every sentence checked, and quotations where too little is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chat.answer import Citation, Statement, Usage
from chat.question import Kind, Question
from chat.quoting.selection import Selection, in_order
from chat.writing.writer import ModelWriter, Report
from corpus.document import Document
from corpus.regions import find_regions

_FACTS = (Kind.NUMBER, Kind.DATE, Kind.WHO, Kind.YES_NO, Kind.DOCUMENT)
Accepts = Callable[[Statement, Question], bool]

UNANSWERED = "语言模型暂时不可用，本回答直接摘引条款原文。"
WORDLESS = "语言模型未能根据条款作答，本回答直接摘引条款原文。"
UNSUPPORTED = "语言模型的表述未能通过条款核对，本回答直接摘引条款原文。"
BROKEN_OFF = "语言模型的回答没有写完，其余内容为条款原文摘录。"
ADDED = "语言模型的回答没有说到最相关的条款，已补上条款原文。"
UNFINISHED = "语言模型的回答没有写完，可能不完整，请打开所引条款查看全文。"


def omitted(count: int) -> str:
    """What is told under an answer of which sentences were left out."""
    return f"已略去{count}句无法核对的内容。"


@dataclass(frozen=True)
class Composed:
    """What came of the writing, besides the statements shown."""

    origin: Literal["quote", "model"]
    dropped: tuple[Statement, ...]
    notes: tuple[str, ...]
    usage: Usage | None


def together(one: Usage, other: Usage) -> Usage:
    """What two replies took; what the second came to."""
    return replace(
        other,
        calls=one.calls + other.calls,
        prompt_tokens=_sum(one.prompt_tokens, other.prompt_tokens),
        completion_tokens=_sum(one.completion_tokens, other.completion_tokens),
        took_ms=one.took_ms + other.took_ms,
    )


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)


def compose(
    writer: ModelWriter, selection: Selection, quoted: Sequence[Statement], accepts: Accepts
) -> Iterator[Statement | Composed]:
    """Yield the model's statements that pass, or the quoted ones where none does; then what came of it.

    `quoted` has passed the check already; `accepts` is the check.
    """
    shown: list[Statement] = []
    dropped: list[Statement] = []
    report: Report | None = None
    held: Statement | None = None  # a heading waits for what it introduces
    for item in writer.write(selection, quoted):
        if isinstance(item, Report):
            report = item
            continue
        if item.kind == "notice":
            held = item if _is_heading(item, selection, accepts) else None
            continue
        passed = settle(item, selection.question, accepts)
        if passed is None:
            dropped.append(item)
            continue
        if held is not None:
            yield held
            held = None
        passed = _placed(passed, selection)
        shown.append(passed)
        yield passed
    yield from _rest(selection.question.kind, shown, dropped, quoted, report)


def _rest(
    kind: Kind,
    shown: Sequence[Statement],
    dropped: Sequence[Statement],
    quoted: Sequence[Statement],
    report: Report | None,
) -> Iterator[Statement | Composed]:
    """The quotations that are needed, then what came of it."""
    usage = report.usage if report else None
    if usage:
        usage = replace(usage, shown=len(shown), dropped=len(dropped))
    notes: list[str] = [omitted(len(dropped))] if dropped and shown else []
    if not shown:
        yield from quoted
        failed = report is None or report.trouble is not None
        notes = [UNSUPPORTED if dropped else UNANSWERED if failed else WORDLESS]
    else:
        cut = report is not None and report.cut
        further = [each for each in quoted if each.citations and not _covered(each, shown)]
        if cut or _misses(kind, quoted, further):
            yield from further
            notes += [BROKEN_OFF if further else UNFINISHED] if cut else [ADDED]
    yield Composed("model" if shown else "quote", tuple(dropped), tuple(notes), usage)


def _covered(quoted: Statement, shown: Sequence[Statement]) -> bool:
    """Whether a statement shown stands on a sentence that a quoted one stands on."""
    return any(
        own.document is other.document and own.start < other.end and other.start < own.end
        for own in quoted.citations
        for statement in shown
        for other in statement.citations
    )


def _misses(kind: Kind, quoted: Sequence[Statement], further: Sequence[Statement]) -> bool:
    """Whether what was written, though true, may not answer: it leaves out what the quoting writer answers with.

    Of a comparison that is any side, of a question for one fact the first statement, else all of them.
    """
    cited = [statement for statement in quoted if statement.citations]
    if kind is Kind.COMPARISON:
        return bool(further)
    if kind in _FACTS:
        return bool(further) and further[0] is cited[0]
    return len(further) == len(cited)


def settle(statement: Statement, question: Question, accepts: Accepts) -> Statement | None:
    """The statement with those of its citations that bear it, or None.

    Each clause that bears it alone is cited. Else several clauses of one document may bear it together;
    those of several documents only where the sentence says what is whose.
    """
    alone = [c for c in statement.citations if accepts(replace(statement, citations=(c,)), question)]
    if alone:
        return replace(statement, citations=tuple(alone))
    documents = list({id(c.document): c.document for c in statement.citations}.values())
    groups = [tuple(c for c in statement.citations if c.document is document) for document in documents]
    if len(documents) > 1 and all(_names(statement.text, document) for document in documents):
        groups.append(statement.citations)
    for group in groups:
        if len(group) > 1 and accepts(replace(statement, citations=group), question):
            return replace(statement, citations=_least(statement, group, question, accepts))
    return None


def _least(
    statement: Statement, group: tuple[Citation, ...], question: Question, accepts: Accepts
) -> tuple[Citation, ...]:
    """The citations without which the statement would not stand."""
    for citation in group:
        fewer = tuple(each for each in group if each is not citation)
        if fewer and accepts(replace(statement, citations=fewer), question):
            return _least(statement, fewer, question, accepts)
    return group


def _names(text: str, document: Document) -> bool:
    """Whether a sentence says that it speaks of this document: by region, number or title."""
    if (document.number and document.number in text) or document.title.strip("《》") in text:
        return True
    own = find_regions(document.region)
    if not own:
        return bool(re.search(r"国家|全国|中央|国务院", text))
    return any(mention.province == own[0].province for mention in find_regions(text))


def _placed(statement: Statement, selection: Selection) -> Statement:
    """The statement, with the place before it where neither question nor sentence says whose policy it is."""
    question = selection.question
    cited = in_order({id(c.document): c.document for c in statement.citations}.values())
    told = question.named or len(question.regions) + question.national == 1
    if told or len(selection.documents) < 2 or all(_names(statement.text, document) for document in cited):
        return statement
    if statement.form == "continued":
        statement = replace(statement, form="sentence")
    places = dict.fromkeys(
        document.region or ("国家" if document.level == "国家" else "") for document in cited
    )
    return replace(
        statement, lead=f"{'、'.join(place for place in places if place)}：" if any(places) else ""
    )


def _is_heading(statement: Statement, selection: Selection, accepts: Accepts) -> bool:
    """Whether words that introduce others only name things: headings, documents, places, or nothing at all."""
    if not accepts(statement, selection.question):
        return False
    text = re.sub(r"\W", "", statement.text)
    names = [
        re.sub(r"\W", "", clause.heading) for item in selection.evidence for clause in (item.passage.clause,)
    ]
    for document in selection.documents[:50]:
        names += [re.sub(r"\W", "", document.title), document.region]
    return bool(_FRAME.fullmatch(text)) or any(text and text in name for name in names)


_FRAME = re.compile(
    r"(?:具体|主要|相关|有关|以下|如下|包括|措施|内容|要求|规定|目标|任务|政策|支持|方面|有|为|的|是|下列|几|个|条|等)*"
)
