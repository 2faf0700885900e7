"""The one path from a question to an answer: understand → retrieve → write → check → show."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from chat.answer import Answer, Reason, Statement
from chat.check import Checker
from chat.curated.book import CuratedBook
from chat.curated.entries import CuratedStore
from chat.naming import Catalog
from chat.question import Filters, Kind, Question, Turn
from chat.quoting.about import time_notes
from chat.quoting.selection import Selection, evidence_of
from chat.quoting.writer import QuotingWriter
from chat.refusal import Refusal, not_stated, refuse_after_search, refuse_before_search
from chat.select import Selector
from chat.spelling import Spelling
from chat.understand import Understanding
from chat.validity import validity
from corpus.document import Clause, Document
from index.passage import Evidence
from index.store import Snapshot

_EVIDENCE = 24  # passages read for one question
_LABELLED = 20  # documents among which a clause is looked up by its number
_CLOSEST = 3  # clauses offered with a refusal


class Writer(Protocol):
    """Writes the statements of an answer from what was found."""

    def write(self, selection: Selection) -> Iterator[Statement]:
        """Yield statements in reading order; none where the evidence does not answer."""


class Assistant:
    """Answers questions from one immutable snapshot of the corpus. Safe to use from several threads."""

    def __init__(
        self, snapshot: Snapshot, writer: Writer | None = None, curated: CuratedStore | None = None
    ) -> None:
        self.snapshot = snapshot
        self.catalog = Catalog.of(snapshot.documents)
        departments = {
            d.name for document in snapshot.documents for c in document.clauses for d in c.departments
        }
        self._understanding = Understanding(self.catalog, tuple(departments), Spelling.of(snapshot.documents))
        self._selector = Selector(snapshot.index.embedder)
        self._writer = writer or QuotingWriter(self._selector)
        self._checker = Checker(snapshot.documents)
        self._by_id = {document.id: document for document in snapshot.documents}
        self.curated = (
            CuratedBook(curated, snapshot.documents, self._understanding.understand, self._checker)
            if curated
            else None
        )

    def understand(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        as_of: date | None = None,
    ) -> Question:
        """The question as it is understood before anything is searched."""
        return self._understanding.understand(text, history, filters, as_of)

    def ask(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """Answer one question. Refusals are answers too; nothing is raised for what a user may type."""
        *_, answer = self.stream(text, history, filters, as_of)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        as_of: date | None = None,
    ) -> Iterator[Statement | Answer]:
        """Yield the statements that passed the check as they come, then the whole answer."""
        clock = _Clock()
        question = self._understanding.understand(text, history, filters, as_of)
        clock.lap("understand")
        refusal = refuse_before_search(question, self.catalog)
        selection = self._select(question)
        clock.lap("retrieve")
        approved = self.curated.find(question) if self.curated else ()
        if approved:
            yield from approved
            clock.lap("write")
            whole = self._answer(question, selection, None, list(approved), [], clock)
            yield replace(whole, origin="curated")
            return
        refusal = refusal or refuse_after_search(selection, self.snapshot.manifest.calibration)
        statements: list[Statement] = []
        dropped: list[Statement] = []
        if refusal is None:
            for statement in self._checked(self._writer.write(selection), question, dropped):
                statements.append(statement)
                yield statement
            for statement in self._checked(time_notes(statements, question), question, dropped):
                statements.append(statement)
                yield statement
            if not any(statement.citations for statement in statements):
                refusal = not_stated(selection)
        clock.lap("write")
        yield self._answer(question, selection, refusal, statements, dropped, clock)

    def _checked(
        self, written: Iterable[Statement], question: Question, dropped: list[Statement]
    ) -> Iterator[Statement]:
        """The statements that pass the check; the others go to `dropped`. A notice waits for what it introduces."""
        held: list[Statement] = []
        for statement in written:
            if not self._checker.check(statement, question).ok:
                dropped.append(statement)
            elif statement.citations:
                yield from held
                held.clear()
                yield statement
            else:
                held.append(statement)
        yield from (notice for notice in held if not notice.text.endswith("："))

    def _select(self, question: Question) -> Selection:
        """Search within the documents that the constraints leave, and mark every sentence found."""
        allowed = question.documents
        documents = (
            self.snapshot.documents
            if allowed is None
            else tuple(self._by_id[i] for i in allowed if i in self._by_id)
        )
        evidence: list[Evidence] = []
        wanted = question.search_text or question.text
        if documents and wanted.strip() and question.kind is not Kind.CORPUS:
            evidence = self.snapshot.index.search(wanted, _EVIDENCE, documents=allowed)
        if question.labels and len(documents) <= _LABELLED:
            # A clause named by its number is the evidence, whatever a search would find.
            evidence = [evidence_of(clause) for clause in _labelled(documents, question.labels)]
        candidates = self._selector.candidates(question, evidence)
        return Selection(question, tuple(evidence), tuple(candidates), documents, self._selector.outline)

    def _answer(
        self,
        question: Question,
        selection: Selection,
        refusal: Refusal | None,
        statements: list[Statement],
        dropped: list[Statement],
        clock: _Clock,
    ) -> Answer:
        answer = Answer(
            id=uuid.uuid4().hex,
            question=question,
            statements=tuple(statements),
            evidence=selection.evidence,
            dropped=tuple(dropped),
            timings=clock.laps,
        )
        if refusal is not None:
            reason = Reason.UNCHECKED if dropped and not statements else refusal.reason
            closest = () if refusal.reason is Reason.BLANK else self._closest(question, selection)
            return replace(answer, statements=(refusal.notice,), refused=True, reason=reason, closest=closest)
        return replace(answer, warnings=_warnings(answer))

    def _closest(self, question: Question, selection: Selection) -> tuple[Evidence, ...]:
        """The clauses offered instead of an answer: the best found, each clause once."""
        evidence: Sequence[Evidence] = selection.evidence
        if not evidence and question.text.strip():
            evidence = self.snapshot.index.search(question.search_text or question.text, _EVIDENCE)
        unique = {
            item.passage.clause.id + item.passage.clause.document.id: item for item in reversed(evidence)
        }
        return tuple(list(unique.values())[::-1][:_CLOSEST])


def _labelled(documents: Sequence[Document], labels: Sequence[str]) -> list[Clause]:
    """The clauses that bear one of the numbers, with what stands below them."""
    numbers = {re.sub(r"^第(.+?)(?:部分|项任务|条)$", r"\1", label) for label in labels} | set(labels)
    return [clause for document in documents for clause in document.clauses if numbers & set(clause.path)][
        :_EVIDENCE
    ]


def _warnings(answer: Answer) -> tuple[str, ...]:
    """What a reader must know of the time in which the cited documents hold, once per document."""
    cited = dict.fromkeys(citation.document for citation in answer.citations)
    judged = [(document, validity(document, answer.question.as_of)) for document in cited]
    notes = [f"《{document.title}》{state.note}" for document, state in judged if state.warns]
    if any(document.traditional for document in cited):
        notes.append("引文由繁体来源自动转换为简体，以来源原文为准")
    return tuple(notes)


class _Clock:
    """Milliseconds per step."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = (now - self._last) * 1000
        self._last = now
