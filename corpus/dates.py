"""Dates that a policy states: issued, valid from, valid until, and the years of an action plan."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from corpus.document import Period
from corpus.labels import numeral

_HAN_DIGIT = "〇○零Ｏ一二三四五六七八九"
_YEAR = rf"(?:[1１][9９]|[2２][0０])\d\d|[一二][{_HAN_DIGIT}]{{3}}"
_SMALL = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
DAY = re.compile(rf"(?P<year>{_YEAR})\s*年\s*(?P<month>{_SMALL})\s*月\s*(?P<day>{_SMALL})\s*日")
MONTH = re.compile(rf"[（(]?\s*(?P<year>{_YEAR})\s*年\s*(?:{_SMALL})\s*月\s*[）)]?")
_DIGIT_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*[-/.]?\s*(?P<month>\d{1,2})\s*[-/.]?\s*(?P<day>\d{1,2})(?!\d)"
)

_APPLIES = r"(?:正式)?(?:施行|实施|执行|生效|试行)"
_FROM_DAY = re.compile(rf"自\s*{DAY.pattern}\s*(?:零时)?(?:起|开始){_APPLIES}")
_FROM_ISSUE = re.compile(
    r"自(?:印发|发布|公布|发文|颁布|下发|签发|公告)(?:之?日|之时)?起?"
    rf"(?:(?P<after>\d{{1,3}}|[一二三四五六七八九十]{{1,3}})\s*个?(?P<unit>日|天|工作日|月)之?后?起?)?{_APPLIES}"
)
# What stands in a sentence before 自 or 有效期, if it speaks of its own document: nothing, a label, 本办法,
# 本办法由…负责解释, 上述政策, 本办法自…起施行.
_SELF = re.compile(
    r"(?:第[一二三四五六七八九十百\d]+条|[（(]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．]?)?\s*"
    r"(?:[^，。；]{0,24}?(?:本|该|此|以上|上述)(?!(?:项|类|笔|种)(?!措施|政策|规定))[\u4e00-\u9fff]{1,12}(?:[（(][^（）()]{1,10}[）)])?)?"
    r"(?:[，,]?\s*(?:由[^，]{2,40}负责解释|有效期[^，]{1,8}|现予[^，]{2,6})[，,])?"
    r"(?:自[^，。；]{2,30}起?(?:之?[日后])?(?:起|后)?(?:正式)?(?:施行|实施|执行|生效|试行)[，,（(]?)?\s*"
)
_UNTIL_DAY = re.compile(rf"(?:至|到|截止|截至|为|：)\s*{DAY.pattern}")
_UNTIL_WORDS = re.compile(
    r"(?:有效期(?:限)?(?:暂定)?|(?:施行|执行|实施|试行)?期限|施行|执行|实施|试行|失效日期)截?$"
)
_YEARS_VALID = re.compile(
    r"(?:有效期|试行期|暂行期|试行|施行期限|政策期限|执行期|实施期)限?\s*(?:暂定)?\s*[为是]?\s*[:：]?\s*"
    r"(?P<years>\d{1,2}|[一二两三四五六七八九十]{1,2})\s*(?P<unit>年|个月)"
)
_LICENCE = re.compile(r"证|照|许可|资质|资格|认定|称号|合同|名单|备案")

_SPAN = re.compile(r"(?P<first>(?:19|20)\d\d)\s*年?\s*[-—–－~～─―至到]+\s*(?P<last>(?:19|20)\d\d)\s*年")
_YEARS_PLAN = re.compile(
    r"(?<!\d)(?P<years>[一二两三四五六七八九十]|\d)\s*年(?:行动|攻坚|提升|倍增|工作|专项|发展|实施|推进|培育|建设|计划|滚动)"
)
_WITH_YEARS = re.compile(
    r"(?:用|力争用|通过|利用)\s*(?P<years>[一二两三四五六七八九十]|\d)\s*年(?:左右)?的?(?:时间|努力)"
)
_FIVE_YEARS = {
    "十二五": Period(2011, 2015),
    "十三五": Period(2016, 2020),
    "十四五": Period(2021, 2025),
    "十五五": Period(2026, 2030),
    "十六五": Period(2031, 2035),
}


def to_date(match: re.Match[str]) -> date | None:
    """The day that a match of `DAY` names; None if there is no such day."""
    try:
        return date(year_of(match), numeral(match["month"]), numeral(match["day"]))
    except ValueError:
        return None


def year_of(match: re.Match[str]) -> int:
    """The year that a match of `DAY` or `MONTH` names."""
    return numeral(match["year"].replace("Ｏ", "〇"))


def days(text: str) -> list[date]:
    """Every full date written with 年月日, in reading order."""
    return [day for match in DAY.finditer(text) if (day := to_date(match))]


def loose_day(text: str) -> date | None:
    """The first date in a metadata field, in any style (2022年05月12日, 2022-05-12, 20220512)."""
    match = DAY.search(text) or _DIGIT_DAY.search(text)
    return to_date(match) if match else None


def valid_from(text: str, issued: date | None) -> date | None:
    """The day from which the document says it applies: 自…起施行, or so long after its issue."""
    stated = [match for match in _FROM_DAY.finditer(text) if _SELF.fullmatch(_before(text, match.start()))]
    if stated:
        return to_date(stated[-1])
    match = next((m for m in _FROM_ISSUE.finditer(text) if _SELF.fullmatch(_before(text, m.start()))), None)
    if not match or issued is None:
        return None
    if not match["after"]:
        return issued
    count = numeral(match["after"])
    if match["unit"] == "月":
        return _months_later(issued, count)
    return issued + timedelta(days=count) if match["unit"] != "工作日" else None


_UP_TO = re.compile(rf"\s*起?\s*[-—–－~～─至到]+\s*{DAY.pattern}")


def valid_until(text: str, start: date | None) -> date | None:
    """The last day on which the document says it applies: 有效期至…, 有效期…年, 试行…年."""
    for match in _UNTIL_DAY.finditer(text):
        before = _before(text, match.start())
        words = _UNTIL_WORDS.sub("", before)
        if words != before and _SELF.fullmatch(words):
            further = _UP_TO.match(text, match.end())  # 实施期限为2026年1月1日至2028年12月31日
            return to_date(further or match)
    for match in _YEARS_VALID.finditer(text) if start else ():
        before = _before(text, match.start())
        if _SELF.fullmatch(before) and not _LICENCE.search(before):
            count = numeral(match["years"]) * (12 if match["unit"] == "年" else 1)
            return _months_later(start, count) - timedelta(days=1) if start else None
    return None


_ABBREVIATED = re.compile(
    r"《(?P<full>[^《》]{4,100})》[（(]以下(?:简称|称)[：:]?[《“](?P<short>[^《》“”]{2,20})[》”][）)]"
)
_ANSWER = re.compile(r"(?m)^答[:：][ \t]*")


def in_own_words(text: str, titles: Sequence[str]) -> str:
    """The text with 本政策 for the short name that it gives to its own subject, and 答： at line starts left out.

    Questions and answers on a policy say 《若干政策》自…起执行 where the policy itself says 本政策.
    """
    for match in _ABBREVIATED.finditer(text):
        if any(match["full"] in title for title in titles):
            text = text.replace(f"《{match['short']}》", "本政策")
    return _ANSWER.sub("", text)


def _before(text: str, place: int) -> str:
    """What stands before a place in its sentence; a long stretch stands for a sentence about something else."""
    begin = max(text.rfind(mark, max(0, place - 120), place) for mark in "。；\n")
    return text[begin + 1 : place].strip() if begin >= 0 or place <= 120 else "…" * 2


def _months_later(start: date, months: int) -> date:
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def period(titles: Sequence[str], text: str, issued_year: int | None) -> Period | None:
    """The years of an action plan, from its titles first, then from 用三年时间 in its text."""
    for title in titles:
        span = _SPAN.search(title)
        if span and int(span["first"]) < int(span["last"]):
            return Period(int(span["first"]), int(span["last"]))
        if "规划" in title and (named := next((name for name in _FIVE_YEARS if name in title), None)):
            return _FIVE_YEARS[named]
    plan = next((match for title in titles if (match := _YEARS_PLAN.search(title))), None)
    if not plan or not issued_year:
        return None
    count = numeral((_WITH_YEARS.search(text) or plan)["years"])
    return Period(issued_year, issued_year + count) if count > 1 else None
