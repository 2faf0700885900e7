"""Names in a statement: numbers (文号), titles, regions, clause labels, quoted names, codes, leftover numerals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from chat.checking.source import Source, bare
from chat.numerals import CHINESE, half_width
from chat.quantities import find_quantities
from corpus.numbers import find_numbers
from corpus.regions import RegionMention, find_regions

_TITLE = re.compile(r"《([^《》\n]+)》?")
_QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"]{1,40})[”」』\"]")
_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9.+\-]*[A-Za-z])[A-Za-z0-9][A-Za-z0-9.+\-]*")
_ORDINAL = re.compile(rf"第\s?(?:\d+|[{CHINESE}]+)\s?(?:条(?:之[{CHINESE}]+)?|[款项章节编])")
_OF_A_LAW = re.compile(r"(?:》|\0|本[法办条规细]\S{0,2})$")
_ERA = re.compile(r"[一二三四]?十[一二三四五六七八九]?五(?=[”\"’』」]|规划|时期|期间|末|以来)")
# The area that a statement speaks of, by the level of the document that may mean it without saying so.
_AREA = re.compile(r"全国|[全本我](?P<level>[省市县区])(?!级|场|域|位|间)")
_NATIONAL = re.compile(
    r"^国家(?=$|[：:，,（(]|层面|要求|规定|提出|明确|政策|目标)|国家(?:层面|级政策|级文件)"
)
_NUMERALS = re.compile(rf"\d+(?:\.\d+)?|[{CHINESE}]+")
# Numerals that are parts of words and count nothing: a rewording may bring them in.
_WORDS = re.compile(
    r"进一步|统一|一[些定般致起旦律种个项批家方面直切并同次道经]|之一|第一|唯一|单一|同一|一系列|一体化?|十分|千方百计|[双两多三]方|[双两]者|百姓"
    r"|[万亿](?=元)|不一|逐一|某一|任一|其一|万一|划一|专一|始终如一|一视同仁"
)


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with some stretches blanked, of the same length."""
    for start, end in spans:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


@dataclass(frozen=True)
class Named:
    """A text with the titles and numbers (文号) that it names; their numerals are theirs."""

    text: str

    @cached_property
    def titles(self) -> tuple[re.Match[str], ...]:
        """The titles in 《》."""
        return tuple(_TITLE.finditer(self.text))

    @cached_property
    def numbers(self) -> tuple[tuple[int, int, str], ...]:
        """The numbers (文号): start, end, in one style."""
        return tuple(
            (_after_date(self.text, start), end, number) for start, end, number in find_numbers(self.text)
        )

    @cached_property
    def plain(self) -> str:
        """The text with titles and numbers blanked, of the same length."""
        return blank(self.text, [*(m.span() for m in self.titles), *((a, b) for a, b, _ in self.numbers)])

    @cached_property
    def without(self) -> str:
        """The text with 《》 for each title and number."""
        return re.sub("\0+", "《》", self.plain)


def _after_date(text: str, start: int) -> int:
    """The place behind what is left of a date: 2013年8月7|日杭州市人大公告第13号."""
    while start and text[start] in "年月日" and text[start - 1].isdigit():
        start += 1
    return start


def strange_number(named: Named, sources: Sequence[Source]) -> str:
    """A number (文号) that no cited clause or document bears or names; empty if there is none."""
    known = {number for source in sources for number in source.numbers}
    own = {source.document.number for source in sources}
    for start, _, number in named.numbers:
        asked_own = re.search(r"文号\S{0,3}$", named.text[:start])
        allowed = own if asked_own else known
        # Words before the agency may have stuck to it: 按照鲁工信发〔2021〕5号.
        if not any(number.endswith(name) for name in allowed if name):
            return number
    return ""


def strange_title(named: Named, sources: Sequence[Source]) -> str:
    """A title in 《》 that is neither a cited document's nor named by a cited clause."""
    for match in named.titles:
        title = bare(match[1])
        if title and not any(
            title in source.titles
            or (len(title) >= 4 and title in bare(source.document.title))
            or (
                len(bare(source.document.title)) >= 6
                and bare(source.document.title) in title
                and title in source.bare_names
            )
            for source in sources
        ):
            return f"《{match[1]}》"
    return ""


def is_in(mention: RegionMention, source: Source) -> bool:
    """Whether a source's document is one of the region; a province's document is none of its cities."""
    own = source.region
    if own is None or own.province != mention.province:
        return False
    return not mention.city or own.city == mention.city


def strange_region(named: Named, sources: Sequence[Source]) -> str:
    """A region that is neither a cited document's nor named by a cited clause; 国家 for what no national document says."""
    plain = named.plain
    for source in sources:
        for name in source.department_names:
            # 人民银行合肥中心支行 is a department and no statement about 合肥.
            plain = plain.replace(name, "\0" * len(name))
    for mention in find_regions(plain):
        name = mention.city or mention.province
        if not any(is_in(mention, source) or name in source.places for source in sources):
            return plain[mention.start : mention.end]
    for area in _AREA.finditer(plain):
        level = area["level"] or "国家"
        if not any(area[0] in source.names or source.document.level == level for source in sources):
            return area[0]
    national = _NATIONAL.search(plain)
    if national and not any(
        source.document.level in ("国家", "") or national[0] in source.text for source in sources
    ):
        return national[0]
    return ""


def strange_name(named: Named, sources: Sequence[Source]) -> str:
    """A clause number, quoted name, code or plan period that the cited clauses do not contain."""
    text, plain = named.text, named.plain
    for match in _ORDINAL.finditer(plain):
        name = re.sub(r"\s", "", match[0])
        if _OF_A_LAW.search(plain, 0, match.start()):
            # 《…》第六条, 本办法第四条: of that law and no other.
            name = text[match.start() - 1 : match.start()] + name
        if not any(
            name in source.names or name in source.clause.label or name in source.clause.path
            for source in sources
        ):
            return name
    for match in _QUOTED.finditer(text):
        name = bare(match[1])
        if name and not any(name in source.bare_names for source in sources):
            return match[0]
    for match in (*_CODE.finditer(half_width(plain)), *_ERA.finditer(plain)):
        if not any(match[0].lower() in half_width(source.names).lower() for source in sources):
            return match[0]
    return ""


def strange_numeral(named: Named, sources: Sequence[Source]) -> str:
    """A numeral outside quantities and names that the cited clauses do not contain next to the same character."""
    text = named.plain
    spans = [(q.phrase_start, q.phrase_end) for q in find_quantities(text)]
    spans += [(mention.start, mention.end) for mention in find_regions(text)]  # 四川, 六安, 三亚
    spans += [match.span() for pattern in (_WORDS, _ORDINAL, _CODE) for match in pattern.finditer(text)]
    plain = half_width(blank(text, spans))
    for match in _NUMERALS.finditer(plain):
        start, end = match.span()
        # A digit is told by what follows it (the label "1.主要"), a Chinese numeral by either neighbour (百强).
        reach = 6 if match[0][0].isdigit() else 1
        around = [plain[start : end + reach].partition("\0")[0]]
        if reach == 1 or len(around[0]) == end - start:
            around.append(plain[max(0, start - reach) : end].rpartition("\0")[2])
        around = [piece for piece in around if len(piece) > end - start]
        if not any(_stands(match[0], around, half_width(source.names)) for source in sources):
            return match[0]
    return ""


def _stands(numeral: str, around: Sequence[str], text: str) -> bool:
    if numeral[0].isdigit():
        # A numeral with its surroundings is told by them; alone it must not be a part of a longer one.
        wholes = [re.escape(piece) for piece in around] or [rf"{re.escape(numeral)}(?!\.?\d)"]
        return any(re.search(rf"(?<![\d.]){whole}", text) for whole in wholes)
    return any(piece in text for piece in around) or (not around and numeral in text)
