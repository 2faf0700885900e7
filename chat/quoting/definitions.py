"""What something means is told by a sentence that defines it, not by one that only uses the word."""

from __future__ import annotations

import re
from dataclasses import replace

from chat.question import Kind
from chat.quoting.selection import Selection, is_body

_ASKS_MEANING = re.compile(
    r"(?:什么|啥)意思|什么(?:叫|是)|(?:是|指)(?:的是)?(?:什么|啥)[？?]?$|定义|含义|怎么(?:理解|定义)"
)
_DEFINES = re.compile(
    r"是指|系指|指的是|所称|成为|成长为|发展成|定义为|即(?![将使可日])|具有|具备|，是(?!否)|是(?:一种|以|由)|应当(?:符合|满足)"
)
_FARTHEST = -8.0  # log odds behind the first, from which a sentence may define what is asked about
_NAMED = 0.9  # share of the topic that it holds


def led_by_definition(selection: Selection) -> Selection:
    """What was found, led by a sentence that defines, where the meaning is asked and the first one defines nothing."""
    if selection.question.kind is not Kind.DEFINITION or not _ASKS_MEANING.search(selection.question.wording):
        return selection
    ranked = sorted(filter(is_body, selection.candidates), key=lambda candidate: -candidate.behind)
    if not ranked or _DEFINES.search(ranked[0].sentence.text):
        return selection
    defining = [
        candidate
        for candidate in ranked
        if candidate.behind > _FARTHEST
        and candidate.own_coverage >= _NAMED
        and _DEFINES.search(candidate.sentence.text)
    ]
    if not defining:
        return selection
    ahead = ranked[0].score - defining[0].score
    behind = defining[0].behind
    kept = [replace(c, score=c.score + ahead, behind=c.behind - behind) for c in defining]
    return replace(selection, candidates=tuple(kept))
