"""Open the assistant over folders of documents: load the index, or build it where it is missing or stale."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from chat.assistant import Assistant
from chat.curated.entries import CuratedStore
from chat.writing.model import ModelUnavailable
from chat.writing.opening import Writing, open_writing
from chat.writing.options import ModelOptions
from index.build import EmptyCorpusError, ensure_snapshot, progress_bars
from index.embedder import ModelError, load_embedder
from index.store import BuildRunningError


class NotReady(RuntimeError):  # noqa: N818 — a state of the installation, told to its user
    """The assistant cannot be opened. The message is for users, in Chinese."""


def open_assistant(
    data: Path,
    folders: Sequence[Path],
    model: str,
    console: Console,
    writing: Writing | None = None,
    curated: CuratedStore | None = None,
) -> Assistant:
    """The assistant over the documents in `folders`, with its index under `data`; progress goes to `console`.

    `writing`: the language model that words the answers (`open_language`); without it they quote. `curated`:
    the answers that staff wrote; without it there are none. Raises NotReady.
    """
    try:
        embedder = load_embedder(model)
        with progress_bars(console) as report:
            snapshot = ensure_snapshot(data / "index", folders, embedder, report)
    except (ModelError, EmptyCorpusError, BuildRunningError) as problem:
        raise NotReady(str(problem)) from problem
    for complaint in snapshot.manifest.problems:
        console.print(f"• {complaint}", style="yellow", markup=False)
    return Assistant(snapshot, writing, curated)


def open_language(options: ModelOptions) -> Writing | None:
    """The language model that the options ask for; None where answers are to quote. Raises NotReady."""
    try:
        return open_writing(options)
    except ModelUnavailable as problem:
        raise NotReady(str(problem)) from problem
