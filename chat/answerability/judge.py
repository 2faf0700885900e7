"""Whether the sentences that rank first state what is asked, read by a network taught to tell it from near misses.

The ranking tells which sentence comes nearest, and its confidence whether any is near. A near miss is near: the clause
on the very subsidy says how much it is, and not how many days ahead one must apply. The judge reads question and
sentence as `chat.reading` does, by last layers of its own, which learned from pairs of questions: one that a document
answers, and one of the same form that it does not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from chat.answer import Statement
from chat.candidate import Candidate, Sentence
from chat.question import Kind, Question
from chat.quoting.section import names_heading
from chat.quoting.selection import Selection, is_body
from chat.quoting.yes_no import leaves_open
from chat.reading.network import READ as READS
from chat.reading.network import Head, load_head
from chat.reading.reader import WEIGHTS as READING
from chat.reading.reader import Reader, Said
from chat.reading.second import SecondReading, asks
from chat.reading.second import shipped as shipped_reading
from chat.refusal import states_period
from chat.roles import Role
from chat.select import Selector, asks_list
from corpus.document import Clause
from index.second_thread import SecondThread

WEIGHTS = Path(__file__).with_name("weights.onnx")
LEAST = -3.0  # log odds below which nothing is told
READ = 2  # sentences that are read, the first by the ranking; the better one decides
_JUDGED = (Kind.NUMBER, Kind.DATE, Kind.WHO, Kind.YES_NO, Kind.MEASURES, Kind.OPEN)
# What asks for anything at all on a matter, which nothing that speaks of the matter misses.
_ANYTHING = re.compile(
    r"(?:什么|啥|哪些)(?:样的)?(?:说法|政策|支持|扶持|帮扶|帮衬|帮助|好处|优惠|路子|门路|法子|招|新?(?:安排|举措|动作|花样|规定|讲究))"
    r"|(?:支持|扶持|补贴?|奖励?|奖补|资助)(?:的是)?(?:哪些|哪几个|什么|啥)(?:方向|方面|领域|环节|事项|内容|东西)"
)
_ROW = "|"  # of a table, which says nothing without its head


class Judge:
    """Tells whether questions are answered by the sentences found for them. Safe to use from several threads."""

    def __init__(self, reader: Reader, head: Head, said: Callable[[Clause, Sentence], Said]) -> None:
        """said: a sentence as it is read."""
        self._reader, self._head, self._said = reader, head, said
        self._second = SecondThread("judging")

    def start(self, selection: Selection) -> Callable[[], float | None]:
        """Begin to read; what is given back waits for the log odds that what is asked is stated.

        None where that is not judged: what several sentences answer together, what a document says of itself, what
        is understood only with the turns before, who acts where the clause names departments.
        """
        ranked = first_of(selection.candidates, READ)
        if not ranked or not _is_judged(selection, ranked[0]):
            return lambda: None
        asked, read = selection.question.unnamed, [self._said(c.clause, c.sentence) for c in ranked]
        return self._second.start(lambda: max(self._reader.judge(self._head, asked, read)))


def first_of(candidates: Iterable[Candidate], count: int) -> list[Candidate]:
    """The sentences that rank first, headings left out."""
    said = (candidate for candidate in candidates if candidate.sentence.role != "heading")
    return sorted(said, key=lambda candidate: -candidate.behind)[:count]


def _is_judged(selection: Selection, first: Candidate) -> bool:
    question = selection.question
    if not asks(question.unnamed):
        return False  # the network has learned from questions
    if states_period(selection) or names_heading(selection):
        return False  # the title or a heading says it
    if question.kind not in _JUDGED or _ROW in first.sentence.text or not is_body(first):
        return False
    if question.kind is Kind.WHO and first.clause.departments:
        return False
    if question.kind is Kind.MEASURES and _ANYTHING.search(question.wording):
        return False
    apart = question.follows or question.labels or question.departments or asks_list(question)
    return not (apart or selection.sides or selection.parts or Role.CONTACT in question.roles)


def states(odds: float | None, question: Question, told: Sequence[Statement]) -> bool:
    """Whether what is told may stand. odds: as `Judge.start` gives them; none decides nothing.

    A yes or no that the text settles may, whatever the odds.
    """
    settled = question.kind is Kind.YES_NO and not leaves_open(told)
    return odds is None or odds >= LEAST or settled


def judge_of(
    selector: Selector, reading: SecondReading | None
) -> Callable[[Selection], Callable[[], float | None]]:
    """As `Judge.start`, by the layers in the repository; judges nothing where another network reads, or none."""
    if reading is None or reading is not shipped_reading() or (head := shipped()) is None:
        return lambda selection: lambda: None
    return Judge(reading.reader, head, selector.said).start


@lru_cache(maxsize=1)
def shipped() -> Head | None:
    """The last layers in the repository, read once; None where they were taught over other first layers."""
    head = load_head(WEIGHTS)
    return head if head.below == digest_of() else None


def digest_of(below: Path = READING / READS) -> str:
    """What tells the first layers that the last ones were taught over."""
    return hashlib.sha256(below.read_bytes()).hexdigest()
