"""From the text of a curated answer to statements, and what the check says of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chat.answer import Citation, Statement
from chat.check import Checker
from chat.curated.entries import Cite, Entry, digest_of
from chat.question import Question
from chat.quoting.selection import evidence_of
from corpus.document import Clause, Document

_MARKER = re.compile(r"\s*[\[［【](\d{1,2})[\]］】]")
_BULLET = re.compile(r"^\s*[-*•·]\s+")

Clauses = Mapping[tuple[str, str], Clause]  # by document id and clause id


@dataclass(frozen=True)
class Fault:
    """What is wrong with an entry: a line of its text (from 1), or a clause that it cites."""

    message: str  # Chinese
    line: int = 0
    cite: int = 0  # from 1

    def __str__(self) -> str:
        where = f"第 {self.line} 行：" if self.line else f"引用 [{self.cite}]：" if self.cite else ""
        return f"{where}{self.message}"


def clauses_of(documents: Iterable[Document]) -> dict[tuple[str, str], Clause]:
    """The clauses of a corpus, by document id and clause id."""
    return {(document.id, clause.id): clause for document in documents for clause in document.clauses}


def cite(clause: Clause, quote: str = "") -> Cite:
    """A clause as an entry cites it: the words of `quote` where the clause says so, else all of it."""
    quote = quote.strip()
    whole = clause.text.strip()
    return Cite(
        clause.document.id, clause.id, quote if quote and quote in clause.text else whole, digest_of(clause)
    )


def changes(entry: Entry, clauses: Clauses) -> list[Fault]:
    """What became of the cited clauses since the entry was approved."""
    faults = []
    for number, cited in enumerate(entry.cites, 1):
        clause = clauses.get((cited.document_id, cited.clause_id))
        if clause is None:
            faults.append(Fault("所引条款已不在库中", cite=number))
        elif cited.quote not in clause.text:
            faults.append(Fault("所引原文已不在该条款中", cite=number))
        elif digest_of(clause) != cited.digest:
            faults.append(Fault("条款内容已有变化", cite=number))
    return faults


def statements_of(entry: Entry, clauses: Clauses) -> list[tuple[int, Statement]]:
    """The statements of an entry with the line of each; a line without a marker cites all that the entry cites."""
    citations = [_citation(cited, clauses) for cited in entry.cites]
    statements = []
    for number, line in enumerate(entry.text.splitlines(), 1):
        marked = dict.fromkeys(int(mark) - 1 for mark in _MARKER.findall(line))
        text = _MARKER.sub("", line)
        if not text.strip():
            continue
        own = [citations[i] for i in marked if 0 <= i < len(citations)] if marked else citations
        form = "bullet" if _BULLET.match(text) else "sentence"
        cited = tuple(citation for citation in own if citation)
        statement = Statement(_BULLET.sub("", text).strip(), cited, "derived", form=form)  # type: ignore[arg-type]
        statements.append((number, statement))
    return statements


def faults_of(entry: Entry, questions: Iterable[Question], clauses: Clauses, checker: Checker) -> list[Fault]:
    """All that keeps an entry from being served: what is missing, and what the check says of each line."""
    faults = changes(entry, clauses)
    if not entry.question.strip():
        faults.append(Fault("缺少问题"))
    if not entry.cites:
        faults.append(Fault("至少要引用一个条款"))
    for number, line in enumerate(entry.text.splitlines(), 1):
        strange = [mark for mark in _MARKER.findall(line) if not 1 <= int(mark) <= len(entry.cites)]
        if strange:
            faults.append(Fault(f"标记 [{strange[0]}] 没有对应的引用", line=number))
    statements = statements_of(entry, clauses)
    if not statements:
        faults.append(Fault("缺少回答"))
    if faults:
        return faults
    asked = list(questions)
    for number, statement in statements:
        verdicts = (checker.check(statement, question) for question in asked)
        wrong = next((verdict for verdict in verdicts if not verdict.ok), None)
        if wrong:
            faults.append(Fault(wrong.reason, line=number))
    return faults


def _citation(cited: Cite, clauses: Clauses) -> Citation | None:
    clause = clauses.get((cited.document_id, cited.clause_id))
    start = clause.document.text.find(cited.quote, clause.start, clause.end) if clause else -1
    return Citation(evidence_of(clause), start, start + len(cited.quote)) if clause and start >= 0 else None
