"""Gradio without what is of no use here: stubs for editors at every start, and looks every millisecond.

At every import Gradio parses the source of each of its components and writes a stub beside it (gradio 6.31,
`gradio.component_meta.create_or_modify_pyi`): a third of the time that the whole program takes to start, and of no
use to a server, whose packages may also be read-only. Import `gr` from here.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

_MODULE, _FUNCTION = "gradio.component_meta", "create_or_modify_pyi"
_LOOK_SECONDS, _PROGRESS_SECONDS = (
    0.01,
    0.1,
)  # between looks for a next question, which waits as long, and for its progress


class _Loader(importlib.abc.Loader):
    """Loads a module as its own loader does, and puts a function that does nothing in place of one of it."""

    def __init__(self, own: importlib.abc.Loader) -> None:
        self._own = own

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._own.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._own.exec_module(module)
        if hasattr(module, _FUNCTION):
            setattr(module, _FUNCTION, lambda *_: None)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the one module, and nothing else."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != _MODULE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


def _gradio() -> ModuleType:
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module("gradio")
    finally:
        sys.meta_path.remove(finder)


if TYPE_CHECKING:
    import gradio as gr
else:
    gr = _gradio()


def queue(blocks: gr.Blocks, concurrency: int) -> None:
    """Let questions to a page wait for each other.

    Gradio looks for the next one every millisecond, each time taking the interpreter from the threads that answer.
    """
    blocks.queue(max_size=2 * concurrency, api_open=False)
    blocks._queue.sleep_when_free = _LOOK_SECONDS
    blocks._queue.progress_update_sleep_when_free = _PROGRESS_SECONDS


__all__ = ["gr", "queue"]
