"""Who asks, said in passing before what is wished for: 我是武汉的一家专精特新企业，想融资，有什么办法？

The kind of enterprise leads to the sentences on how such enterprises are raised, away from those on what it wants. It
may be what a policy gives by, too, so that it is left out only where what is then found answers the question better.
"""

from __future__ import annotations

import re
from dataclasses import replace

from chat.answerability.judge import first_of
from chat.question import Kind, Question
from chat.quoting.selection import Selection

_RAISED = r"[想评申报升当争获]|认定|成为|打算|准备"  # what makes the kind of enterprise the matter itself
_ENTERPRISE = r"(?:企业|公司|厂子?|店|单位|合作社)"
_PASSING = re.compile(
    rf"(?:^|(?<=[，,。；;！!\s]))(?:我们?|咱们?|俺们?|本)(?:(?!{_RAISED})[^，,。？?；;]){{0,20}}?{_ENTERPRISE}[，,]?"
    r"(?=[^，,。？?]{0,4}(?:想|要(?!求|素|么|是)|打算|准备|需要|缺))"
    rf"|(?:^|(?<=[，,。；;！!\s]))(?:(?!{_RAISED})[^，,。？?；;]){{2,20}}?{_ENTERPRISE}(?=想|打算|缺)"
)
_KINDS = (Kind.MEASURES, Kind.OPEN, Kind.YES_NO)
_HARDLY = -2.0  # log odds that a sentence answers the wish, below which it hardly does
_BETTER = 1.0  # by how much another one must do so better
_DOUBTFUL = 0.2  # confidence below which what was found is no answer
_LEAST = 2.5  # weight of a word that is left, from which it is a matter of its own


def without_asker(wording: str) -> str:
    """What a question says without who asks; empty where it does not say that in passing."""
    rest = _PASSING.sub("", wording)
    return rest.strip("，,。 ") if rest != wording else ""


def may_be_without(question: Question) -> str:
    """As `without_asker`, of a question by itself that asks what there is for the enterprise; else empty."""
    apart = question.follows or question.sides or question.parts or question.named or question.told
    return "" if apart or question.kind not in _KINDS else without_asker(question.wording)


def stands_alone(rest: Question, question: Question) -> bool:
    """Whether what is left of a question is a matter of its own, and who asks held words of its topic."""
    words = {term.word for term in rest.terms}
    passing = any(term.word not in words for term in question.terms)
    return passing and any(term.weight >= _LEAST for term in rest.terms)


def of_the_wish(question: Question, rest: Question) -> Question:
    """A question with what is left of it as what is asked; where it is asked, of which place, in which script stays."""
    return replace(
        question,
        wording=rest.wording,
        standalone=rest.standalone,
        unnamed=rest.unnamed,
        topic=rest.topic,
        terms=rest.terms,
        focus=rest.focus,
        roles=rest.roles,
        kind=rest.kind,
        aspects=rest.aspects,
    )


def nearer(found: Selection, without: Selection) -> Selection:
    """What was found without who asks, where what was found with it hardly speaks of what is wished for."""
    first = [*first_of(found.candidates, 1), *first_of(without.candidates, 1)]
    if without.reads is None or len(first) < 2 or first[0].sentence is first[1].sentence:
        return found
    with_asker, alone = without.reads(first).tolist()
    hardly = with_asker < _HARDLY or (found.confidence or 0.0) < _DOUBTFUL
    return without if hardly and alone > with_asker + _BETTER else found
