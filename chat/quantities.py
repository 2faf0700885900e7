"""Numbers with unit and meaning in Chinese text: found, compared, and written in one way.

Serves the understanding of questions, the check of answers and their evaluation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from chat.dates import Moment, find_moments
from chat.numerals import CHINESE, NUMERAL, THOUSAND, half_width, parse_numeral
from chat.units import UNIT, QuantityKind, comparable, is_article, unit_of

__all__ = [
    "Bound",
    "Moment",
    "Quantity",
    "QuantityKind",
    "find_quantities",
    "find_vague",
    "implies",
    "normalize",
    "same",
]


class Bound(StrEnum):
    """A word at a number that says how it is meant. Words of like meaning are one bound."""

    ABOUT = "about"  # 约, 左右
    NEARLY = "nearly"  # 近, 接近
    ODD = "odd"  # 10余家, 100多家
    AT_LEAST = "at_least"  # 不少于, 以上, 至少
    MORE = "more"  # 超过, 突破
    AT_MOST = "at_most"  # 不超过, 以内, 最高
    LESS = "less"  # 低于, 不足
    BEFORE = "before"  # 前, 以前 (with 2025年底前: the end of 2025, before)
    AFTER = "after"  # 后, 以后
    FROM = "from"  # 自, 起
    UNTIL = "until"  # 至, 到, 截至, 止


@dataclass(frozen=True)
class Quantity:
    """A quantity of a text. `start` and `end` span number and unit, `phrase_*` the bounds (不少于…, …左右) as well.

    `values` holds one value, or two for a range (2%—3%), in `unit`, scaled (3万元 is 30000 元, 30% is 3/10);
    dates and periods have one or two `moments` instead.
    """

    text: str
    start: int
    end: int
    kind: QuantityKind
    unit: str = ""
    values: tuple[Fraction, ...] = ()
    moments: tuple[Moment, ...] = ()
    bounds: frozenset[Bound] = frozenset()
    phrase_start: int = 0
    phrase_end: int = 0

    @property
    def is_time(self) -> bool:
        """Whether this is a date or a period (a duration is none)."""
        return self.kind in (QuantityKind.DATE, QuantityKind.PERIOD)

    def __str__(self) -> str:
        """The quantity in the one way of writing it: 1000家, 30%, 2022年—2025年."""
        if self.moments:
            return "—".join(map(str, self.moments))
        if self.kind is QuantityKind.SHARE:
            return "—".join(_percent(value) for value in self.values)
        if (
            self.kind is QuantityKind.DURATION
            and self.unit == "个月"
            and all(v % 12 == 0 for v in self.values)
        ):
            return "—".join(_decimal(value / 12) for value in self.values) + "年"
        return "—".join(map(_decimal, self.values)) + self.unit


def _decimal(value: Fraction) -> str:
    if 10**10 % value.denominator:
        return f"{value.numerator}/{value.denominator}"
    return str(int(value)) if value.denominator == 1 else f"{float(value):.10g}"


def _percent(value: Fraction) -> str:
    return _decimal(value) if 10**10 % value.denominator else f"{_decimal(value * 100)}%"


# Numerals that count nothing: labels, ordinals, document numbers, set phrases. They are blanked before the search.
_ARABIC_LABEL = r"[（(]\d{1,2}[)）]|(?:^|(?<=[。；;：:\s]))\d{1,2}(?:[.．、)）](?!\d)|\.(?=(?:19|20)\d\d\D))"
_LABEL = rf"(?:^|(?<=[。；;：:\n])\s*)(?:[（(]\s?[{CHINESE}]{{1,3}}\s?[)）]|[{CHINESE}]{{1,3}}[、.．])"
_NO_NUMBER = re.compile(
    rf"{_ARABIC_LABEL}|{_LABEL}"
    rf"|第\s?[（(]?\s?(?:\d+|[{CHINESE}]+)\s?[)）]?(?!季度|[{CHINESE}])(?:个五年)?(?:条之[{CHINESE}]+)?"
    rf"|[〔\[［【（(]\s?(?:19|20)\d\d\s?[〕\]］】）)]\s?第?\d+\s?号"
    rf"|[一二三四]?十[一二三四五六七八九]?五(?=[”\"’』」]|规划|时期|期间|末|以来)"
    r"|\d{1,2}[:：]\d\d(?!\d)|\d+号|[A-Za-z][A-Za-z/+\-.]*\s?\d[A-Za-z0-9.\-]*|\d[\d.]*[A-Za-z][A-Za-z0-9.\-]*"
    r"|一带一路|一国两制|[一二两三四五六七八九十][位网]一体|双[创碳]|千家万户|成千上万|千方百计|千军万马|万无一失"
    rf"|[百千万][人企](?=计划|工程|行动|大)|[一每][^\s\d{CHINESE}]一[^\s\d{CHINESE}]|(?<![\d{CHINESE}])[百千]年(?!以上|以下|以内|左右)"
    rf"|一揽子|一条龙|一条心|一次性|[一二]级市场|一般|(?<![\d{CHINESE}])万一(?![{CHINESE}])"
    rf"|(?<![{CHINESE}])[一二三]产|[“「『][^“”「」『』\d]{{1,12}}[”」』]|\"[^\"\d]{{1,12}}\"|[“「『\"]\d+[”」』\"]"
)
_NUMBER = re.compile(
    rf"(?P<denominator>[百千万{CHINESE}]+)分之(?P<share>{NUMERAL})(?:\s?(?:至|到|-|—+|–|~|－)\s?(?:百分之)?(?P<share_to>{NUMERAL}))?"
    r"|(?P<half>一半|半数|过半)"
    rf"|(?<![\d.,])(?P<first>{NUMERAL})(?P<odd>\s?(?:余|多|来)(?=\s?{UNIT}|[万亿千百]))?(?P<odd_scale>(?:[百万亿]|{THOUSAND})+)?"
    rf"\s?(?P<unit>{UNIT})?(?P<plus_half>半(?![数个年月]))?"
    rf"(?:\s?(?:至|到|-|—+|–|~|－|―)\s?(?P<second>{NUMERAL})\s?(?P<second_unit>{UNIT})?)?"
    rf"|(?P<half_of>半)\s?(?P<half_unit>个月|年|天|数)"
)
_VAGUE = re.compile(
    r"一大?批|一系列|一些|若干|多[个家项种类名]|[好几][几]?[个家项种类名十百千万]+[个家项种类名]?|数[十百千万亿个家项名]+"
    r"|一[个家项种类支套条名]|成千上万|[二三四五六七八九]{2}[家个项名]"
)

_NEGATED = r"(?:不得|不应|不能|不宜|不可|不|未|没有|无)"
_BEFORE_NUMBER = re.compile(
    rf"(?:(?P<at_least>{_NEGATED}(?:少于|低于|小于|短于|早于)|至少|最低|最少|起码)"
    rf"|(?P<at_most>{_NEGATED}(?:超过|超出|高于|多于|大于|长于|晚于|迟于|逾)|至多|最多|最高|最长|最大)"
    r"|(?P<more>超过|超出|突破|高于|多于|大于|(?<!不)超(?!低)|逾|满(?=\s?$))"
    r"|(?P<less>低于|少于|小于|不足|不到|不满|未满)"
    r"|(?P<nearly>将近|接近|(?<![最附临])近)"
    r"|(?P<about>大约|大概|(?<![节预契合签违履公])约)"
    r"|(?P<up>(?<![以之])上(?=$)))(?:人民币|达到?)?\s?$"
)
_AFTER_NUMBER = re.compile(
    r"\s?(?:(?P<about>左右|上下|(?:的)?水平左右)|(?P<at_least>[（(]?[及含]?以上|起步)"
    r"|(?P<at_most>以下|以内|之内|(?<=[年月日天时钟])(?:期限)?内(?![部容外涵地]))|(?P<odd>有余|多(?!次|种|样|元|年|方|数|部)))"
)
_AROUND_TIME_BEFORE = re.compile(r"(?:(?P<from>自|从|始于)|(?P<until>截至|截止到?|[到至]))\s?$")
_AROUND_TIME_AFTER = re.compile(
    r"\s?(?:(?P<before>以前|之前|前(?![期后沿述款列往进提景来置端])|底前)|(?P<after>以后|之后|后(?![续期备台勤]))|(?P<from>起|以来)|(?P<until>止))"
)
_ANY = re.compile(rf"[0-9半{CHINESE}]")
_CONNECTOR = re.compile(r"\s?(?:起?\s?[至到]|-|—+|–|~|－|―)\s?")


@lru_cache(maxsize=8192)  # the sentences that are told and checked are read again and again
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """All quantities of a text, dates included, in reading order; labels, ordinals, set phrases and 几 are none."""
    plain = half_width(text)
    if not _ANY.search(plain):
        return ()
    open_text = _NO_NUMBER.sub(lambda match: "\0" * len(match[0]), plain)
    if not _ANY.search(open_text):  # 第一条 alone: most articles of laws
        return ()
    found: list[Quantity] = []
    rest = open_text
    for start, end, moments in _times(open_text):
        bounds, phrase_start, phrase_end = _time_bounds(open_text, start, end)
        kind = QuantityKind.DATE if len(moments) == 1 else QuantityKind.PERIOD
        found.append(
            Quantity(text[start:end], start, end, kind, "", (), moments, bounds, phrase_start, phrase_end)
        )
        rest = rest[:start] + "\0" * (end - start) + rest[end:]
    for match in _NUMBER.finditer(rest):
        found.extend(_numbers(text, rest, match))
    return tuple(sorted(found, key=lambda quantity: quantity.start))


def find_vague(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of counts without a number: 一批, 若干, 几家, 数千."""
    return tuple(match.span() for match in _VAGUE.finditer(text))


def normalize(text: str) -> str:
    """The text with half-width digits and every quantity in one way of writing (千家 → 1000家, 30％ → 30%)."""
    pieces, position = [], 0
    for quantity in find_quantities(text):
        pieces += [half_width(text[position : quantity.start]), str(quantity)]
        position = quantity.end
    return "".join([*pieces, half_width(text[position:])])


def same(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities say the same, however they are written."""
    return (a.kind, a.unit, a.values, a.moments, a.bounds) == (b.kind, b.unit, b.values, b.moments, b.bounds)


def implies(source: Quantity, claim: Quantity) -> bool:
    """Whether the claim follows from the source: it may be less precise, never more.

    Follow: 2025年 from 2025年底前, 约400家 from 400家, 不少于50个 from 超过50个, 1000家 from 千家.
    Do not: 400家 from 400家左右, 2025年底前 from 2025年, 2% from 2%—3%.
    """
    if source.kind is not claim.kind:
        return False
    if claim.is_time:
        return _time_implies(source, claim)
    return (
        source.values == claim.values and comparable(source.unit, claim.unit) and _bounds_imply(source, claim)
    )


def _bounds_imply(source: Quantity, claim: Quantity) -> bool:
    had, has = source.bounds, claim.bounds
    if had == has:
        return True
    weaker = {Bound.MORE: Bound.AT_LEAST, Bound.LESS: Bound.AT_MOST}
    if not had:
        return has == {Bound.ABOUT}
    return frozenset(weaker.get(bound, bound) for bound in had) == has


def _time_implies(source: Quantity, claim: Quantity) -> bool:
    if len(source.moments) != len(claim.moments):
        return False
    if not all(new.covers(old) for old, new in zip(source.moments, claim.moments, strict=True)):
        return False
    if source.kind is QuantityKind.PERIOD:
        return True
    had, has = source.bounds, claim.bounds
    if {Bound.FROM, Bound.AFTER} & had and {Bound.UNTIL, Bound.BEFORE} & has:
        return False
    strict = {Bound.FROM, Bound.AFTER, Bound.BEFORE}
    # 之前 turned into 之后, or added to a date that has none, says more.
    return strict & has <= had and not (Bound.AFTER in had and Bound.AFTER not in has)


def _times(text: str) -> list[tuple[int, int, tuple[Moment, ...]]]:
    """Dates, and pairs of dates that make a period."""
    times: list[tuple[int, int, tuple[Moment, ...]]] = []
    for start, end, moment in find_moments(text):
        previous = times[-1] if times else None
        if previous and len(previous[2]) == 1 and _CONNECTOR.fullmatch(text[previous[1] : start]):
            first = previous[2][0]
            if first.year is None and moment.year is not None:
                continue
            if moment.year is None:
                moment = Moment(first.year, moment.month, moment.day, moment.part)
            times[-1] = (previous[0], end, (first, moment))
        else:
            times.append((start, end, (moment,)))
    return times


def _time_bounds(text: str, start: int, end: int) -> tuple[frozenset[Bound], int, int]:
    bounds, phrase_start, phrase_end = set(), start, end
    before = _AROUND_TIME_BEFORE.search(text, max(0, start - 6), start)
    if before and before.lastgroup:
        bounds.add(Bound(before.lastgroup))
        phrase_start = before.start()
    after = _AROUND_TIME_AFTER.match(text, end)
    if after and after.lastgroup:
        bounds.add(Bound(after.lastgroup))
        phrase_end = after.end()
    return frozenset(bounds), phrase_start, phrase_end


def _numbers(text: str, plain: str, match: re.Match[str]) -> list[Quantity]:
    """The quantity of a match, two where a "range" joins unlike things, or none."""
    kind, unit, values, end = _read(plain, match)
    if not values:
        return []
    start = match.start()
    bounds, phrase_start, phrase_end = _number_bounds(plain, start, end)
    if match["odd"]:
        bounds |= {Bound.ODD}
    article = match["first"] in ("一", "半") and kind is QuantityKind.COUNT and is_article(unit_of(unit))
    if article and not bounds:
        return []
    if match["first"] and plain[max(0, start - 1) : start] in ("数", "几"):
        return []
    return [
        Quantity(text[start:end], start, end, kind, unit, values, (), bounds, phrase_start, phrase_end),
    ]


def _read(plain: str, match: re.Match[str]) -> tuple[QuantityKind, str, tuple[Fraction, ...], int]:
    """Kind, unit, values and end of a match; no values where it is no quantity."""
    nothing = (QuantityKind.COUNT, "", (), match.end())
    if match["half"]:
        return QuantityKind.SHARE, "", (Fraction(1, 2),), match.end()
    if match["half_of"]:
        half = unit_of(match["half_unit"])
        if match["half_unit"] == "数":
            return nothing
        return half.kind, half.name, (half.factor / 2,), match.end()
    if match["share"]:
        return _read_share(match) or nothing
    return _read_plain(plain, match) or nothing


def _read_share(match: re.Match[str]) -> tuple[QuantityKind, str, tuple[Fraction, ...], int] | None:
    whole = parse_numeral(match["denominator"])
    parts = [parse_numeral(part) for part in (match["share"], match["share_to"]) if part]
    if not whole or any(part is None for part in parts):
        return None
    return QuantityKind.SHARE, "", tuple(part / whole for part in parts if part is not None), match.end()


def _read_plain(
    plain: str, match: re.Match[str]
) -> tuple[QuantityKind, str, tuple[Fraction, ...], int] | None:
    first, word = parse_numeral(match["first"]), match["unit"] or ""
    if first is None:
        return None
    for scale in match["odd_scale"] or "":
        first *= parse_numeral(scale) or 1
    second, second_word = (
        (parse_numeral(match["second"]) if match["second"] else None),
        match["second_unit"] or "",
    )
    is_range = (
        second is not None
        and (word in ("", second_word))
        and bool(second_word or match["first"][0].isdigit())
    )
    if is_range and second is not None:
        word, end = second_word, match.end()
        first = _share_scale(match["first"], match["second"], first)
        values: tuple[Fraction, ...] = (first, second)
    else:
        end = next(
            match.end(group) for group in ("plus_half", "unit", "odd_scale", "odd", "first") if match[group]
        )
        values = (first + Fraction(1, 2),) if match["plus_half"] else (first,)
    if not word and not match["first"][0].isdigit():
        return None
    if not word and re.match(r"[A-Za-z]", plain[end : end + 1]):
        return None
    unit = unit_of(word)
    return unit.kind, unit.name, tuple(value * unit.factor for value in values), end


def _share_scale(first: str, second: str, value: Fraction) -> Fraction:
    """The scale of the second number holds for the first as well in 1至3万元, not in 5000至1万元."""
    scale = re.search(r"[百千万亿]+$", second)
    if not scale or not second[0].isdigit() or re.search(rf"[{CHINESE}]", first):
        return value
    mantissa = parse_numeral(second[: scale.start()])
    if mantissa is None or value >= mantissa:
        return value
    for unit in scale[0]:
        value *= parse_numeral(unit) or 1
    return value


def _number_bounds(plain: str, start: int, end: int) -> tuple[frozenset[Bound], int, int]:
    bounds, phrase_start, phrase_end = set(), start, end
    before = _BEFORE_NUMBER.search(plain, max(0, start - 12), start)
    if before and before.lastgroup:
        # 上 counts only in 上千家, 上百万元.
        is_up = before.lastgroup == "up"
        if not is_up or plain[start] in "百千万亿":
            bounds.add(Bound.AT_LEAST if is_up else Bound(before.lastgroup))
            phrase_start = before.start()
    while after := _AFTER_NUMBER.match(plain, phrase_end):
        bounds.add(Bound(str(after.lastgroup)))
        phrase_end = after.end()
    after = _AROUND_TIME_AFTER.match(plain, phrase_end)
    if after and after.lastgroup in ("before", "after") and plain[end - 1 : end] in "年月日天周时":
        bounds.add(Bound(after.lastgroup))
        phrase_end = after.end()
    return frozenset(bounds), phrase_start, phrase_end
