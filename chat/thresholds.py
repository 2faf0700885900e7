"""The figures of a question against the thresholds of a sentence: which of several tiers the asker's case falls into.

100亩以上的，每亩1万元 speaks of whoever has 120亩, 50亩以上的 less so where the other stands beside it, and
不足50亩的 not at all.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from chat.numerals import CHINESE
from chat.quantities import Bound, Quantity, QuantityKind, find_quantities
from chat.units import comparable

_AT_ODDS = 0.01  # by how much 2000多万 is more than it says, and 不到2000万 less
_BEYOND = 1e-6  # by how much a figure is beyond the end of 超过 and 不足, which it does not reach itself
_APART = 8  # characters between the two ends of a range (100亩以上至200亩以下)
# What a benefit or fine is held to is no condition for it: 最高30万元, 补助不超过50%.
_CAP = re.compile(r"最[高多长大]|至多|封顶|上限")
_LASTS = re.compile(r"(?:期限|时间|时长|连续)[^，。；]*$")
_GIVEN = re.compile(
    r"(?:给予|补助|补贴|奖励|奖补|资助|贴息|累计|合计|总额|总计|罚款|每[家户年人个项次])[^，。；]*$"
)
# The ends count among the values in both readings of （含）; a bound stands at its figure; 达到…的 is one.
_INCLUSIVE = re.compile(r"[（(]不?含(?:本数)?[)）]|及(?=以[上下])")
_BOUND_AHEAD = re.compile(
    rf"(不得?[低少]于|不得?[高多]于|不得?超过|超过|高于|低于|少于|不足)([^，。；、\d{CHINESE}]{{1,10}}的)(?=\d|百分之)"
)
_REACHES = re.compile(rf"达到?(?=[\d{CHINESE}][^，。；达]{{0,12}}的)")
# People leave out the unit of money (卖了两千多万) and call it 块.
_NO_UNIT = re.compile(
    rf"(?<=[\d{CHINESE}多来余])([万亿]|块)(?![\d{CHINESE}元块钱美欧日港英人家个户名亩吨平斤公台套件只头株次一多来余分])"
)
_SPOKEN = (  # units as people say them
    (re.compile(rf"(?<=[\d{CHINESE}多来余])平(?:米|方)?(?![方台均时等])"), "平方米"),
    (re.compile(rf"(?<=[\d{CHINESE}多来余])立?方(?![米法案面])"), "立方米"),
    (re.compile(rf"(?<=[\d{CHINESE}多来余])度(?=电)"), "千瓦时"),
)
_CLAIMS = re.compile(r"(?:是|为|达到?|即|补助?|补贴|奖励?|给予?|罚款?|收|缴纳?)\s*$")
_LOWER, _UPPER = frozenset((Bound.AT_LEAST, Bound.MORE)), frozenset((Bound.AT_MOST, Bound.LESS))
_EACH = (QuantityKind.COUNT, QuantityKind.MEASURE)  # 一亩补多少 says of which, not how many
_MEASURED = frozenset(
    (
        QuantityKind.MONEY,
        QuantityKind.COUNT,
        QuantityKind.MEASURE,
        QuantityKind.SHARE,
        QuantityKind.DURATION,
    )
)


@dataclass(frozen=True)
class Threshold:
    """A stretch of values that a sentence makes a condition; either end may be open."""

    kind: QuantityKind
    unit: str
    least: float = -math.inf
    most: float = math.inf

    def admits(self, figure: Quantity) -> bool | None:
        """Whether a figure lies within; None where it measures something else."""
        if figure.kind is not self.kind or not comparable(self.unit, figure.unit):
            return None
        return self.least <= value_of(figure) <= self.most


def figures_of(text: str) -> tuple[Quantity, ...]:
    """The figures of a question that a threshold can be held against: amounts, counts, shares and durations."""
    for spoken, unit in _SPOKEN:
        text = spoken.sub(unit, text)
    whole = _NO_UNIT.sub(lambda match: "元" if match[1] == "块" else f"{match[1]}元", text)
    figures = (q for q in find_quantities(whole) if q.kind in _MEASURED and len(q.values) == 1)
    return tuple(q for q in figures if not (q.kind in _EACH and q.text.startswith("一") and q.values == (1,)))


def thresholds_of(sentence: str) -> tuple[Threshold, ...]:
    """The thresholds of a sentence in reading order; what only caps a benefit is none."""
    text = _REACHES.sub("不少于", _BOUND_AHEAD.sub(r"\2\1", _INCLUSIVE.sub("", sentence)))
    found: list[tuple[Threshold, int]] = []
    for quantity in find_quantities(text):
        threshold = _threshold(text, quantity)
        if threshold is None:
            continue
        if found:
            last, end = found[-1]
            alike = (last.kind, last.unit) == (threshold.kind, threshold.unit)
            if (
                alike
                and quantity.phrase_start - end <= _APART
                and last.most == math.inf
                and threshold.least == -math.inf
            ):
                found[-1] = (
                    Threshold(last.kind, last.unit, last.least, threshold.most),
                    quantity.phrase_end,
                )
                continue
        found.append((threshold, quantity.phrase_end))
    return tuple(threshold for threshold, _ in found)


def _threshold(text: str, quantity: Quantity) -> Threshold | None:
    if quantity.kind not in _MEASURED:
        return None
    if len(quantity.values) == 2:
        least, most = map(float, quantity.values)
        return Threshold(quantity.kind, quantity.unit, least, most)
    value = float(quantity.values[0])
    phrase, before = text[quantity.phrase_start : quantity.phrase_end], text[: quantity.phrase_start]
    if quantity.bounds & _LOWER:
        above = Bound.MORE in quantity.bounds and not phrase.startswith("满")
        return Threshold(quantity.kind, quantity.unit, least=value * (1 + _BEYOND * above))
    held = _LASTS if quantity.kind is QuantityKind.DURATION else _GIVEN
    if quantity.bounds & _UPPER and not _CAP.search(phrase) and not held.search(before):
        below = Bound.LESS in quantity.bounds
        return Threshold(quantity.kind, quantity.unit, most=value * (1 - _BEYOND * below))
    return None


def claimed_in(asked: str, said: str) -> tuple[Quantity, ...]:
    """The figures of a question that it asks about (是不是80%), of a kind and unit that what is said states.

    What a threshold is held against is the asker's own, unless the question makes it one itself (是不低于80%吗).
    """
    tiers = thresholds_of(said)
    stated = [q for q in find_quantities(said) if not q.is_time]
    found = []
    for figure in (q for q in find_quantities(asked) if not q.is_time):
        like = any(q.kind is figure.kind and comparable(q.unit, figure.unit) for q in stated)
        own = any(tier.admits(figure) is not None for tier in tiers)
        meant = _CLAIMS.search(asked[: figure.phrase_start])
        if like and (meant or not own):
            found.append(figure)
    return tuple(found)


def value_of(figure: Quantity) -> float:
    """A figure as a threshold is held against: 2000多万 is a little more than it says, 不到2000万 a little less."""
    value = float(figure.values[0])
    if figure.bounds & {Bound.MORE, Bound.ODD}:
        return value * (1 + _AT_ODDS)
    if figure.bounds & {Bound.LESS, Bound.NEARLY}:
        return value * (1 - _AT_ODDS)
    return value
