"""The quoting writer: one way of answering for each kind of question."""

from __future__ import annotations

from collections.abc import Iterator

from chat.answer import Statement
from chat.question import Kind, Question
from chat.quoting.about import cite_validity, write_about, write_corpus
from chat.quoting.comparison import write_comparison
from chat.quoting.departments import write_departments, write_tasks
from chat.quoting.figures import write_figures
from chat.quoting.selection import Selection, name_of
from chat.quoting.sentences import write_sentences
from chat.quoting.yes_no import write_yes_no
from chat.select import Selector
from chat.validity import validity
from corpus.document import Document

_SHARE = 0.92  # a further document answers as well when its best sentence comes this close to the best
_MOST = 3  # documents that answer one question which names none


class QuotingWriter:
    """Selects and arranges sentences of the policies. Needs no language model, and cannot invent."""

    def __init__(self, selector: Selector, least: float = 0.4) -> None:
        self._selector = selector
        self._least = least  # coverage below which a figure does not belong to the topic

    def write(self, selection: Selection) -> Iterator[Statement]:
        """Yield the statements of the answer, then what is to be known of the time of the documents cited."""
        cited: dict[str, Document] = {}
        told = False
        for statement in self._statements(selection):
            cited.update({citation.document.id: citation.document for citation in statement.citations})
            told = told or "行动期" in statement.text or "已失效" in statement.text
            yield statement
        if not told and selection.question.kind is not Kind.CORPUS:
            for document in cited.values():
                yield from _timed(document, selection.question, alone=len(cited) == 1)

    def _statements(self, selection: Selection) -> Iterator[Statement]:
        question = selection.question
        if question.kind is Kind.CORPUS:
            yield from write_corpus(selection)
            return
        if question.kind is Kind.DOCUMENT and (about := self._asked_about(selection)):
            yield from write_about(selection, about)
            return
        if question.kind is Kind.COMPARISON and len(compared := self._compared(selection)) > 1:
            yield from write_comparison(selection, self._selector, compared, self._least)
            return
        documents = self._answering(selection)
        if not documents:
            return
        if question.departments and not question.terms and question.kind is not Kind.WHO:
            yield from write_tasks(selection, documents, question.departments)
        elif question.kind is Kind.WHO:
            yield from write_departments(selection, documents)
        elif question.kind in (Kind.NUMBER, Kind.DATE):
            yield from write_figures(selection, self._selector, documents, self._least)
        elif question.kind is Kind.YES_NO:
            yield from write_yes_no(selection, documents[:1])
        else:
            yield from write_sentences(selection, documents)

    def _answering(self, selection: Selection) -> list[Document]:
        """The documents that answer: all of several that were named, else the best and those close to it."""
        question = selection.question
        several = len(question.named) > 1 or len(question.regions) + question.national > 1
        if several and question.documents and len(question.documents) <= _MOST:
            return list(selection.documents)
        return selection.leading(_SHARE, _MOST)

    def _compared(self, selection: Selection) -> list[Document]:
        """The documents to compare: those that the question restricts itself to, else the best of all."""
        if selection.question.documents is not None and 1 < len(selection.documents) <= 6:
            return list(selection.documents)
        return selection.leading(0.75, 6)

    def _asked_about(self, selection: Selection) -> list[Document]:
        """The documents that a question about documents means."""
        question = selection.question
        if question.named or (question.documents is not None and len(selection.documents) <= _MOST):
            return list(selection.documents)[:_MOST]
        return []


def _timed(document: Document, question: Question, alone: bool) -> Iterator[Statement]:
    """What a reader must know of the time of a document that is cited."""
    judged = validity(document, question.as_of)
    if judged.warns:
        lead = "该文件" if alone else f"{name_of(document)}："
        yield Statement(judged.note, cite_validity(document), "derived", lead=lead)
