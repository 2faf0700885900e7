"""The network: questions and sentences are read apart by the same layers, then the question reads each sentence.

What is read of a sentence by itself does not depend on the question, so that it can be kept. onnxruntime answers:
torch would take seconds of the start and 250 MB. `chat.reading.train` trains it and writes its two files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from chat.reading.tokens import ASKED, Ids

READ, SCORE = "read.onnx", "score.onnx"  # reads a text by itself; scores a sentence for a question
BELOW = "below"  # name of the digest of the first layers, in a file of last layers

Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Network:
    """Scores how well sentences answer a question. Safe to use from several threads."""

    reads: onnxruntime.InferenceSession
    scores: onnxruntime.InferenceSession

    def read(self, ids: Ids, belongs: Ids) -> Rows:
        """A text read by itself, shape (tokens, width). Both of shape (tokens,): its ids, and what each belongs to."""
        (found,) = self.reads.run(None, {"ids": ids.astype(np.int64), "belongs": belongs.astype(np.int64)})
        return np.asarray(found, dtype=np.float32)

    def ask(self, ids: Ids) -> Rows:
        """A question read by itself, shape (tokens, width)."""
        return self.read(ids, np.full_like(ids, ASKED))

    def score(self, question: Rows, sentences: Sequence[Rows]) -> Rows:
        """Log odds that each sentence answers the question, shape (sentences,). Both as `read` gives them."""
        found = [self.scores.run(None, {"question": question, "sentence": one})[0] for one in sentences]
        return np.concatenate(found).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Head:
    """Last layers of another network, over what was read by the first ones of `Network`. Safe to use from several threads."""

    scores: onnxruntime.InferenceSession

    @property
    def below(self) -> str:
        """The digest of the first layers, as `chat.answerability.train` leaves it; nothing where it is not told."""
        return str(self.scores.get_modelmeta().custom_metadata_map.get(BELOW, ""))

    def score(self, question: Rows, sentence: Rows) -> float:
        """Log odds for one sentence. Both as `Network.read` gives them."""
        return float(self.scores.run(None, {"question": question, "sentence": sentence})[0][0])


def load_head(path: Path) -> Head:
    """Read last layers."""
    return Head(_session(path))


def load(folder: Path) -> Network:
    """Read what `chat.reading.train.export` wrote."""
    return Network(_session(folder / READ), _session(folder / SCORE))


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = (
        1  # for texts this short a second one brings nothing, and others answer, too
    )
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
