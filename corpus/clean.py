"""From the source as published to the text of the policy, with a map back and reasons for what went."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus import breaks, fields, furniture, markup, repeats
from corpus.document import Removed
from corpus.draft import Draft, Edit, merge_removed
from corpus.script import is_traditional, simplify

_CONTROL = re.compile(
    r"[\ufeff\u200b-\u200f\u2028-\u202e\u2060-\u2064\u00ad\x00-\x08\x0e-\x1f\ue000-\uf8ff]+|\r(?=\n)"
)
_PAGE_END = re.compile(r"[\f\v\r\u2028\u2029\x85]")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The text of the policy in simplified script, each character's place in the source, and what went.

    The source offsets of the text and the removed stretches together are the whole source.
    """

    text: str
    offsets: Sequence[int]
    removed: tuple[Removed, ...]
    fields: tuple[fields.Field, ...] = ()  # metadata that the page printed beside the policy
    traditional: bool = False


def clean(source: str) -> Cleaned:
    """Take everything out of the source that is not the policy's own text."""
    traditional = is_traditional(source)
    draft = Draft.of(simplify(source) if traditional else source)
    draft = draft.apply(_characters(draft.text))
    draft = draft.apply(markup.front_matter(draft.text))
    if "<" in draft.text and markup.has_html(draft.text):
        draft = draft.apply(markup.html_outside(draft.text))
        draft = draft.apply(markup.html_tags(draft.text))
    draft = draft.apply(markup.markdown(draft.text))
    found = tuple(fields.fields(draft.text))
    steps: tuple[Callable[[str], list[Edit]], ...] = (
        fields.field_edits,
        furniture.furniture,
        repeats.contents,
        breaks.hard_breaks,
        breaks.blanks,
        breaks.inner_blanks,
        repeats.second_copy,
        repeats.headline,
        repeats.teasers,
        breaks.blanks,
    )
    for step in steps:
        draft = draft.apply(step(draft.text))
    return Cleaned(draft.text, draft.offsets, merge_removed(draft.removed), found, traditional)


def _characters(text: str) -> list[Edit]:
    """Marks without a shape, and line ends of other systems."""
    edits = [Edit(m.start(), m.end(), "不可见字符") for m in _CONTROL.finditer(text)]
    return edits + [
        Edit(m.start(), m.end(), "换页符", "\n")
        for m in _PAGE_END.finditer(text)
        if m[0] != "\r" or text[m.end() : m.end() + 1] != "\n"
    ]
