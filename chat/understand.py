"""From words to a question: what is asked, of whom, about which document, and what earlier turns left unsaid."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from chat.about_documents import about_itself, asks_contents, asks_which_speak, named_aspects
from chat.comparing import Comparing
from chat.followup import NEW_MATTER_SAID, without_switch
from chat.kinds import aspects_of, kind_of
from chat.naming import Catalog
from chat.normal import normalise
from chat.places import NATIONAL, region_of
from chat.question import Aspect, Filters, Kind, Question, Turn
from chat.roles import roles_asked
from chat.spans import blank, occurrences
from chat.spelling import Spelling
from chat.terms import Term, TermReader, weight_of
from chat.thesaurus import look_up
from chat.turns import Reading, Turns
from corpus.document import Document
from corpus.script import is_traditional

_LEXICON = Path(__file__).parent / "lexicon.toml"
_OWN_REGION = re.compile(
    r"我们?(省|市|县|区)|咱们?(省|市|县|区)|本(省|市|县|区)|当地|我们?这(里|边|儿)?|(?<![一-龥])省里|(?<![一-龥])市里"
)
# A year; 21年 in two figures, but no number of years (没到20年), and not a long past one of what the asker has (1975年建成的车间).
_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?=年|[^\d]|$)"
    r"(?!(?<=19\d\d|20[01]\d)年?(?:建成|投产|成立|注册|开业|创办|开办|出生|毕业|退役|退伍|入伍|购置|买)[^，。；？?]{0,4}的)"
    r"|(?<![\d满近约每第])(?<!超过|不过|不足|长达|一共|总共|工作|从业|经营|没到|不到|未到)(1[5-9]|[23]\d)年"
    r"(?!内|以|后|来|前|限|期|的?(?:租期|工龄|经验|历史|期限))"
)
_FRAME_TEXT = re.compile(
    r"请问|后来|想问(一?下)?|你好|您好|谢谢|麻烦|请教|我想(知道|了解|问)|帮我(查|看|找)?(一?下)?|到底|究竟|[，,]?(是)?什么时候|有(什么|哪些|啥)|哪些|什么|多少|怎么样|怎么办|怎么|如何|[吗呢吧呀啊嘛]+(?=[？?，。！ ]|$)"
)
# 2021年的老办法, 2024年修订的…办法: the year in which a document was issued.
_CENTURY = 100
_ISSUED = re.compile(
    r"((?:19|20)\d{2})年(?:度)?(?:新)?(?:修订|修正|发布|印发|出台|颁布|制定|发的|出的|版)(?!日期|时间)|((?:19|20)\d{2})年(?:那|这)?(?:一?[份个部])?的?(?:新|老|旧|原)?(?:办法|条例|规定|文件|政策)"
    r"|((?:19|20)\d{2})年(?:的|[那这]一?[份个部]?的?)(?:行动)?(?:计划|通知|意见|方案|措施)(?=里|中|上|对|给|怎|呢|还|有|[，。？?]|$)"
    r"|(?<![\d第])([12]\d)年(?:的|那|这)?(?:一?个?)?(?:版本?(?!面|权)|(?:老|旧|原)(?:办法|规定|政策|文件))"
)
_LABEL = re.compile(r"第[一二三四五六七八九十百千零〇两\d]+(?:条(?:之[一二三四五六七八九十])?|部分|项任务)")
_QUOTED = re.compile(r"[“\"「『‘]([^“”\"「」『』‘’]{2,24})[”\"」』’]")
# What is left of a name that was taken away: 根据《…》，
_LEFT_OVER = re.compile(
    r"^(?:根据|按照|依据|按)?\s*(?:[，,、]|的|里面?|规定的)+|(?<=\s)(?:里面?|的)|(?<=[省市县区国])\s+(?=[㐀-鿿])"
)
_QUOTED_WEIGHT = 9.0  # what the asker puts in quotation marks is the topic, whole
_WHICH_CLAUSE = re.compile(r"(?:哪|第几)(?:一|几)?条(?!件|款件|路|街|生产线|产业链|线)")
_WHICH_POLICIES = re.compile(r"(有|出台|发布|印发)了?(哪些|什么|啥|多少|几).{0,4}(政策|文件|规定|法规)")


@lru_cache(maxsize=1)
def _lexicon() -> tuple[tuple[re.Pattern[str], str], ...]:
    tables = tomllib.loads(_LEXICON.read_text("utf-8"))
    colloquial = [(re.compile(pattern), words) for pattern, words in tables["colloquial"].items()]
    abbreviation = [
        (re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])"), words)
        for pattern, words in tables["abbreviation"].items()
    ]
    return (*colloquial, *abbreviation)


class Understanding:
    """Understands questions against one corpus. Holds no state between questions."""

    def __init__(
        self,
        catalog: Catalog,
        departments: Sequence[str] = (),
        spelling: Spelling | None = None,
        frequency: Callable[[str], int] = lambda pair: 0,
    ) -> None:
        """`frequency`: in how many passages a pair of characters stands; without it no everyday words are looked up."""
        self.catalog = catalog
        self._departments = tuple(sorted(set(departments), key=len, reverse=True))
        self._spelling = spelling
        self._frequency = frequency
        self._reader = TermReader(spelling.own_words if spelling else ())
        self._turns = Turns(catalog, self._read, self._alone, self.constrain)
        self._comparing = Comparing(
            catalog, lambda text: self._alone(self._read(text), False), self.constrain
        )

    def understand(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        as_of: date | None = None,
    ) -> Question:
        """Understand `text` as asked after `history`, within `filters`."""
        filters = filters or Filters()
        turns, answers = self._turns.of(history)
        heard = self._turns.turn(text, turns, answers)
        script = "traditional" if is_traditional(text) else "simplified"
        question = replace(
            heard.question,
            text=text,
            history=tuple(history),
            filters=filters,
            as_of=as_of or date.today(),
            script=script,
        )
        if question.sides:
            return self._turns.beside_earlier(question)
        question = self._comparing.complete(question)
        return replace(question, parts=self._turns.parts(question, heard.message, heard.previous))

    def _read(self, raw: str) -> Reading:
        """Read one turn by itself."""
        text = normalise(raw)
        if self._spelling:
            text = self._spelling.correct(text)
        named = self.catalog.find_documents(text)
        places = self.catalog.places.find(blank(text, named.spans))
        by_year = () if named.documents or named.missing else self._issued_in(_years_of_issue(text))
        called = _spans_of_issue(text) if len(by_year) == 1 else ()  # 那2018年的计划里怎么说
        rest = _LABEL.sub(" ", blank(text, (*named.spans, *called, *places.spans)))
        rest = NEW_MATTER_SAID.sub(lambda match: " " * len(match[0]), rest)
        years = tuple(int(a) if a else 2000 + int(b) for a, b in _YEAR.findall(blank(text, named.spans)))
        topic, terms = self._topic(NATIONAL.sub(" ", _OWN_REGION.sub(" ", rest)))
        if called and not terms:
            named = replace(named, documents=by_year)
        return Reading(
            text=text,
            named=named,
            places=places,
            national=bool(NATIONAL.search(rest)),
            years=tuple(dict.fromkeys(years)),
            labels=tuple(dict.fromkeys(_LABEL.findall(blank(text, named.spans)))),
            kind=kind_of(text),
            topic=topic,
            terms=terms,
        )

    def _topic(self, rest: str) -> tuple[str, tuple[Term, ...]]:
        """What the turn is about, as text and as weighted words; colloquial words carry the official ones."""
        colloquial: list[Term] = []
        for pattern, official in _lexicon():
            match = pattern.search(rest.lower())
            if match:
                words = tuple(official.split())
                weight = sum(map(weight_of, words)) / len(words)
                colloquial.append(Term(match[0], weight, tuple(dict.fromkeys((match[0], *words)))))
        covered = blank(rest, [span for term in colloquial for span in occurrences(term.word, rest.lower())])
        for found in look_up(covered.lower(), self._frequency):
            word = covered[found.start : found.end].lower()
            colloquial.append(Term(word, max(map(weight_of, found.official)), (word, *found.official)))
            covered = blank(covered, [(found.start, found.end)])
        quoted = [
            Term(name.strip().lower(), _QUOTED_WEIGHT) for name in _QUOTED.findall(covered) if name.strip()
        ]
        covered = _QUOTED.sub(" ", covered)
        topic = re.sub(r"\s+", " ", _FRAME_TEXT.sub(" ", rest)).strip(" ，,。？?的")
        return topic, (*quoted, *self._reader.read(_FRAME_TEXT.sub(" ", covered)), *colloquial)

    def _alone(self, reading: Reading, switched: bool) -> Question:
        """A turn as a question by itself."""
        own = Question(
            text=reading.text,
            wording=reading.text,
            standalone=reading.text,
            topic=without_switch(reading.topic) if switched else reading.topic,
            terms=reading.terms,
            regions=reading.places.regions,
            national=reading.national,
            named=reading.named.documents,
            missing=reading.named.missing,
            missing_regions=reading.places.missing,
            narrowed=reading.places.narrowed,
            departments=self._departments_in(reading.text),
            labels=reading.labels,
            years=reading.years,
            roles=roles_asked(reading.text),
            kind=reading.kind,
            aspects=named_aspects(aspects_of(reading.text), reading.text, reading.kind),
        )
        if not own.terms and _WHICH_POLICIES.search(reading.text) and not own.named:
            own = replace(own, kind=Kind.CORPUS)
        if asks_which_speak(reading.text) and not own.named:
            own = replace(own, kind=Kind.CORPUS)
        if own.kind is not Kind.COMPARISON and asks_contents(own, (d.title for d in self.catalog.documents)):
            own = replace(own, kind=Kind.DOCUMENT, aspects=(Aspect.CONTENTS,))
        elif own.kind is not Kind.COMPARISON and about_itself(own):
            aspects = named_aspects(own.aspects, reading.text, Kind.DOCUMENT)
            own = replace(own, kind=Kind.DOCUMENT, aspects=aspects)
        if _WHICH_CLAUSE.search(reading.text):
            own = replace(own, kind=Kind.OPEN)  # the clause that is cited bears its number
        if own.kind is Kind.NUMBER and {term.word for term in own.terms} == {"目标"}:
            # 山东目标: no figure is asked for by name, so all goals are.
            own = replace(own, kind=Kind.MEASURES)
        if reading.named.weak and (own.regions or own.national):
            own = replace(own, named=self._of_regions(own.named, own.regions, own.national))
        return own

    def _of_regions(
        self, ids: Sequence[str], regions: Sequence[str], national: bool = False
    ) -> tuple[str, ...]:
        allowed = set(self.catalog.places.within(regions, national))
        return tuple(i for i in ids if i in allowed)

    def _departments_in(self, text: str) -> tuple[str, ...]:
        found: list[str] = []
        for name in self._departments:
            if name in text and not any(name in longer for longer in found):
                found.append(name)
        return tuple(found)

    def constrain(self, question: Question) -> Question:
        """Turn regions, levels, named documents and filters into the ids that may answer; None means all."""
        filters = question.filters
        places = self.catalog.places.find(" ".join(filters.regions))
        regions, national = question.regions, question.national
        chosen_national = any(name in ("国家", "全国") for name in filters.regions)
        missing = question.missing_regions
        if not (regions or missing or national):
            regions, national, missing = places.regions, chosen_national, places.missing
        allowed: set[str] | None = None
        if regions or national:
            whole = question.kind is Kind.CORPUS
            allowed = set(self.catalog.places.within(regions, national, whole))
        years = question.years
        if question.named:
            # The year of a document that is named (2018年的三年行动计划) tells which one, not which figure.
            issued = (d.issued_on for d in self.catalog.documents if years and d.id in question.named)
            issue_years = {day.year for day in issued if day}
            years = tuple(year for year in years if year not in issue_years)
            named = set(question.named)
            # A document named outright outweighs a region beside it, unless both agree on some documents.
            if allowed is not None and question.kind in (Kind.COMPARISON, Kind.DOCUMENT):
                allowed = named | self._elsewhere(
                    allowed, named
                )  # one side is a document, the other a region
            else:
                allowed = (named & allowed or named) if allowed is not None else named
        of_year = _years_of_issue(question.wording) if not question.named else []
        if of_year:
            of_years = set(self._issued_in(of_year))
            allowed = of_years if allowed is None else of_years & allowed
            if not allowed:
                missing_documents = tuple(f"{year}年的相关文件" for year in of_year)
                question = replace(question, missing=(*question.missing, *missing_documents))
        if filters.documents:
            allowed = (set(filters.documents) & allowed) if allowed is not None else set(filters.documents)
        ids = None if allowed is None else self.catalog.in_order(frozenset(allowed))
        return replace(
            question,
            unnamed=self._unnamed(question, ids),
            regions=regions,
            national=national,
            documents=ids,
            years=years,
            missing_regions=missing,
        )

    def _issued_in(self, years: Sequence[int]) -> tuple[str, ...]:
        """The documents that were issued in one of the years, or bear it in their titles."""
        documents = self.catalog.documents if years else ()
        return tuple(d.id for d in documents if any(_is_of_year(d, year) for year in years))

    def _elsewhere(self, allowed: set[str], named: set[str]) -> set[str]:
        """Those allowed that are of other regions than the documents named."""
        covered = {region_of(d) for d in self.catalog.documents if d.id in named}
        return {d.id for d in self.catalog.documents if d.id in allowed and region_of(d) not in covered}

    def _unnamed(self, question: Question, ids: tuple[str, ...] | None) -> str:
        """The question by itself without the names of documents; whole where nothing else is asked."""
        whole = question.standalone or question.text
        called = _spans_of_issue(whole) if ids and len(ids) == 1 else ()
        if not question.named and not called:
            return whole
        rest = blank(whole, (*self.catalog.find_documents(whole).spans, *called))
        rest = _LEFT_OVER.sub("", re.sub(r"\s+", " ", rest).strip())
        return rest if question.terms and rest else whole


def _years_of_issue(text: str) -> list[int]:
    """The years by which documents are meant: 2021年的老办法."""
    years = [int("".join(match)) for match in _ISSUED.findall(text)]
    return [year if year > _CENTURY else _CENTURY * 20 + year for year in years]  # 21年那版


def _spans_of_issue(text: str) -> tuple[tuple[int, int], ...]:
    """Where documents are called by those years."""
    return tuple(match.span() for match in _ISSUED.finditer(text))


def _is_of_year(document: Document, year: int) -> bool:
    """Whether a document was issued in a year, or bears it in its title."""
    issued = document.issued_on is not None and document.issued_on.year == year
    return issued or str(year) in document.title or f"〔{year}〕" in document.number
