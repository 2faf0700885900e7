"""What an answer is made of: statements, each standing on citations."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from chat.question import Question
from index.passage import Evidence


class Reason(StrEnum):
    """Why a question was not answered."""

    BLANK = "blank"  # nothing asked
    OFF_TOPIC = "off_topic"  # nothing in the corpus speaks of it
    NO_REGION = "no_region"  # the corpus holds no policy of the region asked about
    NO_DOCUMENT = "no_document"  # the document or law asked about is not in the corpus
    NOT_STATED = "not_stated"  # the right clause is there, but does not state what is asked
    UNCHECKED = "unchecked"  # no sentence passed the check


@dataclass(frozen=True)
class Citation:
    """A quotation: `start` and `end` are offsets into the document's text, inside the cited clause."""

    evidence: Evidence
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.evidence.passage.clause.document.text[self.start : self.end]


@dataclass(frozen=True)
class Statement:
    """One piece of an answer, in markdown without citation markers.

    quoted: a slice of a cited clause. derived: recomputed by the check from cited values. notice:
    asserts nothing of the policy and carries no citation. `lead` is put before the text and asserts
    nothing by itself (a document's name, "牵头单位："). `form` says how it is shown.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    kind: Literal["quoted", "derived", "notice"] = "quoted"
    lead: str = ""
    form: Literal["sentence", "bullet", "row", "heading"] = "sentence"


@dataclass(frozen=True)
class Answer:
    """The whole answer to one question, refusals included."""

    id: str
    question: Question
    statements: tuple[Statement, ...] = ()
    refused: bool = False
    reason: Reason | None = None
    warnings: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)  # all that was found, best first
    dropped: tuple[Statement, ...] = field(default=(), repr=False)  # what the check rejected
    closest: tuple[Evidence, ...] = ()  # offered as links when refused
    origin: Literal["quote", "model", "curated"] = "quote"
    timings: dict[str, float] = field(default_factory=dict)  # milliseconds per step

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations in the order of their markers, each clause and quotation once."""
        return tuple(dict.fromkeys(c for s in self.statements for c in s.citations))
