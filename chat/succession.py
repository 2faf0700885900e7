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
_BEFORE = r"(?<![年月日报请置案办交领立成后])(?:以前|之前)|原来|原先|过去|从前|早先|(?:老|旧|原)(?:的)?(?:办法|规定|政策|文件|条例|版本?|标准)"
_NOW = r"现在|如今|现行|眼下|目前|新(?:的)?(?:办法|规定|政策|文件|条例|版本?|标准)|修订后|修改后|改了(?:以|之)?后"
# Both the old and the new are asked for.
_BOTH = re.compile(
    rf"新旧|新老(?=[两二]|办法|规定|政策|文件|条例|版)|(?:{_BEFORE}).*(?:{_NOW})|(?:{_NOW}).*(?:{_BEFORE})"
    r"|(?:修订|修改|修正|改版|更新)(?:前后|(?:以|之)?后[^，。]{0,12}(?:变|不同|区别|改))|(?:修订|修改|调整)了(?:哪些|什么|啥|多少)"
    r"|比(?:以前|之前|原来|过去|老办法|旧办法|老政策|旧政策|旧版|老版).{0,16}(?:[多高少低大长短严松]|变|区别|不同)"
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

    def former(self, question: Question) -> frozenset[str]:
        """The ids of those documents a question is put to that others of them have replaced by its day."""
        if not self._by_id or question.kind in _TOGETHER or question.sides or question.labels:
            return frozenset()
        ids = None if question.documents is None else set(question.documents)
        return frozenset(
            replaced
            for replaced, later in self._by_id.items()
            if (ids is None or replaced in ids and later.id in ids)
            and (later.valid_from is None or later.valid_from <= question.as_of)
        )

    def pair(self, found: Sequence[str]) -> tuple[str, ...]:
        """A former document and the one that replaced it, of those found for a question; none where it has no two.

        found: their ids, best first.
        """
        pairs = [(i, self._by_id[i].id) for i in found if i in self._by_id and self._by_id[i].id in found]
        return min(pairs, key=lambda pair: min(map(found.index, pair)), default=())


def asks_former(question: Question) -> bool:
    """Whether a question wants to know how it was before."""
    return bool(_FORMER.search(question.wording))


def asks_both(question: Question) -> bool:
    """Whether a question compares how it was with how it is now."""
    if question.labels or question.kind is Kind.YES_NO:
        return False
    return bool(_BOTH.search(question.wording))
