"""The one path from a question to an answer: understand → retrieve → write → check → show."""

from __future__ import annotations

import copy
import functools
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from chat.answer import Answer, Reason, Statement, Usage, whole_of
from chat.answerability.judge import judge_of, states
from chat.asker import may_be_without, nearer, of_the_wish, stands_alone
from chat.check import Checker
from chat.clock import Clock
from chat.context import Context
from chat.curated.book import CuratedBook
from chat.curated.entries import CuratedStore
from chat.dictionary import dictionary
from chat.followup import in_full
from chat.naming import Catalog
from chat.outline import labelled
from chat.question import Filters, Kind, Question, Turn
from chat.quoting.selection import Selection, evidence_of
from chat.quoting.times import time_notes, warnings_of
from chat.quoting.whole import told_whole
from chat.quoting.writer import QuotingWriter
from chat.ranking.model import Ranking, ranking_for
from chat.reading.second import SecondReading
from chat.reading.second import shipped as shipped_reading
from chat.refusal import (
    Refusal,
    not_stated,
    refuse_after_search,
    refuse_before_search,
    speaks_of_own,
    supported,
)
from chat.select import Selector
from chat.spelling import Spelling
from chat.succession import Succession, asks_both, asks_former
from chat.understand import Understanding
from chat.writing.compose import Composed, compose, together
from chat.writing.opening import Writing
from chat.writing.rewrite import Completion
from corpus.document import Document
from index.passage import Evidence
from index.store import Snapshot

_EVIDENCE = 16  # passages read for one question; of 24 the last eight only led astray
_ROWS, _LEAST_EACH = 6, 5  # documents of which each is searched where they are compared, passages of each
_LABELLED = 20  # documents among which a clause is looked up by its number
_HALF, _WHOLE = 0.1, 0.35  # confidence of a follow-up by itself, and read in full, from which it is answered
_CLOSEST = 3  # clauses offered with a refusal
_LEARNED = 500  # clauses that the check reads beforehand, a millisecond and 50 kB each


class Writer(Protocol):
    """Writes the statements of an answer from what was found."""

    def write(self, selection: Selection) -> Iterator[Statement]:
        """Yield statements in reading order; none where the evidence does not answer."""


class Assistant:
    """Answers questions from one immutable snapshot of the corpus. Safe to use from several threads.

    `writing`: a language model that puts into words what the quoting writer found. Whether a question is
    answered, and which clauses come first, does not depend on it. `curated`: answers that staff wrote.
    `ranking`: which sentences answer, as learned; where none is given, the one in the repository if it was
    learned with models like this one, together with the `reading` that goes with it. Not `ranked`, words, meaning and fixed thresholds decide.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        writing: Writing | None = None,
        curated: CuratedStore | None = None,
        ranking: Ranking | None = None,
        ranked: bool = True,
        reading: SecondReading | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.catalog = Catalog.of(snapshot.documents)
        departments = {
            d.name for document in snapshot.documents for c in document.clauses for d in c.departments
        }
        self._understanding = Understanding(
            self.catalog,
            tuple(departments),
            Spelling.of(snapshot.documents),
            snapshot.index.words.frequency,
        )
        if ranked and ranking is None and (ranking := ranking_for(snapshot.index.embedder)):
            reading = reading or shipped_reading()
        self._selector = (
            Selector(snapshot.index.embedder, ranking, reading)
            if ranked
            else Selector(snapshot.index.embedder)
        )
        self._judge = judge_of(self._selector, reading)
        self._succession = Succession.of(snapshot.documents)
        self._context = Context(snapshot.index, self._understanding, self._about)
        self._writer: Writer = QuotingWriter(self._selector)
        self._writing = writing
        self._checker = Checker(snapshot.documents)
        by_id = {document.id: document for document in snapshot.documents}
        # Of a large corpus most questions are put to the same thousand documents.
        self._held = functools.lru_cache(maxsize=64)(lambda ids: tuple(by_id[i] for i in ids if i in by_id))
        self.curated = (
            CuratedBook(curated, snapshot.documents, self._understanding.understand, self._checker)
            if curated
            else None
        )

    def warm(self) -> None:
        """Read a corpus that is not too large before anybody asks, of a larger one its words; may run beside answers."""
        if self._selector.warm(self.snapshot.index.passages):
            clauses = [clause for document in self.snapshot.documents for clause in document.clauses]
            self._checker.learn(clauses[:_LEARNED])
        else:
            frequency, vocabulary = dictionary().frequency, self.snapshot.index.words.vocabulary()
            self._selector.matcher.learn_words(
                word for word in vocabulary if len(word) > 1 and frequency(word)
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

    def find(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        as_of: date | None = None,
    ) -> tuple[Question, tuple[Evidence, ...]]:
        """The question as understood, and what is found for it, before anything is chosen."""
        question = self._context.kept(self._understanding.understand(text, history, filters, as_of))
        return question, self._select(question).evidence

    @property
    def quoting(self) -> Assistant:
        """The same without the language model: what it refuses the whole refuses too, in milliseconds."""
        alone = copy.copy(self)
        alone._writing = None
        return alone

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
        clock = Clock()
        question = self._understanding.understand(text, history, filters, as_of)
        completing: Usage | None = None
        if question.follows and self._writing and self._writing.completion:
            question, completing = self._complete(question, self._writing.completion)
        question = self._both_versions(self._context.kept(question))
        clock.lap("understand")
        refusal = refuse_before_search(question, self.catalog)
        selection = self._found(question)
        question = selection.question
        clock.lap("retrieve")
        approved = self.curated.find(question) if self.curated else ()
        if approved:
            yield from approved
            clock.lap("write")
            whole = self._answer(question, selection, None, list(approved), [], clock)
            yield replace(whole, origin="curated")
            return
        refusal = refusal or refuse_after_search(selection)
        statements: list[Statement] = []
        dropped: list[Statement] = []
        composed: Composed | None = None
        if refusal is None:
            for item in self._written(selection, dropped):
                if isinstance(item, Composed):
                    composed = item
                    continue
                statements.append(item)
                yield item
            for statement in self._checked(time_notes(selection, statements), question, dropped):
                statements.append(statement)
                yield statement
            if not any(statement.citations for statement in statements):
                refusal = not_stated(selection)
        clock.lap("write")
        answer = self._answer(question, selection, refusal, statements, dropped, clock)
        yield _with_model(answer, composed, completing)

    def _written(self, selection: Selection, dropped: list[Statement]) -> Iterator[Statement | Composed]:
        """The statements that passed the check, in the model's words where there is a model and it keeps to them."""
        question = selection.question
        judged = self._judge(selection)
        found = list(self._checked(self._writer.write(selection), question, dropped))
        if not supported(selection, found) or not states(judged(), question, found):
            return
        found = list(told_whole(selection, found, lambda told: self._accepts(told, question)))
        if self._writing is None or question.kind is Kind.CORPUS:
            yield from found
            return
        if not any(statement.citations for statement in found):
            yield from found  # to be refused; the model is not asked
            return
        for item in compose(self._writing.writer, selection, found, self._accepts):
            if isinstance(item, Composed):
                dropped.extend(item.dropped)
            yield item

    def _accepts(self, statement: Statement, question: Question) -> bool:
        return self._checker.check(statement, question).ok

    def _complete(self, question: Question, completion: Completion) -> tuple[Question, Usage]:
        """A follow-up as the model completes it; as the rules understood it where the model fails or adds anything."""
        written, usage = completion.complete(question.text, question.history)
        if not written:
            return question, usage
        whole = self._understanding.understand(written, (), question.filters, question.as_of)
        whole = replace(
            whole, text=question.text, history=question.history, script=question.script, follows=True
        )
        return whole, usage

    def _both_versions(self, question: Question) -> Question:
        """A question on what was and what now is, as a comparison of the former document and the one in force."""
        if not asks_both(question):
            return question
        found = self.snapshot.index.search(question.search_text, _EVIDENCE, documents=question.documents)
        pair = self._succession.pair(list(dict.fromkeys(e.passage.clause.document.id for e in found)))
        if not pair:
            return question
        return replace(question, kind=Kind.COMPARISON, documents=pair, sides=(), parts=())

    def _about(self, question: Question) -> tuple[str, ...]:
        """The document that a question is about: the one that answers it best."""
        leading = self._select(self._understanding.constrain(question)).leading(0.97, 1)
        return tuple(document.id for document in leading)

    def _checked(
        self, written: Iterable[Statement], question: Question, dropped: list[Statement]
    ) -> Iterator[Statement]:
        """The statements that pass the check; the others go to `dropped`. A notice waits for what it introduces."""
        held: list[Statement] = []
        nameless = False  # the row was dropped that named what the next ones are about
        for statement in written:
            goes_on = statement.form == "row" and not statement.lead
            nameless = nameless and goes_on
            if nameless or not self._checker.check(statement, question).ok:
                nameless = nameless or statement.form == "row" and not goes_on
                dropped.append(statement)
                if (whole := whole_of(statement)) and self._checker.check(whole, question).ok:
                    yield from held
                    held.clear()
                    yield whole
            elif statement.citations:
                yield from held
                held.clear()
                yield statement
            else:
                held.append(statement)
        yield from (notice for notice in held if not notice.text.endswith("："))

    def _found(self, question: Question) -> Selection:
        """What is found for a question; for a follow-up that by itself hardly finds an answer, read in full.

        The words of the turn before would make any of its sentences likely, so that the turn itself must come near, too.
        """
        selection = self._beside_asker(question, self._select(question))
        whole = in_full(question)
        if whole is None or selection.confidence is None or selection.confidence < _HALF:
            return selection
        if refuse_after_search(selection) is None:
            return selection
        whole = replace(self._understanding.constrain(whole), documents=question.documents)
        again = self._select(whole)
        answers = again.confidence is not None and again.confidence >= _WHOLE and speaks_of_own(again)
        return again if answers and refuse_after_search(again) is None else selection

    def _beside_asker(self, question: Question, found: Selection) -> Selection:
        """What is found for a question, or for the same without who asks where that answers it better."""
        if not (text := may_be_without(question)):
            return found
        rest = self._understanding.understand(text, (), question.filters, question.as_of)
        if not stands_alone(rest, question):
            return found
        return nearer(found, self._select(of_the_wish(question, rest)))

    def _select(self, question: Question) -> Selection:
        """Search within the documents that the constraints leave, and mark every sentence found."""
        documents = self._allowed(question)
        former = self._succession.former(question)
        if former and asks_former(question):
            question = replace(question, documents=tuple(former))
            documents, former = self._allowed(question), frozenset()
        evidence: list[Evidence] = []
        wanted = question.search_text or question.text
        if documents and wanted.strip() and question.kind is not Kind.CORPUS:
            evidence = self._evidence(question, wanted)
        if question.labels and len(documents) <= _LABELLED:
            # A clause named by its number is the evidence, whatever a search would find.
            evidence = [evidence_of(clause) for clause in labelled(documents, question.labels)[:_EVIDENCE]]
        sides = tuple((name, self._select(side)) for name, side in question.sides)
        parts = tuple(self._found(self._context.kept(part, slack=0.0)) for part in question.parts)
        distance = self.snapshot.manifest.calibration.distance(evidence)
        candidates, confidence = self._selector.choose(question, evidence, distance, former)
        return Selection(
            question,
            tuple(evidence),
            tuple(candidates),
            documents,
            self._selector.outline,
            distance,
            self.snapshot.manifest.calibration,
            sides,
            self.snapshot.documents,
            parts,
            confidence,
            self._selector.reads(question),
        )

    def _evidence(self, question: Question, wanted: str) -> list[Evidence]:
        """The passages for a question; of several documents that are compared some of each."""
        index, allowed = self.snapshot.index, question.documents
        if question.kind is Kind.COMPARISON and not question.sides and allowed and 1 < len(allowed) <= _ROWS:
            return index.search_each(wanted, max(_EVIDENCE // len(allowed), _LEAST_EACH), allowed)
        return index.search(wanted, _EVIDENCE, documents=allowed)

    def _allowed(self, question: Question) -> tuple[Document, ...]:
        """The documents that the constraints leave."""
        if question.documents is None:
            return self.snapshot.documents
        return self._held(question.documents)

    def _answer(
        self,
        question: Question,
        selection: Selection,
        refusal: Refusal | None,
        statements: list[Statement],
        dropped: list[Statement],
        clock: Clock,
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
        return replace(answer, warnings=warnings_of(answer))

    def _closest(self, question: Question, selection: Selection) -> tuple[Evidence, ...]:
        """The clauses offered instead of an answer: the best found, each clause once."""
        evidence: Sequence[Evidence] = selection.evidence
        if not evidence and question.text.strip():
            evidence = self.snapshot.index.search(question.search_text or question.text, _EVIDENCE)
        unique = {
            item.passage.clause.id + item.passage.clause.document.id: item for item in reversed(evidence)
        }
        return tuple(list(unique.values())[::-1][:_CLOSEST])


def _with_model(answer: Answer, composed: Composed | None, completing: Usage | None) -> Answer:
    """The answer with what a language model had to do with it."""
    usages = [usage for usage in (completing, composed.usage if composed else None) if usage]
    usage = functools.reduce(together, usages) if usages else None
    if composed is None or answer.refused:
        return replace(answer, usage=usage)
    return replace(answer, origin=composed.origin, notes=composed.notes, usage=usage)
