"""Which questions compare, and what: places and documents, or things within them, each as a question of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chat.naming import Catalog
from chat.places import NATIONAL, region_of
from chat.question import Aspect, Kind, Question
from chat.sides import Side, asks_each, coordinated, sides_of
from chat.spans import blank
from corpus.regions import find_regions

# What a place may have, said beside its name without telling places apart: 国办要求和福建规定.
_GENERIC = re.compile(
    r"要求|规定|政策|自己|自家|提出?|文件|办法|条例|意见|标准|这边|那边|的|里|方面|给|省|市|县|区|在|是|对|[得多少高低补奖发出啊呀呢]|\s"
)
_MORE_OR_LESS = re.compile(
    r"(?:哪|谁|还是|更).{0,8}[多高大少低早晚长短]|[多高大少低]还是|划算|不一样|不同|区别|差别|相差|差(?:多少|几)"
)
_GAP = re.compile(
    r"比.{2,20}[多高少低长短大]出?了?(?:多少|几)|差(?:多少|几)(?![天日])|哪(?:个|种|类|边|方|家).{0,8}[多高少低长短大](?=[？?，,。一些点吗呢啊]|$)"
)
# An issuer of the whole country: what it has issued is not of the region that another thing is named with.
_MINISTRY = re.compile(
    r"(?:工信|财政|商务|科技|人社|教育|农业农村|生态环境|住建|交通运输|公安|司法|民政|自然资源|文旅|水利)部(?!门)"
    r"|国家[㐀-鿿]{2,8}(?:总局|局|委)|央行|最高法|最高人民法院|最高检"
)
_AGAIN = re.compile(r"又(?:是|能?[补奖给按要])(?:多少|几|谁|哪|怎|什么|啥)")  # 省里补几成，芜湖又是几成
_MARK = re.compile(r"[，,。；;？?！!]")
# 省里 beside a city of it, 市里 beside a county: and how many names of the region above make up its own.
_ABOVE = (
    (re.compile(r"省里|省上|省级(?=的|和|跟|与)"), 1),
    (re.compile(r"(?<![㐀-鿿])市里|[和跟与比是]市里"), 2),
)
_AS_IT_IS = (Kind.DOCUMENT, Kind.CORPUS, Kind.COMPARISON)
_OF_SEVERAL = (Kind.NUMBER, Kind.DATE)  # kinds of which each of several things has its own
_OF_DOCUMENTS = (Kind.DOCUMENT, Kind.COMPARISON)  # kinds that may be about documents as such
_DATES = frozenset((Aspect.DATE, Aspect.VALIDITY, Aspect.EFFECTIVE))
_DOCUMENT = re.compile(r"(?:文件|办法|方案|措施|政策|通知|细则|意见|条例|计划|规定|指引|文)$")
_TELLING = (Kind.WHO, Kind.DATE, Kind.NUMBER, Kind.DEFINITION, Kind.MEASURES)  # the most telling first


@dataclass(frozen=True)
class Comparing:
    """Completes questions by what they compare."""

    catalog: Catalog
    alone: Callable[[str], Question]  # a text as a question by itself
    constrain: Callable[[Question], Question]  # a question with the documents that may answer it

    def complete(self, question: Question) -> Question:
        """The question with its kind, where it compares places, and the things that it compares."""
        each = asks_each(question.wording) or bool(_GAP.search(question.wording))
        each = each or self._asks_again(question.wording)
        more = bool(_MORE_OR_LESS.search(question.wording))
        if each or more or question.kind is Kind.COMPARISON:
            question = self._with_above(question)
        several = len(question.regions) + question.national > 1 or self._beside(question)
        places = len(question.regions) > 1 and question.kind in _OF_SEVERAL
        together = several and (each or more) or len(question.named) > 1 and each
        if (together or places) and question.kind not in _AS_IT_IS:
            question = replace(question, kind=Kind.COMPARISON, aspects=())
        compares = question.kind is Kind.COMPARISON or each and question.kind not in _AS_IT_IS
        dated = each and question.kind in _OF_DOCUMENTS and _DATES.issuperset(question.aspects)
        if not compares and not dated and question.kind not in _OF_SEVERAL:
            return self.constrain(question)
        find = sides_of if compares or dated else coordinated
        sides = self._sides(question, find)
        if question.aspects and question.kind in _OF_DOCUMENTS:
            # The documents themselves are compared, unless the things are none.
            things = dated and not any(own.named or _DOCUMENT.search(name) for name, own in sides)
            sides = tuple((name, replace(own, kind=Kind.DATE)) for name, own in sides) if things else ()
        return replace(self.constrain(question), sides=sides)

    def _asks_again(self, wording: str) -> bool:
        """Whether the same is asked of another place: 省里补几成，芜湖又是几成; of another matter it is another question."""
        asked = _AGAIN.search(wording)
        if asked is None:
            return False
        start = max((match.end() for match in _MARK.finditer(wording, 0, asked.start())), default=0)
        return not _GENERIC.sub("", self._own_words(wording[start : asked.start()]))

    def _beside(self, question: Question) -> bool:
        """Whether a document is named and a place beside it that is not the document's."""
        if not (question.named and question.regions):
            return False
        named = {region_of(document) for document in self.catalog.documents if document.id in question.named}
        return any(region not in named for region in question.regions)

    def _with_above(self, question: Question) -> Question:
        """With the province or the city that is meant by 省里 beside a place within it."""
        for pattern, depth in _ABOVE:
            if pattern.search(question.wording):
                above = [region for name in question.regions if (region := _part(name, depth)) != name]
                held = [region for region in above if self.catalog.places.within([region], False)]
                question = replace(question, regions=tuple(dict.fromkeys((*held, *question.regions))))
        return question

    def _sides(
        self, question: Question, find: Callable[[str, Sequence[tuple[int, int]]], tuple[Side, ...]]
    ) -> tuple[tuple[str, Question], ...]:
        """What is compared, where it is not simply two regions or two documents."""
        several = len(question.regions) + question.national > 1 or len(question.named) > 1
        wording = question.wording
        named = self.catalog.find_documents(wording)
        places = self.catalog.places.find(blank(wording, named.spans))
        kept = (*named.spans, *places.spans)
        sides = find(wording, kept) or coordinated(wording, kept)
        read = [self.alone(side.text) for side in sides]
        if several and not all(own.terms and own.regions for own in read):
            return ()
        if any(own.missing_regions for own in read):
            return ()  # of a place that is not held nothing may be told, and of the other alone no row is needed
        if several and len({own.regions for own in read}) > 1 and len({own.topic for own in read}) == 1:
            return ()
        if several and (
            any(not _GENERIC.sub("", self._own_words(side.name)) for side in sides)
            or len(question.regions) > 1
            and {own.regions for own in read} == {question.regions}
        ):
            return ()  # 安徽省和芜湖市对…的补贴, 嘉兴跟佛山的…比例和封顶: the places are compared, one by one
        # 山东的小巨人和单项冠军: what the first names holds for the others, what a later one names is its own.
        read = [
            replace(own, national=True)
            if not (own.regions or own.named) and _MINISTRY.search(side.name)
            else own
            for side, own in zip(sides, read, strict=True)
        ]
        shared = (
            read[0]
            if read and not any(own.regions or own.named or own.national for own in read[1:])
            else None
        )
        found = []
        for side, own in zip(sides, read, strict=True):
            if shared is not None and not (own.regions or own.named):
                own = replace(own, regions=shared.regions, national=shared.national, named=shared.named)
            if (
                not (own.regions or own.named)
                and question.follows
                and not (places.regions or named.documents)
            ):
                own = replace(own, regions=question.regions, national=question.national, named=question.named)
            if not (own.regions or own.named) and any(other.regions for other in read):
                own = replace(own, national=True)  # 一般的案件和浙江的简易程序
            own = replace(own, filters=question.filters, as_of=question.as_of, script=question.script)
            found.append((side.name, self.constrain(replace(own, text=side.text))))
        return _alike(found) if all(own.terms for _, own in found) else ()

    def _own_words(self, name: str) -> str:
        """What the name of a thing compared says beside its place or document."""
        named = self.catalog.find_documents(name)
        rest = NATIONAL.sub(" ", blank(name, named.spans))
        return blank(rest, self.catalog.places.find(rest).spans)


def _part(region: str, depth: int) -> str:
    """The province of a region (1), or its city (2); the region itself where it has no such part."""
    parts = find_regions(region)
    return region[: parts[depth - 1].end] if len(parts) >= depth else region


def _alike(sides: Sequence[tuple[str, Question]]) -> tuple[tuple[str, Question], ...]:
    """The same kind of answer for all of the things that are compared, for the same is asked of each."""
    kinds = {own.kind for _, own in sides}
    if len(kinds) < 2:
        return tuple(sides)
    kind = next((kind for kind in _TELLING if kind in kinds), Kind.OPEN)
    return tuple((name, replace(own, kind=kind)) for name, own in sides)
