"""Regions that a text names: provinces with their short names, and prefecture-level cities."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

_TABLE = Path(__file__).with_name("regions.toml")

# Short city names that are also common words, or other places: they count with 市, 州 or 地区 alone.
_WORDS = frozenset(
    "朝阳 来宾 日照 白银 开封 山南 海东 海西 海南 海北 黄南 东方 安顺 安康 通化 大同 和田 阿里 长治 保山 吉安"
    " 三明 文山 玉树 怀化 中卫 固原 平凉 商洛 大庆 白山 新余 兴安 凉山 红河 黄山 乐山 天门 定西 巴中 河源 吉林".split()
)
# What may not stand before or after a short name: 黄海南部, 太行山东麓, 孙中山, 出海口, 大理石, 南京路.
_NOT_BEFORE = {
    "海南": "黄东渤南沿珠近里",
    "海口": "出入近临沿通",
    "河南": "黄淮运辽",
    "河北": "黄淮运辽",
    "山东": "泰岭行燕",
    "山西": "泰岭行燕",
    "江西": "长珠丽",
    "江北": "长",
    "湖南": "太西洞庭阳湖",
    "湖北": "太西洞庭阳湖",
    "中山": "孙",
    "北海": "东",
    "大连": "重",
}
_NOT_AFTER = {
    "中山": "装大陵路先公舰",
    "南京": "路条",
    "大理": "石院寺论",
    "长治": "久",
    "山东": "麓坡",
    "山西": "麓坡",
    "湖南": "岸",
    "湖北": "岸",
    "河南": "岸",
    "河北": "岸",
    "上海": "路",
    "北京": "路",
    "台州": "",
}
# One-letter abbreviations count in these forms alone: 来鲁, 鲁企, 鲁政发, 鲁工信发〔2021〕5号.
_LETTER_AFTER = r"(?:企|商(?!银行|证券|基金)|籍|政发|政办|政字|府发|办发|发改|委办|(?=[\u4e00-\u9fff]{1,10}[〔\[［【]\d{4}))"
_LETTER_BEFORE = "来在入赴驻援离返全"
_LETTER_WITHIN = "江山河海湖城阳州县区镇村岛园"  # 在晋江, 在青山区: the letter begins another name
_LETTER_NOT = {
    "新": "来在入全援返",
    "青": "全",
    "港": "全",
    "台": "全入",
    "云": "来在入全",
    "京": "全",
    "宁": "全",
}
# Words that end or begin with a letter: 专精特新企业, 上云企业, 贵企业 name no region.
_LETTER_NOT_BEFORE = {"新": "企商籍", "贵": "企商", "云": "企商", "青": "企商", "黑": "企商"}


@dataclass(frozen=True)
class RegionMention:
    """A region that a text names. `city` is empty where only the province is named."""

    start: int
    end: int
    province: str  # the full name: 山东省
    city: str = ""  # the full name: 济南市


@dataclass(frozen=True)
class _Table:
    names: dict[str, tuple[str, str]]  # every name as written → (province, city)
    letters: dict[str, str]  # 鲁 → 山东省
    shorts: dict[str, str]  # 山东省 → 山东
    pattern: re.Pattern[str]


@functools.cache
def _table() -> _Table:
    provinces = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    names: dict[str, tuple[str, str]] = {}
    letters: dict[str, str] = {}
    for province, entry in provinces.items():
        for city in entry["cities"].split():
            names.setdefault(city, (province, city))
            short = _short(city)
            if short != city and short not in _WORDS:
                names.setdefault(short, (province, city))
                if city.endswith("州") and not short.endswith("州"):
                    names.setdefault(f"{short}州", (province, city))
    for province, entry in provinces.items():
        names[province] = names[entry["short"]] = (province, "")
        letters.update(dict.fromkeys(entry["letters"], province))
    spelled = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    letter = "".join(letters)
    pattern = re.compile(
        rf"(?P<name>{spelled})|(?P<head>[{letter}]){_LETTER_AFTER}|(?<=[{_LETTER_BEFORE}])(?P<tail>[{letter}])(?![{_LETTER_WITHIN}])"
    )
    shorts = {province: entry["short"] for province, entry in provinces.items()}
    return _Table(names, letters, shorts, pattern)


def _short(city: str) -> str:
    """The name without its kind: 济南, 恩施, 阿拉善. Districts keep theirs, for 河东区 is no 河东."""
    autonomous = re.match(
        r"(.+?)(?:朝鲜族|土家族|藏族|彝族|布依族|苗族|哈尼族|壮族|傣族|白族|傈僳族|回族|蒙古族?|柯尔克孜|哈萨克)"
        r".*自治州$",
        city,
    )
    if autonomous:
        return autonomous.group(1)
    return re.sub(r"(?:市|盟|地区)$", "", city)


def provinces() -> tuple[str, ...]:
    """The full names of the 34 provincial regions."""
    return tuple(dict.fromkeys(province for province, city in _table().names.values() if not city))


def province_of(name: str) -> str:
    """The province (full name) of a province, city or abbreviation as written; empty if unknown."""
    table = _table()
    return table.names.get(name, ("", ""))[0] or table.letters.get(name, "")


@functools.cache
def _nicknames() -> tuple[re.Pattern[str], dict[str, tuple[str, str, bool]]]:
    """Every nickname → province, city, and whether it has other meanings too; and the pattern that finds them."""
    found: dict[str, tuple[str, str, bool]] = {}
    for province, entry in tomllib.loads(_TABLE.read_text(encoding="utf-8")).items():
        for item in entry.get("nicknames", "").split():
            city, _, name = item.rpartition("=")
            found[name.rstrip("?")] = (province, city, name.endswith("?"))
    spelled = "|".join(sorted(map(re.escape, found), key=len, reverse=True))
    # 羊城晚报, 齐鲁银行 and 荆楚网 are names of their own.
    return re.compile(rf"(?:{spelled})(?!晚报|日报|银行|医院|石化|网|通|集团)"), found


def find_nicknames(text: str) -> list[tuple[RegionMention, bool]]:
    """Each region that the text names by a nickname (申城, 蓉城), and whether that has other meanings too (山城)."""
    pattern, names = _nicknames()
    return [
        (RegionMention(match.start(), match.end(), *names[match[0]][:2]), names[match[0]][2])
        for match in pattern.finditer(text)
    ]


def letters() -> dict[str, str]:
    """The one-letter abbreviations of the provinces (鲁 → 山东省)."""
    return _table().letters


def short_name(name: str) -> str:
    """A province or city as people call it: 山东, 内蒙古, 绵阳."""
    return _table().shorts.get(name) or _short(name)


def find_regions(text: str) -> list[RegionMention]:
    """Each region that the text names, in reading order. A lone letter counts in forms such as 鲁企 alone."""
    return list(_found(text))


@functools.lru_cache(maxsize=256)  # a question is looked at by many, a sentence that is told by several
def _found(text: str) -> tuple[RegionMention, ...]:
    table = _table()
    found = []
    for match in table.pattern.finditer(text):
        name = match["name"]
        if name:
            if not _misread(text, match.start(), match.end(), name):
                found.append(RegionMention(match.start(), match.end(), *table.names[name]))
            continue
        group = "head" if match["head"] else "tail"
        letter = match[group]
        if group == "tail" and text[match.start() - 1] in _LETTER_NOT.get(letter, ""):
            continue
        if group == "head" and text[match.end(group)] in _LETTER_NOT_BEFORE.get(letter, ""):
            continue
        found.append(RegionMention(match.start(group), match.end(group), table.letters[letter]))
    return tuple(found)


def _misread(text: str, start: int, end: int, name: str) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and before in _NOT_BEFORE.get(name, ""):
        return True
    if after and after in _NOT_AFTER.get(name, ""):
        return True
    if name[-1] + after in ("市场", "区域"):
        return True
    # 黄海南部 and the like: a sea, river or mountain with a direction
    return len(name) == 2 and name[1] in "东南西北" and after == "部" and before in "黄渤东南长太泰"
