"""The curated answers made ready for one snapshot of the corpus: which of them answers a question."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from chat.answer import Statement
from chat.check import Checker
from chat.curated.drafting import Clauses, Fault, changes, clauses_of, faults_of, statements_of
from chat.curated.entries import CuratedStore, Entry
from chat.curated.likeness import Traits, closeness, difference, traits_of
from chat.question import Question
from corpus.document import Document

log = logging.getLogger(__name__)

FRESH = 3.0  # seconds for which the entries that were read are believed; other processes may change them

Understand = Callable[[str], Question]


@dataclass(frozen=True)
class Near:
    """An entry beside a question: how close its nearest wording is, and why it is not served."""

    entry: Entry
    wording: str
    closeness: float  # 0 to 1
    why_not: str  # Chinese; empty where it is served


class CuratedBook:
    """Finds the curated answer of a question. Safe to use from several threads."""

    def __init__(
        self, store: CuratedStore, documents: Sequence[Document], understand: Understand, checker: Checker
    ) -> None:
        self._store = store
        self._understand = understand
        self._checker = checker
        self._clauses = clauses_of(documents)
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._version: object = None
        self._pages: tuple[tuple[Entry, tuple[tuple[str, Traits], ...]], ...] = ()

    @property
    def clauses(self) -> Clauses:
        """The clauses that entries may cite, by document id and clause id."""
        return self._clauses

    def find(self, question: Question) -> tuple[Statement, ...]:
        """The statements of the entry that answers the question, all checked; none where no entry does."""
        pages = self._current()
        if not pages:
            return ()
        asked = traits_of(question)
        for entry, wordings in pages:
            if any(not difference(asked, traits) for _, traits in wordings) and not self._held(
                entry, question
            ):
                return tuple(statement for _, statement in statements_of(entry, self._clauses))
        return ()

    def near(self, question: Question, most: int = 5) -> list[Near]:
        """The entries closest to a question, for staff: those served first, then by closeness."""
        asked, found = traits_of(question), []
        for entry, wordings in self._current():
            close = [(closeness(asked, traits), wording, traits) for wording, traits in wordings]
            served = next((each for each in close if not difference(asked, each[2])), None)
            share, wording, traits = served or max(close, key=lambda each: each[0])
            why_not = difference(asked, traits) or self._held(entry, question)
            found.append(Near(entry, wording, share, why_not))
        return sorted(found, key=lambda each: (bool(each.why_not), -each.closeness))[:most]

    def faults(self, entry: Entry) -> list[Fault]:
        """All that keeps an entry from being served, in Chinese; before it is saved, and as the corpus changes."""
        return faults_of(entry, map(self._understand, entry.questions), self._clauses, self._checker)

    def refresh(self) -> None:
        """Read the entries anew at the next question."""
        with self._lock:
            self._read_at = float("-inf")

    def _held(self, entry: Entry, question: Question) -> str:
        """Why an entry whose question agrees is not served all the same."""
        if not entry.holds(question.as_of):
            return "已停用" if not entry.enabled else "不在有效期内"
        chosen = question.documents
        if chosen is not None and any(cited.document_id not in chosen for cited in entry.cites):
            return "所引文件不在所问的地区或文件之内"
        changed = changes(entry, self._clauses)
        if changed:
            return f"待复核：{changed[0]}"
        for line, statement in statements_of(entry, self._clauses):
            verdict = self._checker.check(statement, question)
            if not verdict.ok:
                return f"未通过核对：第 {line} 行，{verdict.reason}"
        return ""

    def _current(self) -> tuple[tuple[Entry, tuple[tuple[str, Traits], ...]], ...]:
        with self._lock:
            if time.monotonic() - self._read_at >= FRESH:
                try:
                    self._reload()
                except SQLAlchemyError:  # the policies themselves can still answer
                    log.exception("the curated answers cannot be read")
                self._read_at = time.monotonic()
            return self._pages

    def _reload(self) -> None:
        version = self._store.version()
        if version != self._version:
            self._pages = tuple(
                (entry, tuple((wording, traits_of(self._understand(wording))) for wording in entry.questions))
                for entry in self._store.all()
            )
            self._version = version
