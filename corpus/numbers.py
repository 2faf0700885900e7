"""Document numbers (文号): finding them in any style, and writing them in one."""

from __future__ import annotations

import re

from corpus.regions import province_of
from corpus.script import simplify

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_OPENING = "〔﹝［\\[【（(〈"
_CLOSING = "〕﹞］\\]】）)〉"
# 鲁工信发〔2021〕5号: the agency's characters, the year in brackets, the running number.
_YEAR_AND_RUNNING = re.compile(
    rf"[{_OPENING}]\s*[12１２][\d０-９]{{3}}\s*[{_CLOSING}]\s*第?\s*[\d０-９]{{1,5}}\s*[号號]"
)
# 国务院令第363号, 财政部公告2020年第1号
_ORDER = re.compile(
    r"(?:令|公告)\s*[（(〔]?\s*(?:(?:19|20)\d\d\s*年)?\s*[）)〕]?\s*第\s*[\d０-９]{1,5}\s*[号號]"
)
_AGENCY = re.compile(r"[\u4e00-\u9fff]{1,24}\Z")
_LONGEST_AGENCY = 24  # characters, 中华人民共和国 included
# Words that may stand before a number and are no part of it; what the last one ends is cut off. 和 parts two
# agencies only behind a whole name: never inside 工业和信息化部令.
_BEFORE = re.compile(
    r".*(?:中华人民共和国|中華人民共和國|按照|根据|依据|依照|遵照|参照|落实|贯彻|执行|废止|印发|发布|转发|下发|公布|颁布|修订"
    r"|文件|通知|意见|办法|规定|方案|文号|字号|根據|依據|參照|落實|貫徹|執行|廢止|發布|發佈|轉發|下發|頒布|文號|字號"
    r"|[以为或见即对将由的于原等為見對將於]|(?<=[部委局厅行会院署号廳會號])[和与及與])|[和与及與]"
)
_PLACE_BEFORE = re.compile(
    r"(?P<place>[\u4e00-\u9fff]{2,7}?[省市县区州旗盟])(?P<agency>[\u4e00-\u9fff]{2,10})$"
)
_STATE = re.compile(r".*(?:中华人民共和国|中華人民共和國)")


def normalize_number(text: str) -> str:
    """Write a number in one style: 〔〕, half-width digits, no blanks (鲁工信发[2021] 5 号 → 鲁工信发〔2021〕5号)."""
    text = simplify(re.sub(r"\s+", "", text.translate(_DIGITS)))
    return re.sub(rf"[{_OPENING}]([12]\d{{3}})[{_CLOSING}]第?", r"〔\1〕", text, count=1)


def find_numbers(text: str) -> list[tuple[int, int, str]]:
    """Each number in the text as (start, end, normalised), in reading order."""
    spans = []
    for pattern, least in ((_YEAR_AND_RUNNING, 1), (_ORDER, 2)):
        for match in pattern.finditer(text):
            start = _agency_start(text, match.start(), least)
            if start < match.start():
                spans.append((start, match.end()))
    return [(start, end, normalize_number(text[start:end])) for start, end in sorted(spans)]


def _agency_start(text: str, end: int, least: int) -> int:
    """Where the agency's characters before `end` begin, of which `least` must remain behind other words."""
    name_end = end
    while name_end and text[name_end - 1] in " \t\u00a0\u2002\u3000":
        name_end -= 1
    before = _AGENCY.search(text, max(0, name_end - _LONGEST_AGENCY), name_end)
    if not before:
        return end
    agency = before[0]
    cut = _STATE.match(agency) or _BEFORE.match(agency)
    skip = cut.end() if cut and len(agency) - cut.end() >= least else 0
    place = _PLACE_BEFORE.match(agency, skip) if least == 1 else None
    if place and _abbreviates(place["agency"], place["place"]):
        skip = place.end("place")
    return before.start() + skip


def _abbreviates(agency: str, place: str) -> bool:
    """Whether an agency's characters begin as those of the place before them do: 嘉兴市 | 嘉政办发, 山东省 | 鲁工信发."""
    return agency[0] == place[0] or province_of(agency[0]) == (province_of(place) or place)
