"""Personal data that people type into questions: phone numbers, ID numbers and e-mail addresses, masked."""

from __future__ import annotations

import re
from collections.abc import Mapping

_FULL = str.maketrans("０１２３４５６７８９Ｘｘ＠．－", "0123456789Xx@.-")
_EDGE = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"
# The order counts: an ID number holds what looks like a phone number.
_PATTERNS = (
    (
        "证件号",
        re.compile(
            rf"{_EDGE}[1-9]\d{{5}}(?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{{3}}[\dXx]{_END}"
        ),
    ),
    ("证件号", re.compile(rf"{_EDGE}[1-9]\d{{5}}\d{{2}}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{{3}}{_END}")),
    ("邮箱", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?![A-Za-z])", re.ASCII)),
    ("电话", re.compile(rf"{_EDGE}(?:(?:\+|00)86[- ]?)?1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}{_END}")),
    (
        "电话",
        re.compile(
            rf"{_EDGE}(?:0\d{{2,3}}[- ]|[(（]0\d{{2,3}}[)）][- ]?)[1-9]\d{{6,7}}(?:-\d{{1,5}})?{_END}"
        ),
    ),
    ("电话", re.compile(rf"{_EDGE}0(?:10|2\d|[3-9]\d{{2}})[2-9]\d{{6,7}}{_END}")),
    ("电话", re.compile(rf"{_EDGE}[48]00[- ]?\d{{3}}[- ]?\d{{4}}{_END}")),
)
_PART = re.compile(r"[^，,。；;？?！!\n]*[，,。；;？?！!\n]?")
# Words that come with a number at which the asker can be reached.
_REACHED = re.compile(
    r"我们?|本人|公司|单位|的|联系|电话|手机|号码|号|方式|微信|邮箱|邮件|身份证|证件|是|为|请|可以?|打|加|发|回复?|到|给|[:：，,。；;？?！!\s（）()]"
)


def personal(text: str) -> dict[str, str]:
    """The personal data in a text, each with what stands in its place."""
    # Full-width digits are one character each as well, so that offsets stay.
    plain, found = text.translate(_FULL), {}
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            found[text[match.start() : match.end()]] = f"［{name}］"
        plain = pattern.sub(lambda match: "　" * len(match[0]), plain)
    return found


def mask(text: str, known: Mapping[str, str] | None = None) -> str:
    """The text with its personal data masked; with `known` (of `personal`), only what stands there."""
    replaced = personal(text) if known is None else known
    for words in sorted(replaced, key=len, reverse=True):
        text = text.replace(words, replaced[words])
    return text


def without_signature(text: str) -> str:
    """A question without the parts that only say how to reach the asker (电话13812345678), which ask nothing.

    A number that is asked about stays, and so does a text that holds nothing else.
    """
    known = personal(text)
    if not known:
        return text
    kept = [part for part in _PART.findall(text) if not _signs(part, known)]
    return "".join(kept).strip() or text


def _signs(part: str, known: Mapping[str, str]) -> bool:
    rest = part
    for words in known:
        rest = rest.replace(words, "")
    return rest != part and not _REACHED.sub("", rest)
