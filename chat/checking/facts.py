"""Facts about documents, recomputed from their records: how many issuers and clauses, dates, periods, validity."""

from __future__ import annotations

import re

from chat.checking.grounds import Check, Grounds
from chat.checking.mentions import Named
from chat.checking.source import Source
from chat.numerals import CHINESE, parse_numeral
from chat.quantities import Moment, find_quantities
from chat.validity import is_before
from corpus.document import Document
from corpus.numbers import find_numbers

_DAY = r"(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?"
_COUNT = rf"(?:\d+|[{CHINESE}]+)"
_LISTED = 24  # characters besides title and number that an entry of a list of documents may have
_ARTICLE = re.compile(r"第\S+条")
_REVOKES = re.compile(r"废止|失效|停止执行|延续|延长")


def _period(grounds: Grounds, found: dict[str, str]) -> str:
    first, last = int(found["first"]), int(found["last"])
    for document in grounds.cited:
        if document.period is None or (document.period.first, document.period.last) != (first, last):
            return f"行动期与文件记载（{document.period or '未载明'}）不符"
        over = document.period.last < grounds.question.as_of.year
        if found["state"] and over != (found["state"] in ("已结束", "已经结束")):
            return "行动期是否结束与判断日期不符"
    return ""


def _expired(grounds: Grounds, found: dict[str, str]) -> str:
    day = grounds.question.as_of
    expired = all(
        document.valid_until is not None and document.valid_until < day for document in grounds.cited
    )
    return "" if expired else "文件并未载明已失效"


def _in_force(grounds: Grounds, found: dict[str, str]) -> str:
    day = grounds.question.as_of
    for document in grounds.cited:
        started = document.valid_from is None or document.valid_from <= day
        lasts = document.valid_until is not None and document.valid_until >= day
        runs = (
            document.valid_until is None and document.period is not None and document.period.last >= day.year
        )
        if not (started and (lasts or runs)):
            return "文件未载明至判断日期仍有效"
    return ""


def _not_yet(grounds: Grounds, found: dict[str, str]) -> str:
    future = all(d.valid_from is not None and d.valid_from > grounds.question.as_of for d in grounds.cited)
    return "" if future else "施行日期与文件记载不符"


def _day_fact(attribute: str, name: str) -> Check:
    def check(grounds: Grounds, found: dict[str, str]) -> str | None:
        claimed = _moment(found["day"])
        for document in grounds.cited:
            recorded = getattr(document, attribute)
            if recorded is None:
                # The record lacks it: the words of the clause decide.
                return None
            if claimed is None or not claimed.covers(Moment(recorded.year, recorded.month, recorded.day)):
                return f"{name}与文件记载（{recorded}）不符"
        return ""

    return check


def _issued(grounds: Grounds, found: dict[str, str]) -> str | None:
    claimed = _moment(found["day"])
    for document in grounds.cited:
        if document.issued_on is None:
            return None
        day = document.issued_on.day
        recorded = Moment(day.year, day.month, day.day) if day else Moment(document.issued_on.year)
        if claimed is None or not claimed.covers(recorded):
            return f"发文日期与文件记载（{document.issued_on}）不符"
    return ""


def _listed_year(grounds: Grounds, found: dict[str, str]) -> str | None:
    """《…》（文号），山东省，2021年: the year in a list of documents is the year of issue."""
    entry = grounds.text.rpartition("的：")[2]  # 库内收录的政策文件中发布最早的：《…》，…
    is_listed = len(Named(entry).without) <= _LISTED
    return _issued(grounds, found) if is_listed else None


def _only_year(grounds: Grounds, found: dict[str, str]) -> str:
    for document in grounds.cited:
        issued = document.issued_on
        if issued is None or issued.day is not None or issued.year != int(found["year"]):
            return "文号所示年份与文件记载不符"
    return ""


def _no_revocation(grounds: Grounds, found: dict[str, str]) -> str:
    """No other document of the corpus cites this one near 废止, 失效 or 延续."""
    for document in grounds.cited:
        for other in grounds.documents:
            if not document.number or other is document or document.number not in other.cites:
                continue
            for start, end, number in find_numbers(other.text):
                around = other.text[max(0, start - 60) : end + 40]
                if number == document.number and _REVOKES.search(around):
                    return f"库内文件{other.number or other.title}提到了它的废止或延续"
    return ""


def _repealed(grounds: Grounds, found: dict[str, str]) -> str:
    """Another cited document, in force at the day of the question, says that the document named is repealed."""
    for document in grounds.cited:
        if not any(_repeals(source, document, grounds) for source in grounds.sources):
            return "所引条款没有说该文件已废止"
    return ""


def _repeals(source: Source, document: Document, grounds: Grounds) -> bool:
    other = source.document
    if other is document or (other.valid_from and other.valid_from > grounds.question.as_of):
        return False
    for quote in (quote for quoted, quote in grounds.quotes if quoted is source):
        numbers = [number for _, _, number in find_numbers(quote)]
        if re.search(r"废止|失效|停止执行", quote) and (
            document.number in numbers or f"《{document.title}》" in quote
        ):
            return True
    return False


def _leads(grounds: Grounds, found: dict[str, str]) -> str | None:
    """《…》发布更早, 施行更早, 发文机关更多: than every other document that is cited."""
    # Several documents may bear one title; the number tells them apart.
    named = [d for d in grounds.cited if d.number and d.number in grounds.text] or list(grounds.cited)
    others = [source.document for source in grounds.sources if source.document is not named[0]]
    if not others or len(named) != 1:
        return None
    own = named[0]
    for other in others:
        if found["what"] == "发布":
            holds = is_before(own, other) is True
        elif found["what"] == "施行":
            holds = bool(own.valid_from and other.valid_from and own.valid_from < other.valid_from)
        else:
            holds = len(own.issuers) > len(other.issuers) > 0
        if not holds:
            return f"{found['whole']}与文件记载不符"
    return ""


def _unstated_validity(grounds: Grounds, found: dict[str, str]) -> str:
    stated = any(document.valid_until is not None for document in grounds.cited)
    return "文件载明了有效期" if stated else ""


def _departments(grounds: Grounds, found: dict[str, str]) -> str:
    count = parse_numeral(found["count"])
    duty = re.search(r"负责|牵头|配合", grounds.text) and not re.search(
        r"印发|发布|发文|制定|出台", grounds.text
    )
    if duty:
        counts = {len(source.clause.departments) for source in grounds.sources}
        counts |= {sum(len(source.clause.departments) for source in grounds.sources)}
    else:
        counts = {len(document.issuers) for document in grounds.cited}
    if len(counts) >= 1 and count in counts:
        return ""
    return f"部门数与文件记载（{'、'.join(str(n) for n in sorted(counts))}）不符"


def _clauses(grounds: Grounds, found: dict[str, str]) -> str:
    count = parse_numeral(found["count"])
    for document in grounds.cited:
        if count not in _clause_counts(document, found["unit"]):
            return "条款数与文件不符"
    return ""


def _clause_counts(document: Document, unit: str) -> set[int]:
    """How many articles, or parts of the first level, a document has."""
    articles = [clause for clause in document.clauses if _ARTICLE.fullmatch(clause.label)]
    if unit == "条" and articles:
        return {len(articles)}
    level = {"章": "章", "编": "编", "节": "节"}.get(unit)
    if level:
        return {len({step for c in document.clauses for step in c.path if step.endswith(level)})}
    numbered = {(clause.part, clause.path[0]) for clause in document.clauses if clause.path}
    return {len(numbered), len([c for c in document.clauses if c.path and c.label not in ("前言", "结语")])}


def _level(grounds: Grounds, found: dict[str, str]) -> str:
    for document in grounds.cited:
        if found["place"] == "国家":
            if document.level != "国家":
                return "文件层级与记载不符"
        elif found["place"] not in (document.region, document.level):
            return "文件层级与记载不符"
    return ""


def _as_of(grounds: Grounds, found: dict[str, str]) -> str | None:
    claimed, day = _moment(found["day"]), grounds.question.as_of
    return "" if claimed is not None and claimed.covers(Moment(day.year, day.month, day.day)) else None


def _moment(text: str) -> Moment | None:
    quantities = find_quantities(text)
    return quantities[0].moments[0] if quantities and quantities[0].moments else None


_CUE = r"(?:成文|发布|印发|发文|公布)(?:日期|时间)"
RULES: tuple[tuple[re.Pattern[str], Check], ...] = (
    (
        re.compile(
            r"行动期(?P<first>\d{4})年?[—–\-－~至到]+(?P<last>\d{4})年?(?P<state>已经?结束|尚未结束)?"
        ),
        _period,
    ),
    (re.compile(r"(?:已经?失效|已过有效期|已经?到期)"), _expired),
    (re.compile(r"现行有效|仍然?有效|尚?在(?:有效期|行动期)内"), _in_force),
    (re.compile(r"尚未(?:施行|生效)"), _not_yet),
    (re.compile(rf"有效期至(?P<day>{_DAY})"), _day_fact("valid_until", "有效期")),
    (re.compile(rf"自(?P<day>{_DAY})起(?:施行|生效|实施|执行)"), _day_fact("valid_from", "施行日期")),
    (re.compile(r"(?:文本)?未载明具体日期[，,]文号所示年份为(?P<year>\d{4})年"), _only_year),
    (re.compile(rf"{_CUE}(?:为|是)?[：:]?(?P<day>{_DAY})"), _issued),
    (re.compile(rf"(?:于|在)?(?P<day>{_DAY})(?=(?:联合|正式)?(?:印发|发布|公布|成文|出台|发文))"), _issued),
    (re.compile(rf"(?<=[，,])(?P<day>{_DAY})$"), _listed_year),
    (re.compile(r"库内未见废止(?:或延续)?(?:该|此)?(?:文件|的?规定)?"), _no_revocation),
    (re.compile(r"(?:文件)?未载明有效期"), _unstated_validity),
    (re.compile(r"已(?:被|经)?废止"), _repealed),
    (re.compile(r"(?P<what>发布|施行|发文机关)更(?:早|多)$"), _leads),
    (re.compile(rf"截[至止](?P<day>{_DAY})"), _as_of),
    (
        re.compile(rf"(?P<count>{_COUNT})(?:个|家)?(?:部门|部委|单位)(?=$|[：:，,。（(联印发共制的负牵])"),
        _departments,
    ),
    (
        re.compile(
            rf"共(?:有|计|分)?(?:为)?(?P<count>{_COUNT})个?(?P<unit>条|章|编|节|部分)(?![\u4e00-\u9fff])"
        ),
        _clauses,
    ),
    (re.compile(r"(?P<place>国家|[\u4e00-\u9fff]{1,8}?[省市县区])(?:级|层面)(?:文件|政策)"), _level),
)
