"""Dates in Chinese text: 2025年, 2022年5月12日, 二〇二五年底, 2022-05-12, 5月底."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chat.numerals import CHINESE, CHINESE_DIGIT, parse_numeral

_YEAR = rf"(?:(?<!\d)(?:19|20|21)\d\d|[一二][{CHINESE_DIGIT}]{{3}})"
_SMALL = rf"(?:\d{{1,2}}|[{CHINESE}]{{1,3}})"
_PART = r"年?(?:[初底末终]|上半年|下半年)|(?:第?[一二三四1-4]季度)|[上中下]旬"
_DATE = re.compile(
    rf"(?P<year>{_YEAR})\s?年度?(?:\s?(?P<month>{_SMALL})\s?月份?(?:\s?(?P<day>{_SMALL})\s?[日号])?)?"
    rf"(?:\s?(?P<part>{_PART}))?"
    rf"|(?<![\d.])(?P<iso_year>(?:19|20|21)\d\d)(?P<mark>[-./])(?P<iso_month>\d{{1,2}})"
    rf"(?:(?P=mark)(?P<iso_day>\d{{1,2}}))(?![\d.])"
    rf"|(?P<lone_month>{_SMALL})\s?月份?(?:\s?(?P<lone_day>{_SMALL})\s?[日号])?(?:\s?(?P<lone_part>[初底末]|[上中下]旬))?"
    # 到2025, and the first year of 2022—2025年
    rf"|(?<=[每次当同]月)\s?(?P<lone_monthly>{_SMALL})\s?[日号]"
    rf"|(?<=[到至自从])\s?(?P<bare_year>(?<!\d)(?:19|20|21)\d\d)(?![\d.%年]|\s?[{CHINESE}家个项亿元])"
    rf"|(?P<first_year>(?<!\d)(?:19|20|21)\d\d)(?=\s?(?:[-—–~～－―至到]+)\s?(?:19|20|21)\d\d(?!\d))"
    rf"|(?<=[-—–~～－―至到])(?P<last_year>(?<!\d)(?:19|20|21)\d\d)(?!\d)"
)
_END = re.compile(r"年?[底末终]")


@dataclass(frozen=True)
class Moment:
    """A date as far as the text gives it; None and "" stand for what it leaves out."""

    year: int | None
    month: int | None = None
    day: int | None = None
    part: str = ""  # "初", "末", "上半年", "1季度", "上旬"

    def covers(self, other: Moment) -> bool:
        """Whether this says nothing that `other` does not say: 2025年 covers 2025年12月31日."""
        pairs = (
            (self.year, other.year),
            (self.month, other.month),
            (self.day, other.day),
            (self.part, other.part),
        )
        return all(own in (None, "") or own == theirs for own, theirs in pairs)

    def __str__(self) -> str:
        year = f"{self.year}年" if self.year is not None else ""
        month = f"{self.month}月" if self.month is not None else ""
        day = f"{self.day}日" if self.day is not None else ""
        part = "底" if self.part == "末" else self.part
        return year + month + day + part


def find_moments(text: str) -> list[tuple[int, int, Moment]]:
    """Each date in half-width text as (start, end, date), in reading order."""
    found = []
    for match in _DATE.finditer(text):
        moment = _moment(match)
        if moment is not None:
            blank = len(match[0]) - len(match[0].lstrip())
            found.append((match.start() + blank, match.end(), moment))
    return found


def _moment(match: re.Match[str]) -> Moment | None:
    part = match["part"] or match["lone_part"] or ""
    if _END.fullmatch(part):
        part = "末"
    part = (
        re.sub(r"年?初", "初", part)
        .removeprefix("年")
        .removeprefix("第")
        .translate(str.maketrans("一二三四", "1234"))
    )
    year = _number(
        match["year"] or match["iso_year"] or match["bare_year"] or match["first_year"] or match["last_year"]
    )
    month = _number(match["month"] or match["iso_month"] or match["lone_month"])
    day = _number(match["day"] or match["iso_day"] or match["lone_day"] or match["lone_monthly"])
    if year is None and month is None and match["lone_monthly"] is None:
        return None
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    return Moment(year, month, day, part)


def _number(text: str | None) -> int | None:
    value = parse_numeral(text) if text else None
    return int(value) if value is not None else None
