"""What an answer is made of: statements, each standing on citations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from chat.question import Question
from corpus.document import Clause, Document
from corpus.script import to_traditional
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
    def clause(self) -> Clause:
        """The clause that is cited."""
        return self.evidence.passage.clause

    @property
    def document(self) -> Document:
        """The document that is cited."""
        return self.clause.document

    @property
    def quote(self) -> str:
        """The exact words that are cited."""
        return self.document.text[self.start : self.end]


@dataclass(frozen=True)
class Statement:
    """One piece of an answer, in markdown without citation markers.

    quoted: a slice of a cited clause. derived: recomputed by the check from cited values. written: by a
    language model, checked word by word. notice: asserts nothing of the policy and carries no citation.
    `lead` is put before the text and asserts nothing by itself (a document's name, "牵头单位："). `form`
    says how it is shown; what is continued stands in the paragraph of the statement before.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    kind: Literal["quoted", "derived", "written", "notice"] = "quoted"
    lead: str = ""
    form: Literal["sentence", "continued", "figure", "bullet", "row", "heading"] = "sentence"


@dataclass(frozen=True)
class Usage:
    """What a language model did for one answer. Counts of tokens are None where its server does not tell them."""

    model: str
    calls: int  # replies asked for, tries that failed among them
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    first_ms: float | None = None  # until the first words of the last reply
    took_ms: float = 0.0
    shown: int = 0  # sentences that passed the check
    dropped: int = 0  # sentences that did not
    trouble: str = ""  # why it failed (chat.writing.model.Trouble); empty where it did not


@dataclass(frozen=True)
class Answer:
    """The whole answer to one question, refusals included."""

    id: str
    question: Question
    statements: tuple[Statement, ...] = ()
    refused: bool = False
    reason: Reason | None = None
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # how the answer came about, where that is not the usual way
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)  # all that was found, best first
    dropped: tuple[Statement, ...] = field(default=(), repr=False)  # what the check rejected
    closest: tuple[Evidence, ...] = ()  # offered as links when refused
    origin: Literal["quote", "model", "curated"] = "quote"
    timings: dict[str, float] = field(default_factory=dict)  # milliseconds per step
    usage: Usage | None = None  # of the language model, where one was asked

    @property
    def generated(self) -> bool:
        """Whether a language model wrote any of it, so that it must bear `GENERATED_LABEL`."""
        return self.origin == "model"

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations in the order of their markers, each clause and quotation once."""
        return tuple(dict.fromkeys(c for s in self.statements for c in s.citations))


# Generated text must be recognizable as such wherever it goes (人工智能生成合成内容标识办法).
GENERATED_LABEL = "AI生成，仅供参考，以政策原文为准"

_MARKDOWN = re.compile(r"([\\`*_<>|~])")
_LIST_MARK = re.compile(r"^(\d+)([.)]\s)")  # "1. …" would begin a list
_PARAGRAPHS = ("sentence", "continued", "bullet")  # forms that a continued statement may follow
_TABLE_HEAD = "| 来源 | 内容 |\n| --- | --- |"


def whole_of(statement: Statement) -> Statement | None:
    """The sentence that a bullet is taken from, told whole where the bullet by itself does not pass the check."""
    if statement.kind != "derived" or statement.form != "bullet" or len(statement.citations) != 1:
        return None
    return replace(statement, text=statement.citations[0].quote, kind="quoted")


def to_markdown(answer: Answer) -> str:
    """The answer as markdown with markers [1], in the asker's script."""
    markers = {citation: number for number, citation in enumerate(answer.citations, 1)}
    blocks: list[str] = []
    previous = ""
    for statement in answer.statements:
        block = _block(statement, markers)
        if statement.form == "continued" and previous in _PARAGRAPHS:
            blocks[-1] += block
            continue
        if statement.form == "row" and previous != "row":
            block = f"{_TABLE_HEAD}\n{block}"
        if statement.form == previous and statement.form in ("bullet", "row"):
            blocks[-1] += f"\n{block}"
        else:
            blocks.append(block)
        previous = statement.form
    text = "\n\n".join(blocks)
    return to_traditional(text) if answer.question.script == "traditional" else text


def _block(statement: Statement, markers: dict[Citation, int]) -> str:
    marks = "".join(f"[{markers[citation]}]" for citation in dict.fromkeys(statement.citations))
    lead, text = escaped(statement.lead), escaped(statement.text)
    if statement.form == "row":
        return f"| {lead} | {text}{marks} |"
    if statement.form == "bullet":
        return f"- {lead}{text}{marks}"
    if statement.form in ("figure", "heading"):
        return f"{lead}**{text}**{marks}"
    return f"{lead}{text}{marks}"


def escaped(text: str) -> str:
    """Text of a policy is text: nothing in it may become markup, an image or a new line."""
    plain = _MARKDOWN.sub(r"\\\1", re.sub(r"\s*\n\s*", " ", text.strip()))
    return _LIST_MARK.sub(r"\1\\\2", plain)
