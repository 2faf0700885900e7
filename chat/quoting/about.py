"""Answers about documents themselves: number, title, issuers, dates, validity, what they implement, what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat.answer import Citation, Statement
from chat.outline import label_of
from chat.question import Aspect, Kind, Question
from chat.quoting.selection import Selection, cite_clause, cite_text, clause_at, in_order, name_of
from chat.validity import validity
from corpus.document import Clause, Document
from corpus.numbers import find_numbers
from corpus.sentences import split_sentences

_DEFAULT = (Aspect.TITLE, Aspect.NUMBER, Aspect.ISSUERS, Aspect.DATE)
_LISTED = 30  # documents that a list names before it points to the page of all
_MENTIONS = re.compile(r"提到|提及|引用|条款|条里|其中|所说|写到|要落实|落实的|依据的|根据的")
_MENTIONED = 0.3  # share of the topic's words that a sentence naming another document must hold
_INTERPRETS = re.compile(r"(由|授权).{2,60}(负责)?解释(?!说明)|解释权|负责解释")
_COUNTS = "零一二三四五六七八九十"


def write_about(selection: Selection, documents: Sequence[Document]) -> Iterator[Statement]:
    """Say what the question asks of each of `documents`."""
    question = selection.question
    aspects = question.aspects or _DEFAULT
    for document in in_order(documents):
        mentioned = list(_mentioned(document, selection)) if Aspect.NUMBER in aspects else []
        if mentioned:
            yield from mentioned
            continue
        for aspect in aspects:
            yield from _ASPECTS[aspect](document, question, selection)


def write_corpus(selection: Selection) -> Iterator[Statement]:
    """List the documents that may answer, national ones first."""
    documents = in_order(selection.documents)
    for document in documents[:_LISTED]:
        issued = f"，{document.issued_on.year}年" if document.issued_on else ""
        place = f"，{document.region or document.level}" if document.region or document.level else ""
        yield Statement(
            f"{name_of(document)}{place}{issued}", (cite_head(document),), "derived", form="bullet"
        )
    if len(documents) > _LISTED:
        yield Statement("其余文件请在“政策文件”页查看。", kind="notice")


def cite_head(document: Document, text: str = "") -> Citation:
    """Cite what a document says of itself: `text` where it stands in the text, else the title block."""
    found = cite_text(document, text) if text else None
    if found:
        return found
    head = next((clause for clause in document.clauses if clause.label == "版头"), document.clauses[0])
    return cite_clause(head)


def _number(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    if not document.number:
        # A law has no number of its own, but the order that promulgated it may stand in its title block.
        for clause in document.clauses[:3]:
            for start, end in sentences_of(clause):
                if find_numbers(document.text[start:end]):
                    citation = cite_clause(clause, start, end)
                    yield Statement(citation.quote, (citation,), lead=f"{_named(document)}：")
                    return
        yield Statement(f"{name_of(document)}的文本未载明文号。", kind="notice")
        return
    yield Statement(
        document.number, (_cite_number(document),), "derived", lead=f"{_titled(document)}的文号："
    )


def _mentioned(document: Document, selection: Selection) -> Iterator[Statement]:
    """Where not its own number is asked for, but that of a document which one of its clauses names: that sentence."""
    if not _MENTIONS.search(selection.question.wording):
        return
    named = [c for c in selection.of(document) if _other_number(c.sentence.text, document)]
    if named and named[0].coverage >= _MENTIONED:
        lead = f"{_named(document)}{label_of(named[0].clause)}："
        yield Statement(named[0].sentence.text, (named[0].cite(),), lead=lead)


def _other_number(text: str, document: Document) -> bool:
    return any(number != document.number for _, _, number in find_numbers(text))


def _cite_number(document: Document) -> Citation:
    for start, end, number in find_numbers(document.text):
        clause = clause_at(document, start)
        if number == document.number and clause is not None and end <= clause.end:
            return cite_clause(clause, start, end)
    return cite_head(document)


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
        lead=f"{_named(document)}的发文机关：",
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
        lead=f"{_named(document)}的发文机关共",
    )


def _date(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    if document.issued_on is None:
        yield Statement(f"{name_of(document)}的文本未载明发文日期。", kind="notice")
        return
    day = document.issued_on.day
    if day is None:
        yield Statement(
            f"{document.issued_on.year}年",
            (_cite_number(document),),
            "derived",
            lead="文本未载明具体日期，文号所示年份为",
        )
        return
    written = f"{day.year}年{day.month}月{day.day}日"
    yield Statement(
        written, (_cite_day(document, written),), "derived", lead=f"{_named(document)}的成文日期："
    )


def _effective(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    """The sentence that says from when the document holds."""
    for clause in reversed(document.clauses):
        for start, end in sentences_of(clause):
            text = document.text[start:end]
            if re.search(r"(起|之日|日期).{0,3}(施行|实施|生效|执行|试行)", text):
                yield Statement(
                    text, (cite_clause(clause, start, end),), lead=f"{_named(document)}{label_of(clause)}："
                )
                return
    yield Statement(f"{name_of(document)}的文本未写明施行日期。", kind="notice")
    yield from _date(document, question, selection)


def _cite_day(document: Document, written: str) -> Citation:
    """The last place that prints the day: a signature stands at the end."""
    for match in reversed(list(re.finditer(re.escape(written), document.text))):
        clause = clause_at(document, match.start())
        if clause is not None:
            return cite_clause(clause, *match.span())
    signature = next((clause for clause in document.clauses if clause.label == "落款"), None)
    return cite_clause(signature) if signature else cite_head(document)


def _validity(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    judged = validity(document, question.as_of)
    if judged.state == "unstated":
        stated = Statement("文件未载明有效期，库内未见废止该文件的规定", (cite_head(document),), "derived")
        yield replace(stated, lead=f"{_named(document)}：")
        return
    yield Statement(judged.note, cite_validity(document), "derived", lead=f"{_named(document)}：")


def time_notes(statements: Sequence[Statement], question: Question) -> Iterator[Statement]:
    """What a reader must know of the time of the documents cited, once each, unless the statements say it already."""
    cited = {c.document.id: c.document for statement in statements for c in statement.citations}
    if question.kind is Kind.CORPUS or any(
        re.search(r"行动期|已失效|有效期", s.text) for s in statements if s.kind == "derived"
    ):
        return
    for document in cited.values():
        judged = validity(document, question.as_of)
        if judged.warns:
            lead = "该文件" if len(cited) == 1 else f"{name_of(document)}："
            yield Statement(judged.note, cite_validity(document), "derived", lead=lead)


def cite_validity(document: Document) -> tuple[Citation, ...]:
    """Where a document states its validity or its period: the sentence that does, else the title block."""
    wanted = [str(d.year) for d in (document.valid_until, document.valid_from) if d]
    marks = r"有效期|施行|试行|废止|失效" if wanted else r"年"
    if document.period:
        first, last = document.period.first, document.period.last
        stated = re.search(rf"{first}\s*年?\s*[—–\-－~至到]+\s*{last}\s*年", document.text)
        if stated:
            clause = clause_at(document, stated.start())
            if clause is not None and stated.end() <= clause.end:
                return (cite_clause(clause, *stated.span()),)
        wanted, marks = [str(last)], rf"用.{{1,3}}年|{last}年"
    for clause in document.clauses:
        for start, end in sentences_of(clause):
            text = document.text[start:end]
            if re.search(marks, text) and (
                not wanted or any(year in text for year in wanted) or document.period
            ):
                return (cite_clause(clause, start, end),)
    return (cite_head(document),)


def _repeals(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    """The sentence that says what the document replaces."""
    for clause in document.clauses[::-1]:
        for start, end in sentences_of(clause):
            text = document.text[start:end]
            if re.search(r"废止|停止执行|不再执行", text) and ("《" in text or find_numbers(text)):
                yield Statement(
                    text, (cite_clause(clause, start, end),), lead=f"{_named(document)}{label_of(clause)}："
                )
                return
    yield Statement(f"{name_of(document)}的文本未写明废止其他文件。", kind="notice")


def _interpreter(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    """The sentence that says who explains the document (本办法由…负责解释)."""
    found = _last_sentence(document, _INTERPRETS)
    if found is None:
        yield Statement(f"{name_of(document)}的文本未写明由谁负责解释。", kind="notice")
        return
    yield Statement(found.quote, (found,), lead=f"{_named(document)}{label_of(found.clause)}：")


def _last_sentence(document: Document, pattern: re.Pattern[str]) -> Citation | None:
    """The last sentence of a document that fits: what a document says of itself stands at its end."""
    for clause in reversed(document.clauses):
        for start, end in sentences_of(clause):
            if pattern.search(document.text, start, end):
                return cite_clause(clause, start, end)
    return None


def sentences_of(clause: Clause) -> list[tuple[int, int]]:
    """Spans of a clause's sentences, its label left out."""
    return split_sentences(clause.document.text[clause.body_start : clause.end], clause.body_start)


def _basis(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    """The sentence that says what the document implements: the first one that names another document as its ground."""
    for clause in document.clauses:
        for start, end in sentences_of(clause):
            text = document.text[start:end]
            if re.search(r"落实|贯彻|根据|依据|按照", text) and ("《" in text or find_numbers(text)):
                yield Statement(text, (cite_clause(clause, start, end),), lead=f"{_named(document)}：")
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
    yield Statement(f"{len(tops)}{what}", cited, "derived", lead=f"{_named(document)}共")


def _level(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    if not document.level:
        yield from _issuers(document, question, selection)
        return
    text = f"{document.region or '国家'}{'级' if document.level != '国家' else '层面'}文件"
    yield Statement(text, _cite_issuers(document), "derived", lead=f"{_named(document)}：")


def _titled(document: Document) -> str:
    return document.title if document.title.startswith("《") else f"《{document.title}》"


def _named(document: Document) -> str:
    return name_of(document)


_ASPECTS = {
    Aspect.NUMBER: _number,
    Aspect.TITLE: _title,
    Aspect.ISSUERS: _issuers,
    Aspect.COUNT_OF_ISSUERS: _count_of_issuers,
    Aspect.DATE: _date,
    Aspect.EFFECTIVE: _effective,
    Aspect.VALIDITY: _validity,
    Aspect.REPEALS: _repeals,
    Aspect.BASIS: _basis,
    Aspect.COUNT_OF_CLAUSES: _count_of_clauses,
    Aspect.LEVEL: _level,
    Aspect.INTERPRETER: _interpreter,
}
