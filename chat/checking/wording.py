"""The words of a statement: enough of them must stand in the cited clauses, in the same order and with the same force."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.checking.modality import KEPT, MAY_ADD, Modal, flipped_word, turned_direction
from chat.checking.reading import Segment, Sentence, grams
from chat.checking.source import Source
from index.words import tokenize

_ALIGNED = 0.35  # share of a segment's pairs that its source segment must hold to be its source
_AROUND = 0.5  # weight of the whole sentence's likeness beside the segment's own
_AS_GOOD = 0.04  # source segments this close to the best are read as possible sources as well
_SHORT = 4  # pairs below which a segment is short
_HELD = 0.6  # share of a source segment that a statement must hold to restate it as well
# Words in which an answer is put; they say nothing of the policy.
_FRAME = re.compile(
    r"除|(?:以|之)?外$|根据|按照|依据|依照|规定|提出|明确|要求|指出|文件|政策|意见|通知|办法|方案|条款|该|其中|主要|包括|以下|如下|具体|内容|方面|情况|有关|相关"
    r"|目标|措施|负责|牵头|配合|单位|部门|分工|职责|发文机关|发布机关|印发机关|联合|印发|发布|成文|日期|文号|标题|名称|行动期|实施期|有效期"
    r"|全文|层面|级别|两者|分别|同时|并且|以及|此外|另外|需要|可以|应当|力争|目前|省|市|国家|全国|我|等|的|是|为|由|在|到|对|将|与|和|及|或|也|还|均|共|有"
)
_SHIFT = re.compile(r"(?P<word>[向对由为从把将被比])(?P<what>[\u4e00-\u9fff]{2})")


def held_share(segment: Segment, sources: Sequence[Source]) -> float:
    """The share of a segment's words that stand in the sources, 0 to 1; 1 where it has none.

    The smaller of two shares: of pairs of characters, which see new combinations, and of whole words, which see
    new things. No quantities and frame words are counted.
    """
    text = _FRAME.sub("\n", segment.bare)
    pairs = grams(text)
    if not pairs:
        return 1.0
    known = frozenset().union(*(source.grams for source in sources))
    words = [word for word in tokenize(text) if len(word) > 1]
    found = [word for word in words if any(word in source.vocabulary for source in sources)]
    return min(len(pairs & known) / len(pairs), len(found) / len(words) if words else 1.0)


def aligned(segment: Segment, sentence: Sentence, sources: Sequence[Source]) -> list[Segment]:
    """The source segments that a segment may restate, the likeliest first.

    They share most of its words; of those, the ones in a sentence that shares most of its sentence's words.
    """
    marked = []
    for source in sources:
        for known_sentence in source.sentences:
            around = len(sentence.grams & known_sentence.grams) / max(len(sentence.grams), 1)
            for known in known_sentence.segments:
                shared = len(segment.grams & known.grams)
                if shared and shared >= _ALIGNED * len(segment.grams):
                    marked.append((shared / len(segment.grams) + _AROUND * around, known))
    top = max((mark for mark, _ in marked), default=0.0)
    chosen = [(mark, known) for mark, known in marked if mark >= top - _AS_GOOD]
    # Of equal segments the shorter one is meant: it is the one restated whole.
    return [known for _, known in sorted(chosen, key=lambda pair: (-pair[0], len(pair[1].text)))]


def force_fault(
    segment: Segment, candidates: Sequence[Segment], sources: Sequence[Source], *, figure_only: bool
) -> str:
    """A force that a segment lost or added, in Chinese, judged by its most lenient source; empty if none.

    `figure_only`: the statement only names a figure with its noun, so that it asserts no act and need not say
    力争 or 鼓励.
    """
    fault = ""
    for known in candidates:
        found = _one_fault(segment, known, sources, figure_only=figure_only)
        if not found:
            return ""
        fault = fault or found
    return fault


def _one_fault(segment: Segment, known: Segment, sources: Sequence[Source], *, figure_only: bool) -> str:
    restated = [known] if segment.grams <= known.grams else [known, *_restated(segment, known, sources)]
    flipped = next((word for item in restated if (word := flipped_word(item.text, segment.text))), "")
    if flipped:
        return f"否定相反：{flipped}"
    turned = next((word for item in restated if (word := turned_direction(item.text, segment.text))), "")
    if turned:
        return f"增减相反：{turned}"
    due = frozenset().union(*(item.force for item in restated)) & KEPT
    if figure_only:
        due &= frozenset((Modal.PROHIBIT, Modal.NEGATE, Modal.EXEMPT, Modal.AVOID, Modal.ONLY))
    if Modal.ENCOURAGE in segment.force:
        # 鼓励 is the weaker of the two and may stand for both.
        due -= {Modal.PROMOTE}
    lost = due - segment.force
    if lost:
        return f"遗漏：{'、'.join(sorted(lost))}"
    added = segment.own - frozenset().union(*(item.force for item in restated)) - MAY_ADD
    if Modal.OBLIGE in added and Modal.PROHIBIT in segment.own:
        added -= {Modal.OBLIGE}
    if added:
        return f"添加：{'、'.join(sorted(added))}"
    return ""


def _restated(segment: Segment, known: Segment, sources: Sequence[Source]) -> list[Segment]:
    """Further source segments that the segment holds nearly whole: a statement may join several."""
    return [
        other
        for source in sources
        for sentence in source.sentences
        for other in sentence.segments
        if other is not known and _holds(segment, other) and not _holds(known, other)
    ]


def _holds(segment: Segment, other: Segment) -> bool:
    """Whether a segment has most of the words of another; of a short one, all."""
    size = len(other.grams)
    held = len(other.grams & segment.grams)
    return held >= _HELD * size if size >= _SHORT else size > 1 and held == size


def reversed_roles(segment: Segment, candidates: Sequence[Segment]) -> str:
    """A word that has changed sides (向大企业 for 向中小企业), or pieces of a source in another order; else empty."""
    fault = ""
    for known in candidates:
        found = _turned(segment.text, known.text)
        if not found:
            return ""
        fault = fault or found
    return fault


def _turned(claim: str, known: str) -> str:
    if claim in known:
        return ""
    for match in _SHIFT.finditer(claim):
        word, what = match["word"], match["what"]
        # The word governs something else there, and what it governs here stands before it.
        place = known.find(word)
        if place >= 0 and what in known and what not in known[place:]:
            return f"{word}{what}"
    pieces = _pieces(claim, known)
    held = sum(len(piece) for _, _, piece in pieces)
    if held < 0.85 * len(claim):
        return ""
    # The claim is made of pieces of the source: those that stand in the source's order.
    places = [place for _, place, _ in pieces]
    kept = _longest_rising(places, [len(piece) for _, _, piece in pieces])
    moved = held - kept
    if moved >= 2 and moved > 0.15 * len(claim) and len(pieces) > 2:
        return max((piece for _, _, piece in pieces), key=len)
    return ""


def _pieces(claim: str, known: str) -> list[tuple[int, int, str]]:
    """The claim cut greedily into the longest pieces that stand in the source: (place in claim, in source, piece)."""
    pieces = []
    place, reached = 0, 0
    while place < len(claim) - 1:
        length = 2
        if claim[place : place + 2] not in known:
            place += 1
            continue
        while place + length < len(claim) and claim[place : place + length + 1] in known:
            length += 1
        piece = claim[place : place + length]
        after = known.find(piece, reached)
        found = after if after >= 0 else known.find(piece)
        pieces.append((place, found, piece))
        reached = found + length if after >= 0 else reached
        place += length
    return pieces


def _longest_rising(places: Sequence[int], weights: Sequence[int]) -> int:
    """The weight of the heaviest rising run of places."""
    best: list[int] = []
    for i, place in enumerate(places):
        before = [best[j] for j in range(i) if places[j] < place]
        best.append(weights[i] + max(before, default=0))
    return max(best, default=0)
