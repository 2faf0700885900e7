"""Of the sentences of a list those that come near the one that answers best."""

from __future__ import annotations

from collections.abc import Sequence

from chat.candidate import Candidate
from chat.quoting.lists import is_item
from chat.quoting.selection import Selection

_FAR = -4.0  # log odds behind the first from which a sentence may be left out,
_READ_FAR = -3.5  # if as it is read, too, it has as many fewer than the best of the list
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
