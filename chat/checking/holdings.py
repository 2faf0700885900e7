"""What the corpus holds: counted again from the words in which an answer describes it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.checking.grounds import Check, Grounds
from chat.places import region_of
from chat.validity import is_before
from corpus.document import Document

_COUNTED = re.compile(r"库内收录的(?P<what>[^。；\n]*?)政策文件共(?P<count>\d+)份")
_RANGE = re.compile(r"收录范围：(?P<parts>[^。；\n]+)")
_PART = re.compile(r"(?P<place>[^、\d]+)(?P<count>\d+)份")
_YEAR = re.compile(r"(?P<year>\d{4})年发布的$")
_NAMED = re.compile(r"(?P<where>发文机关含|标题含|正文提到)(?P<words>(?:“[^“”]+”)+)的$")
_LEVELS = {"国家": "国家", "省级": "省", "市级": "市", "县级": "县"}


def recount(text: str, documents: Sequence[Document]) -> tuple[str, str]:
    """Count again what a notice says that the corpus holds: the text without it, and what is wrong (in Chinese)."""
    for match in _COUNTED.finditer(text):
        held = described(match["what"], documents)
        if held is None or len(held) != int(match["count"]):
            return text, f"所称收录的文件数与库内不符：{match[0]}"
    for match in _RANGE.finditer(text):
        for part in match["parts"].split("、"):
            found = _PART.fullmatch(part)
            held = described(found["place"], documents) if found else None
            if found is None or held is None or len(held) != int(found["count"]):
                return text, f"所称收录范围与库内不符：{part}"
    return _RANGE.sub("收录范围", _COUNTED.sub("库内收录的政策文件", text)), ""


def described(what: str, documents: Sequence[Document]) -> list[Document] | None:
    """The documents that a description means (山东省2021年发布的标题含“中小企业”的); None where it means nothing known."""
    held = list(documents)
    what = what.strip()
    if match := _NAMED.search(what):
        words, where = re.findall(r"“([^”]+)”", match["words"]), match["where"]
        held = [d for d in held if all(word in _part(d, where) for word in words)]
        what = what[: match.start()]
    if match := _YEAR.search(what):
        held = [d for d in held if d.issued_on and d.issued_on.year == int(match["year"])]
        what = what[: match.start()]
    what = what.removesuffix("的")
    if not what:
        return held
    found: dict[str, Document] = {}
    for place in what.split("、"):
        own = [document for document in held if _is_of(document, place)]
        if not own and not any(_is_of(document, place) for document in documents):
            return None
        found.update((document.id, document) for document in own)
    return list(found.values())


def _part(document: Document, where: str) -> str:
    if where == "标题含":
        return document.title
    return "、".join(document.issuers) if where == "发文机关含" else document.text


def _is_of(document: Document, place: str) -> bool:
    if place in _LEVELS:
        return document.level == _LEVELS[place]
    return region_of(document).startswith(place)


def _outermost(grounds: Grounds, found: dict[str, str]) -> str:
    """库内收录的…政策文件中发布最早的: no other document of those described was issued before (or after)."""
    held = described(found["what"], grounds.documents)
    first = found["which"] == "早"
    for document in grounds.cited:
        if held is None or document not in held or document.issued_on is None:
            return "所引文件不在所称的范围内，或未载明发布时间"
        for other in held:
            if other is not document and is_before(other, document) is first:
                return f"库内另有发布更{found['which']}的文件：{other.number or other.title}"
    return ""


RULES: tuple[tuple[re.Pattern[str], Check], ...] = (
    (
        re.compile(r"库内收录的(?P<what>[^。；\n]*?)政策文件中发布最(?P<which>早|晚)的"),
        _outermost,
    ),
)
