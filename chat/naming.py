"""Which documents, laws and regions of the corpus a question names, and which it names that are not there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import rjieba

from chat.numerals import parse_numeral
from chat.places import Gazetteer, region_of
from chat.spans import PUNCTUATION, blank, compacted, original_span
from chat.terms import TermReader, weight_of
from corpus.document import Document
from corpus.numbers import find_numbers
from corpus.regions import find_regions, province_of

# The genres of official documents (GB/T 9704 and legislation); a short name ends in one of them.
_GENRES = (
    "实施意见|指导意见|若干意见|意见|行动计划|行动方案|工作方案|实施方案|方案|计划|实施细则|细则|实施办法|管理办法|办法|条例|规定|若干措施|政策措施|措施|规划|纲要"
    "|指南|公告|决定|通知|批复|通告|行动|决议|解释|法典|法"
)
_GENRE_END = re.compile(rf"(?:{_GENRES})$")
_BOOK = re.compile(r"《([^《》]{2,80})》?")
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]{2,20})[”\"」』]")
_RUNNING = re.compile(r"(\d{1,4})号文件?")  # 70号文
_ORDER = re.compile(r"令?第?\d{1,5}号$")
_SEVERAL = r"(?:[二三四五六七八九]?十[一二三四五六七八九]?|[二三四五六七八九])"
_JOINT = re.compile(
    rf"(?<!哪)(?<!由)(?:(?P<few>{_SEVERAL}|(?<!\d)\d{{1,2}})部(?:门|委)|(?P<counted>{_SEVERAL})个部(?:门|委)"
    rf"|(?P<units>{_SEVERAL})[个家]单位(?=(?:联合)?(?:印发|发的|发文|发布|下发|出台|搞的)))"
)  # 六部门; 六家单位 only where they issued something: 我们三家单位 are the asker's own
_YEARS_LONG = re.compile(
    r"(?<=[那这的][个份])(?:[^，。？！]{0,6}的)?([二两三四五六七八九十])年(?:行动)?(计划|方案)"
)  # 三年计划, for 三年行动计划
# 2022年那份大带小的通知: a year and a genre name a document where one alone has both.
_OF_YEAR = re.compile(
    r"((?:19|20)\d\d)年(?:印发|发布|出台|下发)?的?那[个份版][^，。？！；]{0,14}?(意见|计划|方案|办法|细则|规定|措施|规划|通知|公告)"
)
# Words in 法 that name no law.
_NO_LAW = frozenset(
    """办法 方法 做法 看法 想法 说法 用法 依法 合法 违法 非法 执法 司法 立法 书法 语法 疗法 算法 手法 无法 设法 枪法 魔法 佛法 守法 普法 国法 王法 文法
    作法 提法 写法 不法 枉法 犯法 伏法 变法 兵法 章法 技法 戏法 讲法 刀法 历法 阵法 加法 减法 乘法 除法 得法 没法 新法 旧法 本法 军法 法 政法 效法
    会计法核算 管理办法 实施办法 暂行办法 没办法 怎么办法 想办法 有办法 新办法 土办法 笨办法 老办法 执法法""".split()
)
_LAWS = frozenset("刑法 宪法 民法 公司法 劳动法 合同法 税法 消法".split())  # named in full by one word
_WAY = re.compile(r"[咋怎啥]|[个种样]\S?法$")  # 咋个省法, 这种算法: how, and no law
_CITED = re.compile(r"(?:按照?|根据|依据|依照|照|违反)$")
_BEFORE_NUMBER = frozenset("看查翻是有说见凭拿和与跟及的")
_JOINED = re.compile(r"\s*(?:里|中|文件?)?(?:[、和与跟同及]|以及)\s*(?:(?:19|20)?\d\d年的?)?")
_LOOSE = 5  # characters of a loose name that ends in 办法, 意见 and the like
_ABRIDGED = 0.34  # of a title's characters that a loose name must hold
_FUNCTION = 1.0  # weight below which a word before 条例 is no part of its name (要是, 那)
_BEFORE_LAW = frozenset(
    "规定 按照 根据 依据 违反 按 依照 遵守 执行 适用 查 查看 看看 参照 援引 以及 国家 我国 省里".split()
)
_MADE = re.compile(r"编制|编写|起草|制定|制订|谁(?:来)?(?:编|写|定)")
_IMPLEMENTS = re.compile(r"落实|贯彻|依据|根据|按照|承接|细化|配套")


@dataclass(frozen=True)
class Named:
    """What a text names: ids of documents, names that the corpus lacks, and the stretches that name them."""

    documents: tuple[str, ...] = ()
    weak: bool = False  # named by a genre alone (实施意见), so that a region may overrule it
    missing: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def bare(text: str) -> str:
    """The text without punctuation and spaces, for comparing names."""
    return PUNCTUATION.sub("", text)


def _short_title(title: str) -> str:
    """A title without the issuer-like beginnings that nobody says."""
    title = re.sub(r"^中华人民共和国", "", bare(title))
    return (
        re.sub(r"^(?:.{0,30}?)(?:关于)?印发", "", title)
        if "印发" in title[:40]
        else re.sub(r"^.{0,40}?关于", "", title)
    )


@dataclass(frozen=True)
class Catalog:
    """The names by which the documents of a corpus are known. Built once per snapshot."""

    documents: tuple[Document, ...]
    _by_number: dict[str, str] = field(default_factory=dict, repr=False)
    _titles: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)  # id, whole, short
    _inner: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # quoted name inside a title, id
    _orders: tuple[tuple[str, str, str], ...] = ()  # 令第43号, with its authority, id
    places: Gazetteer = field(default_factory=lambda: Gazetteer.of(()), repr=False)
    _by_gram: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Catalog:
        """Collect the names of `documents`."""
        documents = tuple(documents)
        titles = tuple((d.id, bare(d.title), _short_title(d.title)) for d in documents)
        inner = tuple(
            (bare(name), d.id)
            for d in documents
            for name in _BOOK.findall(d.title) + _QUOTED.findall(d.title)
        )
        grams: dict[str, list[int]] = defaultdict(list)
        for row, (_, whole, _) in enumerate(titles):
            for gram in {whole[i : i + 3] for i in range(len(whole) - 2)}:
                grams[gram].append(row)
        return cls(
            documents,
            {d.number: d.id for d in documents if d.number},
            titles,
            inner,
            tuple(_orders_of(documents)),
            Gazetteer.of(documents),
            {gram: tuple(rows) for gram, rows in grams.items()},
        )

    @cached_property
    def find_documents(self) -> Callable[[str], Named]:
        """Find the documents that a text (simplified script) names by number, title or short name."""
        return lru_cache(maxsize=512)(self._find_documents)  # a question is looked at as a whole and in parts

    @cached_property
    def in_order(self) -> Callable[[frozenset[str]], tuple[str, ...]]:
        """The ids of some documents in the order of the catalog: the same tuple for the same ids."""
        return lru_cache(maxsize=64)(lambda ids: tuple(d.id for d in self.documents if d.id in ids))

    def _find_documents(self, text: str) -> Named:
        found: dict[str, None] = {}
        missing: list[str] = []
        spans: list[tuple[int, int]] = []
        for start, end, number in map(self._held_number, find_numbers(text)):
            spans.append((start, end))
            owners = [self._by_number[number]] if number in self._by_number else self._ordered(number)
            if owners:
                found.update(dict.fromkeys(owners))
            else:
                missing.append(number)
        for match in _RUNNING.finditer(text):
            ids = [i for number, i in self._by_number.items() if number.endswith(f"〕{match[1]}号")]
            if len(ids) == 1 and not any(start <= match.start() < end for start, end in spans):
                found[ids[0]] = None
                spans.append(match.span())
        for match in _BOOK.finditer(text):
            ids = self._titled(bare(match[1]))
            if not ids and self._to_be_made(match[0], text):
                continue
            spans.append(match.span())
            found.update(dict.fromkeys(ids))
            if not ids:
                missing.append(f"《{match[1]}》")
        if found or missing:
            if found and (missing or _IMPLEMENTS.search(text)):
                missing = []
            return self._beside(text, Named(tuple(found), False, tuple(dict.fromkeys(missing)), tuple(spans)))
        return self._short_names(text)

    def _beside(self, text: str, whole: Named) -> Named:
        """With the documents called by short names next to those named in full: 三年行动计划和70号文."""
        short = self._short_names(blank(text, whole.spans))
        between = [
            text[min(end, other_end) : max(start, other_start)]
            for start, end in short.spans
            for other_start, other_end in whole.spans
        ]
        if short.weak or not any(map(_JOINED.fullmatch, between)):
            return whole
        documents = tuple(dict.fromkeys((*whole.documents, *short.documents)))
        return replace(whole, documents=documents, spans=(*whole.spans, *short.spans))

    def _to_be_made(self, title: str, text: str) -> bool:
        """Whether a title names what a document of the corpus has made (编制《…方案》), and that is asked about."""
        made = re.compile(rf"(?:编制|编写|制定|制订|起草|建立)[^。；《》]{{0,12}}{re.escape(title)}")
        return bool(_MADE.search(text)) and any(made.search(document.text) for document in self.documents)

    def _held_number(self, found: tuple[int, int, str]) -> tuple[int, int, str]:
        """A number without words of the question that run into it (能直接拿闽政办〔2026〕14号), if the rest is held."""
        start, end, number = found
        if number not in self._by_number:
            held = max((n for n in self._by_number if number.endswith(n)), key=len, default="")
            # 川财金〔2021〕63号 is no 财金〔2021〕63号: one character more is a place's.
            apart = len(number) - len(held)
            said = bool(_CITED.search(number[:apart])) or number[:apart] in _BEFORE_NUMBER
            if held and (said or apart > 1 and province_of(number[-len(held) - 1]) == ""):
                return start + len(number) - len(held), end, held
        return found

    def _ordered(self, number: str) -> list[str]:
        """Ids of documents promulgated by an order (令第43号) whose authority the number abridges."""
        match = _ORDER.search(number)
        if not match:
            return []
        authority = number[: match.start()]
        return [
            i
            for order, whole, i in self._orders
            if order == match[0] and (not authority or _scattered(authority, whole))
        ]

    def _titled(self, name: str) -> list[str]:
        """Ids of documents whose title is, or as good as is, `name` (without punctuation)."""
        short = re.sub(r"^中华人民共和国", "", name)
        exact = [i for i, whole, brief in self._titles if name in (whole, brief) or short in (whole, brief)]
        exact += [i for inner, i in self._inner if inner in (name, short)]
        if exact:
            return list(dict.fromkeys(exact))
        near = [
            i
            for i, whole, brief in self._titles
            if len(short) >= 4 and short in whole and len(short) >= 0.4 * len(brief)
        ]
        near += [i for inner, i in self._inner if len(short) >= 4 and short in inner]
        near += [i for i, whole, brief in self._titles if len(brief) >= 6 and brief in short]
        return list(dict.fromkeys(near))

    def _short_names(self, text: str) -> Named:
        """Documents named by a part of their title that ends in a genre, or by a name quoted in the title."""
        compact, origin = compacted(text)
        found: dict[str, None] = {}
        spans: list[tuple[int, int]] = []
        missing: list[str] = []
        weak = True
        for inner, owner in self._inner:
            position = compact.find(inner)
            if len(inner) >= 3 and position >= 0:
                found[owner], weak = None, False
                spans.append(original_span(origin, position, len(inner)))
        for name, place, owners in self._shared_names(compact):
            span = original_span(origin, place, len(name))
            if not any(start < span[1] and span[0] < end for start, end in spans):
                owners, whole = self._of_region_before(compact, place, len(name), owners)
                if not owners:
                    missing.append(f"《{whole}》")
                    span = original_span(origin, place + len(name) - len(whole), len(whole))
                found.update(dict.fromkeys(owners))
                weak = weak and bool(re.fullmatch(_GENRES, name))
                spans.append(span)
        if found or missing:
            return Named(tuple(found), weak, () if found else tuple(missing), tuple(spans))
        for described in (self._issued_jointly(text), self._lasting(text), self._of_year(text)):
            if described.documents:
                return described
        return self._loosely_named(text)

    def _of_region_before(
        self, compact: str, place: int, length: int, owners: tuple[str, ...]
    ) -> tuple[tuple[str, ...], str]:
        """The owners that the region right before a name allows, and the name with it: 四川省家政服务条例 is no
        other province's. National documents hold everywhere; a genre alone (实施意见) names no document."""
        end = place + length
        before = compact[max(0, place - 12) : end]
        shift = end - len(before)
        mention = next((m for m in find_regions(before) if shift + m.start < place <= shift + m.end), None)
        if mention is None or re.fullmatch(_GENRES, compact[shift + mention.end : end]):
            return owners, compact[place:end]
        regions = {d.id: region_of(d) for d in self.documents if d.id in owners}
        allowed = tuple(i for i in owners if not regions[i] or regions[i].startswith(mention.province))
        return allowed, compact[shift + mention.start : end]

    def _shared_names(self, compact: str) -> list[tuple[str, int, tuple[str, ...]]]:
        """The parts of the text that end in a genre and stand in titles, with the owners; the longest first."""
        found = []
        for match in re.finditer(rf"(?={_GENRES})", compact):
            genre = re.match(_GENRES, compact[match.start() :])
            shared = self._shared_ending(compact, match.start() + genre.end()) if genre else None
            if shared:
                found.append(shared)
        kept: list[tuple[str, int, tuple[str, ...]]] = []
        for name, place, owners in sorted(found, key=lambda one: -len(one[0])):
            if not any(start < place + len(name) and place < start + len(other) for other, start, _ in kept):
                kept.append((name, place, owners))
        return kept

    def _shared_ending(self, compact: str, end: int) -> tuple[str, int, tuple[str, ...]] | None:
        rows: Sequence[int] = self._by_gram.get(compact[end - 3 : end], ())
        if not rows:
            return None
        start = end - 3
        while start > 0:
            longer = [row for row in rows if compact[start - 1 : end] in self._titles[row][1]]
            if not longer:
                break
            rows, start = longer, start - 1
        name = compact[start:end]
        # A law may be named whole in three characters (公司法); otherwise four are needed to name anything.
        whole = [row for row in rows if name in (self._titles[row][2], self._titles[row][1])]
        if whole:
            rows = whole
        elif len(name) < 4 or name in _NO_LAW:
            return None
        elif name.endswith(("法", "条例")) and not _GENRE_END.search(compact[start : end - 1]):
            # 房地产管理法 names 城市房地产管理法, but 管理法 alone names nothing.
            rows = [row for row in rows if len(name) >= 0.5 * len(self._titles[row][2])]
        return (
            (name, start, tuple(self._titles[row][0] for row in rows)) if rows and len(rows) <= 12 else None
        )

    def _issued_jointly(self, text: str) -> Named:
        """The documents that as many departments issued as the text says (六部门的意见)."""
        match = _JOINT.search(text)
        if not match:
            return Named()
        count = int(parse_numeral(match["few"] or match["counted"] or match["units"]) or 0)
        return Named(
            tuple(d.id for d in self.documents if len(d.issuers) == count), True, (), (match.span(),)
        )

    def _lasting(self, text: str) -> Named:
        """The plans that last as many years as the text says, named without 行动."""
        match = _YEARS_LONG.search(text)
        if not match:
            return Named()
        whole = f"{match[1].replace('两', '二')}年行动{match[2]}"
        return Named(tuple(d.id for d in self.documents if whole in d.title), True, (), (match.span(),))

    def _of_year(self, text: str) -> Named:
        """The one document of a year and genre (2022年那份…通知); none where several are."""
        match = _OF_YEAR.search(text)
        if not match:
            return Named()
        ids = [
            d.id
            for d in self.documents
            if d.issued_on and d.issued_on.year == int(match[1]) and bare(d.title).endswith(match[2])
        ]
        return Named(tuple(ids), True, (), (match.span(),)) if len(ids) == 1 else Named()

    def _loosely_named(self, text: str) -> Named:
        """A law named with words left out (汽车召回条例 for 缺陷汽车产品召回管理条例), or one that the corpus lacks."""
        tokens = rjieba.tokenize(text)
        for place, (word, _, end) in enumerate(tokens):
            law = word.endswith("法") or word == "条例"
            if word in _NO_LAW or not (law or _GENRE_END.search(word)):
                continue
            start = _phrase_start(tokens, place)
            name = text[start:end]
            owners = self._abridged(name) if law or len(name) >= _LOOSE else ()
            if owners:
                return Named(owners, spans=((start, end),))
            named = 3 <= len(name) <= 24 and name not in _NO_LAW and name != word and not _WAY.search(name)
            if law and (named or word in _LAWS or _CITED.search(text[:start])):
                return Named(missing=(f"《{name}》",), spans=((start, end),))
        return Named()

    def _abridged(self, name: str) -> tuple[str, ...]:
        """Ids of the documents whose title holds the characters of `name` in order and has the same ending."""
        name = bare(name)
        titled = self._titled(name)
        if titled or len(name) < 4:
            return tuple(titled)
        owners = [
            i
            for i, whole, _ in self._titles
            if whole.endswith(name[-2:]) and len(name) >= _ABRIDGED * len(whole) and _in_order(name, whole)
        ]
        return tuple(owners) if len(owners) <= 3 else ()


def _orders_of(documents: Iterable[Document]) -> Iterator[tuple[str, str, str]]:
    """The orders that promulgated a document: its own number, or one that its title block names."""
    for document in documents:
        head = document.clauses[0] if document.clauses and document.clauses[0].label == "版头" else None
        named = [number for _, _, number in find_numbers(head.text)] if head else []
        for number in dict.fromkeys([document.number, *named]):
            match = _ORDER.search(number)
            if match:
                yield match[0], number[: match.start()], document.id


def _scattered(short: str, whole: str) -> bool:
    """Whether the characters of `short` stand in `whole` in this order (市场监管总局, 国家市场监督管理总局)."""
    rest = iter(whole)
    return all(character in rest for character in short)


def _in_order(name: str, title: str) -> bool:
    """Whether the characters of `name` stand in `title` in this order, at most three gaps between them."""
    pattern = "".join(re.escape(character) + "(.*?)" for character in name[:-1]) + re.escape(name[-1]) + "$"
    match = re.search(pattern, title)
    return match is not None and sum(bool(gap) for gap in match.groups()) <= 3


def _phrase_start(tokens: list[tuple[str, int, int]], place: int) -> int:
    """Where the noun phrase before `place` begins: up to four word-like neighbours that are no function words."""
    first = place
    while first > 0 and place - first < 4:
        word = tokens[first - 1][0]
        if not TermReader().read(word) or word in _BEFORE_LAW or weight_of(word) < _FUNCTION:
            break
        first -= 1
    return tokens[first][1]
