"""Which regions a question names, as the documents of the corpus are filed under them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import jieba

from corpus.document import Document
from corpus.regions import find_regions

_COMPONENT = re.compile(
    r".+?(?:特别行政区|自治区|自治州|自治县|开发区|高新区|新区|园区|省|市|州|盟|县|区|旗)"
)
# A county or zone that no table has, at the head of a title or of an issuer's name.
_LOCAL = re.compile(
    r"^(?:\d{4}年度?)?(?:关于)?(?:印发)?[《“]?([㐀-鿿]{2,7}?(?:自治县|开发区|高新区|新区|工业园区|县|旗|区|市))(?=[㐀-鿿])"
)
_NO_PLACE = re.compile(
    r"^(?:全|各|本|我|该|地|社|小|园|城|辖|市|县|区|示范|先行|试点|重点|功能|产业|工业)+(?:县|旗|区|市)$|企业|中小|地区|园区$"
)


@dataclass(frozen=True)
class Places:
    """Regions named: those that the corpus has (as documents name them), those it lacks, and the stretches."""

    regions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Gazetteer:
    """The regions of a corpus. National documents have none."""

    regions: tuple[str, ...]
    _ids: dict[str, tuple[str, ...]] = field(repr=False)
    _aliases: dict[str, str] = field(repr=False)  # 长兴县, 长兴, 园区 → the region they mean

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Gazetteer:
        """Collect the regions under which `documents` are filed."""
        ids: dict[str, list[str]] = defaultdict(list)
        for document in documents:
            ids[region_of(document)].append(document.id)
        names = sorted(name for name in ids if name)
        aliases: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for alias in _aliases_of(name):
                aliases[alias].add(name)
        unique = {alias: next(iter(owners)) for alias, owners in aliases.items() if len(owners) == 1}
        return cls(tuple(names), {name: tuple(found) for name, found in ids.items()}, unique)

    def find(self, text: str) -> Places:
        """Find the regions that `text` (simplified script) names."""
        regions: dict[str, None] = {}
        missing: dict[str, None] = {}
        spans: list[tuple[int, int]] = []
        for alias in sorted(self._aliases, key=len, reverse=True):
            for match in re.finditer(re.escape(alias), text):
                if not any(start < match.end() and match.start() < end for start, end in spans):
                    regions[self._aliases[alias]] = None
                    spans.append(match.span())
        for mention in find_regions(text):
            if any(start < mention.end and mention.start < end for start, end in spans):
                continue
            spans.append((mention.start, mention.end))
            held = self._held(mention.province, mention.city)
            regions.update(dict.fromkeys(held))
            if not held:
                missing[mention.city or mention.province] = None
        return Places(tuple(regions), tuple(missing), tuple(spans))

    def _held(self, province: str, city: str) -> list[str]:
        """The regions of the corpus that a mention means: the place itself, places in it, or the province of a city."""
        whole = province + city if city != province else province
        if whole in self._ids:
            return [whole]
        inside = [name for name in self.regions if name.startswith(whole) or (city and city in name)]
        if inside:
            return inside
        return [province] if province in self._ids else []

    def within(self, regions: Sequence[str], national: bool, whole: bool = False) -> tuple[str, ...]:
        """Ids of the documents of these regions, and of national ones if `national`; with `whole`, of places in them too."""
        names = [
            name for name in self.regions if whole and any(name.startswith(region) for region in regions)
        ]
        names = list(dict.fromkeys([*regions, *names, *([""] if national else [])]))
        return tuple(i for name in names for i in self._ids.get(name, ()))


def region_of(document: Document) -> str:
    """The region of a document; where no table knows the place, the one at the head of its title or issuer."""
    if document.region or document.level == "国家":
        return document.region
    for text in (document.title, *document.issuers):
        mentions = find_regions(text)
        if mentions:
            first = mentions[0]
            return first.province + first.city if first.city != first.province else first.province
        match = _LOCAL.match(text)
        if match and not _NO_PLACE.search(match[1]):
            return match[1]
    return ""


def _aliases_of(region: str) -> list[str]:
    """The short ways of naming the last part of a region that find_regions does not know."""
    last = (_COMPONENT.findall(region) or [region])[-1]
    if find_regions(last) and not last.endswith(("园区", "开发区", "新区", "高新区")):
        return []
    aliases = [last]
    short = re.sub(r"(?:自治县|工业园区|开发区|高新区|新区|县|旗|区|市)$", "", last)
    if len(short) >= 3 or (len(short) == 2 and jieba.dt.FREQ.get(short, 0) < 300 and short != last):
        aliases.append(short)
    if last.endswith("园区"):
        aliases.append("园区")
    return aliases
