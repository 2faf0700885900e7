"""Stop and go on: each finished stage and every hundred steps of training are kept in a work folder."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch


class Checkpoints:
    """Named states in one folder, valid for one recipe and one set of inputs only.

    Opened with another recipe or other inputs, the folder starts anew.
    """

    def __init__(self, folder: Path, recipe: Mapping[str, object]) -> None:
        self.folder = folder
        written = json.dumps(recipe, ensure_ascii=False, indent=2, sort_keys=True)
        record = folder / "recipe.json"
        if not record.is_file() or record.read_text(encoding="utf-8") != written:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            record.write_text(written, encoding="utf-8")

    def load(self, name: str) -> Any | None:  # noqa: ANN401, a state is whatever was saved
        """The state that was saved under `name`, or None."""
        file = self.folder / f"{name}.pt"
        return torch.load(file, weights_only=False) if file.is_file() else None

    def save(self, name: str, state: object) -> None:
        """Keep `state` under `name`; a run that dies while writing leaves the older state whole."""
        beside = self.folder / f"{name}.pt.new"
        torch.save(state, beside)
        beside.replace(self.folder / f"{name}.pt")


def fingerprint(files: Iterable[Path]) -> str:
    """A short hash of the names and sizes of input files, folders searched through."""
    digest = hashlib.sha256()
    for root in files:
        for file in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if file.is_file():
                digest.update(f"{file.relative_to(root)}\0{file.stat().st_size}\n".encode())
    return digest.hexdigest()[:16]
