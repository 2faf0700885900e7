"""Search by meaning: unit vectors in a flat FAISS index."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Halves = NDArray[np.float16]

_STEPS = 127  # whole numbers on either side of 0 that a byte holds
_KEPT = 0.9999  # quantile of the components that fits; the few beyond it are cut off
_MORE = 32  # rows beyond those asked for that are compared exactly


class VectorIndex:
    """Unit vectors, searched in bytes and compared in half precision. The row of a vector is its position when added.

    Flat, since it is fast enough up to some 100,000 passages. A search in bytes takes half the time of one in half
    precision (76,747 × 256: 2.1 against 4.4 ms) and finds the same: its best rows are ranked anew by
    the vectors in half precision, which keep three digits of the cosine. The mean of the corpus is not
    subtracted: it helps a model that was trained without labels and costs one trained with them .01 recall@10.
    """

    def __init__(self, index: faiss.IndexScalarQuantizer, halves: Halves) -> None:
        """`index` holds the vectors times one number, as bytes; `halves` the vectors, float16 (n, d)."""
        self._index = index
        self._halves = halves
        self.size: int = len(halves)

    @classmethod
    def from_vectors(cls, vectors: Array) -> VectorIndex:
        """Index unit vectors, float32 (n, d), n ≥ 1."""
        count, width = vectors.shape
        if not count:
            raise ValueError(f"no vectors to index, shape {vectors.shape}")
        halves = vectors.astype(np.float16)
        scale = _STEPS / max(float(np.quantile(np.abs(vectors), _KEPT)), 1e-9)
        kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
        index = faiss.IndexScalarQuantizer(width, kind, faiss.METRIC_INNER_PRODUCT)
        index.add(np.clip(np.rint(halves.astype(np.float32) * scale), -_STEPS, _STEPS))
        return cls(index, halves)

    def search(
        self, query: Array, k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], Array]:
        """The rows whose vectors have the highest inner product with `query` (d,), best first, at most k, and these.

        `allowed` (size,) filters before ranking. A bitmap serves, since a range that lies outside the
        ids crashes the process and a batch selector hashes each id.
        """
        faiss.omp_set_num_threads(1)  # holds for this thread only; one query is slower on two threads
        most = self.size if allowed is None else int(allowed.sum())
        if min(k, most) == 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        asked = np.rint(query * (_STEPS / max(float(np.abs(query).max()), 1e-9)))[None]  # in bytes, too
        if allowed is None:
            found = self._index.search(asked, min(k + _MORE, most))[1]
        else:
            # faiss ships type stubs of its C++ side; its Python side takes an array and keywords
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg,arg-type]
            only = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            found = self._index.search(asked, min(k + _MORE, most), params=only)[1]
        rows = np.sort(found[0][found[0] >= 0])
        products = self.vectors(rows) @ query
        best = np.argsort(-products, kind="stable")[:k]  # rows ascend: ties keep their order
        return rows[best], products[best]

    def vectors(self, rows: NDArray[np.int64] | slice = slice(None)) -> Array:
        """The vectors of the given rows, or all: float32 (n, d), as precise as they are stored."""
        return self._halves[rows].astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write the index to `folder`. Not atomic by itself: the snapshot is swapped in as a whole."""
        faiss.write_index(self._index, str(folder / "vectors.faiss"))
        np.save(folder / "vectors.npy", self._halves)

    @classmethod
    def load(cls, folder: Path) -> VectorIndex:
        """Read what `save` wrote."""
        index = faiss.read_index(str(folder / "vectors.faiss"))
        halves = np.load(folder / "vectors.npy")
        if not isinstance(index, faiss.IndexScalarQuantizer) or halves.shape != (index.ntotal, index.d):
            raise ValueError(
                f"vectors.faiss holds a {type(index).__name__} beside vectors of shape {halves.shape}"
            )
        return cls(index, halves)
