"""What a case expects, looked up in the corpus: gold clauses, documents, regions; where a case is broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chat.question import Filters
from corpus.document import Clause, Document
from corpus.numbers import normalize_number
from corpus.regions import find_regions
from corpus.script import simplify
from eval.cases import Case

ClauseKey = tuple[str, str]  # document id, clause id
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Expected:
    """The gold of one case. A broken case has problems (Chinese) and is reported, never scored."""

    groups: tuple[frozenset[ClauseKey], ...]  # per group of quotes: the clauses that hold one of them
    documents: tuple[frozenset[str], ...]  # per expected document: the ids that go by its name
    provinces: frozenset[str]  # that the case is about; empty when it names none
    problems: tuple[str, ...] = ()


class Reference:
    """The clauses of a corpus, to be searched by quotation (whitespace ignored)."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = {document.id: document for document in documents}
        self._clauses = {
            document.id: [(clause_key(clause), squeeze(clause.text)) for clause in document.clauses]
            for document in documents
        }
        self._names: dict[str, set[str]] = {}
        for document in documents:
            for name in {document.id, normalize_number(document.number), short_title(document.title)} - {""}:
                self._names.setdefault(name, set()).add(document.id)

    def resolve(self, name: str) -> frozenset[str]:
        """Ids of the documents with this number (文号), title or id; several where versions share a title."""
        for form in (name, normalize_number(name), short_title(name)):
            if form in self._names:
                return frozenset(self._names[form])
        return frozenset()

    def filters(self, case: Case) -> Filters:
        """The filters of a case with its documents as ids; a name that the corpus lacks stays as it is."""
        ids = [id_ for name in case.filters.documents for id_ in sorted(self.resolve(name)) or [name]]
        return Filters(regions=case.filters.regions, documents=tuple(ids))

    def find(self, quote: str, among: Iterable[str] | None = None) -> frozenset[ClauseKey]:
        """The clauses that contain the quotation, in all documents or among those with these ids."""
        text = squeeze(quote)
        ids = self._clauses if among is None else among
        return frozenset(key for id_ in ids for key, clause in self._clauses[id_] if text in clause)

    def expect(self, case: Case) -> Expected:
        """Look up what the case expects. Where it names documents, only their clauses are gold."""
        documents = tuple(self.resolve(name) for name in case.documents)
        problems = [
            f"期望文件“{name}”不在语料中"
            for name, ids in zip(case.documents, documents, strict=True)
            if case.answerable and not ids
        ]
        named = frozenset().union(*documents)
        groups = []
        for order, group in enumerate(case.quotes, start=1):
            gold: set[ClauseKey] = set()
            for quote in group:
                found = self.find(quote, named or None)
                if not found:
                    elsewhere = "期望文件的" if named and self.find(quote) else ""
                    problems.append(f"quotes第{order}组“{quote}”：没有任何{elsewhere}条款包含这段文字")
                gold |= found
            groups.append(frozenset(gold))
        regions = [self.documents[id_].region for id_ in named]
        provinces = provinces_in(" ".join([case.question, *case.filters.regions, *regions]))
        return Expected(tuple(groups), documents, provinces, tuple(problems))


def clause_key(clause: Clause) -> ClauseKey:
    """What identifies a clause across documents."""
    return clause.document.id, clause.id


def provinces_in(text: str) -> frozenset[str]:
    """The provinces of all regions that a text names, in either script."""
    return frozenset(mention.province for mention in find_regions(simplify(text)))


def squeeze(text: str) -> str:
    """The text without whitespace: line breaks inside a clause do not matter."""
    return SPACE.sub("", text)


def short_title(title: str) -> str:
    """A title as laws are named in everyday use: without 《》, whitespace and 中华人民共和国."""
    return squeeze(title).strip("《》").removeprefix("中华人民共和国")
