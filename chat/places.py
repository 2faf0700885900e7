"""Which regions a question names, as the documents of the corpus are filed under them."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import rjieba
from pypinyin import lazy_pinyin

from chat.dictionary import dictionary
from chat.spans import occurrences
from corpus.counties import find_counties
from corpus.document import Document
from corpus.regions import RegionMention, find_nicknames, find_regions, letters, short_name

# Words that mean the national level: 国家的意见, 国家对, but not 国家级, 国家重点实验室, 国家专精特新“小巨人”.
NATIONAL = re.compile(
    r"(?<![路线他些个各达源属洲份])国家(?=的|对|在|有|是|怎|要|出|规定|政策|指导|意见|层面|文件|那|和|与|跟|到|也|还|呢|针对|支持|鼓励|计划|目标|方面|给|提出|办法|通知|(?:19|20)\d\d|今年|明年|现在|目前|[，。、？?\s]|$)"
    r"|全国(?!人大|人民|性|工商|信用|供应链|统一|各地|评|[甲乙丙]级|百强|首|前[十百\d]|示范|领先|先进|重点|模范)|中央(?!财政|企业|银行)|部委|(?<!个)[一二三四五六七八九十]+(个)?部(委|门)|国务院(?!国资)|国办|国发"
)
_LATIN = re.compile(r"(?<![a-z0-9.@])[a-z]{2,12}(?![a-z0-9.@])")
# Abbreviations that people write for something else.
_NO_REGION = frozenset(
    "it ai hr ip id pc gb ok vr ar tv km kg ev nev ppp epc erp crm app ceo cfo gdp lpr".split()
)
# Letters that name a province at the head of a phrase; beyond doubt those that are hardly ever a word.
_LETTERS = frozenset("鲁渝皖沪粤鄂湘赣闽浙豫陕苏川蜀京津晋冀辽桂琼滇黔陇")
_SURE_LETTERS = frozenset("鲁渝皖沪粤鄂湘赣闽浙豫陕")
_OUTSIDE = ("香港特别行政区", "澳门特别行政区", "台湾省")
_PEOPLE = re.compile(r"的?(?:老板|企业|公司|投资|同胞|居民|人|青年|籍|商人|客商|资本|身份)")
_OPENS = frozenset("，。、；：！？,.;:!? 　（(“《在和与跟比同及或是对去到往从来据按问我咱那")
_NO_LETTER = frozenset("深指剧菜语曲酒")  # 沪深, 沪指, 粤剧
# How zones are called in their own city.
_ZONES = (
    ("高新技术产业开发区", "高新区"), ("高新区", "高新区"), ("经济技术开发区", "经开区"), ("经济开发区", "经开区"),
    ("开发区", "开发区"), ("新区", "新区"), ("园区", "园区"),
)  # fmt: skip
_HEAD = 4  # characters; 关于印发 may stand before the place in a title
# Where an enterprise comes from says nothing of whose policy it asks for; nor does where it goes, where it is asked
# what then becomes of what it was given.
_FROM, _COMES = (
    re.compile(r"(?:从|由|打)$"),
    re.compile(r"[^，。；？]{0,8}?(?:迁|搬|转移|过来|引进|变更|落户|拉|运|买|进货)"),
)
_GOES = re.compile(r"(?:[迁搬移]|转移|外迁|搬迁)(?:[^，。；？]{0,3}?(?:去|到|往|至|回))?了?$")
# Where it sells, shows its goods, worked before, or whom it works with.
_VISITS = (
    (
        re.compile(r"(?:去|到|往|赴|上)$"),
        re.compile(r"[^，。；？]{0,8}?(?:参展|参加|办展|摆摊|展会|展览|推销|路演|培训|学习|出差|考察)"),
    ),
    (re.compile(r"(?:卖|销|发|运|寄|出口)(?:到|往|去|给)了?$"), re.compile(r"")),
    (
        re.compile(r"在$"),
        re.compile(r"(?:打工|上班|读书|上学|务工|工作|做事|干活|当兵)[^，。；？]{0,8}[回返]"),
    ),
    (
        re.compile(r"(?:之前|以前|原来|原先|早先|先前|曾经?)(?:都|是|一直)?在$"),
        re.compile(r"(?:打工|上班|读书|上学|务工|工作|做事|干活|当兵|交社?保|缴|参保)"),
    ),
    (
        re.compile(r"[与和同跟](?:[^，。；？]{1,10}[、和与])?$"),
        re.compile(r"[^，。；？]{0,14}?(?:互认|合作|对接|协作|结对|协同)"),
    ),
)
_RETURNS = re.compile(
    r"退|追回|追缴|收回|返还|还回|扣回|[要得]还(?!能|可|有)|吐出|咋办|怎么办|会怎样|会咋样|后果"
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
    narrowed: tuple[
        tuple[str, str], ...
    ] = ()  # a province or city asked about → the places within it that are held


@dataclass(frozen=True)
class _Mention:
    """A region that a question names, whole (江西省宜春市上高县), and by the name under which it would be missed."""

    start: int
    end: int
    province: str
    city: str = ""
    county: str = ""
    doubtful: bool = False  # it counts only for a region that is held

    @property
    def name(self) -> str:
        return self.city + self.county if self.county else self.city or self.province


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

    @functools.cached_property
    def find(self) -> Callable[[str], Places]:
        """Find the regions that a text (simplified script) names."""
        return functools.lru_cache(maxsize=512)(self._find)

    def _find(self, text: str) -> Places:
        regions: dict[str, None] = {}
        missing: dict[str, None] = {}
        narrowed: dict[str, str] = {}
        spans: list[tuple[int, int]] = []
        for start, end, region in self._by_alias(text):
            regions[region] = None
            spans.append((start, end))
        for mention in _outermost(_mentions(text), text):
            if mention.province in _OUTSIDE and _PEOPLE.match(text, mention.end):
                continue  # 香港老板: who asks, not whose policy is asked for
            apart = not any(start < mention.end and mention.start < end for start, end in spans)
            held = self._held(mention) if apart else []
            if mention.doubtful and not held:
                continue
            spans.append((mention.start, mention.end))  # also 江西 in 江西上高县
            regions.update(dict.fromkeys(held))
            if apart and not held and not _passed_through(mention, text):
                missing[mention.name] = None
            if (
                held
                and not mention.county
                and all(len(name) > len(mention.province + mention.city) for name in held)
            ):
                narrowed[mention.name] = "、".join(held)
        if not (regions or missing):
            for start, end, name in self._abbreviated(text):
                regions[name] = None
                spans.append((start, end))
        return Places(tuple(regions), tuple(missing), tuple(spans), tuple(narrowed.items()))

    def _by_alias(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where the text names a region held by its last part alone (上高, 园区), the longest name first."""
        taken: list[tuple[int, int]] = []
        ahead = {mention.end: mention.city or mention.province for mention in find_regions(text)}
        for alias in sorted(self._aliases, key=len, reverse=True):
            for begin, stop in occurrences(alias, text):
                # 成都高新区 is not the 高新区 of another city.
                if ahead.get(begin, "") not in self._aliases[alias]:
                    continue
                if not any(start < stop and begin < end for start, end in taken):
                    taken.append((begin, stop))
                    yield begin, stop, self._aliases[alias]

    def _held(self, mention: _Mention) -> list[str]:
        """The regions of the corpus that a mention means: the place itself, places in it, or the nearest around it."""
        province, city, county = mention.province, mention.city, mention.county
        whole = province + (city if city != province else "")
        if county:
            places = [whole + county, whole, province]
            return next(([place] for place in places if place in self._ids), [])
        if whole in self._ids:
            return [whole]
        inside = [name for name in self.regions if name.startswith(whole) or (city and city in name)]
        if inside:
            return inside
        return [province] if province in self._ids else []

    def _abbreviated(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Regions held that the text writes with their initials alone: sd的企业. Two of the same initials name none."""
        for match in _LATIN.finditer(text.lower()):
            names = [name for name in self.regions if match[0] in _initials(name)]
            if len(names) == 1 and match[0] not in _NO_REGION:
                yield match.start(), match.end(), names[0]

    def within(self, regions: Sequence[str], national: bool, whole: bool = False) -> tuple[str, ...]:
        """Ids of the documents of these regions, and of national ones if `national`; with `whole`, of places in them too."""
        names = [
            name for name in self.regions if whole and any(name.startswith(region) for region in regions)
        ]
        names = list(dict.fromkeys([*regions, *names, *([""] if national else [])]))
        return tuple(i for name in names for i in self._ids.get(name, ()))


def _passed_through(mention: _Mention, text: str) -> bool:
    """Whether an enterprise only comes from a place (从绍兴搬过来), goes to it, or leaves for it with what it was given."""
    before = text[: mention.start]
    if _FROM.search(before) and _COMES.match(text, mention.end):
        return True
    if any(ahead.search(before) and behind.match(text, mention.end) for ahead, behind in _VISITS):
        return True
    return bool(_GOES.search(before) and _RETURNS.search(text))


def _mentions(text: str) -> Iterator[_Mention]:
    """The regions that a question names: counties, provinces and cities, nicknames, and lone letters (渝, 皖)."""
    regions = find_regions(text)
    for county in find_counties(text, regions):
        yield _Mention(county.start, county.end, county.province, county.city, county.county)
    for mention in regions:
        yield _plain(mention)
    for mention, doubtful in find_nicknames(text):
        yield _plain(mention, doubtful)
    yield from _lone_letters(text)


def _plain(mention: RegionMention, doubtful: bool = False) -> _Mention:
    return _Mention(mention.start, mention.end, mention.province, mention.city, doubtful=doubtful)


def _lone_letters(text: str) -> Iterator[_Mention]:
    """A letter that stands as a word of its own, at the beginning or behind a mark or 在, 和 and the like.

    渝节能技改项目 names 重庆; 京东, 沪深两市, 粤菜馆 and 川流不息 are words. Letters that are everyday words (新, 云)
    never count here, and those that may be (川, 京) only for a region that is held.
    """
    known = letters()
    if not any(letter in text for letter in _LETTERS):
        return
    position = 0
    before = ""
    for word in rjieba.cut(text, False):
        start, position = position, position + len(word)
        opens = not before or before in _OPENS or before in _LETTERS
        if word in _LETTERS and word in known and opens and text[position : position + 1] not in _NO_LETTER:
            yield _Mention(start, position, known[word], doubtful=word not in _SURE_LETTERS)
        before = word


def _outermost(mentions: Iterable[_Mention], text: str) -> list[_Mention]:
    """The places meant: in 江西省宜春市上高县 the county alone, for province and city only say where it lies."""
    ordered = sorted(mentions, key=lambda m: (m.start, -m.end))
    found: list[_Mention] = []
    for mention in ordered:
        while found and _leads_to(found[-1], mention, text):
            mention = replace(mention, start=found.pop().start)
        found.append(mention)
    return found


def _leads_to(wide: _Mention, narrow: _Mention, text: str) -> bool:
    """Whether a province or city stands right before a place in it."""
    if wide.county or wide.province != narrow.province or narrow.start < wide.end:
        return False
    if text[wide.end : narrow.start].strip("的 ·"):
        return False  # 安徽省和芜湖市 are two
    return bool(narrow.county) if wide.city else bool(narrow.city or narrow.county)


@functools.lru_cache(maxsize=4096)
def _initials(region: str) -> frozenset[str]:
    """How the parts of a region may be written in Latin letters: sd and shandong of 山东省."""
    mentions = find_regions(region)
    names = [short_name(mentions[-1].city or mentions[-1].province)] if mentions else []
    sounds = [lazy_pinyin(name) for name in names if 2 <= len(name) <= 4]
    return frozenset(form for sound in sounds for form in ("".join(s[0] for s in sound), "".join(sound)))


def region_of(document: Document) -> str:
    """The region of a document; where no table knows the place, the one at the head of its title or issuer."""
    if document.region or document.level == "国家":
        return document.region
    for text in (document.title, *document.issuers):
        counties = find_counties(text)
        if counties and counties[0].start <= _HEAD:
            return counties[0].region
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
    mentions = find_regions(region)
    last = region[mentions[-1].end if mentions else 0 :] or region[mentions[-1].start :]
    if find_regions(last) and not last.endswith(("园区", "开发区", "新区", "高新区")):
        # 大同市 is in the table, 大同 alone is not, since it is a word as well; of a city that is held it counts.
        short = last.removesuffix("市")
        return [] if find_regions(short) or len(short) < 2 else [short]
    aliases = [last]
    for ending, spoken in _ZONES:
        if last.endswith(ending):
            return [*aliases, spoken]
    short = re.sub(r"(?:自治县|县|旗|区|市)$", "", last)
    if len(short) >= 3 or (len(short) == 2 and dictionary().frequency(short) < 1000 and short != last):
        aliases.append(short)
    return aliases
