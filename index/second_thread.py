"""A second thread for work that leaves the interpreter alone: the tokenizer, faiss, onnxruntime."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class SecondThread:
    """Does a part of the work of whoever asks, if it is free. Safe to use from several threads."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)

    def start(self, work: Callable[[], T]) -> Callable[[], T]:
        """Begin the work; what is given back waits for its result.

        Where the thread has not come to it by then, the one who waits does it: nobody waits for another question.
        """
        begun = self._pool.submit(work)
        return lambda: work() if begun.cancel() else begun.result()
