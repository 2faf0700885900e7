"""Read plain text, Markdown and HTML files, in whatever encoding they say or show."""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
# Pages that say gb2312 use characters that only its successors have.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030"}


class UnreadableError(ValueError):
    """A file that cannot be read; the message says in Chinese what is wrong and what to do."""


def decode(data: bytes) -> str:
    """Decode by byte order mark, then by what the page says of itself, then UTF-8, then GB18030, each strict."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, [encoding])
    said = _META.search(data[:4096])
    named = said[1].decode("ascii", "ignore").lower() if said else ""
    return _strict(data, [_WIDER.get(named, named), "utf-8", "gb18030"])


def _strict(data: bytes, encodings: list[str]) -> str:
    for encoding in encodings:
        if not encoding:
            continue
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise UnreadableError("无法识别文件的文字编码：请另存为 UTF-8 后重试。")


def read_text(data: bytes) -> str:
    """The decoded text, line ends as they are."""
    return decode(data)
