"""Answers computed in a bounded pool of threads, for the HTTP API and the web chat alike."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Protocol

from chat.answer import Answer, Statement, to_markdown
from chat.contract import AskRequest, AskResponse, StatementBody, answer_body, citation_bodies
from chat.meters import Meters
from chat.precedence import attempts
from chat.question import Filters, Question, Turn
from chat.records import Records
from corpus.script import is_traditional

if TYPE_CHECKING:
    from index.store import Snapshot

log = logging.getLogger(__name__)


class Answerer(Protocol):
    """What answers: `chat.assistant.Assistant`."""

    @property
    def snapshot(self) -> Snapshot:
        """The documents and the index in force."""

    def ask(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """The whole answer."""

    def stream(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        as_of: date | None = None,
    ) -> Iterator[Statement | Answer]:
        """The statements as they pass the check, the whole answer last."""


class Overloaded(Exception):  # noqa: N818 — a state, told to the asker, not an error of the program
    """Too many questions wait already."""


class AnswerFailed(Exception):  # noqa: N818
    """The answer broke off; the message is for the asker."""


class AnswerPool:
    """Runs the assistant in `workers` threads; past `waiting` more questions it says no.

    An answer that takes longer than `seconds` is given up; its thread ends at the next statement.
    """

    def __init__(
        self,
        assistant: Answerer,
        records: Records,
        meters: Meters,
        *,
        workers: int = 2,
        waiting: int = 64,
        seconds: float = 60.0,
        root: str = "",
    ) -> None:
        self.assistant = assistant
        self.records = records
        self._meters = meters
        self._room = workers + waiting
        self.running = 0
        self._seconds = seconds
        self.root = root
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="answer")

    async def ask(self, request: AskRequest, channel: str = "api", first: str = "") -> AskResponse:
        """The whole answer. Raises Overloaded, AnswerFailed."""
        async for item in self.stream(request, channel, first, partial=False):
            if isinstance(item, AskResponse):
                return item
        raise AnswerFailed("回答未能完成，请稍后再试。")

    async def stream(
        self, request: AskRequest, channel: str = "api", first: str = "", *, partial: bool = True
    ) -> AsyncIterator[StatementBody | AskResponse]:
        """The statements as they come (unless not `partial`), the whole answer last.

        `channel` goes on record; the policies of the region `first` come first (`chat.precedence`). Raises Overloaded, AnswerFailed.
        """
        if self.running >= self._room:
            self._meters.answers.labels(channel, "overloaded").inc()
            raise Overloaded("当前提问较多，请稍后再试。")
        loop = asyncio.get_running_loop()
        items: asyncio.Queue[StatementBody | AskResponse | None] = asyncio.Queue()
        stop = threading.Event()

        def work() -> AskResponse | None:
            for item in self._answer(request, channel, first, stop, partial):
                if isinstance(item, AskResponse):
                    return item  # told with the end: each waking of the loop takes a tenth of a millisecond
                loop.call_soon_threadsafe(items.put_nowait, item)
            return None

        self.running += 1
        self._meters.running.set(self.running)
        future = self._threads.submit(work)
        future.add_done_callback(lambda done: loop.call_soon_threadsafe(self._finished, items, done))
        deadline = loop.time() + self._seconds
        try:
            while (item := await asyncio.wait_for(items.get(), deadline - loop.time())) is not None:
                yield item
        except TimeoutError:
            self._meters.answers.labels(channel, "failed").inc()
            raise AnswerFailed("回答超时，请稍后再试，或换一种问法。") from None
        finally:
            stop.set()
            future.cancel()  # only where it has not begun
        self._raise_failure(future, channel)

    def close(self) -> None:
        """End the threads once their answers are done."""
        self._threads.shutdown(cancel_futures=True)

    def _finished(
        self, items: asyncio.Queue[StatementBody | AskResponse | None], done: Future[AskResponse | None]
    ) -> None:
        self.running -= 1
        self._meters.running.set(self.running)
        if not done.cancelled() and not done.exception() and (whole := done.result()) is not None:
            items.put_nowait(whole)
        items.put_nowait(None)

    def _raise_failure(self, future: Future[AskResponse | None], channel: str) -> None:
        failure = future.exception()
        if failure is not None:
            log.error("an answer broke off", exc_info=failure)
            self._meters.answers.labels(channel, "failed").inc()
            raise AnswerFailed("系统出错，未能回答，请稍后再试。") from failure

    def _answer(
        self, request: AskRequest, channel: str, first: str, stop: threading.Event, partial: bool
    ) -> Iterator[StatementBody | AskResponse]:
        started = time.perf_counter()
        day = request.as_of or date.today()
        statements: list[Statement] = []
        for item in self._items(request, first, day):
            if stop.is_set():
                return
            if isinstance(item, Statement):
                statements.append(item)
                if partial:
                    yield self._statement_body(statements, request.question, day)
                continue
            seconds = time.perf_counter() - started
            body = answer_body(item, seconds * 1000, self.root)
            self.records.keep(
                body.model_dump(mode="json"),
                request.question,
                channel,
                request=request.circumstances,
                usage=asdict(item.usage) if item.usage is not None else None,
            )
            self._meters.count(item)
            self._meters.seconds.observe(seconds)
            self._meters.answers.labels(channel, body.reason or "answered").inc()
            yield body

    def _items(self, request: AskRequest, first: str, day: date) -> Iterator[Statement | Answer]:
        """The statements and the answer of the first attempt that is not refused, else of the last."""
        *earlier, last = attempts(request, first)
        for filters in earlier:
            held: list[Statement] = []
            for item in self.assistant.stream(request.question, request.turns, filters, day):
                if isinstance(item, Answer):
                    if not item.refused:
                        yield from held
                        yield item
                        return
                elif item.citations:
                    yield from held
                    yield item
                    held.clear()
                else:
                    held.append(item)  # it may yet end as a refusal
        yield from self.assistant.stream(request.question, request.turns, last, day)

    def _statement_body(self, statements: list[Statement], question: str, day: date) -> StatementBody:
        script = "traditional" if is_traditional(question) else "simplified"
        so_far = Answer("", Question(question, as_of=day, script=script), tuple(statements))
        bodies = dict(zip(so_far.citations, citation_bodies(so_far.citations, day, self.root), strict=True))
        last = statements[-1]
        return StatementBody(
            text=last.lead + last.text,
            kind=last.kind,
            generated=last.kind == "written",
            citations=[bodies[citation] for citation in dict.fromkeys(last.citations)],
            answer=to_markdown(so_far),
        )
