"""Counties, districts and county-level cities that a text names, with their city and province."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.regions import RegionMention, find_regions

_TABLE = Path(__file__).with_name("counties.txt")
_KIND = re.compile(r"[县市区旗]")
# 平山区域, 开平市场, 新建区级平台, 和平区块: the name runs on into another word.
_RUNS_ON = "域场间别块位级分划情内外"
# Names that a text also forms by chance: 市和县, 会同县级…, 示范县, 沿海城市, 各项城市建设. They count behind their city alone.
_BY_CHANCE = frozenset(
    "和县 会同县 范县 解放区 老城区 新城区 新市区 城东区 城西区 城南区 城北区 城中区 城关区 港口区 平安区 和平县 和平区 工农区 前进区 向阳区 东风区"
    " 新华区 新兴区 友好区 海港区 爱民区 建华区 海城市 应城市 项城市 诸城市 东方市".split()
)
_NEAR = 2  # characters between a city and its district: 长春市的朝阳区


@dataclass(frozen=True, slots=True)
class CountyMention:
    """A county that a text names. `city` is empty where the province governs the county itself."""

    start: int
    end: int
    province: str  # the full name: 江西省
    city: str  # the full name: 宜春市
    county: str  # the full name: 上高县

    @property
    def region(self) -> str:
        """The place as documents are filed under it: 江西省宜春市上高县."""
        return self.province + self.city + self.county


@functools.cache
def _places() -> dict[str, tuple[tuple[str, str], ...]]:
    """Every name → the province and city of each county called so."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            province, city, *names = line.split(" ")
            owner = province, "" if city == "-" else city
            for name in names:
                found[name] = (*found.get(name, ()), owner)
    return found


def find_counties(text: str, context: Sequence[RegionMention] | None = None) -> list[CountyMention]:
    """Each county that the text names in full, in reading order.

    A name that several counties bear (朝阳区, 鼓楼区) counts beside its city or province alone: right behind it,
    or where the text names it elsewhere. `_BY_CHANCE` and names such as 城区 count right behind it only.
    `context` are these regions, where they are known.
    """
    if not _KIND.search(text):
        return []
    places = _places()
    regions = find_regions(text) if context is None else list(context)
    found: list[CountyMention] = []
    for kind in _KIND.finditer(text):
        end = kind.end()
        if text[end : end + 1] in _RUNS_ON and end < len(text):
            continue
        floor = found[-1].end if found else 0
        # The longest name that ends here.
        start = next((s for s in range(max(floor, end - 15), end - 1) if text[s:end] in places), None)
        if start is None:
            continue
        owner = _owner(places[text[start:end]], text[start:end], start, regions)
        if owner:
            found.append(CountyMention(start, end, *owner, text[start:end]))
    return found


def _owner(
    owners: Sequence[tuple[str, str]], name: str, start: int, regions: Sequence[RegionMention]
) -> tuple[str, str] | None:
    """The province and city of the county that is meant; None where that cannot be told."""
    before = next((m for m in reversed(regions) if m.end <= start <= m.end + _NEAR), None)
    near = [o for o in owners if before and o[0] == before.province and before.city in ("", o[1])]
    if len(near) == 1:
        return near[0]
    if name in _BY_CHANCE or len(name) == 2 and name[-1] != "县":
        return None
    if len(owners) == 1:
        return owners[0]
    told = [o for o in owners if any(m.city and (m.province, m.city) == o for m in regions)]
    told = told or [o for o in owners if any(m.province == o[0] for m in regions)]
    return told[0] if len(told) == 1 else None
