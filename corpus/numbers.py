"""Document numbers (文号): finding them in any style, and writing them in one."""

from __future__ import annotations

import re

from corpus.script import simplify

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_OPENING = "〔﹝［\\[【（(〈"
_CLOSING = "〕﹞］\\]】）)〉"
# 鲁工信发〔2021〕5号: the agency's characters, the year in brackets, the running number.
_NUMBER = re.compile(
    rf"(?P<agency>[\u4e00-\u9fff]{{1,16}}?)\s*[{_OPENING}]\s*(?P<year>[12１２][\d０-９]{{3}})\s*[{_CLOSING}]"
    r"\s*第?\s*(?P<running>[\d０-９]{1,5})\s*[号號]"
)
# 国务院令第363号, 财政部公告2020年第1号
_ORDER = re.compile(
    r"(?P<agency>[\u4e00-\u9fff]{2,24}?(?:令|公告))\s*[（(〔]?\s*(?P<year>(?:19|20)\d\d\s*年)?\s*[）)〕]?"
    r"\s*第\s*(?P<running>[\d０-９]{1,5})\s*[号號]"
)
# Words that may stand before a number and are no part of it. The last one that fits is cut off.
_BEFORE = re.compile(
    r".*(?:按照|根据|依据|依照|遵照|参照|落实|贯彻|执行|废止|印发|发布|转发|下发|公布|颁布|修订|文件|通知"
    r"|意见|办法|规定|方案|[以为和及与或见即对将由的于原等]|按照|根據|依據|依照|參照|落實|貫徹|執行|廢止"
    r"|發布|發佈|轉發|下發|頒布|為|與|見|對|將|於|文號|文号|字号|字號)"
)
_STATE = re.compile(r"中华人民共和国|中華人民共和國")


def normalize_number(text: str) -> str:
    """Write a number in one style: 〔〕, half-width digits, no blanks (鲁工信发[2021] 5 号 → 鲁工信发〔2021〕5号)."""
    text = simplify(re.sub(r"\s+", "", text.translate(_DIGITS)))
    return re.sub(rf"[{_OPENING}]([12]\d{{3}})[{_CLOSING}]第?", r"〔\1〕", text, count=1)


def find_numbers(text: str) -> list[tuple[int, int, str]]:
    """Each number in the text as (start, end, normalised), in reading order."""
    spans = [_without_lead(match, 1) for match in _NUMBER.finditer(text)]
    spans += [_without_lead(match, 3) for match in _ORDER.finditer(text)]
    return [(start, end, normalize_number(text[start:end])) for start, end in sorted(spans)]


def _without_lead(match: re.Match[str], least: int) -> tuple[int, int]:
    """The span of the number alone, of which at least `least` characters name the agency."""
    agency = match["agency"]
    state = _STATE.search(agency)
    cut = state or _BEFORE.match(agency)
    skip = cut.end() if cut and len(agency) - cut.end() >= least else 0
    return match.start() + skip, match.end()
