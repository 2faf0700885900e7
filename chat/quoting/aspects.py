"""What a comparison asks of each thing (门槛、比例和封顶), and which sentences state most of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.quoting.figures import Figure

# As asked, and as policies write it.
_ASPECTS = tuple(
    (re.compile(asked), re.compile(said))
    for asked, said in (
        (r"封顶|上限|限额|最高|最多|至多|顶格", r"最高|上限|限额|封顶|不超过|不高于|以内"),
        (r"下限|最低|最少|至少|起步|门槛|金额线", r"以上|下限|门槛|不低于|不少于|达到|满\d"),
        (
            r"比[例列]|几成|百分之|百分比|占比|几个点|幅度|费率|利率",
            r"％|%|百分|万分|千分|[一二三四五六七八九]成",
        ),
        (r"期限|多久|几年|几个月|多长|时限|天数|几天|多少(?:个?工作)?[日天]", r"(?:年|个月|日|天)(?!度)"),
        (r"次数|几次|多少次", r"次"),
        (r"人数|多少人|几个人|人员数|从业人员", r"人|名"),
        (r"多少钱|金额|几万|多少元|多少万", r"元"),
    )
)
_SWAP = 0.15  # how much worse a figure may be whose sentence states more of what is asked


def asked_aspects(wording: str) -> list[re.Pattern[str]]:
    """How policies write what is asked of each thing."""
    return [said for asked, said in _ASPECTS if asked.search(wording)]


def stating_most(figures: Sequence[Figure], wording: str) -> list[Figure]:
    """The figures for a cell, best first: one, and a second where it states of what is asked what the first does not."""
    aspects = asked_aspects(wording)
    if len(aspects) < 2 or not figures:
        return list(figures[:1])

    def met(figure: Figure) -> set[int]:
        text = figure.candidate.sentence.text
        return {number for number, said in enumerate(aspects) if said.search(text)}

    best = figures[0]
    near = [f for f in figures if f.candidate.clause is best.candidate.clause and not f.strays]
    first = max(
        [best, *(f for f in near if f.score >= best.score - _SWAP)], key=lambda f: (len(met(f)), f.score)
    )
    wanting = set(range(len(aspects))) - met(first)
    beside = [f for f in near if met(f) & wanting and f.candidate is not first.candidate]
    return [first, *beside[:1]]
