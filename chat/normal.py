"""What people type, in the form in which everything else reads it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from chat.instructions import without_instructions
from corpus.script import simplify

# Words of questions that are miswritten so often that no corpus need hold the right ones.
_MISWRITTEN = (
    ("时侯", "时候"),
    ("比列", "比例"),
    ("帐户", "账户"),
    ("条列", "条例"),
    ("纪录", "记录"),
    ("既使", "即使"),
    ("按装", "安装"),
)
_YUAN = re.compile(r"(?<=[\d万亿])人民币")  # 2300万人民币


@lru_cache(maxsize=64)  # a question is read as a whole, in parts and with the turns before
def normalise(text: str) -> str:
    """Half-width letters and digits, no control characters, single spaces, simplified script."""
    text = "".join(_half_width(c) for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")
    text = re.sub(r"\s+", " ", text).strip()
    for wrong, right in _MISWRITTEN:
        text = text.replace(wrong, right)
    return without_instructions(_YUAN.sub("元人民币", simplify(text)))


def _half_width(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return folded if folded.isascii() and folded.isalnum() else character
