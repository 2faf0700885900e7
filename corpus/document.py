"""Documents and their clauses: the records that everything later stands on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Role = Literal["牵头", "负责", "配合"]
Level = Literal["国家", "省", "市", "县", ""]


@dataclass(frozen=True, slots=True)
class Department:
    """A department that a clause makes responsible, in simplified script and as the clause names it."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class IssueDate:
    """When a document was issued: a day where it says so, else only the year of its number (文号)."""

    year: int
    day: date | None = None

    def __str__(self) -> str:
        return self.day.isoformat() if self.day else str(self.year)


@dataclass(frozen=True, slots=True)
class Period:
    """The years that an action plan covers, both included (2022—2025年)."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}—{self.last}"


@dataclass(frozen=True, slots=True)
class Removed:
    """A stretch of the source that is not part of the policy, with the reason (in Chinese) for its removal."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """One clause (条) of a document. `start` and `end` are offsets into `document.text`.

    The clauses of a document tile its text: each holds its own label, heading and body, and not the
    text of the clauses below it. An unnumbered lead or closing has the path of its parent and the label
    前言 or 结语; the title block (版头) and the signature (落款) are clauses with these labels and no path.
    """

    document: Document = field(repr=False)
    id: str
    part: str  # "notice" for the document itself, "annex", "annex2", … for what it wraps
    path: tuple[str, ...]  # ("二", "（一）", "1"); laws: ("第二章", "第十二条")
    label: str  # "二、（一）1"; laws: "第十二条"
    heading: str
    start: int
    end: int
    body_start: int  # where the text without its label begins
    departments: tuple[Department, ...] = ()

    @property
    def text(self) -> str:
        """The clause as the document prints it, label included, without the line end behind it."""
        return self.document.text[self.start : self.end].rstrip("\n")

    @property
    def body(self) -> str:
        """The clause without its label, the heading included."""
        return self.document.text[self.body_start : self.end].strip()


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A sentence by which one clause makes departments responsible for all that follow it as well.

    For example 以下均需各地相关部门落实，不再列出. `start` and `end` are offsets into the document's text.
    """

    clause: Clause = field(repr=False)  # the clause that states the rule
    departments: tuple[Department, ...]
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Document:
    """One policy document: its cleaned text, what is known about it, and its clauses."""

    id: str  # the number (文号) in simplified script, else the path under the documents root
    title: str
    text: str = field(repr=False)
    number: str = ""
    issuers: tuple[str, ...] = ()
    level: Level = ""
    region: str = ""  # "山东省", "山东省济南市", "江西省宜春市上高县"; empty for national documents
    issued_on: IssueDate | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    period: Period | None = None
    cites: tuple[str, ...] = ()  # numbers (文号) of other documents that the text names
    source_url: str = ""
    traditional: bool = False  # the source is in traditional script and was converted
    added: dict[str, str] = field(default_factory=dict)  # metadata that staff added (人工补充)
    file: str = ""  # path under the documents root
    sha256: str = ""  # of the source file
    source: str = field(default="", repr=False)  # the decoded source, before cleaning; may be left out
    offsets: Sequence[int] = field(default=(), repr=False)  # source offset of each character of `text`
    removed: tuple[Removed, ...] = field(default=(), repr=False)
    pages: tuple[int, ...] = field(default=(), repr=False)  # source offset at which each page begins (PDF)
    copies: tuple[str, ...] = ()  # other files that hold the same notice
    clauses: tuple[Clause, ...] = field(default=(), repr=False)
    rules: tuple[Rule, ...] = field(default=(), repr=False)

    def page_of(self, offset: int) -> int:
        """The page, counted from 1, on which a character of the text stands; 0 where pages are not known."""
        if not self.pages or not len(self.offsets):
            return 0
        return bisect_right(self.pages, int(self.offsets[offset]))

    def rules_for(self, clause: Clause) -> tuple[Rule, ...]:
        """The rules of earlier clauses that make further departments responsible for `clause` too."""
        return tuple(
            rule
            for rule in self.rules
            if rule.clause.part == clause.part and rule.clause.start < clause.start and clause.departments
        )
