"""A question: as asked, and as understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from chat.roles import Role
from chat.terms import Term


class Kind(StrEnum):
    """The kind of answer that a question wants."""

    NUMBER = "number"
    DATE = "date"
    WHO = "who"  # responsible departments
    MEASURES = "measures"  # a list of what is done, supported, required
    DEFINITION = "definition"  # what something is; conditions
    YES_NO = "yes_no"
    COMPARISON = "comparison"
    DOCUMENT = "document"  # about the document itself: number, issuers, date, period, validity
    CORPUS = "corpus"  # what the corpus holds
    OPEN = "open"  # none of these


class Aspect(StrEnum):
    """What a question about a document itself wants to know of it."""

    NUMBER = "number"
    TITLE = "title"
    ISSUERS = "issuers"
    COUNT_OF_ISSUERS = "count_of_issuers"
    DATE = "date"
    EFFECTIVE = "effective"  # from when it holds
    VALIDITY = "validity"
    REPEALS = "repeals"  # the documents that it replaces
    BASIS = "basis"  # the documents that it implements
    COUNT_OF_CLAUSES = "count_of_clauses"
    LEVEL = "level"
    INTERPRETER = "interpreter"  # who explains it: 由…负责解释
    CONTENTS = "contents"  # what it speaks of, by its headings


@dataclass(frozen=True)
class Turn:
    """One earlier message of the conversation."""

    role: str  # "user" or "assistant"
    content: str


@dataclass(frozen=True)
class Filters:
    """What the asker chose beside the question: region names and document ids."""

    regions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What was asked, then what was understood of it."""

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    as_of: date = field(default_factory=date.today)

    wording: str = (
        ""  # the words that ask, in simplified script: of this turn, or of the turn that it repeats
    )
    standalone: str = ""  # the question with what a follow-up leaves out
    unnamed: str = ""  # the same without the names of documents, which the constraints have dealt with
    topic: str = ""  # what it is about: without regions, document names and the frame of the question
    terms: tuple[Term, ...] = ()  # the topic's words
    focus: tuple[str, ...] = ()  # those of a follow-up's own terms that replace a part of the earlier topic
    regions: tuple[str, ...] = ()  # regions asked about that the corpus has, as documents name them (山东省)
    national: bool = False  # national policy is asked about by name
    named: tuple[str, ...] = ()  # ids of documents that the question names
    documents: tuple[str, ...] | None = (
        None  # ids that remain after all constraints; None where there are none
    )
    missing: tuple[str, ...] = ()  # regions, documents, laws named that the corpus lacks
    missing_regions: tuple[str, ...] = ()
    narrowed: tuple[
        tuple[str, str], ...
    ] = ()  # a region asked about, and the place in it that the corpus has
    labels: tuple[str, ...] = ()  # clauses that the question names by number (第十二条)
    departments: tuple[str, ...] = ()  # departments that the question names
    years: tuple[int, ...] = ()
    roles: frozenset[Role] = frozenset()  # the parts of a document that it asks for
    kind: Kind = Kind.OPEN
    aspects: tuple[Aspect, ...] = ()
    script: str = "simplified"  # the asker's script, or "traditional"
    told: str = ""  # the situation that the message tells beside what it asks
    seat: tuple[str, ...] = ()  # where the asker only says that it sits, of which the corpus has no policies
    seated: bool = False  # the regions are but where the asker says that it sits
    follows: bool = False  # understood with the help of earlier turns
    earlier: Question | None = field(default=None, repr=False)  # of a follow-up: the question before it
    sides: tuple[tuple[str, Question], ...] = ()  # the things compared: name, and the question about it alone
    parts: tuple[Question, ...] = ()  # the questions of a turn that asks several one after the other

    @property
    def search_text(self) -> str:
        """What is searched: the topic and the official words for what it says colloquially."""
        official = " ".join(word for term in self.terms for word in term.alternatives)
        return f"{self.topic} {official}".strip()
