"""Which of the asker's figures a condition is held against: 研发费用2300万，设备三千多万 against 研发费用不低于2500万元.

The figure of another measure would decide the wrong way; one that was only told beside the question would be missed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.thresholds import Threshold, figures_of, thresholds_of

_SEGMENT = re.compile(r"[^，,；;。！!？?：:\n]+[，,；;。！!？?：:\n]*")
_FIGURE = re.compile(r"[\d一二三四五六七八九十百千万亿两几多.．%％来余]+")
_COMMON = re.compile(r"企业|公司|我们|项目|单位|去年|今年|上年|年度|以上|以下|不低|低于|不少|少于|超过")
_ALIKE = 2  # pairs of characters that a figure's own words share with a condition that is about the same


def measured(asked: str, told: str, said: str) -> str:
    """The question with those of the asker's figures alone that measure what the conditions of a sentence do.

    asked: the words that ask. told: what the message tells beside them; a figure of it is added where the question
    itself holds none that the conditions could be held against. said: the sentence that settles it.
    """
    conditions = [(segment, tiers) for segment in _SEGMENT.findall(said) if (tiers := thresholds_of(segment))]
    if not conditions:
        return asked
    pieces = _SEGMENT.findall(asked)
    marks = [_likeness(piece, conditions) for piece in pieces]
    held = [mark for mark in marks if mark is not None]
    if not held:
        near = [
            (mark, piece)
            for piece in _SEGMENT.findall(told)
            if (mark := _likeness(piece, conditions)) is not None
        ]
        best = max(near, default=(0, ""))
        return f"{best[1]}{asked}" if best[0] >= _ALIKE else asked
    best_mark = max(held)
    if best_mark < _ALIKE or len(held) == 1:
        return asked
    return "".join(
        piece if mark is None or mark == best_mark else _FIGURE.sub("", piece)
        for piece, mark in zip(pieces, marks, strict=True)
    )


def falls_short(told: str, said: str) -> bool:
    """Whether one of the asker's figures is not admitted by any condition of a sentence that measures the same."""
    tiers = thresholds_of(said)
    for figure in figures_of(told):
        judged = [held for tier in tiers if (held := tier.admits(figure)) is not None]
        if judged and not any(judged):
            return True
    return False


def _likeness(piece: str, conditions: Sequence[tuple[str, tuple[Threshold, ...]]]) -> int | None:
    """How many pairs of characters a stretch shares with the condition that its figure can be held against; None without."""
    figures = figures_of(piece)
    alike = [
        len(_pairs(piece) & _pairs(condition))
        for condition, tiers in conditions
        if any(tier.admits(figure) is not None for tier in tiers for figure in figures)
    ]
    return max(alike, default=None)


def _pairs(text: str) -> frozenset[str]:
    """The pairs of characters of a stretch, without its figures and what every stretch may say."""
    return frozenset(
        run[i : i + 2]
        for run in re.split(r"[^㐀-鿿]+", _COMMON.sub(" ", _FIGURE.sub(" ", text)))
        for i in range(len(run) - 1)
    )
