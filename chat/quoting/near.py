"""Of the sentences of a list those that come near the one that answers best."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.candidate import Candidate
from chat.quoting.lists import is_item, lead_of
from chat.quoting.selection import Selection
from chat.roles import Role

_FAR = -4.0  # log odds behind the first from which a sentence may be left out,
_READ_FAR = -3.5  # if as it is read, too, it has as many fewer than the best of the list
_FIRST = -3.0  # log odds behind the first from which an item of what is denied may be left out
_DENIES = re.compile(r"不予|不得|不再|取消|撤销|追回|收回|处罚|罚款|退出|除外")
_OF_DENIAL = frozenset((Role.EXCLUDED, Role.BREACH))
_TOP = -1.0  # log odds behind the first from which a sentence takes the other items of its clause with it


def without_far(selection: Selection, chosen: Sequence[Candidate]) -> list[Candidate]:
    """The sentences without those that share the words asked about and by both readings are far from answering.

    Items of a clause stay together. Nothing is left out where what is asked stands in a story of many words, or
    where no network reads.
    """
    far = [c for c in chosen if c.behind < _FAR]
    if not far or len(chosen) == 1 or selection.reads is None or selection.question.told:
        return list(chosen)
    odds = selection.reads(chosen)
    least = odds.max() + _READ_FAR
    leading = {id(c.clause) for c in chosen if c.behind >= _TOP}
    return [
        candidate
        for candidate, read in zip(chosen, odds.tolist(), strict=True)
        if candidate.behind >= _FAR
        or read >= least
        or (id(candidate.clause) in leading and is_item(candidate.sentence.text))
    ]


def without_denied(selection: Selection, chosen: Sequence[Candidate]) -> list[Candidate]:
    """The sentences without the items of what is denied (有下列情形之一的，不予认定：), where that is not asked for.

    They stay where such an item comes nearest itself.
    """
    if selection.question.roles & _OF_DENIAL or _DENIES.search(selection.question.wording):
        return list(chosen)
    return [
        c for c in chosen if c.behind > _FIRST or not ((lead := lead_of(c)) and _DENIES.search(lead.quote))
    ]
