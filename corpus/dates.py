"""Dates that a policy states: issued, valid from, valid until, and the years of an action plan."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from corpus.document import Period
from corpus.labels import numeral

_HAN_DIGIT = "〇○零Ｏ一二三四五六七八九"
_YEAR = rf"(?:19|20)\d\d|[一二][{_HAN_DIGIT}]{{3}}"
_SMALL = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
DAY = re.compile(rf"(?P<year>{_YEAR})\s*年\s*(?P<month>{_SMALL})\s*月\s*(?P<day>{_SMALL})\s*日")
_DIGIT_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*[-/.]?\s*(?P<month>\d{1,2})\s*[-/.]?\s*(?P<day>\d{1,2})(?!\d)"
)

_APPLIES = r"(?:正式)?(?:施行|实施|执行|生效|试行)"
_FROM_DAY = re.compile(rf"自\s*{DAY.pattern}\s*(?:零时)?(?:起|开始){_APPLIES}")
_FROM_ISSUE = re.compile(
    r"自(?:印发|发布|公布|发文|颁布|下发|签发|公告)(?:之?日|之时)?起?"
    rf"(?:(?P<after>\d{{1,3}}|[一二三四五六七八九十]{{1,3}})\s*个?(?P<unit>日|天|工作日|月)之?后?起?)?{_APPLIES}"
)
_UNTIL_DAY = re.compile(rf"(?:至|到|截止|截至|为|：)\s*{DAY.pattern}")
_UNTIL_SAID = re.compile(r"有效期|施行|执行|实施|试行|失效|废止")
_SELF = re.compile(
    r"起(?:正式)?(?:施行|实施|执行|生效|试行)|(?:本|该)(?:办法|条例|规定|细则|通知|意见|措施|方案|政策|计划|规划|公告|文件|若干措施|若干政策|实施细则|实施办法|实施意见|政策措施)[\u4e00-\u9fff]{0,6}$"
)
_LICENCE = re.compile(r"证|照|许可|资质|资格|认定|称号|合同|名单")
_YEARS_VALID = re.compile(
    r"(?:有效期|试行期|暂行期|试行|施行期限|政策期限|执行期|实施期)(?:限)?\s*(?:暂定)?\s*(?:为|是)?\s*[:：]?\s*(?P<years>\d{1,2}|[一二两三四五六七八九十]{1,2})\s*(?P<unit>年|个月)"
)
_SPAN = re.compile(r"(?P<first>(?:19|20)\d\d)\s*年?\s*[-—–－~～─―至到]+\s*(?P<last>(?:19|20)\d\d)\s*年")
_YEARS_PLAN = re.compile(
    r"(?P<years>[一二两三四五六七八九十]|\d)\s*年(?:行动|攻坚|提升|倍增|工作|专项|发展|实施|推进|培育|建设|计划|滚动)+(?:计划|方案|行动)?"
)
_WITH_YEARS = re.compile(
    r"(?:用|力争用|通过|利用)\s*(?P<years>[一二两三四五六七八九十]|\d)\s*(?:至[一二三四五六七八九十]|-\d)?\s*年(?:左右)?的?(?:时间|努力)?"
)
_FIVE_YEARS = {
    "十二五": (2011, 2015),
    "十三五": (2016, 2020),
    "十四五": (2021, 2025),
    "十五五": (2026, 2030),
    "十六五": (2031, 2035),
}


def to_date(match: re.Match[str]) -> date | None:
    """The day that a match of `DAY` names; None if there is no such day."""
    try:
        return date(
            numeral(match["year"].replace("Ｏ", "〇")), numeral(match["month"]), numeral(match["day"])
        )
    except ValueError:
        return None


def days(text: str) -> list[date]:
    """Every full date written with 年月日, in reading order."""
    return [day for match in DAY.finditer(text) if (day := to_date(match))]


def loose_day(text: str) -> date | None:
    """The first date in a metadata field, in any style (2022年05月12日, 2022-05-12, 20220512)."""
    match = DAY.search(text) or _DIGIT_DAY.search(text)
    return to_date(match) if match else None


def valid_from(text: str, issued: date | None) -> date | None:
    """The day from which the document says it applies: 自…起施行, or so long after its issue."""
    stated = [match for match in _FROM_DAY.finditer(text) if _of_itself(text, match.start())]
    if stated:
        return to_date(stated[-1])
    match = next((match for match in _FROM_ISSUE.finditer(text) if _of_itself(text, match.start())), None)
    if not match or issued is None:
        return None
    if not match["after"]:
        return issued
    count = numeral(match["after"])
    if match["unit"] == "月":
        return _months_later(issued, count)
    return issued + timedelta(days=count) if match["unit"] != "工作日" else None


def _of_itself(text: str, place: int) -> bool:
    """Whether a sentence speaks of the document itself (本办法自…) and not of another (《…》自…)."""
    begin = max(text.rfind(mark, 0, place) for mark in "。；\n")
    before = text[begin + 1 : place]
    return len(before) < 60 and not re.search(r"》[^，]*$", before)


def valid_until(text: str, start: date | None) -> date | None:
    """The last day on which the document says it applies: 有效期至…, 有效期…年, 试行…年."""
    for match in _UNTIL_DAY.finditer(text):
        begin = max(text.rfind(mark, 0, match.start()) for mark in "。；\n")
        before = text[begin + 1 : match.start()]
        if _UNTIL_SAID.search(before) and len(before) < 60 and "》" not in before:
            return to_date(match)
    if start is None:
        return None
    for match in _YEARS_VALID.finditer(text):
        begin = max(text.rfind(mark, 0, match.start()) for mark in "。；\n")
        before = text[begin + 1 : match.start()]
        if (
            len(before) < 80
            and (_SELF.search(before) or not before.strip(" （(，、"))
            and not _LICENCE.search(before)
        ):
            count = numeral(match["years"])
            return _months_later(start, count * (12 if match["unit"] == "年" else 1)) - timedelta(days=1)
    return None


def _months_later(start: date, months: int) -> date:
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def period(titles: list[str], text: str, issued_year: int | None) -> Period | None:
    """The years of an action plan, from its titles first, then from 用三年时间 in its text."""
    for title in titles:
        span = _SPAN.search(title)
        if span and int(span["first"]) < int(span["last"]):
            return Period(int(span["first"]), int(span["last"]))
        for name, (first, last) in _FIVE_YEARS.items():
            if name in title and "规划" in title:
                return Period(first, last)
    plan = next((match for title in titles if (match := _YEARS_PLAN.search(title))), None)
    if plan and issued_year:
        spoken = _WITH_YEARS.search(text)
        count = numeral((spoken or plan)["years"])
        if count > 1:
            return Period(issued_year, issued_year + count)
    return None
