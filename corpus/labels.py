"""Labels of clauses at the start of a line: 第X条, 一、, （一）, 行动一：, 1., （1）, 1.1."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import IntEnum

_FULL_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_HAN = "一二三四五六七八九十百千零〇○两"
_VALUE = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNIT = {"十": 10, "百": 100, "千": 1000}


class Kind(IntEnum):
    """What sort of label, from the most general to the most special."""

    BOOK = 1  # 编, 部分
    SUBBOOK = 2  # 分编
    CHAPTER = 3  # 章
    SECTION = 4  # 节
    ITEM = 5  # 一、
    ACTION = 6  # 行动一：
    ARTICLE = 7  # 条
    PAREN = 8  # （一）
    DECIMAL = 9  # 1.1; the depth is in the number of points
    DIGIT = 10  # 1.
    DIGIT_PAREN = 11  # （1）


_KIND_OF_UNIT = {
    "编": Kind.BOOK,
    "部分": Kind.BOOK,
    "篇": Kind.BOOK,
    "分编": Kind.SUBBOOK,
    "章": Kind.CHAPTER,
    "节": Kind.SECTION,
    "条": Kind.ARTICLE,
}


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the start of a line. `end` is the offset in the line behind the label and its blanks."""

    kind: Kind
    number: int
    sub: int  # 2 in 第三条之二, else 0
    part: str  # as it stands in a path: 二, 行动一, （一）, 第十二条
    end: int
    spaced: bool  # blanks, a bracket or the line's end follow, as behind a heading
    doubtful: bool = False  # may be a reference: a label only if its number goes on from the last one


_STARTS = frozenset(f"第行任工专举措（(0123456789０１２３４５６７８９ \u00a0\u2002\u2003\u3000\t{_HAN}")
_LABEL = re.compile(
    rf"""\s*(?:
      第\s*(?P<law>[{_HAN}]+(?:\s+[{_HAN}]+)*|\d{{1,4}})\s*(?P<unit>分\s*编|编|部\s*分|篇|章|节|条)
        (?:\s*之\s*(?P<sub>[一二三四五六七八九十]{{1,3}})(?!日|规定))?
    | (?P<word>行动|任务|工程|专项行动|专项|专题|举措|措施)\s*(?P<action>[{_HAN}]{{1,3}}|\d{{1,2}})\s*[:：]
    | (?P<item>[{_HAN}]{{1,4}}(?:\s+[{_HAN}])*)\s*[、．.]
    | [（(]\s*(?P<paren>[{_HAN}]{{1,4}}(?:\s+[{_HAN}])*)\s*[)）]
    | [（(]\s*(?P<inner>[\d０-９]{{1,3}})\s*[)）]
    | (?P<decimal>\d{{1,2}}(?:[.．]\d{{1,2}}){{1,3}})(?=\s*[\u4e00-\u9fff“《])(?![万亿元倍家个项年%％])
    | (?P<digit>[\d０-９]{{1,3}})\s*(?:．|\.(?!\d)|\.(?=(?:19|20)\d\d年)|、(?!\d))
    | (?P<close>[\d０-９]{{1,2}})\s*[)）]
    )\s*""",
    re.VERBOSE,
)
# What stands behind a number that is a reference and no label: 第三条规定的…, 第二条第一款.
_REFERENCE = re.compile(
    r"第[一二三四五六七八九十百\d]+[款项]|[款项目](?![\u4e00-\u9fff])|之?规定|所(?:列|称|述|指|规定)|的|[和与及、或至到]第|以及第|或者第"
    r"|修改为|改为|增加|删去|删除|[，,。；;、）)》”]"
)
_PAREN_REFERENCE = re.compile(r"[项款目至、和及或，。；）」”》]|规定")
_MORE_NUMERALS = re.compile(rf"[{_HAN}]+[、，]|[{_HAN}]?(?:等奖|级市场|类企业|线城市|产业)")
# By the named group that matched: the kind, and how it is written in a path.
_FORMS = {
    "action": (Kind.ACTION, "{0}{1}"),
    "item": (Kind.ITEM, "{1}"),
    "paren": (Kind.PAREN, "（{1}）"),
    "inner": (Kind.DIGIT_PAREN, "（{1}）"),
    "decimal": (Kind.DECIMAL, "{1}"),
    "digit": (Kind.DIGIT, "{1}"),
    "close": (Kind.DIGIT_PAREN, "{1}）"),
}
_REFUSED = {
    "item": _MORE_NUMERALS,
    "paren": _PAREN_REFERENCE,
    "inner": _PAREN_REFERENCE,
    "close": _PAREN_REFERENCE,
}
_SENTENCE = re.compile(r"[。；，]")
_LONGEST_CHAPTER = 40  # characters; chapters have headings, not sentences


@functools.lru_cache(maxsize=4096)
def numeral(text: str) -> int:
    """The value of a Chinese or Arabic numeral (一千二百六十, 二〇, １２). ValueError if it is none."""
    text = "".join(text.split()).translate(_FULL_DIGITS)
    if text.isdigit() and text.isascii():
        return int(text)
    if not text or any(char not in _VALUE and char not in _UNIT for char in text):
        raise ValueError(f"not a numeral: {text!r}")
    if not any(char in _UNIT for char in text):
        return int("".join(str(_VALUE[char]) for char in text))
    total = 0
    digit: int | None = None
    for char in text:
        if char in _UNIT:
            total += (1 if digit is None else digit) * _UNIT[char]
            digit = None
        else:
            digit = _VALUE[char] or None
    return total + (digit or 0)


def label_at(line: str) -> Label | None:
    """The label that opens the line, or None. References such as 第三条规定的 are none."""
    if line[:1] not in _STARTS:
        return None
    match = _LABEL.match(line)
    if not match:
        return None
    end = match.end()
    spaced = line[end - 1].isspace() or end == len(line) or line[end] in "【（([“"
    group = match.lastgroup or ""
    if group in ("unit", "sub"):
        return _law_label(match, line, end, spaced)
    numerals = "".join(match[group].split())
    refused = _REFUSED.get(group)
    if refused and refused.match(line, end):
        return None
    kind, form = _FORMS[group]
    if group in ("digit", "inner", "close"):
        numerals = numerals.translate(_FULL_DIGITS)
    elif group == "decimal":
        numerals = numerals.replace("．", ".")
    number = numeral(numerals.rsplit(".", 1)[-1])
    part = form.format(match["word"] if group == "action" else "", numerals)
    return Label(kind, number, 0, part, end, spaced or group == "action")


def _law_label(match: re.Match[str], line: str, end: int, spaced: bool) -> Label | None:
    reference = _REFERENCE.match(line, end) is not None
    if reference and not spaced:
        return None
    unit = "".join(match["unit"].split())
    kind = _KIND_OF_UNIT[unit]
    if kind != Kind.ARTICLE and (len(line) - end > _LONGEST_CHAPTER or _SENTENCE.search(line, end)):
        return None
    sub = match["sub"] or ""
    numerals = "".join(match["law"].split())
    part = f"第{numerals}{unit}" + (f"之{sub}" if sub else "")
    doubtful = kind == Kind.ARTICLE and (reference or not spaced)
    return Label(kind, numeral(numerals), numeral(sub) if sub else 0, part, end, spaced, doubtful)


def is_numeral(text: str) -> bool:
    """Whether the text is a Chinese numeral alone, as in the path of 一、."""
    return bool(text) and all(char in _HAN for char in text)


def joined(path: tuple[str, ...]) -> str:
    """A path as one label: 二、（一）1; of a law the article alone, for its number runs through."""
    if len(path) == 1:
        return path[0]
    for place in range(len(path) - 1, -1, -1):
        if path[place].startswith("第") and "条" in path[place]:
            path = path[place:]
            break
    while len(path) > 1 and re.fullmatch(r"\d+(?:\.\d+)+", path[1]):
        path = path[1:]  # 3.2.1 names its parents itself
    text = ""
    for place, part in enumerate(path):
        text += part
        if place + 1 < len(path) and is_numeral(part):
            text += "、"
    return text
