"""Build the index: python -m index.build [--documents DIR …]."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from corpus.document import Document
from corpus.load import load_documents
from index.calibrate import calibrate
from index.embedder import Embedder, ModelError, load_embedder
from index.hybrid import HybridIndex
from index.passage import Passage, cut
from index.store import (
    FORMAT,
    BuildRunningError,
    Manifest,
    MisfitError,
    Snapshot,
    load_snapshot,
    save_snapshot,
)
from index.vectors import VectorIndex
from index.words import WordIndex

Report = Callable[[str, int, int], None]  # the step in Chinese, how much of it is done, of how much
EMBEDDED_AT_ONCE = 512  # passages between two reports
PROGRAM = Path(__file__).resolve().parent.parent


class EmptyCorpusError(RuntimeError):
    """No document could be read. The message is for users."""


def silent(step: str, done: int, total: int) -> None:
    """A report that nobody reads."""


def build_snapshot(
    documents: Sequence[Document],
    embedder: Embedder,
    documents_hash: str = "",
    problems: Mapping[str, str] | None = None,
    previous: Snapshot | None = None,
    report: Report = silent,
) -> Snapshot:
    """Cut, embed, index and calibrate. Vectors of passages that stand in `previous` alike are taken from there.

    Raises `EmptyCorpusError` if the documents hold no text.
    """
    passages: list[Passage] = []
    for done, document in enumerate(documents, 1):
        passages += cut(document)
        report("切分条款", done, len(documents))
    if not passages:
        raise EmptyCorpusError(
            "没有可以建立索引的政策文件。请检查 TIAOWEN_DOCUMENTS 或 --documents 指定的文件夹。"
        )
    report("词语索引", 0, 1)
    words = WordIndex.from_texts((p.searchable for p in passages), (p.clause.label for p in passages))
    report("词语索引", 1, 1)
    vectors = VectorIndex.from_vectors(_embed(passages, embedder, previous, report))
    index = HybridIndex(passages, embedder, vectors, words)
    report("校准阈值", 0, 1)
    calibration = calibrate(index)
    report("校准阈值", 1, 1)
    manifest = Manifest(
        format=FORMAT,
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
        model=embedder.name,
        model_hash=embedder.fingerprint,
        documents_hash=documents_hash,
        documents=len(documents),
        clauses=sum(len(document.clauses) for document in documents),
        passages=len(passages),
        calibration=calibration,
        problems=dict(problems or {}),
    )
    return Snapshot(tuple(documents), index, manifest)


def _embed(
    passages: Sequence[Passage], embedder: Embedder, previous: Snapshot | None, report: Report
) -> NDArray[np.float32]:
    """The vectors of passages, float32 (n, d)."""
    texts = [passage.searchable for passage in passages]
    known = _known_rows(previous, embedder)
    missing = [row for row, text in enumerate(texts) if text not in known]
    parts = []
    for begin in range(0, len(missing), EMBEDDED_AT_ONCE):
        batch = missing[begin : begin + EMBEDDED_AT_ONCE]
        parts.append(embedder.encode_document([texts[row] for row in batch]))
        report("计算句向量", begin + len(batch), len(missing))
    if previous is None or len(missing) == len(texts):
        return np.concatenate(parts)
    kept = [row for row, text in enumerate(texts) if text in known]
    stored = previous.index.vectors.vectors(np.array([known[texts[row]] for row in kept], dtype=np.int64))
    vectors = np.empty((len(texts), stored.shape[1]), dtype=np.float32)
    vectors[kept] = stored
    if parts:
        vectors[missing] = np.concatenate(parts)
    return vectors


def _known_rows(previous: Snapshot | None, embedder: Embedder) -> dict[str, int]:
    """The row of each text that the same model embedded before."""
    if previous is None or previous.manifest.model_hash != embedder.fingerprint:
        return {}
    return {passage.searchable: row for row, passage in enumerate(previous.index.passages)}


def ensure_snapshot(
    folder: Path, roots: Sequence[Path], embedder: Embedder, report: Report = silent
) -> Snapshot:
    """The snapshot under `folder` if it fits model, documents and program, else a new one, saved there.

    Raises `EmptyCorpusError`; `BuildRunningError` when another process is writing one.
    """
    documents_hash = hash_documents(roots)
    try:
        return load_snapshot(folder, embedder, documents_hash)
    except MisfitError:
        return rebuild(folder, roots, embedder, report)


def rebuild(folder: Path, roots: Sequence[Path], embedder: Embedder, report: Report = silent) -> Snapshot:
    """Read the documents under `roots`, index them and make the result the current snapshot under `folder`.

    Until it is whole the old snapshot stays the current one, and lends the vectors of unchanged passages.
    """
    documents_hash = hash_documents(roots)  # before reading: a file changed meanwhile then counts as changed
    try:
        previous = load_snapshot(folder, embedder)
    except MisfitError:
        previous = None
    report("读取政策文件", 0, 1)
    loaded = load_documents(list(roots), keep_source=False)
    report("读取政策文件", 1, 1)
    snapshot = build_snapshot(loaded.documents, embedder, documents_hash, loaded.problems, previous, report)
    report("写入索引", 0, 1)
    save_snapshot(snapshot, folder)
    report("写入索引", 1, 1)
    return snapshot


def hash_documents(roots: Sequence[Path]) -> str:
    """A hash of all files under the roots and of the program that reads them, 16 hexadecimal digits.

    The program counts, since a better parser finds other clauses in the same files.
    """
    digest = hashlib.sha256()
    for package in ("corpus", "index"):
        for file in sorted((PROGRAM / package).glob("*.*")):  # not what lies below: documents, training
            digest.update(file.read_bytes() if file.suffix in (".py", ".toml", ".json", ".txt") else b"")
    for root in roots:
        for file in sorted(path for path in root.rglob("*") if path.is_file()):
            relative = file.relative_to(root)
            if not any(part.startswith(".") for part in relative.parts):
                digest.update(str(relative).encode())
                with file.open("rb") as content:
                    digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:16]


@contextmanager
def progress_bars(console: Console) -> Iterator[Report]:
    """A report that draws one bar for each step."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console) as progress:
        bars: dict[str, TaskID] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in bars:
                bars[step] = progress.add_task(step)
            progress.update(bars[step], completed=done, total=total)

        yield report


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the index from the settings, or from what the command line says instead."""
    from settings import Settings

    settings = Settings()
    parser = argparse.ArgumentParser(prog="python -m index.build", description="建立政策文件的检索索引。")
    parser.add_argument("--documents", nargs="+", type=Path, default=settings.document_folders, metavar="DIR")
    parser.add_argument("--model", default=settings.model, help="句向量模型的路径或 hub 名称")
    parser.add_argument("--out", type=Path, default=settings.data / "index", help="索引所在的文件夹")
    options = parser.parse_args(arguments)
    console = Console()
    try:
        embedder = load_embedder(options.model)
        with progress_bars(console) as report:
            snapshot = rebuild(options.out, options.documents, embedder, report)
    except (ModelError, EmptyCorpusError, BuildRunningError) as error:
        Console(stderr=True).print(str(error), style="red", markup=False)
        return 1
    manifest = snapshot.manifest
    for file, problem in manifest.problems.items():
        console.print(f"• {file}：{problem}", style="yellow", markup=False)
    console.print(
        f"已收录 {manifest.documents} 份文件、{manifest.clauses} 个条款、{manifest.passages} 个检索片段；索引写入 {options.out}。",
        markup=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
