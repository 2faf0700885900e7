"""Labels of clauses at the start of a line: 第X条, 一、, （一）, 行动一：, 1., （1）."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

_FULL_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_HAN = "一二三四五六七八九十百千零〇○两"
_VALUE = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNIT = {"十": 10, "百": 100, "千": 1000}


class Kind(IntEnum):
    """What sort of label, from the most general to the most special."""

    BOOK = 1  # 编
    SUBBOOK = 2  # 分编
    CHAPTER = 3  # 章
    SECTION = 4  # 节
    ITEM = 5  # 一、
    ACTION = 6  # 行动一：
    ARTICLE = 7  # 条
    PAREN = 8  # （一）
    DIGIT = 9  # 1.
    DIGIT_PAREN = 10  # （1）


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the start of a line. `end` is the offset in the line behind the label and its blanks."""

    kind: Kind
    number: int
    sub: int  # 2 in 第三条之二, else 0
    part: str  # as it stands in a path: 二, 行动一, （一）, 第十二条
    end: int
    spaced: bool  # blanks, a bracket or the line's end follow, as behind a heading


_LABEL = re.compile(
    rf"""\s*(?:
      第\s*(?P<law>[{_HAN}]+(?:\s+[{_HAN}]+)*|\d{{1,4}})\s*(?P<unit>分\s*编|编|章|节|条)
        (?:\s*之\s*(?P<sub>[一二三四五六七八九十]{{1,3}})(?![{_HAN}]*(?:日|规定)))?
    | (?P<word>行动|任务|工程|专项|举措|措施)\s*(?P<action>[{_HAN}]{{1,3}}|\d{{1,2}})\s*[:：]
    | (?P<item>[{_HAN}]{{1,4}}(?:\s+[{_HAN}])*)\s*(?P<stop>[、．.])
    | [（(]\s*(?P<paren>[{_HAN}]{{1,4}}(?:\s+[{_HAN}])*)\s*[)）]
    | [（(]\s*(?P<inner>[\d０-９]{{1,3}})\s*[)）]
    | (?P<digit>[\d０-９]{{1,3}})\s*(?:[．]|\.(?!\d)|\.(?=(?:19|20)\d\d年)|、(?!\d))
    | (?P<close>[\d０-９]{{1,2}})\s*[)）]
    )""",
    re.VERBOSE,
)
# What stands behind a number that is a reference and no label: 第三条规定的…, （一）项, 一、二等奖.
_REFERENCE = re.compile(
    r"(?:第[一二三四五六七八九十百\d]+[款项]|[款项目](?![\u4e00-\u9fff]{0,6}[：:])|之?规定|所(?:列|称|述|指|规定)|的|和第?|与第|、第|及|以及|或者?第?"
    r"|至第?|到第|中的?|以下|以上|修改为|改为|增加|删去|删除|[，,。；;、）)》”])"
)
_PAREN_REFERENCE = re.compile(r"[项款目至、和及或，。；）」”》]|规定")


def numeral(text: str) -> int:
    """The value of a Chinese or Arabic numeral (一千二百六十, 二〇, １２). ValueError if it is none."""
    text = re.sub(r"\s+", "", text).translate(_FULL_DIGITS)
    if text.isdigit() and text.isascii():
        return int(text)
    if not text or any(char not in _VALUE and char not in _UNIT for char in text):
        raise ValueError(f"not a numeral: {text!r}")
    if not any(char in _UNIT for char in text):
        return int("".join(str(_VALUE[char]) for char in text))
    total = 0
    digit = None
    for char in text:
        if char in _UNIT:
            total += (1 if digit is None else digit) * _UNIT[char]
            digit = None
        else:
            digit = _VALUE[char] or None
    return total + (digit or 0)


def label_at(line: str) -> Label | None:
    """The label that opens the line, or None. References such as 第三条规定的 are none."""
    match = _LABEL.match(line)
    if not match:
        return None
    rest = line[match.end() :]
    blanks = len(rest) - len(rest.lstrip())
    spaced = blanks > 0 or not rest.strip() or rest[0] in "【（(["
    end = match.end() + blanks
    rest = rest.strip()
    if match["law"]:
        return _law_label(match, rest, end, spaced)
    if match["action"]:
        part = match["word"] + re.sub(r"\s+", "", match["action"])
        return Label(Kind.ACTION, numeral(match["action"]), 0, part, end, True)
    if match["item"]:
        numerals = re.sub(r"\s+", "", match["item"])
        if rest[:1] in _HAN and re.match(rf"[{_HAN}]+[、，]", rest):
            return None
        return Label(Kind.ITEM, numeral(numerals), 0, numerals, end, spaced)
    if match["paren"]:
        if _PAREN_REFERENCE.match(rest):
            return None
        numerals = re.sub(r"\s+", "", match["paren"])
        return Label(Kind.PAREN, numeral(numerals), 0, f"（{numerals}）", end, spaced)
    if match["digit"]:
        value = match["digit"].translate(_FULL_DIGITS)
        return Label(Kind.DIGIT, int(value), 0, value, end, spaced)
    inner = (match["inner"] or match["close"]).translate(_FULL_DIGITS)
    if _PAREN_REFERENCE.match(rest):
        return None
    part = f"（{inner}）" if match["inner"] else f"{inner}）"
    return Label(Kind.DIGIT_PAREN, int(inner), 0, part, end, spaced)


def _law_label(match: re.Match[str], rest: str, end: int, spaced: bool) -> Label | None:
    if _REFERENCE.match(rest):
        return None
    unit = re.sub(r"\s+", "", match["unit"])
    kind = {
        "编": Kind.BOOK,
        "分编": Kind.SUBBOOK,
        "章": Kind.CHAPTER,
        "节": Kind.SECTION,
        "条": Kind.ARTICLE,
    }[unit]
    # Chapters have headings, not sentences.
    if kind != Kind.ARTICLE and (len(rest) > 40 or re.search(r"[。；，]", rest)):
        return None
    sub = match["sub"] or ""
    numerals = re.sub(r"\s+", "", match["law"])
    part = f"第{numerals}{unit}" + (f"之{sub}" if sub else "")
    return Label(kind, numeral(numerals), numeral(sub) if sub else 0, part, end, spaced)


def joined(path: tuple[str, ...]) -> str:
    """A path as one label: 二、（一）1; of a law the article alone, for its number runs through."""
    for place in range(len(path) - 1, -1, -1):
        if re.fullmatch(r"第.+条(?:之.+)?", path[place]):
            path = path[place:]
            break
    text = ""
    for place, part in enumerate(path):
        text += part
        if place + 1 < len(path) and part and all(char in _HAN for char in part):
            text += "、"
    return text
