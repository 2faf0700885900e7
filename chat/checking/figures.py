"""Quantities of a statement: each must stand in a cited clause, with its own head noun, date, scope and direction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.checking.reading import Figure, Segment, Sentence, telling_grams
from chat.checking.source import Source
from chat.quantities import Quantity, QuantityKind, comparable, implies
from corpus.regions import find_regions

_LIKE = 0.5  # share of the words of one of the two that the other must have for both to be about one thing
_NEAR = 0.05  # figures this close to the best one are as good
_TOPIC = 0.34  # how much worse than another a figure may fit what the sentence speaks of
_PART = re.compile(r"以及|[、和及与或\n]")
_LAST_OF = re.compile(r"^.*的")
_ACT = re.compile(
    r"开展|实施|建设|打造|参与|进行|提供|推进|面向|用于|实现|推动|获得|加强|提升|承担|组织|制定"
)

# How the words right before a figure use it. 提高到8% and 提高8% are not the same.
_CUES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("to", re.compile(r"(?:[到至为达]|达到)$")),
    ("from", re.compile(r"[从由自]$")),
    ("up", re.compile(r"(?:增加|新增|增长|提高|上升|提升|多|高出?)了?$")),
    ("down", re.compile(r"(?:减少|下降|降低|压减|缩减|少|低)了?$")),
    ("each", re.compile(r"(?:每|各|平均|年均|人均|每[年家个户人]\S{0,2})$")),
)
_LEVEL = re.compile(r"国家级|省级|市级|县级|区级")
_SCOPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("新", re.compile(r"新(?=[培增认建设引创入])|净增")),
    ("累计", re.compile(r"累计|总量|总数|总计|合计|共计")),
    ("每", re.compile(r"每[年月季家个户人]|年均|人均|逐年")),
    ("分别", re.compile(r"分别|各(?![类种地级有项方界行])|均(?![衡等匀])")),
    ("规模以上", re.compile(r"规模以上|规上")),
)
# A scope that a statement may not lose: the figure would mean something else without it.
_KEPT_SCOPES = frozenset(("新", "累计", "每", "分别"))


@dataclass(frozen=True)
class Stated:
    """A figure of a source where it stands."""

    figure: Figure
    segment: Segment
    sentence: Sentence
    source: Source
    words: frozenset[str]  # what tells it from other figures
    near: frozenset[str]  # of these, what stands right at it; all of them where nothing does


def stated_figures(sources: Sequence[Source]) -> Iterator[Stated]:
    """The figures of the sources, in reading order."""
    for source in sources:
        for sentence in source.sentences:
            for segment in sentence.segments:
                for figure in segment.figures:
                    words = telling_words(figure, segment)
                    yield Stated(
                        figure, segment, sentence, source, words, telling_grams(figure.window) or words
                    )


def telling_words(figure: Figure, segment: Segment) -> frozenset[str]:
    """What tells a figure from others: the words at it, and those before it in the sentence (对小巨人企业，给予30万元)."""
    return telling_grams(figure.window) | telling_grams(_matter(segment.topic))


def _matter(topic: str) -> str:
    """What stands before the colon of a line, unless it is the place alone (国家：), which counts nothing."""
    place = topic.strip()
    return "" if place == "国家" or any(m.end - m.start == len(place) for m in find_regions(place)) else topic


def likeness(claim: frozenset[str], stated: frozenset[str]) -> float:
    """How well the words at two figures agree, 0 to 1: the better of both shares of what they have in common."""
    shared = len(claim & stated)
    if not shared:
        return 0.0
    return max(shared / len(claim), shared / len(stated))


def best_matches(
    claim: Figure, segment: Segment, words: frozenset[str], known: Sequence[Stated]
) -> list[Stated]:
    """The figures of like kind and unit that the words at the claim's figure mean, the most alike first."""
    like = [item for item in known if _same_measure(item.figure.quantity, claim.quantity)]
    exact = [item for item in like if item.segment.text == segment.text]
    if exact and (not words or any(item.segment.topic == segment.topic for item in exact)):
        return exact
    near = telling_grams(claim.window) or words
    marked = [(_mark(words, near, item), item) for item in like if likeness(words, item.words) >= _LIKE]
    top = max((mark for mark, _ in marked), default=0.0)
    best = [item for mark, item in sorted(marked, key=lambda pair: -pair[0]) if mark >= top - _NEAR]
    # 对省级企业，给予100万元 is not said of what another figure is said of.
    topic = telling_grams(_matter(segment.topic))
    fit = max((likeness(topic, item.words) for item in like), default=0.0)
    return [item for item in best if not topic or likeness(topic, item.words) > fit - _TOPIC]


def _mark(words: frozenset[str], near: frozenset[str], item: Stated) -> float:
    """How well a claim's words fit a stated figure: what stands right at each must be known to the other."""
    shared = len(words & item.words)
    balance = 2 * shared / (len(words) + len(item.words))
    return len(near & item.words) / len(near) + len(item.near & words) / len(item.near) + 2 * balance


def asked_matches(claim: Figure, asked: frozenset[str], known: Sequence[Stated]) -> list[Stated]:
    """The figures that a question means, for a bare figure given as its answer: those that share most of its words."""
    like = [item for item in known if _same_measure(item.figure.quantity, claim.quantity)]
    if len({(item.figure.quantity.values, item.figure.quantity.bounds) for item in like}) == 1:
        return like
    marked = [(len(asked & item.words), likeness(asked, item.words), item) for item in like]
    top = max((shared for shared, _, _ in marked), default=0)
    if not top:
        return []
    return [item for shared, share, item in marked if shared == top or (share == 1.0 and shared >= top - 1)]


def _same_measure(stated: Quantity, claim: Quantity) -> bool:
    return stated.kind is claim.kind and comparable(stated.unit, claim.unit)


def goes_with(before: Sequence[Stated], after: Sequence[Stated]) -> bool:
    """Whether two figures of one claim go together in the source: one segment, or a sentence where the first has
    a segment to itself (用三年时间，…；培育600家).
    """
    return any(
        one.segment is other.segment or (len(one.segment.figures) == 1 and one.sentence is other.sentence)
        for one in before
        for other in after
    )


def follows_from(before: Sequence[Stated], after: Sequence[Stated]) -> bool:
    """Whether what holds under a condition (违法所得5万元以上的，处…) is stated under that very condition."""
    return any(
        one.sentence is other.sentence and one.segment.part == other.segment.part
        for one in before
        for other in after
    )


def fault_of(claim: Figure, segment: Segment, sentence: Sentence, item: Stated, *, fragment: bool) -> str:
    """What is wrong with a claim that rests on a stated figure, in Chinese; empty if nothing is."""
    if not implies(item.figure.quantity, claim.quantity):
        return f"“{_phrase(claim)}”与原文“{_phrase(item.figure)}”不符"
    if fragment:
        return ""
    cue, cue_stated = _cue(claim.cue), _cue(item.figure.cue)
    if cue != cue_stated and ({cue, cue_stated} - {"", "to"} or (cue and cue_stated)):
        return f"“{_phrase(claim)}”的增减、起止与原文不符"
    levels = _levels(claim.window)
    stated = _levels(item.figure.window) or _levels(item.segment.text) or _levels(item.segment.topic)
    if levels - stated:
        return f"“{_phrase(claim)}”的级别与原文不符"
    scopes = scopes_of(sentence.text)
    added = scopes - scopes_of(item.sentence.text + item.segment.topic)
    if added:
        return f"“{_phrase(claim)}”添加了限定：{'、'.join(sorted(added))}"
    lost = (stated_scopes(item) & _KEPT_SCOPES) - scopes
    if lost:
        return f"“{_phrase(claim)}”遗漏限定：{'、'.join(sorted(lost))}"
    if _drops_a_head(claim, item.figure):
        return f"“{_phrase(claim)}”只说了原文并列对象的一部分"
    if segment.times and not _times_agree(segment.times, item):
        return f"“{_phrase(claim)}”的时间与原文不符"
    return ""


def _phrase(figure: Figure) -> str:
    return figure.quantity.text


def _cue(text: str) -> str:
    return next((name for name, pattern in _CUES if pattern.search(text)), "")


def _levels(text: str) -> frozenset[str]:
    return frozenset(_LEVEL.findall(text))


def scopes_of(text: str) -> frozenset[str]:
    """The words of a text that say how a figure counts: 新, 累计, 省级, …."""
    return frozenset(name for name, pattern in _SCOPES if pattern.search(text))


def stated_scopes(item: Stated) -> frozenset[str]:
    """The scope of a stated figure, which in an enumeration (新培育…1500家、小巨人企业600家) stands at its head."""
    text = item.segment.figures[0].before + "\n" + item.figure.window
    return scopes_of(text) | _levels(text)


def _times_agree(times: Sequence[Quantity], item: Stated) -> bool:
    return all(any(implies(stated, claim) for stated in item.segment.times) for claim in times)


def _drops_a_head(claim: Figure, stated: Figure) -> bool:
    """Whether the source counts several things together (1000家小巨人和单项冠军企业) and the claim names some only."""
    if stated.quantity.kind is not QuantityKind.COUNT:
        return False
    behind = _LAST_OF.sub("", stated.after)
    if telling_grams(stated.after):
        parts = [] if _ACT.search(behind.rpartition("和")[0]) else _PART.split(behind)
    else:
        parts = _PART.split(stated.before)
    marked = [words for part in parts if len(part) <= 14 and (words := telling_grams(part))]
    if len(marked) < 2:
        return False
    words = telling_grams(claim.window)
    return bool(words) and any(not words & part for part in marked)
