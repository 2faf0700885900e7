"""What a page prints twice: the whole notice, its title, a teaser; and tables of contents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.draft import Edit, lines
from corpus.labels import Kind, label_at
from corpus.titles import announces, headline_edits

SECOND_COPY = "全文重复"
TEASER = "导语重复正文"
CONTENTS = "目录"

_LEAST_COPY = 200  # characters; shorter stretches may rightly stand twice
_LEAST_LINE = 20
_MOST_TRIES = 50  # lines that stand twice; a second printing shows with its first
_MOST_HEADER = 40  # lines
_LONGEST_HEADER = 300  # characters
_NOT_WORDS = re.compile(r"[^\u4e00-\u9fff0-9A-Za-z]+")
_CONTENTS = re.compile(r"^目[ \t\u3000\u00a0]*[录次]$", re.MULTILINE)
_PAGE = re.compile(r"[.…·．\d\s]+$")


def _bare(line: str) -> str:
    return _NOT_WORDS.sub("", line)


def second_copy(text: str) -> list[Edit]:
    """The second printing of a notice that stands twice, one copy right behind the other."""
    spans = lines(text)
    words = [text[start:end] for start, end in spans]
    seen: dict[str, int] = {}
    bare: list[str] = []
    tries = 0
    for index, line in enumerate(words):
        if len(line) < _LEAST_LINE or tries == _MOST_TRIES:
            continue
        first = seen.setdefault(line, index)
        if first < index:
            bare = bare or [_bare(line) for line in words]
            tries += 1
            if copied := _copied(bare, first, index):
                return [Edit(spans[a][0], spans[b][1], SECOND_COPY) for a, b in _stretches(copied)]
    return []


def _copied(bare: list[str], first: int, second: int) -> list[int]:
    """The lines from `second` on that repeat those from `first` on, if they repeat nearly all of them."""
    middle = first
    while first > 0 and second - 1 > middle and bare[first - 1] == bare[second - 1]:
        first, second = first - 1, second - 1
    places = []
    left, right = first, second
    while left < second and right < len(bare):
        if bare[left] == bare[right]:
            places.append(right)
        elif left + 1 < second and bare[left + 1] == bare[right]:
            left += 1
            continue
        elif right + 1 < len(bare) and bare[left] == bare[right + 1]:
            right += 1
            continue
        left, right = left + 1, right + 1
    copied = sum(len(bare[place]) for place in places)
    between = sum(map(len, bare[first:second]))
    if len(places) < 3 or copied < _LEAST_COPY or copied < 0.8 * between:
        return []
    return places


def _stretches(places: Sequence[int]) -> list[tuple[int, int]]:
    """Rising numbers as stretches of neighbours: their first and last."""
    stretches: list[tuple[int, int]] = []
    for place in places:
        if stretches and stretches[-1][1] == place - 1:
            stretches[-1] = (stretches[-1][0], place)
        else:
            stretches.append((place, place))
    return stretches


def teasers(text: str) -> list[Edit]:
    """A paragraph before the first clause that only repeats the opening of a clause without its number."""
    header = lines(text)[:_MOST_HEADER]
    first = next((place for place, span in enumerate(header) if label_at(text[slice(*span)])), 0)
    candidates = [
        (start, end)
        for place, (start, end) in enumerate(header[:first])
        if end - start >= _LEAST_LINE
        and "。" in text[start:end]
        and not (place and text[header[place - 1][1] - 1] in "：:")
    ]
    if not candidates:
        return []
    clauses = [
        text[start + label.end : end]
        for start, end in lines(text)[first:]
        if (label := label_at(text[start:end]))
    ]
    return [
        Edit(start, end, TEASER)
        for start, end in candidates
        if any(clause.startswith(text[start:end].rstrip("。….")) for clause in clauses)
    ]


def headline(text: str) -> list[Edit]:
    """News headlines above the title, and a title that the page prints before the document does."""
    header: list[tuple[int, str]] = []
    announced = None
    for start, end in lines(text)[:_MOST_HEADER]:
        line = text[start:end]
        if label_at(line) or len(line) > _LONGEST_HEADER:
            break
        if "。" in line and len(line) > 60:
            announced = len(header) if announces(line) else None
            break
        header.append((start, line))
    return headline_edits(header, announced)


def contents(text: str) -> list[Edit]:
    """A table of contents: the word 目录 and at least two headings behind it, which all come again."""
    sign = _CONTENTS.search(text)
    if not sign:
        return []
    spans = [span for span in lines(text) if span[0] >= sign.start()]
    bare = [_bare(_PAGE.sub("", text[start:end])) for start, end in spans]
    last = 0
    for index in range(1, len(spans)):
        label = label_at(text[slice(*spans[index])])
        if (label and label.kind == Kind.ARTICLE) or not bare[index]:
            break
        if not any(later.startswith(bare[index]) for later in bare[index + 1 :]):
            break
        last = index
    # The first heading of the text itself ends the table, for it does not come again behind it.
    return [Edit(sign.start(), spans[last][1], CONTENTS)] if last >= 2 else []
