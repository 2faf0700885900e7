"""What a text counts among a thing: 以甲、乙、丙为代表的优质企业; 优质企业包括甲、乙和丙."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chat.question import Kind, Question
from chat.terms import Term

_ASKED = re.compile(
    r"(?:包括|包含|涵盖|囊括)[^，。？]{0,4}(?:哪|什么|啥)|(?:有|分为?|分成)(?:哪|什么|啥)[几些]?[^，。？]{0,4}(?:类|种|层次|档|级)"
    r"|哪[几些](?:类|种|个层次)|(?:哪些|什么样?的?|啥样?的?)[^，。？]{0,4}(?:才|能|可以)?(?:算|叫|属于)"
)
_ASKING = re.compile(r"[哪啥几]|什么")
_NAMES = 0.7  # share of the weight of the weightiest word
_LONGEST = 24  # characters between a word and what tells its members


def weighty(terms: Sequence[Term]) -> list[str]:
    """The words that name the thing: those that weigh about as much as the weightiest."""
    naming = [term for term in terms if not _ASKING.search(term.word)]
    most = max((term.weight for term in naming), default=0.0)
    return [term.word for term in naming if term.weight >= _NAMES * most]


def of_which(question: Question) -> list[str]:
    """The words of a question that asks what belongs to them; none where it asks something else."""
    asked = question.kind is Kind.DEFINITION and asks_members(question.wording)
    return weighty(question.terms) if asked else []


def asks_members(wording: str) -> bool:
    """Whether it is asked what belongs to a thing (包括哪几类, 什么企业算)."""
    return bool(_ASKED.search(wording))


def tells_members(text: str, words: Iterable[str]) -> bool:
    """Whether a sentence counts what belongs to one of the words, two of them at least."""
    return any(
        re.search(
            rf"以[^。；]*[、和及][^。；]*为代表的{re.escape(word)}"
            rf"|{re.escape(word)}[^，。；：、]{{0,{_LONGEST}}}?(?:包括|包含|分为|是指)[^。；]*[、和及]",
            text,
        )
        for word in words
        if len(word) > 1
    )
