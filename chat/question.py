"""A question: as asked, and as understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


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

    standalone: str = ""  # the question with what a follow-up leaves out
    search_text: str = ""  # what is searched: regions and document names taken out, colloquial words added
    regions: tuple[str, ...] = ()  # regions asked about, as documents name them (山东省)
    levels: tuple[str, ...] = ()  # levels asked about (国家)
    documents: tuple[str, ...] = ()  # ids of the documents that remain after all constraints
    named: tuple[str, ...] = ()  # ids of documents that the question names
    missing: tuple[str, ...] = ()  # regions, documents, laws named that the corpus lacks
    kind: Kind = Kind.OPEN
    script: str = "simplified"  # the asker's script, or "traditional"
