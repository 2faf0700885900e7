"""What is searched and what a search finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.document import Clause, Document
from corpus.sentences import split_sentences
from corpus.tables import Table, tables_of
from index.wording import mainland_words

LONGEST = 400  # characters: past this a clause is cut; a static embedding of more blurs into an average
FRAME = frozenset({"版头", "落款"})  # title block and signature: about the document, not of its content
UNNUMBERED = frozenset({"前言", "结语"})  # they have the path of their parent, but are not the parent
_PAUSE = re.compile(r"[，、,]|\n")


@dataclass(frozen=True, eq=False)
class Passage:
    """A stretch of one clause that is searched as a whole. Offsets refer to `clause.document.text`."""

    clause: Clause = field(repr=False)
    start: int
    end: int
    above: str = field(default="", repr=False)  # title and headings over this text; siblings share the string
    also: str = field(default="", repr=False)  # of converted traditional text: its words in mainland wording

    @property
    def text(self) -> str:
        """What is quoted."""
        return self.clause.document.text[self.start : self.end]

    @property
    def searchable(self) -> str:
        """What is searched and embedded: title and headings, then the text without its label.

        Made when asked for rather than stored: for a large corpus it is larger than the text itself.
        """
        content = self.clause.document.text[max(self.start, self.clause.body_start) : self.end].strip()
        return " ".join(part for part in (self.above, content, self.also) if part)

    @property
    def is_frame(self) -> bool:
        """Whether it holds no content of its own: a heading alone, the title block or the signature."""
        clause = self.clause
        return clause.label in FRAME or (
            bool(clause.heading) and clause.body.rstrip("。：:") == clause.heading
        )


@dataclass(frozen=True, eq=False)
class Evidence:
    """A passage that a search found, with the fused score and the raw values behind it. Higher is better."""

    passage: Passage
    score: float  # for ranking alone
    cosine: float  # raw cosine of question and passage, −1 to 1
    coverage: float  # share of the question's words (by inverse document frequency) in the passage, 0 to 1


def cut(document: Document) -> Iterator[Passage]:
    """The passages of a document in reading order: one for each clause with text, more for a long one."""
    above: dict[tuple[str, tuple[str, ...]], str] = {}  # part and path → title and headings down to there
    for clause in document.clauses:
        over = _above(clause, above)
        with_own = f"{over} {clause.heading}" if clause.heading else over
        if clause.label not in UNNUMBERED | FRAME:
            above[clause.part, clause.path] = with_own
        for number, (start, end, header) in enumerate(_parts(clause)):
            also = mainland_words(document.text[start:end]) if document.traditional else ""
            headed = with_own if number else over
            yield Passage(clause, start, end, f"{headed} {header}" if header else headed, also)


def _parts(clause: Clause) -> Iterator[tuple[int, int, str]]:
    """The stretches of a clause. A table of a long clause stands apart, cut between its rows, each part with the
    table's caption and the names of its columns, which tell what the figures of a row are."""
    text, place = clause.document.text, clause.start
    for table in tables_of(clause) if clause.end - clause.start > LONGEST else ():
        yield from ((start, end, "") for start, end in stretches(text, place, table.start))
        yield from _rows(text, table)
        place = table.end
    yield from ((start, end, "") for start, end in stretches(text, place, clause.end))


def _rows(text: str, table: Table) -> Iterator[tuple[int, int, str]]:
    header = " ".join(dict.fromkeys(filter(None, (table.caption, *table.columns))))
    groups: list[tuple[int, int]] = []
    for row in (*table.header, *table.rows):
        if groups and row.end - groups[-1][0] <= LONGEST:
            groups[-1] = (groups[-1][0], row.end)
        else:
            groups += stretches(text, row.start, row.end)
    yield from ((start, end, header) for start, end in groups)


def _above(clause: Clause, above: dict[tuple[str, tuple[str, ...]], str]) -> str:
    """Title and headings over a clause: those of its nearest parent. Numbering may restart, so that
    the parent is the last one read with that path."""
    if clause.label in FRAME:
        return ""  # the title block holds the title itself, and a signature answers nothing about content
    depth = len(clause.path) if clause.label in UNNUMBERED else len(clause.path) - 1
    for length in range(depth, 0, -1):
        if (found := above.get((clause.part, clause.path[:length]))) is not None:
            return found
    return clause.document.title


def stretches(text: str, start: int, end: int, longest: int = LONGEST) -> list[tuple[int, int]]:
    """Cut text[start:end] into stretches of about equal length, at most `longest` where sentences allow.

    Cuts stand at sentence ends; a sentence that is itself too long is cut at its commas.
    """
    stretch = text[start:end]
    start += len(stretch) - len(stretch.lstrip())
    end = start + len(stretch.strip())
    if end - start <= longest:
        return [(start, end)] if start < end else []
    sentences = split_sentences(text[start:end], start)
    pieces = [piece for sentence in sentences for piece in _pieces(text, *sentence, longest)]
    aim = (end - start) / -(-(end - start) // longest)  # even parts: no short remainder at the end
    found: list[tuple[int, int]] = []
    for left, right in pieces:
        if found and right - found[-1][0] <= longest and left - found[-1][0] < aim:
            found[-1] = (found[-1][0], right)
        else:
            found.append((left, right))
    return found


def _pieces(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """A sentence, whole if it fits; else cut after the last comma or line end that fits, or at `longest`."""
    while end - start > longest:
        pauses = [match.end() for match in _PAUSE.finditer(text, start, start + longest)]
        cut_at = pauses[-1] if pauses else start + longest
        yield start, cut_at
        start = cut_at
    if start < end:
        yield start, end
