"""Lists that the headings of a document give: its tasks, principles, actions, safeguards."""

from __future__ import annotations

from collections.abc import Iterator

from chat.answer import Statement
from chat.match import coverage, words_of
from chat.outline import UNNUMBERED
from chat.quantities import find_quantities
from chat.quoting.selection import Selection, cite_clause, name_of
from chat.select import Selector
from corpus.document import Clause, Document
from corpus.sentences import split_sentences

_WHOLE = (
    0.85  # share of the topic that the heading must hold: the question asks for just what stands below it
)
_CHARACTERS = 520
_MOST = 10  # headings


def write_structure(selection: Selection, selector: Selector, document: Document) -> Iterator[Statement]:
    """What stands below the heading that the question asks for, one bullet each; nothing where none is asked for."""
    heading = _asked_heading(selection, selector, document)
    if heading is None:
        return
    below = [
        c for c in selection.outline(document).children(heading) if c.label not in UNNUMBERED and c.heading
    ]
    if len(below) < 2:
        return
    head = cite_clause(heading, *_heading_span(heading))
    yield Statement(head.quote, (head,), lead=f"{name_of(document)}{heading.label}：")
    goal = "目标" in selection.question.wording
    sentences = [_telling_sentence(clause, goal) for clause in below]
    room = sum(end - start for start, end in sentences) + sum(len(clause.heading) for clause in below)
    for clause, (start, end) in zip(below[:_MOST], sentences, strict=False):
        citation = cite_clause(clause, *_heading_span(clause))
        if room <= _CHARACTERS and end > start:
            citation = cite_clause(clause, start, end)
            yield Statement(citation.quote, (citation,), lead=f"{clause.heading}：", form="bullet")
        else:
            yield Statement(citation.quote, (citation,), form="bullet")


def _asked_heading(selection: Selection, selector: Selector, document: Document) -> Clause | None:
    """The clause whose heading holds the whole topic of the question and that has others below it; the highest such."""
    terms = selection.question.terms
    if not terms:
        return None
    outline = selection.outline(document)
    best: tuple[float, int, int, Clause] | None = None
    for clause in document.clauses:
        if not clause.heading or clause.label in UNNUMBERED or not outline.children(clause):
            continue
        held = coverage(terms, selector.matcher.match(terms, words_of(clause.heading)))
        key = (held, -len(clause.path), -clause.start, clause)
        if held >= _WHOLE and (best is None or key[:3] > best[:3]):
            best = key
    return best[3] if best else None


def _heading_span(clause: Clause) -> tuple[int, int]:
    """Where the heading stands in the document's text."""
    start = clause.document.text.find(clause.heading, clause.body_start, clause.end)
    return (start, start + len(clause.heading)) if start >= 0 else (clause.body_start, clause.end)


def _telling_sentence(clause: Clause, goal: bool) -> tuple[int, int]:
    """The first sentence below the heading, of goals the first with a figure; an empty span where there is none."""
    _, end = _heading_span(clause)
    text = clause.document.text
    spans = [(a, b) for a, b in split_sentences(text[end : clause.end], end) if b - a > 8]
    figures = [(a, b) for a, b in spans if goal and any(not q.is_time for q in find_quantities(text[a:b]))]
    return (figures or spans or [(end, end)])[0]
