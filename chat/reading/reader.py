"""Reads sentences for a question, and keeps what it read of them by themselves."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from chat.reading.network import Head, Network, load
from chat.reading.tokens import TOKENIZER, ids_of, load_tokenizer, question_ids, sentence_ids
from index.second_thread import SecondThread

WEIGHTS = Path(__file__).parent / "weights"
T = TypeVar("T")
R = TypeVar("R")
_SHARED = 2  # pieces of work from which a second thread takes its part
_ASKED = 64  # questions of which what was read is kept: the same one is judged a moment later
KEPT = 2000  # sentences, of some 35 kB each


class Said(NamedTuple):
    """A sentence and what stands over it."""

    title: str
    headings: str
    sentence: str


class Reader:
    """Tells how well sentences answer a question. Safe to use from several threads."""

    def __init__(self, network: Network, tokenizer: Tokenizer, kept: int = KEPT) -> None:
        """kept: of how many sentences what was read is kept; of the others it is read again."""
        self.kept = kept
        self._network, self._tokenizer = network, tokenizer
        self._read: OrderedDict[Said, NDArray[np.float16]] = OrderedDict()
        self._asked: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._begun: OrderedDict[str, Callable[[], NDArray[np.float32]]] = OrderedDict()
        self._lock = Lock()
        self._second, self._asking = SecondThread("reading"), SecondThread("asking")

    def begin(self, question: str) -> None:
        """Have a question read by a second thread, for those who will soon want what was read of it."""
        with self._lock:
            if question in self._asked or question in self._begun:
                return
            self._begun[question] = self._asking.start(lambda: self._read_alone(question))
            while len(self._begun) > _ASKED:
                self._begun.popitem(last=False)

    def read(self, question: str, sentences: Sequence[Said]) -> NDArray[np.float32]:
        """Log odds that each sentence answers the question, shape (sentences,); at least one is expected."""
        asked, *alone = self._alone(sentences, question)
        return np.concatenate(self._by_two(lambda rows: self._network.score(asked, [rows]), alone))

    def judge(self, head: Head, question: str, sentences: Sequence[Said]) -> list[float]:
        """As `read`, by other last layers."""
        asked, *alone = self._alone(sentences, question)
        return [head.score(asked, rows) for rows in alone]

    def learn(self, sentences: Sequence[Said]) -> None:
        """Keep what is read of the sentences by themselves, so that no question waits for it."""
        self._alone(sentences)

    def _alone(self, sentences: Sequence[Said], question: str | None = None) -> list[NDArray[np.float32]]:
        """What was read of each by itself, shape (tokens, width): the question if there is one, then the sentences."""
        with self._lock:
            found = {one: self._read[one] for one in sentences if one in self._read}
            asked = None if question is None else self._asked.get(question)
            begun = None if question is None else self._begun.pop(question, None)
        if asked is None and begun is not None:
            asked = begun()
        new = [one for one in dict.fromkeys(sentences) if one not in found]
        # The longest first: what two threads share is then done at about the same time.
        new.sort(key=lambda one: -len(one.sentence))
        texts: list[Said | str] = [*new] if question is None or asked is not None else [*new, question]
        read = self._by_two(self._read_alone, texts)
        if question is not None and asked is None:
            asked = read[-1]
        found |= {one: rows.astype(np.float16) for one, rows in zip(new, read, strict=False)}
        with self._lock:
            for one in sentences:
                self._read[one] = found[one]
                self._read.move_to_end(one)
            while len(self._read) > self.kept:
                self._read.popitem(last=False)
            if question is not None and asked is not None:
                self._asked[question] = asked
                self._asked.move_to_end(question)
            while len(self._asked) > _ASKED:
                self._asked.popitem(last=False)
        return [*([] if asked is None else [asked]), *(found[one].astype(np.float32) for one in sentences)]

    def _read_alone(self, one: Said | str) -> NDArray[np.float32]:
        """What the network reads of a sentence or a question, shape (tokens, width)."""
        if isinstance(one, str):
            return self._network.ask(question_ids(ids_of(self._tokenizer, [one])[0]))
        return self._network.read(*sentence_ids(*ids_of(self._tokenizer, one)))

    def _by_two(self, work: Callable[[T], R], inputs: Sequence[T]) -> list[R]:
        """The work done on each of the inputs, by this thread and a second one, which each take the next that is left.

        Tokenizer and network let two run.
        """
        if len(inputs) < _SHARED:
            return list(map(work, inputs))
        left, done = deque(enumerate(inputs)), dict[int, R]()

        def take() -> None:
            while left:
                try:
                    place, one = left.popleft()
                except IndexError:  # the other has taken the last
                    return
                done[place] = work(one)

        others = self._second.start(take)
        take()
        others()
        return [done[place] for place in range(len(inputs))]


def load_reader(folder: Path = WEIGHTS, tokenizer: Path = TOKENIZER) -> Reader:
    """A reader with the network of a folder."""
    return Reader(load(folder), load_tokenizer(tokenizer))
