"""The vector index against numpy."""

import threading

import faiss
import numpy as np
import pytest

from index.vectors import VectorIndex


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    found = np.random.default_rng(3).standard_normal((500, 32)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def index(vectors) -> VectorIndex:
    return VectorIndex.from_vectors(vectors)


def test_stored_vectors_are_half_precision(index, vectors):
    np.testing.assert_allclose(index.vectors(), vectors, atol=2**-12)
    rows = np.array([499, 0, 7])
    assert (index.vectors(rows) == index.vectors()[rows]).all()


def test_search_ranks_as_numpy_does(index, vectors):
    for query in vectors[:20]:
        expected = np.argsort(-(index.vectors() @ query), kind="stable")[:10]
        rows, products = index.search(query, 10)
        assert rows.tolist() == expected.tolist()
        np.testing.assert_allclose(products, (index.vectors() @ query)[rows], rtol=1e-5)


def test_a_filter_applies_before_ranking(index, vectors):
    allowed = np.zeros(500, dtype=bool)
    allowed[[3, 250, 499]] = True
    scores = index.vectors() @ vectors[0]
    expected = sorted([3, 250, 499], key=lambda row: -scores[row])
    assert index.search(vectors[0], 10, allowed)[0].tolist() == expected
    assert index.search(vectors[0], 2, allowed)[0].tolist() == expected[:2]


def test_no_row_allowed_finds_nothing(index, vectors):
    assert index.search(vectors[0], 10, np.zeros(500, dtype=bool))[0].tolist() == []


def test_more_than_there_are(index, vectors):
    assert sorted(index.search(vectors[0], 1000)[0].tolist()) == list(range(500))


def test_one_corpus_of_one_passage():
    index = VectorIndex.from_vectors(np.array([[0.6, 0.8]], dtype=np.float32))
    query = np.array([0.6, 0.8], dtype=np.float32)
    assert index.search(query, 5)[0].tolist() == [0]


def test_no_vectors_are_refused():
    with pytest.raises(ValueError, match=r"no vectors to index, shape \(0, 4\)"):
        VectorIndex.from_vectors(np.empty((0, 4), dtype=np.float32))


def test_searches_on_one_thread_in_every_thread(index, vectors):
    seen = []

    def search() -> None:
        index.search(vectors[0], 5)
        seen.append(faiss.omp_get_max_threads())

    worker = threading.Thread(target=search)
    worker.start()
    worker.join()
    assert seen == [1]


def test_load_mirrors_save(index, vectors, tmp_path):
    index.save(tmp_path)
    loaded = VectorIndex.load(tmp_path)
    assert (loaded.vectors() == index.vectors()).all()
    assert loaded.search(vectors[1], 7)[0].tolist() == index.search(vectors[1], 7)[0].tolist()
