"""Example questions for the welcome, made from the documents that are loaded and tried before they are shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from chat.answer import Answer
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
    documents = assistant.snapshot.documents
    shown: list[str] = []
    for tried, question in enumerate(_in_turn([list(_candidates(document)) for document in documents])):
        if len(shown) == SHOWN or tried == TRIED:
            break
        if question not in shown and _answered(assistant, question):
            shown.append(question)
    return shown


def _answered(assistant: Answerer, question: str) -> bool:
    *_, last = assistant.stream(question)
    return isinstance(last, Answer) and not last.refused and bool(last.citations)


def _in_turn(lists: Sequence[Sequence[str]]) -> Iterator[str]:
    """One of the first document, one of the second, …; another kind of question from each."""
    longest = max(map(len, lists), default=0)
    for shift in range(longest):
        for number, each in enumerate(lists):
            if each and shift < len(each):
                yield each[(shift + number) % len(each)]


def _candidates(document: Document) -> Iterator[str]:
    whose = document.region or ("国家" if document.level == "国家" else "")
    name = _name(document)
    goal = _first(document.clauses, lambda clause: "目标" in clause.heading)
    if goal:
        yield f"{name}的主要目标是什么？"
    charged = _first(
        document.clauses, lambda clause: bool(clause.departments) and _reads_well(clause.heading)
    )
    if charged:
        yield f"{whose}{_plain(charged.heading)}由哪些部门负责？"
    measure = _first(reversed(document.clauses), lambda clause: _reads_well(clause.heading))
    if measure:
        yield f"{whose}在“{_plain(measure.heading)}”方面有哪些措施？"
    if document.issuers:
        yield f"{name}是哪些部门印发的？"


def _first(clauses: Iterable[Clause], fits: Callable[[Clause], bool]) -> Clause | None:
    return next((clause for clause in clauses if fits(clause)), None)


def _name(document: Document) -> str:
    match = _SUBJECT.search(document.title)
    if match and document.region:
        return f"{document.region}{match['subject']}"
    title = re.sub(r"^.*?关于印发《(.+?)》的通知$", r"\1", document.title)
    return f"《{title}》" if "《" not in title else title


def _plain(heading: str) -> str:
    return heading.strip().rstrip("。：:；")


def _reads_well(heading: str) -> bool:
    return HEADING[0] <= len(_plain(heading)) <= HEADING[1] and not re.search(
        r"[，,。；：\d]", _plain(heading)
    )
