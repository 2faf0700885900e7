"""Numerals as Chinese texts write them: 1000, 1,500, 1.5万, 千, 一千, 二〇二五, 三点五, １２."""

from __future__ import annotations

import re
from fractions import Fraction

_DIGITS = {
    c: n
    for n, row in enumerate(
        ["零〇○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"]
    )
    for c in row
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}

# Same length before and after, so that offsets stay right.
_HALF_WIDTH = str.maketrans("０１２３４５６７８９％．～－／", "0123456789%.~-/")

CHINESE_DIGIT = "".join(_DIGITS)
CHINESE = CHINESE_DIGIT + "".join(_SMALL) + "".join(_LARGE)
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
# 千 before these belongs to the unit: 500万千瓦时.
THOUSAND = r"[千仟](?![瓦克米帕卡赫伏])"
_SCALE = rf"\s?(?:[百万亿]|{THOUSAND}){{1,3}}"
_CHARACTER = rf"(?:[{re.sub('[千仟]', '', CHINESE)}]|{THOUSAND})"
# 2万5千 and 3亿5000万 are one numeral.
NUMERAL = (
    rf"(?:{_ARABIC}(?:{_SCALE}(?:\d+[百千万])?)?"
    rf"|{_CHARACTER}+(?:点[{CHINESE_DIGIT}]+[百千万亿]*)?)"
)
_TOKEN = re.compile(rf"{_ARABIC}|[{CHINESE}]")


def half_width(text: str) -> str:
    """Write full-width digits, ％ and the marks within numbers half-width; the length stays the same."""
    return text.translate(_HALF_WIDTH)


def parse_numeral(text: str) -> Fraction | None:
    """The value of a numeral in half-width digits, or None where it is none (十四五, 三五)."""
    text = text.replace(" ", "").replace("\u3000", "")
    if text == "半":
        return Fraction(1, 2)
    if "点" in text:
        return _with_decimals(text)
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != text:
        return None
    if all(token in _DIGITS for token in tokens):
        return _digit_string(text)
    return _sum_of_units(tokens)


def _with_decimals(text: str) -> Fraction | None:
    """三点五, 一点二万: digits after 点 one by one, then perhaps a scale."""
    whole_text, _, rest = text.partition("点")
    digits = re.match(rf"[{CHINESE_DIGIT}]+", rest)
    whole = parse_numeral(whole_text)
    if whole is None or digits is None:
        return None
    decimals = "".join(str(_DIGITS[c]) for c in digits[0])
    value = whole + Fraction(int(decimals), 10 ** len(decimals))
    for scale in rest[digits.end() :]:
        value *= _SMALL.get(scale) or _LARGE[scale]
    return value


def _digit_string(text: str) -> Fraction | None:
    """One digit, or digits in a row as years are written. Two or three (三五, 七八) mean "about", not a number."""
    if len(text) == 1 or len(text) == 4 or (len(text) > 1 and any(c in "零〇○" for c in text[1:])):
        return Fraction(int("".join(str(_DIGITS[c]) for c in text)))
    return None


def _sum_of_units(tokens: list[str]) -> Fraction | None:
    """Read 一千二百六十, 3亿5000万, 万亿, 一百五 (150). None where digits stand in a row (十四五)."""
    total = section = Fraction(0)
    pending: Fraction | None = None
    last_unit = 0  # what a digit at the very end is a tenth of: 一百五
    for place, token in enumerate(tokens):
        if token in _SMALL:
            if pending == 0 and place:
                return None
            section += (pending if pending is not None else 1) * _SMALL[token]
            pending, last_unit = None, _SMALL[token]
        elif token in _LARGE:
            unit = _LARGE[token]
            section += pending or 0
            if section == 0:
                # 万亿 multiplies what stands before; 万 alone is one.
                total = total * unit if total else Fraction(unit)
            elif total and total % unit:
                total = (total + section) * unit
            else:
                total += section * unit
            section, pending, last_unit = Fraction(0), None, unit
        else:
            if pending is not None and pending != 0:
                return None
            if token in "零〇○":
                last_unit = 0
            pending = Fraction(_DIGITS[token]) if token in _DIGITS else Fraction(token.replace(",", ""))
    if pending is not None:
        section += pending * last_unit / 10 if last_unit >= 100 and pending < 10 else pending
    return total + section
