"""What documents say of their own time: when issued, from when and until when they hold, what they replace."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chat.answer import Answer, Citation, Statement
from chat.outline import label_of
from chat.places import region_of
from chat.question import Kind, Question
from chat.quoting.selection import Selection, cite_clause, cite_text, clause_at, name_of
from chat.validity import chinese_date, validity
from corpus.document import Clause, Document
from corpus.numbers import find_numbers
from corpus.sentences import split_sentences

_IN_FORCE_FROM = re.compile(r"(起|之日|日期).{0,3}(施行|实施|生效|执行|试行)")
_REPEALS = re.compile(r"废止|停止执行|不再执行|失效")
_ISSUED = re.compile(r"\d{1,2}月\d{1,2}日.*(发布|印发|出台|下发|公布)")
_ASKS_TERM = re.compile(
    r"几年|多久|多长|什么时候|何时|啥时候|几时|到哪|到几|哪天|期限|有效期(是|为|到|至|[？?]?$)"
)
_TOLD = re.compile(r"行动期|已失效|有效期|已废止")


def write_date(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    """The day of issue; where only the year is known, the sentence that reports the day, else the year."""
    if document.issued_on is None:
        yield Statement(f"{name_of(document)}的文本未载明发文日期。", kind="notice")
        return
    if document.issued_on.day is not None:
        written = chinese_date(document.issued_on.day)
        lead = f"{name_of(document)}的成文日期："
        yield Statement(written, (cite_day(document, written),), "derived", lead=lead)
    elif reported := _reported(document):
        yield Statement(reported.quote, (reported,))
    else:
        year = f"{document.issued_on.year}年"
        lead = "文本未载明具体日期，文号所示年份为"
        yield Statement(year, (cite_number(document),), "derived", lead=lead)


def _reported(document: Document) -> Citation | None:
    """The sentence before the policy itself that says on which day it was issued (6月1日，…印发《…》)."""
    for clause in document.clauses[:2]:
        for start, end in sentences_of(clause):
            text = document.text[start:end]
            named = f"《{document.title}》" in text or any(
                number == document.number for _, _, number in find_numbers(text)
            )
            if named and _ISSUED.search(text):
                return cite_clause(clause, start, end)
    return None


def write_effective(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    """The sentence that says from when the document holds."""
    found = last_sentence(document, _IN_FORCE_FROM)
    if found:
        yield Statement(found.quote, (found,), lead=f"{name_of(document)}{label_of(found.clause)}：")
        return
    yield Statement(f"{name_of(document)}的文本未写明施行日期。", kind="notice")
    yield from write_date(document, question, selection)


def write_validity(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    """Whether the document holds at the day of the question, with the sentences that settle it."""
    named = f"{name_of(document)}："
    repealing = repealed_by(document, selection.held)
    if repealing:
        if _holds(repealing.document, question):
            yield Statement("已废止", (cite_head(document), repealing), "derived", lead=named)
        lead = f"{name_of(repealing.document)}{label_of(repealing.clause)}："
        yield Statement(repealing.quote, (repealing,), lead=lead)
    judged = validity(document, question.as_of)
    if judged.state == "unstated":
        if repealing:
            return
        if _ASKS_TERM.search(question.wording):
            yield Statement(f"{name_of(document)}的文本未载明有效期。", kind="notice")
            return
        note = "文件未载明有效期，库内未见废止该文件的规定"
        yield Statement(note, (cite_head(document),), "derived", lead=named)
        return
    cited = cite_validity(document)
    if not (repealing and judged.state == "dated"):
        yield Statement(judged.note, cited, "derived", lead=named)
    for citation in cited:
        if document.text[citation.end - 1] in "。；;" and citation.clause.label != "版头":
            yield Statement(
                citation.quote, (citation,), lead=f"{name_of(document)}{label_of(citation.clause)}："
            )


def _holds(document: Document, question: Question) -> bool:
    return document.valid_from is None or document.valid_from <= question.as_of


def repealed_by(document: Document, held: Sequence[Document]) -> Citation | None:
    """The sentence of another document that repeals this one, named by its number or, without one, by its title."""
    for other in held:
        cites = document.number in other.cites if document.number else f"《{document.title}》" in other.text
        if other is document or not cites:
            continue
        for clause in reversed(other.clauses):
            for start, end in sentences_of(clause):
                text = other.text[start:end]
                if not _REPEALS.search(text):
                    continue
                numbers = [number for _, _, number in find_numbers(text)]
                if document.number in numbers or f"《{document.title}》" in text:
                    return cite_clause(clause, start, end)
    return None


def time_notes(selection: Selection, statements: Sequence[Statement]) -> Iterator[Statement]:
    """What a reader must know of the time of the documents cited, once each, unless the statements say it already."""
    question = selection.question
    cited = {c.document.id: c.document for statement in statements for c in statement.citations}
    if question.kind is Kind.CORPUS or any(_TOLD.search(s.text) for s in statements if s.kind == "derived"):
        return
    for document in cited.values():
        repealing = repealed_by(document, selection.held) if document.number else None
        if repealing and _holds(repealing.document, question) and repealing.document.id not in cited:
            lead = f"{name_of(document)}："
            yield Statement("已废止", (cite_head(document), repealing), "derived", lead=lead)
            continue
        lead = "该文件" if len(cited) == 1 else f"{name_of(document)}："
        judged = validity(document, question.as_of)
        if judged.warns:
            yield Statement(judged.note, cite_validity(document), "derived", lead=lead)


def cite_validity(document: Document) -> tuple[Citation, ...]:
    """Where a document states its validity or its period: the sentence that does, else the title block."""
    wanted = [str(d.year) for d in (document.valid_until, document.valid_from) if d]
    marks = r"有效期|施行|试行|废止|失效" if wanted else r"年"
    if document.period and not document.valid_until:
        first, last = document.period.first, document.period.last
        stated = re.search(rf"{first}\s*年?\s*[—–\-－~至到]+\s*{last}\s*年", document.text)
        if stated:
            clause = clause_at(document, stated.start())
            if clause is not None and stated.end() <= clause.end:
                return (cite_clause(clause, *stated.span()),)
        wanted, marks = [str(last)], rf"用.{{1,3}}年|{last}年"
    for clause in reversed(document.clauses):  # it stands at the end
        for start, end in sentences_of(clause):
            text = document.text[start:end]
            if re.search(marks, text) and (
                not wanted
                or any(year in text for year in wanted)
                or (document.period and not document.valid_until)
            ):
                return (cite_clause(clause, start, end),)
    return (cite_head(document),)


def write_repeals(document: Document, question: Question, selection: Selection) -> Iterator[Statement]:
    """The sentence that says what the document replaces."""
    for clause in reversed(document.clauses):
        for start, end in sentences_of(clause):
            text = document.text[start:end]
            if _REPEALS.search(text) and ("《" in text or find_numbers(text)):
                lead = f"{name_of(document)}{label_of(clause)}："
                yield Statement(text, (cite_clause(clause, start, end),), lead=lead)
                return
    yield Statement(f"{name_of(document)}的文本未写明废止其他文件。", kind="notice")


def cite_head(document: Document, text: str = "") -> Citation:
    """Cite what a document says of itself: `text` where it stands in the text, else the title block."""
    found = cite_text(document, text) if text else None
    if found:
        return found
    head = next((clause for clause in document.clauses if clause.label == "版头"), document.clauses[0])
    return cite_clause(head)


def cite_day(document: Document, written: str) -> Citation:
    """The last place that prints the day: a signature stands at the end."""
    for match in reversed(list(re.finditer(re.escape(written), document.text))):
        clause = clause_at(document, match.start())
        if clause is not None:
            return cite_clause(clause, *match.span())
    signature = next((clause for clause in document.clauses if clause.label == "落款"), None)
    return cite_clause(signature) if signature else cite_head(document)


def cite_number(document: Document) -> Citation:
    """The place where a document prints its own number; else its title block."""
    for start, end, number in find_numbers(document.text):
        clause = clause_at(document, start)
        if number == document.number and clause is not None and end <= clause.end:
            return cite_clause(clause, start, end)
    return cite_head(document)


def last_sentence(document: Document, pattern: re.Pattern[str]) -> Citation | None:
    """The last sentence of a document that fits: what a document says of itself stands at its end."""
    for clause in reversed(document.clauses):
        for start, end in sentences_of(clause):
            if pattern.search(document.text, start, end):
                return cite_clause(clause, start, end)
    return None


def sentences_of(clause: Clause) -> list[tuple[int, int]]:
    """Spans of a clause's sentences, its label left out."""
    return split_sentences(clause.document.text[clause.body_start : clause.end], clause.body_start)


def warnings_of(answer: Answer) -> tuple[str, ...]:
    """What a reader must know of the time and the place in which the cited documents hold, once per document."""
    cited = dict.fromkeys(citation.document for citation in answer.citations)
    judged = [(document, validity(document, answer.question.as_of)) for document in cited]
    notes = [f"《{document.title}》{state.note}" for document, state in judged if state.warns]
    places = {region_of(document) for document in cited}
    notes += [
        f"库内没有{asked}本级的政策文件，以下为{held}的规定"
        for asked, held in answer.question.narrowed
        if places & set(held.split("、"))
    ]
    if answer.question.seat and cited:
        notes.append(f"库内没有{'、'.join(answer.question.seat)}的政策文件，以上为国家政策的规定")
    if any(document.traditional for document in cited):
        notes.append("引文由繁体来源自动转换为简体，以来源原文为准")
    return tuple(notes)
