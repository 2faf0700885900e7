"""Turns of several questions: what answers each of them, said once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from chat.answer import Statement
from chat.candidate import Candidate
from chat.outline import label_of
from chat.parts import asking_of
from chat.quoting.selection import Selection, name_of
from chat.ranking.asks import NAMES, ask_features
from chat.refusal import refuse_after_search, supported

_CITATIONS = 8  # of one answer
_SAID = NAMES.index("asked_said")


def write_parts(
    parts: Sequence[Selection], one: Callable[[Selection], Iterator[Statement]]
) -> list[Statement]:
    """What answers each of the questions; nothing where none is answered. `one` writes the answer to one.

    A question that by itself finds no answer is answered by the clause that answers another one, if that says
    anything of the form asked for: 多长时间里报告、报给谁？
    """
    answers: list[list[Statement] | None] = []
    for part in parts:
        statements = [] if refuse_after_search(part) else list(one(part))
        found = bool(statements) and supported(part, statements)
        answers.append(not_yet_said(statements, _said(answers)) if found else None)
    if not any(statement.citations for statement in _said(answers)):
        return []
    for place, part in enumerate(parts):
        if answers[place] is None:
            said = _said(answers)
            near = (c for c in _of_clauses(part, parts, said) if _says(c, part))
            best = max(near, key=lambda candidate: candidate.score, default=None)
            answers[place] = not_yet_said([_quoted(best)], said) if best else []
    return within_limit([answer or [] for answer in answers])


def _said(answers: Iterable[list[Statement] | None]) -> list[Statement]:
    return [statement for answer in answers for statement in answer or ()]


def _of_clauses(
    part: Selection, parts: Iterable[Selection], said: Iterable[Statement]
) -> Sequence[Candidate]:
    """The sentences of the clauses that are cited for the other questions, as marked for this one where it found them."""
    clauses = {id(c.evidence.passage.clause) for statement in said for c in statement.citations}
    found: dict[tuple[str, int], Candidate] = {}
    for selection in (part, *parts):
        for candidate in selection.candidates:
            if id(candidate.clause) in clauses and candidate.sentence.role != "heading":
                found.setdefault((candidate.document.id, candidate.sentence.start), candidate)
    return list(found.values())


def _says(candidate: Candidate, part: Selection) -> bool:
    """Whether a sentence has the form of everything that a question asks for."""
    sentence = candidate.sentence
    met = ask_features(asking_of(part.question.text), [sentence.text], [sentence.form.quantities])
    return bool(met[0][_SAID] >= 1)


def _quoted(candidate: Candidate) -> Statement:
    citation = candidate.cite()
    lead = f"{name_of(candidate.document)}{label_of(candidate.clause)}："
    return Statement(citation.quote, (citation,), lead=lead)


def not_yet_said(statements: Iterable[Statement], said: Sequence[Statement]) -> list[Statement]:
    """The statements that are not yet said word for word, nor quote what is quoted already."""
    known = {c for s in said if s.kind == "quoted" for c in _places(s)}
    texts = {s.text for s in said}
    return [
        statement
        for statement in statements
        if statement.text not in texts
        and not (statement.kind == "quoted" and statement.citations and _places(statement) <= known)
    ]


def within_limit(answers: Sequence[list[Statement]]) -> list[Statement]:
    """The statements of several answers, the longest shortened at its end until one answer may cite as much."""
    kept = [list(answer) for answer in answers]
    while len({place for answer in kept for s in answer for place in _places(s)}) > _CITATIONS:
        max(kept, key=lambda answer: sum(bool(s.citations) for s in answer)).pop()
    return [statement for answer in kept for statement in answer]


def _places(statement: Statement) -> set[tuple[str, int, int]]:
    return {(c.document.id, c.start, c.end) for c in statement.citations}
