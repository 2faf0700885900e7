"""From the source as published to the text of the policy, with a map back and reasons for what went."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus import breaks, fields, furniture, markup, repeats, webpage
from corpus.document import Removed
from corpus.draft import Draft, Edit
from corpus.script import is_traditional, simplify

_SHAPELESS = re.compile(r"[\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2064\u00ad\x00-\x08\x0e-\x1f]+|\r(?=\n)")
_PAGE_END = re.compile(r"[\f\v\u2028\u2029\x85]|\r(?!\n)")


@dataclass(frozen=True)
class Cleaned:
    """The text of the policy in simplified script, each character's place in the source, and what went.

    The source offsets of the text and the removed stretches together are the whole source.
    """

    draft: Draft
    fields: tuple[fields.Field, ...] = ()  # metadata that the page prints beside the policy
    traditional: bool = False

    @property
    def text(self) -> str:
        """The policy's own text, one paragraph a line."""
        return self.draft.text

    @functools.cached_property
    def _trace(self) -> tuple[np.ndarray, tuple[Removed, ...]]:
        return self.draft.trace()

    @property
    def offsets(self) -> Sequence[int]:
        """The source offset of each character of the text, rising."""
        return self._trace[0]  # type: ignore[return-value]

    @property
    def removed(self) -> tuple[Removed, ...]:
        """The stretches of the source that are not in the text, in order, with their reasons."""
        return self._trace[1]


def clean(source: str) -> Cleaned:
    """Take everything out of the source that is not the policy's own text."""
    traditional = is_traditional(source)
    draft = Draft.of(simplify(source) if traditional else source)
    draft = draft.apply(furniture.running_heads(draft.text))
    draft = draft.apply(_characters(draft.text))
    draft = draft.apply(markup.front_matter(draft.text))
    if "<" in draft.text and webpage.has_html(draft.text):
        draft = draft.apply(webpage.html_edits(draft.text))
    draft = draft.apply(markup.markdown(draft.text))
    found = tuple(fields.fields(draft.text))
    draft = draft.apply(fields.field_edits(draft.text, found))
    draft = draft.apply(furniture.furniture(draft.text))
    draft = draft.apply(repeats.contents(draft.text))
    draft = draft.apply(breaks.hard_breaks(draft.text))
    draft = draft.apply(breaks.blanks(draft.text))
    draft = draft.apply(breaks.inner_blanks(draft.text))
    once = draft.apply(repeats.second_copy(draft.text))
    once = once.apply(repeats.headline(once.text))
    once = once.apply(repeats.teasers(once.text))
    if once is not draft:
        once = once.apply(breaks.blanks(once.text))
    return Cleaned(once, found, traditional)


def _characters(text: str) -> list[Edit]:
    """Marks without a shape, line ends of other systems, and page ends, which end a line."""
    edits = [Edit(match.start(), match.end(), "不可见字符") for match in _SHAPELESS.finditer(text)]
    return edits + [Edit(match.start(), match.end(), "换页符", "\n") for match in _PAGE_END.finditer(text)]
