"""The quoting writer: one way of answering for each kind of question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat.answer import Statement
from chat.match import coverage
from chat.outline import label_of
from chat.question import Aspect, Kind, Question
from chat.quoting.about import write_about
from chat.quoting.beside import write_beside, write_other
from chat.quoting.comparison import ASKS_FIGURES, lacks_money, write_comparison
from chat.quoting.definitions import led_by_definition
from chat.quoting.departments import write_departments, write_tasks
from chat.quoting.figures import write_figures
from chat.quoting.holdings import write_holdings
from chat.quoting.parts import write_parts
from chat.quoting.section import asked_section, write_section
from chat.quoting.selection import Selection, in_order, is_body, name_of, quotes
from chat.quoting.sentences import asks_place, write_best, write_clauses, write_contacts, write_sentences
from chat.quoting.sides import write_sides
from chat.quoting.structure import write_structure
from chat.quoting.tables import readable, write_tables
from chat.quoting.wanted import opposed
from chat.quoting.yes_no import write_yes_no
from chat.refusal import asks_of_each, is_sure, says_of_missing, states_period
from chat.roles import ALONE, Role
from chat.select import Selector
from corpus.document import Document

_TASKS = re.compile(
    r"(负责|牵头|承担|管|配合|参与)了?(哪|什么|啥)|(哪些|什么|啥)(任务|工作|职责|事项|事)|的(职责|任务|分工)"
)
_LISTS = re.compile(
    r"哪些|哪几|哪[一二三四五六七八九十\d]|包括|内容|什么(?!是)|是什么|重点|任务|原则|措施|有啥|列"
)
_SHARE = 0.92  # a further document answers as well when its best sentence comes this close to the best
_ABOUT = {
    Aspect.NUMBER,
    Aspect.DATE,
    Aspect.EFFECTIVE,
    Aspect.VALIDITY,
    Aspect.ISSUERS,
    Aspect.COUNT_OF_ISSUERS,
}  # compared as such
_TITLED = 0.6  # share of the topic's words that a title must hold to be what is asked about
_OF_DOCUMENTS = re.compile(r"文件|政策|办法|通知|意见|印发|发布|公布|出台|颁布|下发")
_ITSELF = re.compile(r"落款|成文|[这那该](?:一?[份个])[^，。？]{0,14}(?:文件|意见|通知|办法|计划|方案)")
_TOPIC, _OF_TITLE = 12.0, 0.3  # weight of a topic of its own; share of it that the title must hold
_TWO = 2  # regions that are held, from which they are compared with each other
_MOST = 3  # documents that answer one question which names none
_LED = (Kind.NUMBER, Kind.DATE, Kind.YES_NO, Kind.DEFINITION, Kind.MEASURES, Kind.OPEN)
_FAR = 1.0  # log odds behind the first from which a sentence is not told in its place
_HEADED = 0.7  # confidence from which a sentence answers instead of headings
_TOLD, _TOLD_AFTER, _TOLD_PLACE = (
    0.3,
    0.45,
    0.2,
)  # confidence from which a sentence is told though it lacks the form of answer that is asked for


def _names_several(question: Question) -> bool:
    """Whether a question means several documents or places, each of which is to be told."""
    return len(question.named) > 1 or len(question.regions) + question.national > 1


def first_is_opposed(selection: Selection) -> bool:
    """Whether a number is asked and the sentence that ranks first states that of another level or kind of enterprise."""
    question = selection.question
    if question.kind is not Kind.NUMBER or selection.confidence is None or _names_several(question):
        return False
    first = next((c for c in selection.candidates if is_body(c) and c.behind == 0), None)
    return first is not None and opposed(question, first.sentence.text, first.clause.heading)


def led_by_first(selection: Selection) -> Selection:
    """What was found without the sentences that by the learned ranking are far behind the first."""
    kept = tuple(c for c in selection.candidates if c.sentence.role != "heading" and c.behind >= -_FAR)
    return replace(selection, candidates=kept)


class QuotingWriter:
    """Selects and arranges sentences of the policies. Needs no language model, and cannot invent."""

    def __init__(self, selector: Selector, least: float = 0.4) -> None:
        self._selector = selector
        self._least = least  # coverage below which a figure does not belong to the topic

    def _least_of(self, selection: Selection) -> float:
        """The coverage below which a figure does not belong to the topic; none where the evidence is near."""
        return 0.0 if selection.near else self._least

    def write(self, selection: Selection) -> Iterator[Statement]:
        """Yield the statements of the answer in reading order."""
        yield from map(readable, write_parts(selection.parts, self._one) or self._one(selection))
        question = selection.question
        if question.missing_regions and len(question.regions) < _TWO and asks_of_each(question):
            yield Statement(f"库内没有收录{'、'.join(question.missing_regions)}的政策。", kind="notice")

    def _one(self, selection: Selection) -> Iterator[Statement]:
        written = list(self._special(selection) or self._plain(selection))
        yield from written
        yield from write_other(selection, written)

    def _special(self, selection: Selection) -> Iterator[Statement] | None:
        """Questions about documents, clauses named by number, departments' tasks, comparisons; None for all others."""
        question = selection.question
        if question.missing and not question.named and (gone := says_of_missing(question, selection.held)):
            return (
                Statement(c.quote, (c,), lead=f"{name_of(c.document)}{label_of(c.clause)}：") for c in gone
            )
        if question.kind is Kind.CORPUS:
            return write_holdings(selection)
        if selection.sides and (rows := write_sides(selection, self._selector, self._least, self._plain)):
            return iter(rows)
        if question.kind is Kind.DOCUMENT and (about := self._asked_about(selection)):
            return write_about(selection, about)
        if states_period(selection):
            lasting = replace(question, kind=Kind.DOCUMENT, aspects=(Aspect.VALIDITY,))
            return write_about(replace(selection, question=lasting), self._asked_about(selection))
        if (
            question.kind is Kind.COMPARISON
            and _ABOUT & set(question.aspects)
            and (about := self._asked_about(selection))
        ):
            return write_about(selection, about)
        if question.kind is Kind.COMPARISON and len(compared := self._compared(selection)) > 1:
            return write_comparison(selection, self._selector, compared, self._least_of(selection))
        if question.labels and question.kind not in (Kind.WHO, Kind.NUMBER, Kind.DATE, Kind.YES_NO):
            return write_clauses(selection)
        if question.departments and _TASKS.search(question.wording):
            return write_tasks(selection, in_order(selection.documents)[:_MOST], question.departments)
        return None

    def _plain(self, selection: Selection) -> Iterator[Statement]:
        """What answers in the form that the question wants; where nothing has it, the sentence that surely answers."""
        selection = led_by_definition(selection)
        if first_is_opposed(selection):
            return
        section = None if selection.question.terms else asked_section(selection)
        written = list(write_section(selection, section) if section else self._by_kind(selection))
        if self._misses_first(selection, written):
            written = list(self._by_kind(led_by_first(selection), headings=False))
        wanting = not any(statement.citations for statement in written)
        question = selection.question
        apart = question.kind in (Kind.DOCUMENT, Kind.CORPUS) or Role.CONTACT in question.roles
        least = _TOLD_PLACE if asks_place(question) else _TOLD_AFTER if question.follows else _TOLD
        if wanting and not apart and is_sure(selection, least) and not lacks_money(selection):
            yield from write_best(selection)
        else:
            yield from written
            yield from write_beside(selection, written)

    def _misses_first(self, selection: Selection, written: Sequence[Statement]) -> bool:
        """Whether nothing of what is told comes near the sentence that by the learned ranking answers best."""
        question = selection.question
        listed = question.roles & ALONE and question.kind not in (Kind.NUMBER, Kind.DATE)
        if question.kind not in _LED or _names_several(question) or listed:
            return False
        told = [citation for statement in written for citation in statement.citations]
        ranked = [c for c in selection.candidates if is_body(c)]
        if selection.confidence is None or not told or not any(c.behind == 0 for c in ranked):
            return False
        behind = [c.behind for c in ranked if any(quotes(citation, c) for citation in told)]
        if not behind:  # headings are told, which are not ranked
            return selection.confidence >= _HEADED
        return max(behind) < -_FAR

    def _by_kind(self, selection: Selection, headings: bool = True) -> Iterator[Statement]:
        question = selection.question
        if question.kind is Kind.DOCUMENT and Aspect.DATE in question.aspects:
            # No document is meant: the day of something that a document speaks of.
            question = replace(question, kind=Kind.DATE)
            selection = replace(selection, question=question)
        documents = self._answering(selection)
        if not documents:
            return
        if Role.CONTACT in question.roles:
            yield from write_contacts(selection, documents)
        elif question.kind is Kind.WHO:
            yield from write_departments(selection, documents)
        elif question.kind in (Kind.NUMBER, Kind.DATE) or (
            question.kind is Kind.COMPARISON and ASKS_FIGURES.search(question.wording)
        ):
            least = self._least_of(selection)
            tabled = write_tables(selection, self._selector, documents, least)
            yield from tabled or write_figures(selection, self._selector, documents, least)
        elif question.kind is Kind.YES_NO:
            yield from write_yes_no(selection, documents[:1])
        elif headings and _LISTS.search(question.wording) and (listed := self._listed(selection, documents)):
            yield from listed
        else:
            yield from write_sentences(selection, documents)

    def _listed(self, selection: Selection, documents: list[Document]) -> list[Statement]:
        """The headings that answer, of the documents that have a heading for just what is asked."""
        return [s for document in documents for s in write_structure(selection, self._selector, document)]

    def _answering(self, selection: Selection) -> list[Document]:
        """The documents that answer: all of several that were named, else the best and those close to it."""
        question = selection.question
        if _names_several(question) and question.documents and len(question.documents) <= _MOST:
            return list(selection.documents)
        return selection.leading(_SHARE, _MOST)

    def _compared(self, selection: Selection) -> list[Document]:
        """The documents to compare: those that the question restricts itself to, else the best of all."""
        if selection.question.documents is not None and 1 < len(selection.documents) <= 6:
            return list(selection.documents)
        return selection.leading(0.75, 6)

    def _speaks_of_more(self, question: Question, document: Document) -> bool:
        """Whether the topic is something that the document deals with (哪天公布榜单), and not the document."""
        if set(question.aspects) != {Aspect.DATE} or _ITSELF.search(question.wording):
            return False
        terms = [term for term in question.terms if not _OF_DOCUMENTS.search(term.word)]
        held = self._selector.matcher.match_exactly(terms, document.title)
        return sum(term.weight for term in terms) >= _TOPIC and coverage(terms, held) < _OF_TITLE

    def _asked_about(self, selection: Selection) -> list[Document]:
        """The documents that a question about documents means: those named, or the one whose title is its topic."""
        question = selection.question
        if question.named or (question.documents is not None and len(selection.documents) == 1):
            documents = list(selection.documents)[:_MOST]
            return [] if not question.named and self._speaks_of_more(question, documents[0]) else documents
        titled = [
            (
                coverage(
                    question.terms, self._selector.matcher.match_exactly(question.terms, document.title)
                ),
                document,
            )
            for document in selection.leading(0.0, 10)
        ]
        best = max((share for share, _ in titled), default=0.0)
        if question.terms and best >= _TITLED:
            return [document for share, document in titled if share == best][:_MOST]
        return list(selection.documents) if question.documents and len(selection.documents) <= _MOST else []
