"""Notices assert nothing of the policy: they may repeat the question and name documents, and say what was not found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from chat.answer import Statement
from chat.checking.authorities import find_mentions, known_names, match_name, shorten
from chat.checking.holdings import recount
from chat.checking.mentions import Named, blank
from chat.checking.modality import modals_of
from chat.checking.reading import compact, plain
from chat.checking.source import bare
from chat.quantities import Moment, Quantity, QuantityKind, find_quantities, same
from chat.question import Question
from corpus.document import Document
from corpus.numbers import find_numbers
from corpus.regions import find_regions

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
# What a notice says: that something is not there, where to look, how to ask.
_CUE = re.compile(
    r"未|没有|没能|无法|不能回答|不作|不足以|暂无|不在|请|抱歉|可(?:查看|在|点击|参考|联系)|如下|以下|其余|另见|参见|详见|库内|收录|最(?:接近|相近|相关)"
    r"|仅供参考|为准|建议|口径|不宜|您|换一种|原文|条款链接|对话|范围|来源|转换"
)
# Words of policy that a notice has no business with unless the question brought them.
_POLICY = re.compile(r"应当|必须|不得|禁止|严禁|鼓励|给予|享受|补贴|补助|奖励|扶持|减免|处罚|罚款|优先|力争")
_HEADING = 12  # characters besides names that a heading may have
_OWN_UNITS = ("份", "个", "件", "部", "条")


@dataclass(frozen=True, eq=False)
class Holdings:
    """What a notice may name of the corpus. Worked out once, for there may be thousands of documents."""

    documents: tuple[Document, ...]

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers (文号) of the documents; the ids of those that have none."""
        return frozenset(name for d in self.documents for name in (d.number, d.id) if name)

    @cached_property
    def titles(self) -> str:
        """All titles without punctuation, a line each: a part of one may be named."""
        return "\n".join(bare(document.title) for document in self.documents)

    @cached_property
    def issuers(self) -> dict[str, frozenset[str]]:
        """The short names of all issuers."""
        names = {issuer for document in self.documents for issuer in document.issuers}
        return {shorten(compact(name)): frozenset[str]() for name in sorted(names)}

    @cached_property
    def provinces(self) -> frozenset[str]:
        """The provinces that have documents."""
        regions = {document.region for document in self.documents}
        return frozenset(mention.province for region in regions for mention in find_regions(region))

    @cached_property
    def periods(self) -> frozenset[tuple[int, int]]:
        """First and last years of the plans."""
        return frozenset((d.period.first, d.period.last) for d in self.documents if d.period)


def notice_fault(statement: Statement, question: Question, holdings: Holdings) -> str:
    """What is wrong with a notice, in Chinese; empty if nothing is."""
    if statement.citations:
        return "提示语不应带引用"
    text, miscounted = recount(plain(statement.lead + statement.text), holdings.documents)
    if miscounted:
        return miscounted
    asked = "\n".join(
        (
            question.text,
            question.standalone,
            question.wording,
            question.topic,
            *question.missing,
            *question.missing_regions,
        )
    )
    named = Named(text)
    known = holdings.numbers | {number for _, _, number in find_numbers(asked)}
    for _, _, number in named.numbers:
        # Words before the agency may have stuck to it.
        if not any(number[start:] in known for start in range(len(number))):
            return f"提示语中的文号不是所问或库内的：{number}"
    for match in named.titles:
        title = bare(match[1])
        if title not in bare(asked) and title not in holdings.titles:
            return f"提示语中的文件名不是所问或库内的：《{match[1]}》"
    rest = named.plain
    return (
        _quantity_fault(rest, asked, question, holdings)
        or _department_fault(rest, asked, holdings)
        or _place_fault(rest, asked, question, holdings)
        or _assertion_fault(rest, asked)
    )


def _quantity_fault(text: str, asked: str, question: Question, holdings: Holdings) -> str:
    own = find_quantities(asked)
    for quantity in find_quantities(text):
        if any(same(quantity, known) or _alike(quantity, known) for known in own):
            continue
        if quantity.is_time and _is_known_time(quantity, question, holdings):
            continue
        if quantity.unit in _OWN_UNITS and quantity.values == (len(holdings.documents),):
            continue
        return f"提示语含有数字：{quantity.text}"
    return ""


def _alike(quantity: Quantity, known: Quantity) -> bool:
    return (quantity.kind, quantity.values, quantity.moments) == (known.kind, known.values, known.moments)


def _is_known_time(quantity: Quantity, question: Question, holdings: Holdings) -> bool:
    """The date of judgement, a year asked about, or the period of a plan."""
    day = question.as_of
    if quantity.kind is QuantityKind.DATE:
        moment = quantity.moments[0]
        return moment.covers(Moment(day.year, day.month, day.day)) or moment.year in question.years
    return (quantity.moments[0].year, quantity.moments[-1].year) in holdings.periods


def _department_fault(text: str, asked: str, holdings: Holdings) -> str:
    mentions = find_mentions(shorten(text))
    if not mentions:
        return ""
    known = known_names(shorten(compact(asked)), holdings.issuers)
    strange = next((mention for mention in mentions if match_name(mention.run, known) is None), None)
    return f"提示语提到了部门：{strange.run}" if strange else ""


def _place_fault(text: str, asked: str, question: Question, holdings: Holdings) -> str:
    known = {mention.province for mention in find_regions(asked)} | holdings.provinces
    for name in (*question.regions, *question.filters.regions):
        known |= {mention.province for mention in find_regions(name)}
    for mention in find_regions(text):
        if mention.province not in known:
            return f"提示语提到了未问及的地区：{mention.province}"
    return ""


def _assertion_fault(text: str, asked: str) -> str:
    """A sentence that neither says what was not found or where to look, nor is a heading made of names."""
    for match in _SENTENCE.finditer(text):
        sentence = match[0]
        policy = next((m[0] for m in _POLICY.finditer(sentence) if m[0] not in asked), "")
        if policy:
            return f"提示语含有政策断言：{policy}"
        if _CUE.search(sentence):
            continue
        places = [(mention.start, mention.end) for mention in find_regions(sentence)]
        words = bare(blank(sentence, places))
        if (
            len(words) > _HEADING
            or text[match.end() : match.end() + 1] in ("。", "！")
            or modals_of(sentence)
        ):
            return "提示语含有无引用的断言"
    return ""
