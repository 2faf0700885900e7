"""Which documents of a corpus another one has replaced: what it repeals, and older versions of one title."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chat.places import region_of
from chat.question import Kind, Question
from chat.quoting.times import repealed_by
from chat.validity import is_before
from corpus.document import Document

_FORMER = re.compile(
    r"(?:老|旧|原)(?:的)?(?:办法|规定|政策|文件|条例|版|法)|旧版|老版|修订前|修改前|以前的?(?:办法|规定|政策|文件|条例)|原来的?(?:办法|规定|政策|文件|条例)?|以前|过去|从前|废止"
)
_TOGETHER = (Kind.COMPARISON, Kind.DOCUMENT, Kind.CORPUS)  # kinds that may be about a former document as such


@dataclass(frozen=True)
class Succession:
    """The documents that have been replaced, each with the one that replaces it."""

    _by_id: Mapping[str, Document] = field(repr=False)

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Succession:
        """Find them among `documents`."""
        found: dict[str, Document] = {}
        citing: dict[str, list[Document]] = defaultdict(list)
        titled: dict[tuple[str, str], list[Document]] = defaultdict(list)
        for document in documents:
            for number in document.cites:
                citing[number].append(document)
            titled[document.title, region_of(document)].append(document)
        for document in documents:
            versions = [d for d in titled[document.title, region_of(document)] if is_before(document, d)]
            for other in (*citing.get(document.number, ()), *versions):
                if other in versions or repealed_by(document, [other]):
                    known = found.get(document.id)
                    if known is None or is_before(known, other):
                        found[document.id] = other
        return cls(found)

    def former(self, question: Question, documents: Sequence[Document]) -> frozenset[str]:
        """The ids of those of `documents` that others of them have replaced by the day of the question."""
        if not self._by_id or question.kind in _TOGETHER or question.sides or question.labels:
            return frozenset()
        ids = {d.id for d in documents}
        return frozenset(
            replaced
            for replaced, later in self._by_id.items()
            if replaced in ids
            and later.id in ids
            and (later.valid_from is None or later.valid_from <= question.as_of)
        )


def asks_former(question: Question) -> bool:
    """Whether a question wants to know how it was before."""
    return bool(_FORMER.search(question.wording))
