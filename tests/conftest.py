"""What several test modules share. Session-scoped: the records are frozen, nobody can spoil them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chat.assistant import Assistant
from corpus.document import Document
from corpus.load import load_documents, parse
from index.build import build_snapshot
from index.embedder import Embedder, load_embedder
from index.store import Snapshot
from settings import ROOT
from tests.serving import FLAGS, chromium
from tests.toys import make_corpus, save_model


@pytest.fixture(scope="session")
def toy_corpus() -> tuple[Document, Document]:
    return make_corpus()


@pytest.fixture(scope="session")
def toy_embedder(tmp_path_factory: pytest.TempPathFactory, toy_corpus: tuple[Document, ...]) -> Embedder:
    folder: Path = tmp_path_factory.mktemp("model")
    characters = {
        char for document in toy_corpus for char in document.title + document.text if char.isalnum()
    }
    return load_embedder(str(save_model(folder, characters)))


@pytest.fixture(scope="session")
def toy_snapshot(toy_corpus: tuple[Document, ...], toy_embedder: Embedder) -> Snapshot:
    return build_snapshot(toy_corpus, toy_embedder, documents_hash="toy")


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The shipped sentence model."""
    return load_embedder(str(ROOT / "index" / "weights"))


@pytest.fixture(scope="session")
def assistant_of(embedder: Embedder) -> Callable[..., Assistant]:
    """Makes an assistant that holds one document of these words and nothing else."""
    return lambda text: Assistant(build_snapshot([parse("甲市.txt", text)], embedder))


@pytest.fixture(scope="session")
def policies(embedder: Embedder) -> Snapshot:
    """Three invented policies, searched with the shipped sentence model."""
    loaded = load_documents([Path(__file__).parent / "policies"])
    assert not loaded.problems
    return build_snapshot(loaded.documents, embedder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium, one for each module of browser tests."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = chromium()
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()
