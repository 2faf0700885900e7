"""Example questions for the welcome, made from the documents that are loaded and tried before they are shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from chat.answer import Answer
from chat.contract import named
from chat.pool import Answerer
from corpus.document import Clause, Document

SHOWN = 4  # example questions; more would push the input off a small screen
TRIED = 24  # candidates asked at most, some milliseconds each
HEADING = (5, 22)  # characters of a heading that reads well inside a question

# 关于加快培育发展制造业优质企业的实施意见 → 加快培育发展制造业优质企业
_SUBJECT = re.compile(
    r"关于(?:印发|发布)?[《“]?(?P<subject>.+?)[》”]?的(?:若干|实施|指导)?(?:意见|通知|措施|方案|办法|规定)$"
)


def example_questions(assistant: Answerer, chosen: str = "") -> list[str]:
    """The questions in `chosen` (separated by |), else some that the assistant answers from its documents."""
    if chosen.strip():
        return [question.strip() for question in chosen.split("|") if question.strip()]
    shown: list[str] = []
    for tried, question in enumerate(_in_turn(assistant.snapshot.documents)):
        if len(shown) == SHOWN or tried == TRIED:
            break
        if question not in shown and _answered(assistant, question):
            shown.append(question)
    return shown


def _answered(assistant: Answerer, question: str) -> bool:
    *_, last = assistant.stream(question)
    return isinstance(last, Answer) and not last.refused and bool(last.citations)


def _in_turn(documents: Sequence[Document]) -> Iterator[str]:
    """A question of each document, of another kind from one to the next; then again, the kinds shifted."""
    for shift in range(len(KINDS)):
        for number, document in enumerate(documents):
            question = KINDS[(shift + number) % len(KINDS)](document)
            if question:
                yield question


def _goal(document: Document) -> str:
    goal = _first(document.clauses, lambda clause: "目标" in clause.heading)
    match = _SUBJECT.search(document.title)
    about = f"{document.region}{match['subject']}" if match and document.region else named(document)
    return f"{about}的主要目标是什么？" if goal else ""


def _charged(document: Document) -> str:
    clause = _first(document.clauses, lambda clause: bool(clause.departments) and _reads_well(clause.heading))
    return f"{_whose(document)}{_plain(clause.heading)}由哪些部门负责？" if clause else ""


def _measures(document: Document) -> str:
    # From the end, so that this is another clause than the one whose departments are asked for.
    clause = _first(reversed(document.clauses), lambda clause: _reads_well(clause.heading))
    return f"{_whose(document)}在“{_plain(clause.heading)}”方面有哪些措施？" if clause else ""


def _issuers(document: Document) -> str:
    return f"{document.region}{named(document)}是哪些部门印发的？" if document.issuers else ""


KINDS: tuple[Callable[[Document], str], ...] = (_charged, _goal, _measures, _issuers)


def _first(clauses: Iterable[Clause], fits: Callable[[Clause], bool]) -> Clause | None:
    return next((clause for clause in clauses if fits(clause)), None)


def _whose(document: Document) -> str:
    return document.region or ("国家" if document.level == "国家" else "")


def _plain(heading: str) -> str:
    return heading.strip().rstrip("。：:；")


def _reads_well(heading: str) -> bool:
    return HEADING[0] <= len(_plain(heading)) <= HEADING[1] and not re.search(
        r"[，,。；：\d]", _plain(heading)
    )
