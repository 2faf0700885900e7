"""Search by meaning: unit vectors in a flat FAISS index."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


class VectorIndex:
    """Unit vectors in half precision. The row of a vector is its position when added.

    Flat, since it is exact and fast enough up to some 100,000 passages; half precision, since it takes
    half the memory and 60 % of the time (68,000 × 256: 2.9 against 4.8 ms), and the cosine keeps three
    digits. The mean of the corpus is not subtracted: it helps a model that was trained without labels and
    costs one trained with them .01 recall@10.
    """

    def __init__(self, index: faiss.IndexScalarQuantizer) -> None:
        self._index = index
        self.size: int = index.ntotal
        # The index's own memory as an array: rows are picked from it ten times faster than faiss decodes them.
        held = faiss.rev_swig_ptr(index.codes.data(), self.size * index.d * 2)
        self._halves: NDArray[np.float16] = held.view(np.float16).reshape(self.size, index.d)

    @classmethod
    def from_vectors(cls, vectors: Array) -> VectorIndex:
        """Index unit vectors, float32 (n, d), n ≥ 1."""
        count, width = vectors.shape
        if not count:
            raise ValueError(f"no vectors to index, shape {vectors.shape}")
        index = faiss.IndexScalarQuantizer(width, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def search(self, query: Array, k: int, allowed: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """The rows whose vectors have the highest inner product with `query` (d,), best first, at most k.

        `allowed` (size,) filters before ranking. A bitmap serves, since a range that lies outside the
        ids crashes the process and a batch selector hashes each id.
        """
        faiss.omp_set_num_threads(1)  # holds for this thread only; one query is slower on two threads
        k = min(k, self.size if allowed is None else int(allowed.sum()))
        if k == 0:
            return np.empty(0, dtype=np.int64)
        if allowed is None:
            found = self._index.search(query[None], k)[1]
        else:
            # faiss ships type stubs of its C++ side; its Python side takes an array and keywords
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg,arg-type]
            only = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            found = self._index.search(query[None], k, params=only)[1]
        return found[0][found[0] >= 0]

    def vectors(self, rows: NDArray[np.int64] | slice = slice(None)) -> Array:
        """The vectors of the given rows, or all: float32 (n, d), as precise as they are stored."""
        return self._halves[rows].astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write the index to `folder`. Not atomic by itself: the snapshot is swapped in as a whole."""
        faiss.write_index(self._index, str(folder / "vectors.faiss"))

    @classmethod
    def load(cls, folder: Path) -> VectorIndex:
        """Read what `save` wrote."""
        index = faiss.read_index(str(folder / "vectors.faiss"))
        if not isinstance(index, faiss.IndexScalarQuantizer):
            raise ValueError(f"vectors.faiss holds a {type(index).__name__}")
        return cls(index)
