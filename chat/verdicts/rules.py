"""Verdicts that follow from the words alone, which too few questions teach: free of charge, too late, not enough.

Each was held against the written questions that a person judged (`eval/LOG.md`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from chat.checking.modality import modals_of
from chat.dates import Moment, find_moments
from chat.verdicts.features import denies, reached_by

_NEGATIVE = re.compile(
    r"不用|不必|甭|无需|免|不花|不掏|(?<![能可得准应行会要])不(?:能|得|可以|准|应|行)(?!不)|(?<![能会要可得行收])不(?:给|交|收|要)"
)
_COSTS = re.compile(
    r"(?:要不要|需不需要|用不用|得不得|还要|还得|也要|要|需要|得)(?:另外|自己|再|先)?[^，。？免不]{0,6}(?:交|缴|掏|付|出|花)[^，。？]{0,8}(?:钱|费|税|保证金|押金)"
    r"|收费[吗不么]|收(?:不收)?(?:钱|费)|要钱[吗不么]"
)
_FREE = re.compile(
    r"免费|免[收征缴交]|不收取?|无需(?:缴|交|支付|承担)|不(?:需|必)(?:缴|交|支付)|全额(?:承担|补贴|补助|保障|负担)"
)
_MAY = re.compile(r"能|可以|可否|够|算|享受|[行成报][吗不]|有份|符合|达标|必须|要不要|一定")
_CAPPED = re.compile(
    r"最[高多][^，。；]{0,4}不?超过[^，。；]*"
)  # what a benefit is held to is no condition for it
_EASED = re.compile(r"除外|放宽|另有规定|不受")
_ACTS = "申报|申请|申领|享受|叠加|参加|报名|使用|贷款|领取|办理|补领|转让|出租"
_PERMITTED = re.compile(rf"可以?(?:同时|继续|一并|按规定|依法|再次|直接)?({_ACTS})")
_ASKS_SUPPORT = re.compile(
    r"(支持|鼓励)不\1|支不支持|鼓不鼓励|是(?:否|不是)(?:支持|鼓励)|(?:支持|鼓励)[^，。？]{0,24}吗"
)
_SUPPORTS = re.compile(r"支持|鼓励|推动|引导")
_NOW = re.compile(r"现在|还能|还可以|还来得及|来得及|还有(?:机会|戏)|赶得?上|晚[了不没]|过期")
_UNTIL = re.compile(r"前|截止|截至|之前|以前|至|止|到|逾期")


def ruled(question: str, said: str, day: date | None = None) -> bool | None:
    """Whether what is said answers with yes, or with no; None where no rule holds.

    question: in simplified script. said: the sentence that settles it, with what opens its list. day: on which it is
    asked; without it nothing is too late.
    """
    for rule in (_spared, _too_late(day), _supported, _out_of_reach, _permitted):
        answer = rule(question, said)
        if answer is not None:
            return answer
    return None


def _spared(question: str, said: str) -> bool | None:
    """要交钱吗, where it is free."""
    asks = _COSTS.search(question) and not _NEGATIVE.search(question)
    return False if asks and _FREE.search(said) else None


def _too_late(day: date | None) -> Callable[[str, str], bool | None]:
    """现在还能报吗, where the one day that is named has passed."""

    def rule(question: str, said: str) -> bool | None:
        if day is None or not _NOW.search(question):
            return None
        named = [
            (_day_of(moment), said[max(0, start - 2) : end + 8]) for start, end, moment in find_moments(said)
        ]
        last, around = max(((ends, words) for ends, words in named if ends), default=(None, ""))
        return False if last and last < day and _UNTIL.search(around) else None

    return rule


def _day_of(moment: Moment) -> date | None:
    if not (moment.year and moment.month and moment.day):
        return None
    try:
        return date(moment.year, moment.month, moment.day)
    except ValueError:  # 2月30日
        return None


def _supported(question: str, said: str) -> bool | None:
    """是否鼓励, where it is encouraged."""
    asks = _ASKS_SUPPORT.search(question)
    return True if asks and _SUPPORTS.search(said) and not denies(modals_of(said)) else None


def _out_of_reach(question: str, said: str) -> bool | None:
    """三千的够吗, where five thousand are the least."""
    if _NEGATIVE.search(question) or not _MAY.search(question) or _EASED.search(said):
        return None
    conditions = _CAPPED.sub("", said)
    return False if not denies(modals_of(said)) and reached_by(question, conditions) == "out" else None


def _permitted(question: str, said: str) -> bool | None:
    """能申报吗, where 可以申报 is said."""
    if (
        _NEGATIVE.search(question)
        or not re.search(r"能|可以|可否|行[吗不]", question)
        or denies(modals_of(said))
    ):
        return None
    return True if any(match[1] in question for match in _PERMITTED.finditer(said)) else None
