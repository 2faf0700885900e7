"""What the writer works from: the candidates for one question, and how they are grouped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chat.answer import Citation
from chat.candidate import Candidate
from chat.outline import Outline, label_of
from chat.question import Question
from corpus.document import Clause, Document
from index.calibrate import Calibration
from index.passage import Evidence, Passage

NEAR = 2.0  # of 164 everyday questions 2 to 3 % come nearer than 2.5 to a corpus (eval/LOG.md)
_FISCAL = re.compile(r"((?:19|20)\d{2})\s*年度")
_DUTY_LINE = re.compile(
    r"\s*(?:责任|牵头|配合|主管|主办|承办)(?:单位|部门)[：:]"
)  # a bracket of departments without brackets
_LEVELS = {"国家": 0, "": 1, "省": 2, "市": 3, "县": 4}


@dataclass(frozen=True, eq=False)
class Selection:
    """Everything that was found for one question."""

    question: Question
    evidence: tuple[Evidence, ...]
    candidates: tuple[Candidate, ...]  # best first
    documents: tuple[Document, ...]  # those that may answer, all constraints applied
    outline: Callable[[Document], Outline]
    distance: float = 0.0  # of the evidence beyond that of everyday questions, in standard deviations
    calibration: Calibration | None = None  # what tells the same of single evidence
    sides: tuple[tuple[str, Selection], ...] = ()  # of each thing compared: its name, what was found for it
    held: tuple[Document, ...] = ()  # all that the corpus holds
    parts: tuple[Selection, ...] = ()  # of each question of a turn that asks several
    # the probability that the sentence that ranks first answers; none without a learned ranking (chat.ranking)
    confidence: float | None = None
    # log odds that sentences answer as they are read with the question (chat.reading), shape (sentences,)
    reads: Callable[[Sequence[Candidate]], NDArray[np.float32]] | None = None

    @property
    def near(self) -> bool:
        """Whether the evidence comes so near by meaning that it need not share the question's words."""
        return self.distance >= NEAR

    def of(self, document: Document) -> list[Candidate]:
        """The candidates of one document, best first."""
        return [c for c in self.candidates if c.document is document]

    def leading(
        self, share: float, most: int, candidates: Sequence[Candidate] | None = None
    ) -> list[Document]:
        """The documents whose best candidate reaches `share` of the best of all: national first, then provinces."""
        ranked = self.candidates if candidates is None else candidates
        best: dict[int, tuple[float, Document]] = {}
        for candidate in ranked:
            known = best.get(id(candidate.document))
            if known is None or candidate.score > known[0]:
                best[id(candidate.document)] = (candidate.score, candidate.document)
        if not best:
            return []
        top = max(score for score, _ in best.values())
        chosen = sorted(
            (pair for pair in best.values() if pair[0] >= share * top), key=lambda pair: -pair[0]
        )[:most]
        return in_order(document for _, document in chosen)


def in_order(documents: Iterable[Document]) -> list[Document]:
    """National documents first, then provinces, cities, counties; newest first among equals."""
    return sorted(
        documents,
        key=lambda d: (_LEVELS.get(d.level, 1), -(d.issued_on.year if d.issued_on else 0), d.region, d.id),
    )


def name_of(document: Document) -> str:
    """A document as an answer calls it: 《…》（文号）."""
    title = document.title if document.title.startswith("《") else f"《{document.title}》"
    return f"{title}（{document.number}）" if document.number else title


def place_of(clause: Clause) -> str:
    """A clause as an answer calls it: 二、（一）“…”."""
    label = label_of(clause)
    return f"{label}{quoted(clause.heading)}" if clause.heading and len(clause.heading) <= 40 else label


def quoted(heading: str) -> str:
    """A heading in quotation marks, those within it single: “‘专精特新’中小企业”."""
    return f"“{heading.replace('“', '‘').replace('”', '’')}”"


def is_body(candidate: Candidate) -> bool:
    """Whether a sentence says something of the matter: no heading, title block, signature, list of departments or set phrase."""
    if candidate.sentence.role != "body" or candidate.clause.label in ("版头", "落款"):
        return False
    return not candidate.sentence.form.formula and not _DUTY_LINE.match(candidate.sentence.text)


def quotes(citation: Citation, candidate: Candidate) -> bool:
    """Whether a citation holds some of a sentence."""
    sentence = candidate.sentence
    inside = citation.start < sentence.end and sentence.start < citation.end
    return inside and citation.document is candidate.document


def covers_years(candidate: Candidate, question: Question) -> bool:
    """A year that the question names must stand in the clause, or be the document's own year; 2025年度 is not 2026年度."""
    asked, titled = (set(_FISCAL.findall(text)) for text in (question.wording, candidate.document.title))
    asked = asked or {str(year) for year in question.years if "年度" in question.wording}
    if asked and titled and not asked & titled:
        return False
    issued = candidate.document.issued_on
    text = candidate.clause.text + candidate.document.title
    return all(
        str(year) in text or year == question.as_of.year or (issued is not None and issued.year == year)
        for year in question.years
    )


def evidence_of(clause: Clause) -> Evidence:
    """A clause as evidence that no search found: it is cited for what it is, such as the title block."""
    return Evidence(Passage(clause, clause.start, clause.end), 0.0, 0.0, 0.0)


def cite_clause(clause: Clause, start: int | None = None, end: int | None = None) -> Citation:
    """Cite a clause, or a stretch of it, without surrounding blanks."""
    start, end = clause.start if start is None else start, clause.end if end is None else end
    text = clause.document.text[start:end]
    return Citation(evidence_of(clause), start + len(text) - len(text.lstrip()), start + len(text.rstrip()))


def clause_at(document: Document, offset: int) -> Clause | None:
    """The clause that holds an offset of the document's text."""
    return next((clause for clause in document.clauses if clause.start <= offset < clause.end), None)


def cite_text(document: Document, text: str) -> Citation | None:
    """Cite the first place where the document says `text`; None where it does not say it so."""
    start = document.text.find(text) if text else -1
    clause = clause_at(document, start) if start >= 0 else None
    if clause is None or start + len(text) > clause.end:
        return None
    return cite_clause(clause, start, start + len(text))
