"""What a statement stands on: the cited clauses and documents, read once and kept."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from chat.checking.authorities import ISSUES, known_names, shorten
from chat.checking.reading import Sentence, compact, grams, lines, read
from corpus.document import Clause, Document
from corpus.numbers import find_numbers
from corpus.regions import RegionMention, find_regions
from corpus.sentences import split_sentences

_TITLE = re.compile(r"《([^《》\n]+)》?")
_MARKS = re.compile(r"[^\u3400-\u9fffA-Za-z0-9]")


def bare(text: str) -> str:
    """The text without punctuation and blanks, for comparing names."""
    return _MARKS.sub("", text)


@dataclass(frozen=True, eq=False)
class Source:
    """One cited clause with its document."""

    clause: Clause
    context: str = field(repr=False)  # the document's title and the headings above the clause

    @property
    def document(self) -> Document:
        """The cited document."""
        return self.clause.document

    def learn(self) -> None:
        """Work out all that is kept of the clause."""
        for name in _WORKED_OUT:
            getattr(self, name)

    @cached_property
    def text(self) -> str:
        """The clause without blanks, line by line."""
        return lines(self.clause.text)

    @cached_property
    def names(self) -> str:
        """The clause and what stands above it, without blanks: where a name may stand."""
        return self.text + "\n" + lines(self.context)

    @cached_property
    def bare_names(self) -> str:
        """`names` without punctuation."""
        return bare(self.names)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the clause, then those of the headings above it."""
        return read(self.clause.text) + read(self.context)

    @cached_property
    def whole_sentences(self) -> frozenset[str]:
        """The sentences of the clause without blanks."""
        text = self.clause.text
        return frozenset(compact(text[start:end]) for start, end in split_sentences(text))

    @cached_property
    def grams(self) -> frozenset[str]:
        """The character pairs of the clause, of what stands above it, and of the document's place and issuers."""
        return grams("\n".join((self.names, self.authorities, self.document.region, *self.document.issuers)))

    @cached_property
    def vocabulary(self) -> str:
        """The same text without punctuation, lower case: a word of it may be used."""
        return bare(
            "，".join((self.names, self.authorities, self.document.region, *self.document.issuers))
        ).lower()

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers (文号) that may be named: the document's own, and those that it cites."""
        found = {number for _, _, number in find_numbers(self.names)}
        return frozenset({self.document.number, *self.document.cites, *found} - {""})

    @cached_property
    def titles(self) -> frozenset[str]:
        """The titles that the clause names in 《》 and the document's own, without punctuation."""
        named = {bare(match[1]) for match in _TITLE.finditer(self.names)}
        return frozenset(named | {bare(self.document.title)})

    @cached_property
    def department_names(self) -> tuple[str, ...]:
        """Issuers and responsible departments, as written, without blanks."""
        return tuple(map(compact, (*self.document.issuers, *(d.name for d in self.clause.departments))))

    @cached_property
    def departments(self) -> dict[str, frozenset[str]]:
        """The departments of clause and document in short form, each with its roles."""
        region = self.document.region
        listed: dict[str, frozenset[str]] = {}
        for department in self.clause.departments:
            name = shorten(compact(department.name), region)
            listed[name] = listed.get(name, frozenset()) | {department.role}
        for issuer in self.document.issuers:
            name = shorten(compact(issuer), region)
            listed[name] = listed.get(name, frozenset()) | {ISSUES}
        return known_names(self.authorities, listed)

    @cached_property
    def authorities(self) -> str:
        """`names` with departments in short form."""
        return shorten(self.names, self.document.region)

    @cached_property
    def region(self) -> RegionMention | None:
        """Where the document holds; None for national documents."""
        found = find_regions(self.document.region)
        return found[-1] if found else None  # the city, where it is of one

    @cached_property
    def places(self) -> frozenset[str]:
        """The regions, as full names, that the clause and the title name."""
        return frozenset(mention.city or mention.province for mention in find_regions(self.names))


_WORKED_OUT = tuple(name for name, value in vars(Source).items() if isinstance(value, cached_property))


class Library:
    """Sources by clause, the most recent ones kept. What is kept of one is worked out when a statement first cites it,
    or beforehand (`Source.learn`)."""

    def __init__(self, size: int = 4000) -> None:
        self._size = size
        self._sources: OrderedDict[int, Source] = OrderedDict()

    def sources(self, clauses: Iterable[Clause]) -> tuple[Source, ...]:
        """The sources of clauses, each once, in order."""
        unique = {id(clause): clause for clause in clauses}
        return tuple(self._source(clause) for clause in unique.values())

    def _source(self, clause: Clause) -> Source:
        known = self._sources.get(id(clause))
        if known is not None and known.clause is clause:
            return known
        source = Source(clause, _context(clause))
        self._sources[id(clause)] = source
        while len(self._sources) > self._size:
            self._sources.popitem(last=False)
        return source


def _context(clause: Clause) -> str:
    """The document's title and the headings above a clause, a line each."""
    above = [
        other.heading
        for other in clause.document.clauses
        if other.heading and other.part == clause.part and len(other.path) < len(clause.path)
        if other.path and clause.path[: len(other.path)] == other.path
    ]
    return "\n".join((clause.document.title, *above))
