"""What a derived statement is recomputed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from chat.checking.figures import Stated, stated_figures
from chat.checking.mentions import is_in
from chat.checking.reading import Segment, read
from chat.checking.source import Source, bare
from chat.question import Question
from corpus.document import Document
from corpus.regions import find_regions


@dataclass(frozen=True, eq=False)
class Grounds:
    """The cited clauses, the cited words, the question, and the corpus where it is known."""

    sources: tuple[Source, ...]
    quotes: tuple[tuple[Source, str], ...]
    question: Question
    documents: tuple[Document, ...]
    text: str  # the whole statement, lead included

    @cached_property
    def cited(self) -> tuple[Document, ...]:
        """The cited documents that the statement names by title or number; all of them where it names none."""
        every = tuple({id(source.document): source.document for source in self.sources}.values())
        plain = bare(self.text)
        named = tuple(d for d in every if (d.number and d.number in self.text) or bare(d.title) in plain)
        return named or every

    @cached_property
    def quoted_segments(self) -> tuple[Segment, ...]:
        """The segments of the cited words."""
        return tuple(s for _, quote in self.quotes for sentence in read(quote) for s in sentence.segments)

    @cached_property
    def quoted_figures(self) -> tuple[Stated, ...]:
        """The figures of the cited words, as they stand in their clauses, the label of a clause before the first."""
        stretches = [(source, "".join(quote.split())) for source, quote in self.quotes]
        return tuple(
            item
            for item in stated_figures(self.sources)
            if any(item.source is source and _unlabelled(item) in quote for source, quote in stretches)
        )

    def of_place(self, name: str) -> tuple[Source, ...]:
        """The sources whose document is of the place named; 国家 means national documents."""
        mentions = find_regions(name)
        if not mentions:
            return tuple(source for source in self.sources if source.document.level in ("国家", ""))
        return tuple(source for source in self.sources if is_in(mentions[0], source))


def _unlabelled(item: Stated) -> str:
    """The segment of a figure without the label of its clause, which no quotation has."""
    clause = item.source.clause
    label = clause.document.text[clause.start : clause.body_start]
    return item.segment.text.removeprefix("".join(label.split()))


# A check of one derived part: what is wrong with it in Chinese, "" where it holds, None where it is no derived part.
Check = Callable[["Grounds", "dict[str, str]"], str | None]
