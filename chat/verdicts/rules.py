"""Verdicts that follow from the words alone, which too few questions teach: free of charge, too late, not enough.

Each was held against the written questions that a person judged (`eval/LOG.md`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date

from chat.checking.modality import Modal, modals_of
from chat.dates import Moment, find_moments
from chat.thresholds import figures_of, thresholds_of
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
_ASKS_SUPPORT = re.compile(
    r"(支持|鼓励)不\1|支不支持|鼓不鼓励|是(?:否|不是)(?:支持|鼓励)|(?:支持|鼓励)[^，。？]{0,24}吗"
)
_SUPPORTS = re.compile(r"支持|鼓励|推动|引导")
_NOW = re.compile(r"现在|还能|还可以|还来得及|来得及|还有(?:机会|戏)|赶得?上|晚[了不没]|过期")
_UNTIL = re.compile(r"前|截止|截至|之前|以前|至|止|到|逾期")
# What one hands in by a day; and what may be handed in on any.
_HANDED_IN = re.compile(r"申报|申请|受理|填报|报名|提交|报送|登录|办理|截止|缴纳|参加")
_ALWAYS = re.compile(r"全年|常年|长期|随时|不限")
_PAYS = re.compile(r"收取|缴纳|支付|押金|滞纳|自付|自行承担|\d元|但|其他|其余|逾期|除外")
_TURNED = re.compile(r"除外|减少|防止|避免|限制|严禁")
_EITHER = re.compile(r"(?:或者?|其中)[^。；]{0,16}[\d一二三四五六七八九十百千万两]|之一|任一")
# 可以不给加班费吗, 不写合同行吗; but not 能不能给, 可不可以给.
_EXCUSED = re.compile(
    r"(?:能|可以|可|允许|准)不(?!能|可|行|得|允许|准|[？?]|$)|(?:能否|可否|可不可以|能不能|是否可以)不"
    r"|不[^，。？不]{1,12}(?:行不行|行吗|行么|可以吗|可不可以|成不成|成吗|合法吗)"
)
_OBLIGES = re.compile(r"应当|必须|务必|应予|有义务")
_EXCUSES = re.compile(
    r"可以?不|可免|无需|无须|不需|不必|不用|免[予于除收征缴交费]|豁免|不收|不再|取消|有权拒绝|拒绝|不得(?:要求|强制|收取|向)|除外"
)
# May one, and what is put down, punished or cleared away, so that it says no yes (能不能拖欠, where 清理拖欠 stands).
_ASKS_LEAVE = re.compile(r"能|可以|可否|可不可以|允许|准许|准不准|行不行|[行成]吗|合法|许不许|让不让")
_PUT_DOWN = re.compile(
    r"清理|治理|整治|查处|打击|防止|杜绝|制止|纠正|取缔|追究|处罚|罚款|责令|没收|惩戒|违反|违法|滥用|侵害|侵犯|逾期"
)
_LEAVE = frozenset((Modal.PERMIT, Modal.ENCOURAGE, Modal.EXEMPT))
_BUT = re.compile(r"除([^，。；]{2,60}?)(?:以外|之外|外)[，,]")
# At one go, or in parts.
_AT_ONCE = re.compile(r"一次性|一次(?:付|给|发|结|拨|兑|到位)|一把|一口气")
_IN_PARTS = re.compile(
    r"分(?:阶段|期|年|批|次|[两二三四五\d]+(?:年|次|期|批))|逐年|按(?:年|月|季)(?:度)?(?:发放|拨付|兑现|支付)"
)
_OBJECT = 0.6  # share of the pairs of characters of what is asked about that the segment must hold
_SEGMENT = re.compile(r"[，,；;。]")


def ruled(question: str, said: str, day: date | None = None) -> bool | None:
    """Whether what is said answers with yes, or with no; None where no rule holds.

    question: in simplified script. said: the sentence that settles it, with what opens its list. day: on which it is
    asked; without it nothing is too late.
    """
    for rule in (_spared, _too_late(day), _supported, _out_of_reach, _excused, _in_parts):
        answer = rule(question, said)
        if answer is not None:
            return answer
    return None


def _spared(question: str, said: str) -> bool | None:
    """要交钱吗, where it is free."""
    if not _COSTS.search(question) or _NEGATIVE.search(question) or not _FREE.search(said):
        return None
    return None if _PAYS.search(_FREE.sub("", said)) else False


def _too_late(day: date | None) -> Callable[[str, str], bool | None]:
    """现在还能报吗, where the one day that is named has passed."""

    def rule(question: str, said: str) -> bool | None:
        if day is None or not _NOW.search(question):
            return None
        if _ALWAYS.search(said):
            return None
        ends = [
            ends
            for segment in _SEGMENT.split(said)
            if _HANDED_IN.search(segment) and _UNTIL.search(segment)
            for _, _, moment in find_moments(segment)
            if (ends := _day_of(moment))
        ]
        return False if ends and max(ends) < day else None

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
    if asks is None or denies(modals_of(said)) or _TURNED.search(said):
        return None
    behind = re.split(r"支持不支持|鼓励不鼓励|支不支持|鼓不鼓励|支持|鼓励", question)[-1]
    asked = re.sub(r"[吗呢？?。，,\s]", "", behind)
    pairs = {asked[i : i + 2] for i in range(len(asked) - 1)}
    told = [segment for segment in _SEGMENT.split(said) if _SUPPORTS.search(segment)]
    held = max((sum(pair in segment for pair in pairs) for segment in told), default=0)
    return True if pairs and held >= _OBJECT * len(pairs) else None


def says_too_little(question: str, said: str, yes: bool, topic: Sequence[str]) -> bool:
    """Whether a yes or a no that no rule gives would go beyond what is said.

    No yes to 能不给吗 where nobody is excused, nor to 能拖欠吗 where the like is put down; no no where what is
    asked about stands in an exception alone. topic: the words that the question ends in.
    """
    if yes:
        against = _ASKS_LEAVE.search(question) and _PUT_DOWN.search(said) and not _LEAVE & modals_of(said)
        return bool(against) or (asks_to_be_excused(question) and not _EXCUSES.search(said))
    excepted = "".join(match[1] for match in _BUT.finditer(said))
    beside = _BUT.sub("", said)
    return any(word in excepted and word not in beside for word in topic)


def asks_to_be_excused(question: str) -> bool:
    """Whether it is asked if one may leave something undone, so that what must be done says no."""
    return bool(_EXCUSED.search(question))


def _excused(question: str, said: str) -> bool | None:
    """可以不给吗, where one shall give."""
    if not asks_to_be_excused(question) or _EXCUSES.search(said) or not _OBLIGES.search(said):
        return None
    return False


def _in_parts(question: str, said: str) -> bool | None:
    """是一次性给吗, where it is given in parts; and 分几年给吗, where it is given at once."""
    asked, told = (
        tuple(bool(pattern.search(text)) for pattern in (_AT_ONCE, _IN_PARTS)) for text in (question, said)
    )
    if any(once == parts for once, parts in (asked, told)) or _NEGATIVE.search(question):
        return None  # neither, or both
    return asked == told


def _out_of_reach(question: str, said: str) -> bool | None:
    """三千的够吗, where five thousand are the least."""
    if _NEGATIVE.search(question) or not _MAY.search(question) or _EASED.search(said):
        return None
    if _EITHER.search(said) or denies(modals_of(said)):
        return None
    conditions = _CAPPED.sub("", said)
    figures = figures_of(question)
    tiers = [tier for tier in thresholds_of(conditions) if math.inf in (-tier.least, tier.most)]
    held = [tier for tier in tiers if any(tier.admits(figure) is not None for figure in figures)]
    return False if len(held) == 1 and reached_by(question, conditions) == "out" else None
