"""Answers about documents themselves: number, title, issuers, dates, what they implement, who explains them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from chat.answer import Citation, Statement
from chat.outline import label_of
from chat.question import Aspect, Kind, Question
from chat.quoting.contents import write_contents
from chat.quoting.selection import Selection, cite_clause, cite_text, in_order, name_of
from chat.quoting.times import (
    cite_head,
    cite_number,
    last_sentence,
    sentences_of,
    write_date,
    write_effective,
    write_repeals,
    write_validity,
)
from chat.validity import is_before
from corpus.document import Clause, Document
from corpus.numbers import find_numbers
from corpus.sentences import split_sentences

_DEFAULT = (Aspect.TITLE, Aspect.NUMBER, Aspect.ISSUERS, Aspect.DATE)
_MENTIONS = re.compile(r"提到|提及|引用|条款|条里|其中|所说|写到|要落实|落实的|依据的|根据的")
_MENTIONED = 0.3  # share of the topic's words that a sentence naming another document must hold
_INTERPRETS = re.compile(r"(由|授权).{2,60}(负责)?解释(?!说明)|解释权|负责解释")
_COUNTS = "零一二三四五六七八九十"


def write_about(selection: Selection, documents: Sequence[Document]) -> Iterator[Statement]:
    """Say what the question asks of each of `documents`, and which of them leads where they are compared."""
    question = selection.question
    if Aspect.CONTENTS in question.aspects:
        yield from write_contents(in_order(documents))
        return
    aspects = question.aspects or _DEFAULT
    rows: dict[Aspect, list[Citation]] = {aspect: [] for aspect in aspects}
    for document in in_order(documents):
        mentioned = list(_mentioned(document, selection)) if Aspect.NUMBER in aspects else []
        if mentioned:
            yield from mentioned
            continue
        for aspect in aspects:
            for statement in _ASPECTS[aspect](document, question, selection):
                rows[aspect].extend(statement.citations)
                yield statement
    if question.kind is Kind.COMPARISON and len(documents) > 1:
        for aspect, cited in rows.items():
            yield from _conclusion(aspect, documents, cited)


def _conclusion(aspect: Aspect, documents: Sequence[Document], cited: list[Citation]) -> Iterator[Statement]:
    """Which of the documents came first, holds first, or has most issuers, where one of them does."""
    if aspect not in _LEADS:
        return
    leads, words = _LEADS[aspect]
    for document in documents:
        if all(leads(document, other) for other in documents if other is not document):
            yield Statement(words, tuple(dict.fromkeys(cited)), "derived", lead=name_of(document))


def _holds_before(one: Document, other: Document) -> bool:
    return bool(one.valid_from and other.valid_from and one.valid_from < other.valid_from)


def _more_issuers(one: Document, other: Document) -> bool:
    return len(one.issuers) > len(other.issuers) > 0


# By aspect: whether one document leads another in it, and how an answer says so.
_LEADS: dict[Aspect, tuple[Callable[[Document, Document], bool | None], str]] = {
    Aspect.DATE: (is_before, "发布更早"),
    Aspect.EFFECTIVE: (_holds_before, "施行更早"),
    Aspect.COUNT_OF_ISSUERS: (_more_issuers, "发文机关更多"),
}


def _number(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    if not document.number:
        # A law has no number of its own, but the order that promulgated it may stand in its title block.
        for clause in document.clauses[:3]:
            for start, end in sentences_of(clause):
                if find_numbers(document.text[start:end]):
                    citation = cite_clause(clause, start, end)
                    yield Statement(citation.quote, (citation,), lead=f"{name_of(document)}：")
                    return
        yield Statement(f"{name_of(document)}的文本未载明文号。", kind="notice")
        return
    yield Statement(document.number, (cite_number(document),), "derived", lead=f"{_titled(document)}的文号：")


def _mentioned(document: Document, selection: Selection) -> Iterator[Statement]:
    """Where not its own number is asked for, but that of a document which one of its clauses names: that sentence."""
    if not _MENTIONS.search(selection.question.wording):
        return
    named = [c for c in selection.of(document) if _other_number(c.sentence.text, document)]
    if named and named[0].coverage >= _MENTIONED:
        lead = f"{name_of(document)}{label_of(named[0].clause)}："
        yield Statement(named[0].sentence.text, (named[0].cite(),), lead=lead)


def _other_number(text: str, document: Document) -> bool:
    return any(number != document.number for _, _, number in find_numbers(text))


def _title(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    yield Statement(_titled(document), (cite_head(document, document.title),), "derived", lead="标题：")


def _issuers(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    if not document.issuers:
        yield Statement(f"{name_of(document)}的文本未载明发文机关。", kind="notice")
        return
    yield Statement(
        "、".join(document.issuers),
        _cite_issuers(document),
        "derived",
        lead=f"{name_of(document)}的发文机关：",
    )


def _cite_issuers(document: Document) -> tuple[Citation, ...]:
    """The clauses that print the issuers: title block, signature, or the lead that names them."""
    clauses: dict[str, Clause] = {}
    for issuer in document.issuers:
        found = cite_text(document, issuer)
        if found:
            clauses.setdefault(found.clause.id, found.clause)
    if not clauses:
        return (cite_head(document),)
    return tuple(
        cite_clause(clause) if clause.end - clause.start < 400 else _cite_lead(clause)
        for clause in clauses.values()
    )


def _cite_lead(clause: Clause) -> Citation:
    first = split_sentences(clause.text, clause.start)[0]
    return cite_clause(clause, *first)


def _count_of_issuers(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    count = len(document.issuers)
    if not count:
        yield from _issuers(document, question, selection)
        return
    words = _COUNTS[count] if count <= 10 else f"十{_COUNTS[count - 10]}" if count < 20 else str(count)
    names = "、".join(document.issuers)
    yield Statement(
        f"{words}个部门：{names}" if count > 1 else f"一个部门：{names}",
        _cite_issuers(document),
        "derived",
        lead=f"{name_of(document)}的发文机关共",
    )


def _interpreter(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    """The sentence that says who explains the document (本办法由…负责解释)."""
    found = last_sentence(document, _INTERPRETS)
    if found is None:
        yield Statement(f"{name_of(document)}的文本未写明由谁负责解释。", kind="notice")
        return
    yield Statement(found.quote, (found,), lead=f"{name_of(document)}{label_of(found.clause)}：")


def _basis(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    """The sentence that says what the document implements: the first one that names another document as its ground."""
    for clause in document.clauses:
        for start, end in sentences_of(clause):
            text = document.text[start:end]
            if re.search(r"落实|贯彻|根据|依据|按照", text) and ("《" in text or find_numbers(text)):
                yield Statement(text, (cite_clause(clause, start, end),), lead=f"{name_of(document)}：")
                return
    yield Statement(f"{name_of(document)}的文本未写明所依据或落实的文件。", kind="notice")


def _count_of_clauses(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    articles = [clause for clause in document.clauses if re.match(r"第.+条", clause.label)]
    parts = list(dict.fromkeys(clause.part for clause in document.clauses if clause.path))
    outline = selection.outline(document)
    tops = articles or [clause for part in parts for clause in outline.top(part)]
    if not tops:
        yield Statement(f"{name_of(document)}没有编号的条款。", kind="notice")
        return
    cited = (
        cite_clause(tops[0], tops[0].start, tops[0].body_start),
        cite_clause(tops[-1], tops[-1].start, tops[-1].body_start),
    )
    what = "条" if articles else "个部分"
    yield Statement(f"{len(tops)}{what}", cited, "derived", lead=f"{name_of(document)}共")


def _level(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    if not document.level:
        yield from _issuers(document, question, selection)
        return
    text = f"{document.region or '国家'}{'级' if document.level != '国家' else '层面'}文件"
    yield Statement(text, _cite_issuers(document), "derived", lead=f"{name_of(document)}：")


def _titled(document: Document) -> str:
    return document.title if document.title.startswith("《") else f"《{document.title}》"


_ASPECTS = {
    Aspect.NUMBER: _number,
    Aspect.TITLE: _title,
    Aspect.ISSUERS: _issuers,
    Aspect.COUNT_OF_ISSUERS: _count_of_issuers,
    Aspect.DATE: write_date,
    Aspect.EFFECTIVE: write_effective,
    Aspect.VALIDITY: write_validity,
    Aspect.REPEALS: write_repeals,
    Aspect.BASIS: _basis,
    Aspect.COUNT_OF_CLAUSES: _count_of_clauses,
    Aspect.LEVEL: _level,
    Aspect.INTERPRETER: _interpreter,
}
