"""What the wording of a question says of the figure that it wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chat.candidate import Candidate
from chat.match import coverage
from chat.quantities import Bound, Quantity, QuantityKind, find_quantities
from chat.question import Kind, Question
from chat.ranking.contrasts import CLASSES, value_of, values_of
from chat.spans import occurrences
from chat.terms import Term, is_noun

_COUNT, _SHARE, _MONEY = QuantityKind.COUNT, QuantityKind.SHARE, QuantityKind.MONEY
_TIME = (
    QuantityKind.DATE,
    QuantityKind.PERIOD,
    QuantityKind.DURATION,
)  # the kind meant first, then what may serve
SEGMENT = re.compile(r"[，；;。！？!?]|(?<!\d)[,：:]|[,：:](?!\d)")  # what parts a sentence

# What a question's wording says of the unit of the answer.
_ASKED: tuple[tuple[str, tuple[QuantityKind, ...]], ...] = (
    (
        r"(投资|预算|面额|价格|费用|租金|产值|营收|收入|销售额)[^，。]{0,3}(多少|多大|几(?!个|家|项))|多少(万|亿)?(元|钱|块)|罚[款金]?的?(幅度|标准|区间)|多少(补|奖|资|罚|金|费|赔)|金额|额度|资金(?!(?:一年|每年|最多|能|可以|可|单?笔|总共|一共)*(?:用|使用|申请|借|续|展期)?[^，。]{0,2}(?:几次|多少次|几[天年月]|多久|多长))|罚(款)?(多少|几)|(奖|补|资|发|罚|赔|交|付|花)(励|助|金|贴|偿|款|纳|费)?(给)?(多少|几(?![成个家年天次]))|给多少|多少万(?![家个户人名项台套辆件次亩吨平])|几(万|千|百|十)?(元|块)",
        (_MONEY,),
    ),
    (
        r"份额|(?:[率占]|比重|占比)(?:要|须|需|应|得)?(?:达到?|到|是|为|有)?多少|比例|百分|占比|几成|几折|几个(百分)?点|多大(份额|比重)|比重|税率|利率|费率|(?<!罚款)(?<!罚)(?<!罚款的)幅度|多少(个)?百分点|增(长|速)(多少|几)",
        (_SHARE, QuantityKind.POINTS),
    ),
    (
        r"多久|多长|期限|时限|几(个)?(年|月|天|日|小时|工作日|周)|多少(个)?(年|月|天|日|小时|工作日)",
        (QuantityKind.DURATION, *_TIME),
    ),
    (r"什么时候|何时|啥时候|哪(一)?年|哪天|哪一天|截止|到期|几号|几月|时间", _TIME),
    (
        r"(多少|几)(家|个|项|名|人|户|条|种|类|次|回|趟|所|批|件|台|套|份(?!额)|场|位|处|座|辆|亩|吨|间|层|栋|轮|期)",
        (_COUNT, QuantityKind.MEASURE),
    ),
)
_UNIT_ASKED = re.compile(r"(?:多少|几)(家|个|项|名|人|户|条|种|类|次|所|批|件|台|套|份(?!额)|场|位|处|座|倍)")
_LIMITS = (
    (r"最低|至少|最少|起码|不(能)?(低|少)于|下限", (Bound.AT_LEAST, Bound.MORE)),
    (
        r"最高|最多|至多|最长|最迟|最晚|不(能)?(超过|高于|多于)|上限|之前|以前|内",
        (Bound.AT_MOST, Bound.LESS, Bound.BEFORE),
    ),
)
_APART_BY = tuple(CLASSES.index(name) for name in ("level", "honour", "standard", "letter"))
_ASKS = re.compile(r"多少|几|什么|何时|哪|多久|多长|多大|吗|呢")
_DAY = re.compile(r"几月|几号|哪(一)?天|几点|日期|月份")
_MONTH = re.compile(r"几月")
_DAY_ITSELF = re.compile(r"哪(一)?天(?!之?前|以?内)")
_MEASURES = re.compile(
    r"比例|标准|额度|限额|上限|下限|总额|金额|比重|利率|奖励|补助|补贴|贴息|税率|期限|罚款|押金|保证金"
)
_NAMING = 3.0  # weight of words in the asking part of a question from which they say what is meant
_NOUN, _HELD = 2.5, 0.65  # weight of a word that names something; how well it must be held at a figure
_ASKING = re.compile(
    r"(?:多少|几(?!乎|百|千|万号)|什么时候|什么时间|何时|啥时候|多久|多长|多大|多高|哪(?:一)?[年天月]|百分之几|几成)(?:个|家|项|名|人|户|元|钱|块|天|日|年|月|次|倍|成|万|亿|百分点|工作日|小时)*"
)
_GIVEN = re.compile(
    r"(?:打|补助?|补贴|奖励?|给予?|领|享受|减免?|免|贴)$"
)  # a figure behind these is asked about
_SPOKEN_OF = 0.6  # share of the topic that a sentence must hold, or it is about something else
_APART = 5  # characters between the word that asks and its noun


@dataclass(frozen=True)
class Wanted:
    """What the wording of a question says of the figure it wants."""

    kinds: tuple[QuantityKind, ...]  # the kind meant first; empty where any kind would do
    unit: str  # 家 in 多少家
    bounds: frozenset[Bound]  # at least, at most
    terms: tuple[Term, ...]
    asked: str
    to_the_day: bool  # a month or a day is asked for
    month: bool  # no duration answers, as it may where a day is asked for
    years: tuple[int, ...]  # that the question names
    nouns: tuple[str, ...]  # what measures it: 比例, 上限
    focus: NDArray[np.bool_]  # per term: whether it stands in the part of the question that asks
    nearest: tuple[
        NDArray[np.bool_], ...
    ]  # of each word that asks, per term: whether it is the noun right at it

    @classmethod
    def by(cls, question: Question) -> Wanted:
        """Read it from the question."""
        asked = question.wording
        parts = [part for part in SEGMENT.split(asked) if _ASKS.search(part)] or [asked]
        if question.kind is Kind.COMPARISON:
            parts = [asked]  # …理赔时限，国家和福建差多少: what is compared stands before what asks
        kinds = _kinds_asked(parts, question)
        unit = _UNIT_ASKED.search(asked.replace("几回", "几次").replace("多少回", "多少次"))
        bounds = frozenset(
            bound for pattern, meant in _LIMITS if re.search(pattern, asked) for bound in meant
        )
        focus = np.array(
            [any(term.word in part.lower() for part in parts) for term in question.terms], dtype=bool
        )
        if question.focus:
            focus = np.array([term.word in question.focus for term in question.terms], dtype=bool)
        if sum(t.weight for t, chosen in zip(question.terms, focus, strict=True) if chosen) < _NAMING:
            focus = np.ones(
                len(question.terms), dtype=bool
            )  # 哪个高？各是多少: what is meant was said before
        return cls(
            kinds,
            unit[1] if unit else "",
            bounds,
            question.terms,
            asked,
            bool(_DAY.search(asked)),
            bool(_MONTH.search(asked)),
            question.years,
            tuple(dict.fromkeys(_MEASURES.findall(asked))),
            focus,
            _nearest(asked.lower(), question.terms),
        )

    def strays(self, held: NDArray[np.float32]) -> bool:
        """Whether a figure has nothing to do with what the question asks for, told by how well it holds each term."""
        return bool(self.nearest) and all(
            coverage(self._only(asked), held[asked]) < _HELD for asked in self.nearest
        )

    def _only(self, chosen: NDArray[np.bool_]) -> list[Term]:
        return [term for term, one in zip(self.terms, chosen, strict=True) if one]

    def head(self, scores: NDArray[np.float32]) -> float:
        """How well the words at a quantity hold the topic, those in focus first; 0 to 1."""
        return 0.7 * coverage(self._only(self.focus), scores[self.focus]) + 0.3 * coverage(self.terms, scores)

    def fits(self, quantity: Quantity) -> bool:
        """Whether a quantity is of a kind that answers."""
        if self.to_the_day and quantity.moments:
            return any(moment.month is not None or moment.day is not None for moment in quantity.moments)
        if self.month and quantity.kind is QuantityKind.DURATION:
            return False
        if quantity.kind is QuantityKind.DURATION and _DAY_ITSELF.search(self.asked):
            return False
        if quantity.unit == "部门" and self.unit not in ("个", "家"):
            return False  # 六部委 is a way of naming them
        if self.unit and quantity.kind is QuantityKind.MEASURE:
            return False  # 多少人 is no 500平方米
        if self.kinds:
            return quantity.kind in self.kinds
        return not quantity.is_time and quantity.kind is not QuantityKind.DURATION

    def admits(self, quantity: Quantity) -> bool:
        """Whether a quantity may answer though it is not of the kind meant: what one is paid may be a share."""
        return self.fits(quantity) or (
            _MONEY in self.kinds and quantity.kind in (_SHARE, QuantityKind.POINTS)
        )

    def bonus(self, quantity: Quantity) -> float:
        """What a quantity gains by being of the kind, unit and bound that are asked for."""
        gain = 0.06 * (bool(self.kinds) and quantity.kind is self.kinds[0]) + 0.12 * bool(
            self.bounds & quantity.bounds
        )
        if self.years and any(moment.year in self.years for moment in quantity.moments):
            gain += 0.08
        if self.unit and quantity.kind is _COUNT:
            gain += 0.05 if quantity.unit == self.unit or self.unit == "个" else -0.05
        return gain


def _kinds_asked(parts: Sequence[str], question: Question) -> tuple[QuantityKind, ...]:
    """The kinds of quantity that the parts of a question that ask want, the one meant first."""
    found = [k for pattern, kinds in _ASKED if any(re.search(pattern, part) for part in parts) for k in kinds]
    if question.kind is Kind.DATE:
        return tuple(dict.fromkeys(k for k in found if k in _TIME)) or _TIME
    return tuple(dict.fromkeys(found))


def _nearest(asked: str, terms: Sequence[Term]) -> tuple[NDArray[np.bool_], ...]:
    """Of each word that asks, the nouns nearest to it (多少家小巨人); masks of shape (terms,)."""
    found = []
    nouns = [(i, term) for i, term in enumerate(terms) if term.weight >= _NOUN and is_noun(term.word)]
    for ask in _ASKING.finditer(asked):
        begin = max((m.end() for m in SEGMENT.finditer(asked, 0, ask.start())), default=0)
        end = next((m.start() for m in SEGMENT.finditer(asked, ask.end())), len(asked))
        gaps = {
            place: min(
                max(start - ask.end(), ask.start() - stop, 0)
                for start, stop in occurrences(term.word, asked, begin, end)
            )
            for place, term in nouns
            if term.word in asked[begin:end]
        }
        least = min(gaps.values(), default=_APART + 1)
        if least <= _APART:
            found.append(np.array([gaps.get(i) == least for i in range(len(terms))], dtype=bool))
    return tuple(found)


def opposed(question: Question, text: str, above: str = "") -> bool:
    """Whether a text speaks of another level, honour, standard or class than the one that the question names alone.

    above: headings over the text; what they name holds for it.
    """
    asked = values_of(question.standalone or question.text)
    return any(
        asked[place]
        and (said := value_of(place, text))
        and not asked[place] & (said | value_of(place, above))
        for place in _APART_BY
    )


def lacks_figure(candidate: Candidate, question: Question, surely: bool = False) -> bool:
    """Whether the question names a share or an amount, and the clause neither states one nor speaks of the topic.

    What is asked about (能打七折吗) must be stated even where it does; surely: of a sentence that so likely answers
    that no other figure need be.
    """
    wording = question.wording
    asked = [q for q in find_quantities(wording) if q.kind in (QuantityKind.SHARE, QuantityKind.MONEY)]
    meant = any(_GIVEN.search(wording[: q.phrase_start]) for q in asked)
    if not asked or ((surely or candidate.coverage >= _SPOKEN_OF) and not meant):
        return False
    stated = {q.kind for q in find_quantities(candidate.clause.text)}
    return not any(q.kind in stated for q in asked)
