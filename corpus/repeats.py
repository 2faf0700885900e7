"""What a page prints twice: the whole notice, its title, a teaser; and tables of contents."""

from __future__ import annotations

import re

from corpus.draft import Edit, line_spans
from corpus.labels import Kind, label_at
from corpus.titles import headline_edits

SECOND_COPY = "全文重复"
TEASER = "导语重复正文"
CONTENTS = "目录"

_LEAST = 200  # characters: shorter stretches may rightly stand twice
_TEASER_LEAST = 20


def _bare(line: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff0-9A-Za-z]", "", line)


def second_copy(text: str) -> list[Edit]:
    """The second printing of a notice that stands twice, one copy right behind the other."""
    spans = [span for span in line_spans(text) if text[slice(*span)].strip()]
    bare = [_bare(text[start:end]) for start, end in spans]
    first_seen: dict[str, int] = {}
    for index, line in enumerate(bare):
        if len(line) < _TEASER_LEAST:
            continue
        first = first_seen.setdefault(line, index)
        if first == index:
            continue
        run = _copy_run(bare, first, index)
        if run:
            begin, end = run
            return [Edit(spans[begin][0], spans[end - 1][1], SECOND_COPY)]
    return []


def _copy_run(bare: list[str], first: int, second: int) -> tuple[int, int] | None:
    """The lines of the second copy, if the lines from `first` on stand again from `second` on."""
    while first > 0 and second - 1 > first and bare[first - 1] == bare[second - 1]:
        first, second = first - 1, second - 1
    length = 0
    while (
        second + length < len(bare)
        and first + length < second
        and bare[first + length] == bare[second + length]
    ):
        length += 1
    copied = sum(map(len, bare[first : first + length]))
    between = sum(map(len, bare[first:second]))
    if length < 3 or copied < _LEAST or copied < 0.8 * between:
        return None
    return second, second + length


def teasers(text: str) -> list[Edit]:
    """A paragraph before the first clause that only repeats the opening of a later paragraph."""
    spans = [span for span in line_spans(text) if text[slice(*span)].strip()]
    lead = next((i for i, span in enumerate(spans) if label_at(text[slice(*span)])), 0)
    if not lead:
        return []
    bare = [_bare(text[start:end]) for start, end in spans]
    edits = []
    for index in range(lead):
        if len(bare[index]) < _TEASER_LEAST:
            continue
        if any(bare[index] in later and len(later) > len(bare[index]) for later in bare[lead:]):
            edits.append(Edit(*spans[index], TEASER))
    return edits


def headline(text: str) -> list[Edit]:
    """News headlines above the title, and a title that the page prints before the document does."""
    lines = []
    for start, end in line_spans(text):
        line = text[start:end]
        if label_at(line) or len(line) > 300 or ("。" in line and len(line) > 60) or len(lines) > 40:
            break
        if line.strip():
            lines.append((start, line))
    return headline_edits(lines)


def contents(text: str) -> list[Edit]:
    """A table of contents: the word 目录 and the headings behind it, which all come again."""
    sign = re.search(
        r"^[ \t\u3000\u00a0]*目[ \t\u3000\u00a0]*[录錄次][ \t\u3000\u00a0]*$", text, re.MULTILINE
    )
    if not sign:
        return []
    spans = [span for span in line_spans(text) if span[0] >= sign.start() and text[slice(*span)].strip()]
    bare = [re.sub(r"[.…·\d\s]+$", "", text[start:end]) for start, end in spans]
    last = 0
    for index in range(1, len(spans)):
        entry = _bare(bare[index])
        label = label_at(text[slice(*spans[index])])
        if label and label.kind == Kind.ARTICLE or not entry:
            break
        if not any(_bare(later).startswith(entry) for later in bare[index + 1 :]):
            break
        last = index
    if not last:
        return []
    return [Edit(sign.start(), spans[last][1], CONTENTS)]
