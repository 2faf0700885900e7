"""Whose policies come first where a question leaves it open: those of the portal's own region."""

from __future__ import annotations

import re

from chat.contract import AskRequest
from chat.question import Filters
from corpus.regions import find_regions

# Words that ask for more than one's own region: 全国, 国务院, 各省, 哪些地区, 两省.
_ELSEWHERE = re.compile(r"国家|全国|国务院|中央|部委|比较|对比|(?:各|哪|几|两|其他|别的).{0,2}[省市区]")


def attempts(request: AskRequest, first: str = "") -> tuple[Filters, ...]:
    """The filters to answer with, in order: a refusal under one leads to the next.

    `first` is the region whose policies come first. It counts only where neither the asker nor the
    conversation has said where: a follow-up on another region stays there.
    """
    chosen = request.constraints
    if not first or chosen.regions or chosen.documents:
        return (chosen,)
    said = [turn.content for turn in request.history if turn.role == "user"] + [request.question]
    if any(find_regions(text) or _ELSEWHERE.search(text) for text in said):
        return (chosen,)
    return (Filters(regions=(first,)), chosen)
