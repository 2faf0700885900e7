"""Snapshots: all that serving needs, in one folder, swapped in as a whole."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from corpus.document import Document
from index.archive import read_documents, read_passages, write_documents, write_passages
from index.calibrate import Calibration
from index.embedder import Embedder
from index.hybrid import HybridIndex
from index.records import reader, to_json
from index.vectors import VectorIndex
from index.words import WordIndex

FORMAT = 3  # of the files; raised when older ones can no longer be read
POINTER = "CURRENT"  # names the folder that serves; replacing this one file is the swap
MEND = "请运行 python -m index.build 重建索引。"


class MisfitError(RuntimeError):
    """There is no snapshot, or it does not fit model, documents or program. The message is for users."""


class BuildRunningError(RuntimeError):
    """Another process is writing a snapshot to the same place. The message is for users."""


@dataclass(frozen=True)
class Manifest:
    """What a snapshot was made of, and what was measured when it was made."""

    format: int
    created: str  # local time with its offset, to the second
    model: str  # as it was asked for
    model_hash: str  # `Embedder.fingerprint`
    documents_hash: str  # of the source files, and of the program that reads them
    documents: int
    clauses: int
    passages: int
    calibration: Calibration
    problems: dict[str, str] = field(default_factory=dict)  # file → what is wrong with it, in Chinese
    files: dict[str, int] = field(default_factory=dict)  # size of each file of the snapshot, bytes


@dataclass(frozen=True)
class Snapshot:
    """Documents and their index, never changed once made: a request holds one from start to end."""

    documents: tuple[Document, ...]
    index: HybridIndex
    manifest: Manifest


def save_snapshot(snapshot: Snapshot, folder: Path) -> Path:
    """Write a snapshot under `folder` and make it the current one. Returns the folder that it is in.

    Everything is on the disk before the pointer moves, so that whoever loads meanwhile, or after a
    crash, finds the old snapshot whole. The one before is kept for those who are still reading it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _only_writer(folder):
        name = f"{datetime.now():%Y%m%d-%H%M%S-%f}"
        beside = folder / f"{name}.new"
        beside.mkdir()
        write_documents(snapshot.documents, beside / "documents.json")
        write_passages(snapshot.index.passages, snapshot.documents, beside)
        snapshot.index.vectors.save(beside)
        snapshot.index.words.save(beside)
        sizes = {str(file.relative_to(beside)): file.stat().st_size for file in _files(beside)}
        manifest = to_json(snapshot.manifest) | {"files": sizes}
        (beside / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2), "utf-8")
        for path in (*_files(beside), *beside.rglob("*/"), beside):
            _sync(path)
        beside.replace(folder / name)
        before = current_folder(folder)
        (folder / f"{POINTER}.new").write_text(name, "utf-8")
        _sync(folder / f"{POINTER}.new")
        (folder / f"{POINTER}.new").replace(folder / POINTER)
        _sync(folder)
        for old in folder.iterdir():
            if old.is_dir() and old not in (folder / name, before):
                shutil.rmtree(old)
    return folder / name


def load_snapshot(folder: Path, embedder: Embedder, documents_hash: str = "") -> Snapshot:
    """Load the current snapshot under `folder`; nothing is parsed or embedded.

    Raises `MisfitError` if there is none, or if it was made with another model, of other documents
    (where `documents_hash` is given), or is in another format or damaged.
    """
    place = current_folder(folder)
    if place is None:
        raise MisfitError(f"还没有建立索引（{folder}）。{MEND}")
    manifest = _read_manifest(place)
    if manifest.model_hash != embedder.fingerprint:
        raise MisfitError(
            f"索引由句向量模型 {manifest.model} 建立，与现在的模型 {embedder.name} 不一致。{MEND}"
        )
    if documents_hash and manifest.documents_hash != documents_hash:
        raise MisfitError(f"政策文件或程序在建立索引（{manifest.created}）之后有改动。{MEND}")
    with _damage_named(place):
        documents = read_documents(place / "documents.json")
        passages = read_passages(documents, place)
        vectors = VectorIndex.load(place)
        words = WordIndex.load(place, len(passages))
        return Snapshot(documents, HybridIndex(passages, embedder, vectors, words), manifest)


def current_folder(folder: Path) -> Path | None:
    """The folder of the current snapshot under `folder`, None where there is none."""
    pointer = folder / POINTER
    if not pointer.is_file():
        return None
    place = folder / pointer.read_text("utf-8").strip()
    return place if place.is_dir() else None


def _read_manifest(place: Path) -> Manifest:
    with _damage_named(place):
        record = json.loads((place / "manifest.json").read_text("utf-8"))
        written = record["format"]
    if written != FORMAT:
        raise MisfitError(f"索引的格式是第 {written} 版，程序需要第 {FORMAT} 版。{MEND}")
    with _damage_named(place):
        manifest: Manifest = reader(Manifest)(record)
        sizes = {name: (place / name).stat().st_size for name in manifest.files}
    for name, size in manifest.files.items():
        if sizes[name] != size:
            raise MisfitError(f"索引 {place} 不完整（{name}）。{MEND}")
    return manifest


@contextmanager
def _damage_named(place: Path) -> Iterator[None]:
    """Say in words what reading a snapshot raises that was cut short, edited by hand or written otherwise."""
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError) as error:
        raise MisfitError(f"索引 {place} 已损坏（{error}）。{MEND}") from error


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sync(path: Path) -> None:
    """Make sure that a file, or the entries of a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Hold the writers' lock. The system lets go of it when the process ends, however it ends."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildRunningError("另一个进程正在写入索引，请等它结束后再试。") from error
        yield
