"""The writer that asks a language model: prompt, reply, sentences, and another try where that may help."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chat.answer import Citation, Statement, Usage
from chat.quoting.selection import Selection
from chat.writing.evidence import Exhibit, gather, narrow
from chat.writing.model import Ended, Ending, LanguageModel, Message, ModelFailed, Trouble
from chat.writing.parse import Reader, Written
from chat.writing.prompt import NOTHING, Prompt
from corpus.script import is_traditional, simplify

log = logging.getLogger(__name__)

_TRIES = 3  # at most; the time budget usually ends them earlier
_PAUSE = 0.5  # seconds before the second try, doubled for each further one
_LEAST = 2.0  # seconds left that are worth another try
_FOREIGN = 200  # characters without a Chinese one: the reply is in another language
_CIRCLING = 3  # sentences in a row that were all said before
_FAILURES, _RESTING = 3, 15.0  # answers in a row without the server, then seconds without asking it
_REMINDER = "请只用简体中文作答。"


@dataclass(frozen=True)
class Report:
    """How the writing went. `trouble` is None where the model finished its reply."""

    usage: Usage
    trouble: Trouble | None = None
    cut: bool = False  # the reply ended before the model was done


class _Rest:
    """Spares a server that is not there: after some answers in a row without a connection, none is tried for a while.

    Else every reader would wait for the same tries, and every worker with them.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0

    def over(self) -> bool:
        """Whether the model may be asked."""
        return time.monotonic() >= self._until

    def note(self, trouble: Trouble | None) -> None:
        """Take note of how an answer went."""
        self._failures = self._failures + 1 if trouble in (Trouble.DOWN, Trouble.SLOW) else 0
        if self._failures >= _FAILURES:
            self._until = time.monotonic() + _RESTING


class ModelWriter:
    """Asks a model for the statements of an answer. Between answers it knows only whether the server is there."""

    def __init__(
        self,
        model: LanguageModel,
        prompt: Prompt,
        *,
        seconds: float = 40.0,
        characters: int = 6000,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`seconds` for one answer, retries included; `characters` of clauses in a prompt."""
        self.model = model
        self.prompt = prompt
        self._seconds = seconds
        self._characters = characters
        self._sleep = sleep
        self._rest = _Rest()

    def write(self, selection: Selection, quoted: Sequence[Statement]) -> Iterator[Statement | Report]:
        """Yield statements as the model completes them, unchecked, then a `Report`. Raises nothing.

        `quoted` is what the quoting writer says: its clauses come first in the prompt.
        """
        if not self._rest.over():
            yield Report(Usage(self.model.name, calls=0, trouble=Trouble.DOWN.value), Trouble.DOWN)
            return
        exhibits = gather(selection, quoted, self._characters)
        reply = Reply(
            self.model, self.prompt.answer(selection.question, exhibits), self._seconds, self._sleep
        )
        by_number = {exhibit.number: exhibit for exhibit in exhibits}
        said: set[str] = set()
        repeated = 0
        for sentence in reply.sentences():
            words = re.sub(r"\W", "", sentence.text)
            repeated = repeated + 1 if words in said else 0
            if repeated == _CIRCLING:
                reply.cut = True
                break
            if not repeated and not words.startswith(NOTHING):
                yield _statement(sentence, by_number)
            said.add(words)
        self._rest.note(reply.trouble)
        yield Report(reply.usage(), reply.trouble, reply.cut)


class Reply:
    """One reply of a model, tried again where the first try brings nothing; counts what it takes."""

    def __init__(
        self,
        model: LanguageModel,
        messages: list[Message],
        seconds: float,
        sleep: Callable[[float], None] = time.sleep,
        tries: int = _TRIES,
    ) -> None:
        self.trouble: Trouble | None = None
        self.cut = False
        self._model = model
        self._messages = messages
        self._sleep = sleep
        self._tries = tries
        self._started = time.monotonic()
        self._deadline = self._started + seconds
        self._calls = 0
        self._first: float | None = None
        self._spent: list[Ended] = []

    def sentences(self) -> Iterator[Written]:
        """The complete sentences as they come. A reply of which something came is not tried again."""
        messages = self._messages
        for attempt in range(self._tries):
            came = False
            self.trouble = None
            self._calls += 1
            try:
                for sentence in self._try(messages):
                    came = True
                    yield sentence
                return
            except ModelFailed as failure:
                self.trouble = failure.trouble
                self.cut = came
                log.warning("language model %s, try %d: %s", self._model.name, attempt + 1, failure)
                wait = failure.wait if failure.wait is not None else _PAUSE * 2**attempt
                last = attempt + 1 == self._tries
                if came or last or not failure.hopeful or self._left() < wait + _LEAST:
                    return
                if failure.trouble is Trouble.LANGUAGE:
                    messages = [*self._messages[:-1], _reminded(self._messages[-1])]
                self._sleep(wait)

    def usage(self) -> Usage:
        """What the reply took so far."""
        prompt = [each.prompt_tokens for each in self._spent if each.prompt_tokens is not None]
        completion = [each.completion_tokens for each in self._spent if each.completion_tokens is not None]
        return Usage(
            model=self._model.name,
            calls=self._calls,
            prompt_tokens=sum(prompt) if prompt else None,
            completion_tokens=sum(completion) if completion else None,
            first_ms=None if self._first is None else round(self._first * 1000, 1),
            took_ms=round((time.monotonic() - self._started) * 1000, 1),
            trouble=self.trouble.value if self.trouble else "",
        )

    def _left(self) -> float:
        return self._deadline - time.monotonic()

    def _try(self, messages: list[Message]) -> Iterator[Written]:
        """The Chinese sentences of one reply. Raises ModelFailed, also where there are none."""
        foreign = 0  # characters before the first Chinese sentence
        came = False
        for sentence in self._read(messages):
            if sentence.chinese:
                came = True
                yield sentence
            elif not came:
                foreign += len(sentence.text)
                if foreign > _FOREIGN:
                    break
        if not came:
            raise ModelFailed(Trouble.LANGUAGE if foreign else Trouble.GARBLED, "nothing usable")

    def _read(self, messages: list[Message]) -> Iterator[Written]:
        """The sentences of one reply. Raises ModelFailed after those that were complete before it failed."""
        reader = Reader()
        began = time.monotonic()
        try:
            for piece in self._model.reply(messages, max(self._left(), 0.1)):
                if isinstance(piece, Ended):
                    self._spent.append(piece)
                    self.cut = piece.ending is Ending.LENGTH
                    continue
                if self._first is None:
                    self._first = time.monotonic() - began
                yield from reader.feed(piece)
        except ModelFailed:
            yield from reader.finish(complete=False)
            raise
        yield from reader.finish(complete=not self.cut)


def _reminded(message: Message) -> Message:
    return Message(message.role, f"{message.content}\n\n{_REMINDER}")


def _statement(sentence: Written, exhibits: dict[int, Exhibit]) -> Statement:
    """A sentence as a statement on the clauses that it cites; numbers that no clause has are left out."""
    text = simplify(sentence.text) if is_traditional(sentence.text) else sentence.text
    if sentence.leads:
        return Statement(text, kind="notice")
    cited = [exhibits[number] for number in dict.fromkeys(sentence.cites) if number in exhibits]
    citations: tuple[Citation, ...] = tuple(narrow(each.clause, text) for each in cited)
    form = "bullet" if sentence.item else "continued" if sentence.follows else "sentence"
    return Statement(text, citations, "written", form=form)  # type: ignore[arg-type]
