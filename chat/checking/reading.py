"""A text read for the check: sentences, punctuation-bounded segments, and in each its figures, dates and force."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from chat.checking.modality import (
    ACROSS,
    LASTING,
    Modal,
    bounds_of,
    modals_of,
    opening_force,
    without_force,
)
from chat.quantities import Quantity, find_quantities, find_vague

_SPACE = re.compile(r"\s+")
_MARKDOWN = re.compile(r"\*\*|__|`|^\s*(?:[-*+>]|#{1,6})\s+", re.MULTILINE)
_CELL = re.compile(r"\s*\|\s*")
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]*[”’」』]?")
_BREAK = re.compile(r"[，。；：！？;!?（）()\n]+|(?<!\d)[,:]|[,:](?!\d)")
_TITLE = re.compile(r"《[^《》\n]*》?")
_JOINT = re.compile(r"[、和及与或并|]")
_QUOTE_MARKS = re.compile(r"[“”\"「」『』‘’']")
_RUN = re.compile(r"[\u3400-\u9fff]+|[A-Za-z][A-Za-z0-9+&.\-]*")
# Words so common in policies that sharing them shows nothing.
_COMMON = re.compile(
    r"力争|争取|新?培育|发展|形成|建设|打造|建成|达到|实现|累计|总量|总数|数量|目标|企业|全省|全市|全国|我省|我市|省级|市级|国家级|以上|重点"
    r"|推动|推进|支持|鼓励|引导|促进|完成|开展|组织|引进|认定|成为|共计|合计|分别|其中|每年|年均|目前|现有|拥有|左右|不少于|不低于|超过"
    r"|新增|新建|创建|增加|提高|[的了等将达为是到在有要应共各由对就以其该于]"
)


_PART_END = re.compile(r"[；;]")
_BLANKED = re.compile("\0+")
_OWN_RULE = frozenset((Modal.PERMIT, Modal.OBLIGE, Modal.PROHIBIT))
_URGING = frozenset((Modal.ENCOURAGE, Modal.PROMOTE))


@dataclass(frozen=True)
class Figure:
    """A quantity that is no date, with the words of its own part of the segment.

    `before` and `after` are what stands on either side up to the next figure; `cue` is the text right before it.
    `chained`: no joint parts it from the figure before (五级伤残为工资的70%), so that the two go together.
    """

    quantity: Quantity
    before: str
    after: str
    cue: str
    chained: bool = False

    @property
    def window(self) -> str:
        """The words that say what is counted."""
        return f"{self.before}\n{self.after}"


@dataclass(frozen=True)
class Segment:
    """A stretch between punctuation marks (、 divides none), without blanks."""

    text: str
    bare: str  # without quantities and their bounds
    grams: frozenset[str]  # of `bare` without words of force: 不得, 鼓励
    figures: tuple[Figure, ...]
    own_times: tuple[Quantity, ...]
    times: tuple[Quantity, ...]  # its own dates, else those that govern it from before
    own: frozenset[Modal]
    force: frozenset[Modal]  # its own, and what governs it from before
    part: int  # which of the sentence's parts between ；
    topic: str  # the nearest words before it in the sentence that name something


@dataclass(frozen=True)
class Sentence:
    """A sentence up to 。 or a line end, without blanks."""

    text: str
    segments: tuple[Segment, ...]

    @cached_property
    def grams(self) -> frozenset[str]:
        """The pairs of all segments."""
        return frozenset().union(*(segment.grams for segment in self.segments))


def compact(text: str) -> str:
    """The text without blanks and line ends."""
    return _SPACE.sub("", text)


def lines(text: str) -> str:
    """The text without blanks, its line ends kept: no name runs from one line into the next."""
    return "\n".join(line for part in text.splitlines() if (line := compact(part)))


def plain(markdown: str) -> str:
    """A statement's text without markdown."""
    return _CELL.sub("，", _MARKDOWN.sub(" ", markdown))


def grams(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, and Latin words; quotation marks do not part them."""
    found: set[str] = set()
    for run in _RUN.findall(_QUOTE_MARKS.sub("", text)):
        if run[0].isascii():
            found.add(run.lower())
        else:
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return frozenset(found)


def telling_grams(text: str) -> frozenset[str]:
    """The pairs of a text that tell what it speaks of: common words of policies are cut out first."""
    return grams(_COMMON.sub("\n", _QUOTE_MARKS.sub("", text)))


def read(text: str, *, statement: bool = False) -> tuple[Sentence, ...]:
    """Read a text sentence by sentence.

    A date holds on until the next one, in a policy also across sentences. What a `statement` must say it may
    say anywhere in the sentence before; what a policy says must be said again only where it plainly holds.
    """
    sentences: list[Sentence] = []
    times: tuple[Quantity, ...] = ()
    for match in _SENTENCE.finditer(text):
        stretch = compact(match[0])
        if not stretch:
            continue
        segments = _segments(stretch, () if statement else times, statement)
        sentences.append(Sentence(stretch, segments))
        times = segments[-1].times if segments else times
    return tuple(sentences)


def _segments(sentence: str, times: tuple[Quantity, ...], statement: bool) -> tuple[Segment, ...]:
    # What stands inside 《》 is a name: its numbers are checked with the name.
    unnamed = _TITLE.sub(lambda match: "\0" * len(match[0]), sentence)
    quantities, vague = find_quantities(unnamed), find_vague(sentence)
    segments: list[Segment] = []
    hold, topic = _Hold(), ""
    for start, end in _spans(sentence):
        text = sentence[start:end]
        inside = [q for q in quantities if start <= q.start < end]
        own_times = tuple(q for q in inside if q.is_time)
        times = own_times or times
        counted = [q for q in inside if not q.is_time]
        bare = _without(text, start, inside)
        words = _BLANKED.sub("《》", unnamed[start:end])
        own = modals_of(words) | bounds_of(bare)
        if statement:
            hold = hold.said(own)
            force = own | hold.lasting | hold.governing
        else:
            hold, force = hold.ruled(words, own, after_break=bool(start) and sentence[start - 1] in "；;")
        figures = _figures(sentence, start, end, counted, own_times, vague)
        part = len(_PART_END.findall(sentence[:start]))
        act = grams(without_force(bare))
        segments.append(Segment(text, bare, act, figures, own_times, times, own, force, part, topic))
        if counted:
            topic = ""  # its words belong to its own figures
        elif telling_grams(bare):
            topic = bare
    return _with_exceptions(segments, statement=statement)


@dataclass(frozen=True)
class _Hold:
    """The forces of a sentence that hold for its later segments."""

    lasting: frozenset[Modal] = frozenset()  # 力争, 原则上
    governing: frozenset[Modal] = frozenset()  # 鼓励, of the verb that opened a segment

    def said(self, own: frozenset[Modal]) -> _Hold:
        """After a segment of a statement: what it has said once counts as said."""
        return _Hold(self.lasting | (own & LASTING), self.governing | (own & _URGING))

    def ruled(
        self, words: str, own: frozenset[Modal], *, after_break: bool
    ) -> tuple[_Hold, frozenset[Modal]]:
        """After a segment of a policy: what holds on, and the force of the segment itself."""
        opened = opening_force(words)
        lasting = (self.lasting & ACROSS if after_break else self.lasting) | (own & LASTING)
        governing = frozenset() if after_break else self.governing
        if opened:
            # 鼓励 holds for what follows as well, until another verb of its kind opens a segment.
            governing = frozenset((opened,)) - {Modal.PROMOTE}
        held = own if opened is Modal.PROMOTE else own - {Modal.PROMOTE}
        # A condition (…的) and what has a force of its own are not governed by an earlier 鼓励.
        if not (own & _OWN_RULE or words.endswith("的")):
            held |= governing
        return _Hold(lasting, governing), held | lasting


def _with_exceptions(segments: Sequence[Segment], *, statement: bool) -> tuple[Segment, ...]:
    """An exception holds for the segment beside it: 除…外 for the next, …除外 for the one before.

    A statement may say its exception anywhere in the sentence.
    """
    excepted: set[int] = set()
    for place, segment in enumerate(segments):
        if Modal.EXCEPT in segment.own:
            beside = place + 1 if segment.text.startswith("除") else place - 1
            excepted |= set(range(len(segments))) if statement else {beside}
    return tuple(
        replace(segment, force=segment.force | {Modal.EXCEPT}) if place in excepted else segment
        for place, segment in enumerate(segments)
    )


def _spans(sentence: str) -> list[tuple[int, int]]:
    shield = [match.span() for match in _TITLE.finditer(sentence)]
    spans, begin = [], 0
    for match in _BREAK.finditer(sentence):
        if any(a < match.start() < b for a, b in shield):
            continue
        if match.start() > begin:
            spans.append((begin, match.start()))
        begin = match.end()
    if begin < len(sentence):
        spans.append((begin, len(sentence)))
    return spans


def _without(text: str, offset: int, quantities: Sequence[Quantity]) -> str:
    """The text without its quantities and their bounds."""
    pieces, position = [], 0
    for quantity in quantities:
        start, end = max(quantity.phrase_start - offset, position), quantity.phrase_end - offset
        pieces.append(text[position:start])
        position = max(end, position)
    return "\n".join([*pieces, text[position:]])


def _figures(
    sentence: str,
    start: int,
    end: int,
    quantities: Sequence[Quantity],
    times: Sequence[Quantity],
    vague: Sequence[tuple[int, int]],
) -> tuple[Figure, ...]:
    """Divide a segment between its figures, so that each keeps the words that belong to it."""
    marks = [(q.phrase_start, q.phrase_end) for q in quantities]
    marks += [(a, b) for a, b in vague if start <= a < end and not any(c <= a < d for c, d in marks)]
    marks.sort()
    bounds, chained = [(start, start)], [False]
    for (_, left), (right, _) in zip(marks, marks[1:], strict=False):
        place = _parting(sentence, left, right)
        # Without a joint (由30%提高到40%) both have the words between them, and the second those of the first.
        bounds.append((bounds[-1][0], right) if place is None else (place, place))
        chained.append(place is None)
    bounds.append((end, end))
    figures = []
    for quantity in quantities:
        place = marks.index((quantity.phrase_start, quantity.phrase_end))
        floor, ceiling = bounds[place][0], bounds[place + 1][1]
        before = _strip_times(sentence, floor, quantity.phrase_start, (*times, *quantities))
        after = _strip_times(sentence, quantity.phrase_end, ceiling, times)
        cue = sentence[max(start, quantity.phrase_start - 5) : quantity.phrase_start]
        figures.append(Figure(quantity, before, after, cue, chained[place]))
    return tuple(figures)


def _parting(sentence: str, left: int, right: int) -> int | None:
    """Where the words between two figures part; None where no joint (、, 和) stands between them."""
    between = sentence[left:right]
    joints = [match.start() for match in _JOINT.finditer(between)]
    if not joints:
        return None
    if joints[0] == 0:
        return left
    return right if joints[-1] == len(between) - 1 else left + joints[-1]


def _strip_times(sentence: str, start: int, end: int, times: Sequence[Quantity]) -> str:
    inside = [q for q in times if start <= q.phrase_start < end]
    return _without(sentence[start:end], start, inside)
