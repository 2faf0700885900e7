"""是 and 否, differences and "who has more": recomputed from the figures and the force of the cited words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from chat.checking.figures import Stated, likeness, scopes_of, stated_scopes
from chat.checking.grounds import Check, Grounds
from chat.checking.modality import Modal
from chat.checking.reading import Segment, grams, telling_grams
from chat.checking.source import Source
from chat.numerals import half_width
from chat.parts import ends_of
from chat.quantities import Bound, Quantity, QuantityKind, comparable, find_quantities, implies
from chat.question import Question
from chat.thresholds import claimed_in
from chat.verdicts.classifier import settled
from chat.verdicts.measured import measured
from corpus.regions import find_regions

_TOPIC = 0.5  # share of the question's words (by weight) that the cited clauses must hold to settle 是 or 否
_SETTLED = 0.3  # the same where what was learned of such questions is sure: people ask in other words
_ALIKE = 0.5  # likeness of the words at two figures that count the same thing

VERDICT = re.compile(
    r"^(?P<word>是的?|否|不是|有|没有|可以|不可以|能|不能|需要|不需要|会|不会|属于|不属于)(?=$|[，。：,.!！])[，。：,.!！]*"
)
_NEGATIVE = re.compile(r"否|不是|不可以|不能|没有|不需要|不会|不属于")
_ASKED_NEGATIVE = re.compile(r"不能|不得|不可以|不允许|不准|不应|禁止|不需要|不用|不必")
_EITHER = re.compile(r"(?P<word>[能是会要该应行]|可以?|需要?|允许?|准)不(?P=word)|有没有")
_FORBIDS_ITEMS = re.compile(r"不得|禁止|严禁|不准|不予|不能|不应")
_FORBID = frozenset((Modal.PROHIBIT, Modal.NEGATE, Modal.EXEMPT))


def verdict_fault(word: str, grounds: Grounds) -> str:
    """What is wrong with the answer 是, 否, 有 … to the question; empty if the cited words settle it so."""
    question = grounds.question
    asked = question.wording or question.standalone or question.text
    said = "".join(quote for _, quote in grounds.quotes)
    figures = claimed_in(half_width(ends_of(asked)[0]), said)
    forbids = any(segment.own & _FORBID for segment in _closest(asked, grounds)) or _opened(grounds)
    negative = bool(_ASKED_NEGATIVE.search(_EITHER.sub("", asked)))
    learned = (
        None if negative or figures else settled(measured(asked, question.told, said), said, question.as_of)
    )
    if not _on_topic(question, grounds.sources, _TOPIC if learned is None else _SETTLED):
        return "所引条款没有说到所问的事项，不足以回答是或否"
    if figures:
        answer = _settled_by_figures(asked, figures, grounds)
        if answer is None:
            return "所引条款的数字与所问的事项对不上，不足以回答是或否"
    else:
        answer = forbids == negative if learned is None else learned
    return "" if answer != bool(_NEGATIVE.fullmatch(word)) else "所引条款的意思与这一回答相反"


def _opened(grounds: Grounds) -> bool:
    """Whether the lead of a list is cited that forbids its items (不得有下列行为：)."""
    leads = [quote for _, quote in grounds.quotes if quote.rstrip().endswith(("：", ":"))]
    return any(_FORBIDS_ITEMS.search(lead) for lead in leads)


def _on_topic(question: Question, sources: Sequence[Source], least: float) -> bool:
    """Whether the clauses hold that share of the words of the question's topic, by weight."""
    text = "\n".join(source.names for source in sources)
    known = frozenset().union(*(source.grams for source in sources))
    if question.terms:
        found = sum(
            term.weight
            for term in question.terms
            if any(word in text or _mostly(word, known) for word in (term.word, *term.alternatives))
        )
        return found >= least * sum(term.weight for term in question.terms)
    words = telling_grams(question.topic or question.standalone or question.text)
    return bool(words) and len(words & known) >= least * len(words)


def _mostly(word: str, known: frozenset[str]) -> bool:
    pairs = grams(word)
    return bool(pairs) and len(pairs & known) >= 0.75 * len(pairs)


def _settled_by_figures(asked: str, figures: Sequence[Quantity], grounds: Grounds) -> bool | None:
    """Whether the question's figures follow from those that stand at the same words; None where none does."""
    words = telling_grams(asked)
    for figure in figures:
        like = [item for item in grounds.quoted_figures if item.figure.quantity.kind is figure.kind]
        like = [item for item in like if comparable(item.figure.quantity.unit, figure.unit)]
        top = max((len(words & item.words) for item in like), default=0)
        meant = [item.figure.quantity for item in like if len(words & item.words) == top]
        if not meant or not top:
            return None
        if not any(
            implies(stated, figure) or (not figure.bounds and stated.values == figure.values)
            for stated in meant
        ):
            return False
    return True


def _closest(asked: str, grounds: Grounds) -> list[Segment]:
    """The segments of the cited words that share most with the question."""
    words = grams(asked)
    top = max((len(words & segment.grams) for segment in grounds.quoted_segments), default=0)
    return [segment for segment in grounds.quoted_segments if top and len(words & segment.grams) == top]


def _more(grounds: Grounds, found: dict[str, str]) -> str | None:
    """湖北省多600家, 湖北省比山东省多600家, 相差600家, 湖北省更多."""
    places = [place for place in (found.get("one"), found.get("other")) if place]
    if not all(place == "国家" or find_regions(place) for place in places):
        return None
    claimed = find_quantities(found["gap"]) if found.get("gap") else ()
    upward = found.get("sign") not in ("少", "低", "更少", "更低", "更小", "少于", "低于", "小于")
    for one, other in _pairs(grounds):
        if found.get("one"):
            of_one = grounds.of_place(found["one"])
            if one.source not in of_one or (other.source in of_one and not found.get("other")):
                continue
            if found.get("other") and other.source not in grounds.of_place(found["other"]):
                continue
        if not _same_scope(one, other):
            return "两个数字口径不同，不能相减或比高低"
        gap = _value(one) - _value(other)
        if found.get("one") and (gap > 0) != upward:
            continue
        if not claimed or _is_gap(claimed[0], abs(gap), one, other):
            return ""
    return "差额或高低与所引数字不符"


def _equal(grounds: Grounds, found: dict[str, str]) -> str:
    for one, other in _pairs(grounds):
        if _value(one) == _value(other) and _same_scope(one, other):
            return ""
    return "所引数字并不相同，或口径不同"


def _pairs(grounds: Grounds) -> Iterator[tuple[Stated, Stated]]:
    """Pairs of cited figures that count the same thing, those that the question means first."""
    question = grounds.question
    asked = telling_grams(question.topic or question.standalone or question.text)
    figures = [item for item in grounds.quoted_figures if len(item.figure.quantity.values) == 1]
    meant = []
    for document in dict.fromkeys(id(item.source.document) for item in figures):
        own = [item for item in figures if id(item.source.document) == document]
        top = max(len(asked & item.words) for item in own)
        meant += [item for item in own if len(asked & item.words) == top]
    for one in meant:
        for other in meant:
            first, second = one.figure.quantity, other.figure.quantity
            if one is other or first.kind is not second.kind or not comparable(first.unit, second.unit):
                continue
            if one.source.document is other.source.document or likeness(one.words, other.words) < _ALIKE:
                continue
            yield one, other


def _same_scope(one: Stated, other: Stated) -> bool:
    """Whether two figures count in the same way (新培育, 省级以上) and for the same time."""
    times = [{moment for time in item.segment.times for moment in time.moments} for item in (one, other)]
    return stated_scopes(one) == stated_scopes(other) and times[0] == times[1]


def _value(item: Stated) -> Fraction:
    return item.figure.quantity.values[0]


def _is_gap(claimed: Quantity, gap: Fraction, one: Stated, other: Stated) -> bool:
    """Whether a claimed gap is the gap of two figures; 左右 in either makes the gap a rough one."""
    rough = {Bound.ABOUT} if one.figure.quantity.bounds | other.figure.quantity.bounds else set()
    if one.figure.quantity.kind is QuantityKind.SHARE:
        return (
            claimed.kind is QuantityKind.POINTS and claimed.values == (gap * 100,) and rough <= claimed.bounds
        )
    same_measure = claimed.kind is one.figure.quantity.kind and comparable(
        one.figure.quantity.unit, claimed.unit
    )
    return same_measure and claimed.values == (gap,) and rough <= claimed.bounds


def _different_scope(grounds: Grounds, found: dict[str, str]) -> str:
    """口径不同…（山东省：新培育；湖北省：省级以上）: every word stands in the cited words of its region."""
    if len({id(source.document) for source in grounds.sources}) < 2:
        return "口径比较须引用两份文件"
    sides = re.findall(r"([^；;（(：:]+)[：:]([^；;）)]+)", found.get("sides") or "")
    for place, words in sides:
        texts = [quote for source, quote in grounds.quotes if source in grounds.of_place(place)]
        for word in words.split("、"):
            if word != "无限定" and not any(word in text for text in texts):
                return f"“{word}”不在{place}的引文中"
    if len(sides) >= 2:
        return "" if len({words for _, words in sides}) > 1 else "两者口径相同"
    scopes = {
        scopes_of(quote) | frozenset(re.findall(r"[国省市县]家?级", quote)) for _, quote in grounds.quotes
    }
    return "" if len(scopes) > 1 else "两者口径相同"


_PLACE = r"国家|[\u4e00-\u9fff]{2,8}?(?:省|市|区|州)|[\u4e00-\u9fff]{2,3}"
RULES: tuple[tuple[re.Pattern[str], Check], ...] = (
    (
        re.compile(r"口径不同(?:[，,]?(?:不宜|不能|无法)(?:直接)?比较)?(?:（(?P<sides>[^（）]*)）)?"),
        _different_scope,
    ),
    (re.compile(r"两者(?:相同|一致|相等)"), _equal),
    (
        re.compile(
            rf"(?:(?P<one>{_PLACE})(?:的[^，。比]{{0,20}})?比(?P<other>{_PLACE})(?:的[^，。]{{0,20}}?)?|^(?P<lone>{_PLACE}))"
            r"(?P<sign>高出|多出|多|高|少|低)(?P<gap>(?:约|大约)?\d[\d.]*[万亿]?[^\d，。]{1,4}(?:左右)?)"
        ),
        lambda grounds, found: _more(grounds, {**found, "one": found["one"] or found["lone"]}),
    ),
    (
        re.compile(
            r"(?:两者|二者)?(?:相差|差距为?)(?P<gap>(?:约|大约)?\d[\d.]*[万亿]?[^\d，。]{1,4}(?:左右)?)"
        ),
        _more,
    ),
    (
        re.compile(
            rf"(?P<one>{_PLACE})(?:的[^，。]{{0,20}}?)?(?P<sign>高于|多于|大于|低于|少于|小于)(?P<other>{_PLACE})(?![\u4e00-\u9fff])"
        ),
        _more,
    ),
    (
        re.compile(
            rf"^(?P<one>{_PLACE})(?:的[^，。]{{0,20}}?)?(?P<sign>更[高多大少低小])(?![\u4e00-\u9fff])"
        ),
        _more,
    ),
)
