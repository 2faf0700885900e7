"""Where a question is looked for: the document that the turn before was about, or what lies above the asker's region."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chat.followup import is_whole, switches
from chat.question import Kind, Question
from chat.succession import asks_former
from chat.understand import Understanding
from index.hybrid import HybridIndex
from index.passage import Evidence

_APART = 0.3  # how much nearer another region's or the national policies come to a matter that is whole
_ABOVE = 0.1  # how much nearer the national policies come to it than those of where the asker only says that it sits
_COMPARED, _COVERED = 5, 0.3  # passages; weight of coverage
_FARTHER = 0.08  # how much farther the old matter may be


@dataclass(frozen=True)
class Context:
    """Keeps a question to where it belongs. Holds no state between questions."""

    index: HybridIndex
    understanding: Understanding
    about: Callable[[Question], tuple[str, ...]]  # ids of the documents that a question is about

    def kept(self, question: Question, slack: float = _FARTHER) -> Question:
        """A follow-up that names no document, kept to the one that the turn before was about.

        Unless something else in the corpus comes nearer to it by more than `slack`: then the asker has gone on to
        another matter.
        """
        question = self._above(question)
        earlier = question.earlier
        if earlier is None or question.named or question.sides or not question.terms:
            return question
        if (alone := self._gone_on(question)) is not None:
            return alone
        if question.regions != earlier.regions or question.kind in (Kind.CORPUS, Kind.COMPARISON):
            return question
        if asks_former(question) or asks_former(earlier):
            return question  # one of two versions was meant before, and now the other may be
        about = self.about(replace(earlier, filters=question.filters, as_of=question.as_of))
        allowed = about if question.documents is None else tuple(i for i in about if i in question.documents)
        if not allowed or question.documents == allowed:
            return question
        search = self.index.search
        inside = _nearness(search(question.search_text, _COMPARED, documents=allowed))
        anywhere = _nearness(search(question.search_text, _COMPARED, documents=question.documents))
        return replace(question, documents=allowed) if inside >= anywhere - slack else question

    def _gone_on(self, question: Question) -> Question | None:
        """The question by itself, where its matter is whole and the region of the turn before hardly speaks of it."""
        if not question.regions or switches(question.text):
            return None
        alone = self.understanding.understand(question.text, (), question.filters, question.as_of)
        placed = alone.regions or alone.missing_regions or alone.national or alone.named or alone.missing
        if placed or alone.documents == question.documents or not is_whole(alone):
            return None
        search = self.index.search
        inside = _nearness(search(alone.search_text, _COMPARED, documents=question.documents))
        anywhere = _nearness(search(alone.search_text, _COMPARED, documents=alone.documents))
        return replace(alone, history=question.history) if inside < anywhere - _APART else None

    def _above(self, question: Question) -> Question:
        """A question of which only the message tells where the asker sits, asked of the nation where that comes nearer."""
        chosen = question.filters.regions or question.filters.documents
        if chosen or not question.seated or question.documents is None:
            return question
        national = self.understanding.catalog.places.within((), True)
        if not national:
            return question
        search = self.index.search
        inside = _nearness(search(question.search_text, _COMPARED, documents=question.documents))
        above = _nearness(search(question.search_text, _COMPARED, documents=national))
        if above <= inside + _ABOVE:
            return question
        return replace(question, regions=(), national=True, documents=national, seated=False)


def _nearness(evidence: Sequence[Evidence]) -> float:
    """How near the best of some evidence comes, by its raw values."""
    return max((item.cosine + _COVERED * item.coverage for item in evidence), default=0.0)
