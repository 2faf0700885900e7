"""Where the first sentence is not sure, the sentences that rank first are read again, together with the question.

The ranking sees figures of a sentence: which words it shares, how near it is, what form it has. The network of this
package sees the words themselves, in their order. It takes half a millisecond a sentence that it has read before and two for a
new one, so that it reads a few only, and none where the ranking is sure by itself.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chat.question import Kind, Question
from chat.ranking import confidence as first_confidence
from chat.ranking import model
from chat.ranking.confidence import confidence_features
from chat.ranking.model import Network, load_network
from chat.reading.network import READ as READS
from chat.reading.network import SCORE as SCORES
from chat.reading.reader import WEIGHTS, Reader, Said, load_reader

READ = 6  # sentences at most
WITHIN = 3.0  # log odds behind the best that are read
WEIGHT = 0.7  # of what was read beside the odds of the ranking
SURE = 0.7  # confidence from which nothing is read again, if
AHEAD = 1.5  # the first sentence is as many log odds before the second
HOPELESS = 0.03  # confidence below which nothing is read again either: nearly all of it is refused rightly
# What makes words a question.
_ASKS = re.compile(
    r"[？?]|[吗么呢吧没谁哪咋啥怎伐]|几(?![何乎])|如何|为何|何时|多[少久长大高]|好多|是否|能否|可否|还是|不$|([㐀-鿿])不\1"
)
_ALONE = 5.0  # the distance to a second sentence where there is none
SETTLED = WEIGHTS / "settled.npz"


def asks(text: str) -> bool:
    """Whether words ask something, and do not only name a matter."""
    return bool(_ASKS.search(text))


def due(odds: NDArray[np.float32], confidence: float) -> bool:
    """Whether sentences are to be read again. odds: by the ranking, shape (sentences,)."""
    return confidence >= HOPELESS and (confidence < SURE or _ahead(np.sort(odds)[::-1]) < AHEAD)


def chosen(odds: NDArray[np.float32]) -> NDArray[np.int64]:
    """The numbers of the sentences that are read, best first."""
    order = np.argsort(-odds, kind="stable")[:READ]
    return order[odds[order] > odds[order[0]] - WITHIN]


def combined(
    odds: NDArray[np.float32], which: NDArray[np.int64], read: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The odds with what was read, shape (sentences,); what was not read stands as the worst that was."""
    whole = odds + np.float32(WEIGHT) * read.min()
    whole[which] = odds[which] + np.float32(WEIGHT) * read
    return whole.astype(np.float32)


def settled_features(
    kind: Kind,
    rows: NDArray[np.float32],
    odds: NDArray[np.float32],
    which: NDArray[np.int64],
    read: NDArray[np.float32],
    distance: float,
    confidence: float,
) -> NDArray[np.float32]:
    """What the confidence after reading is told from.

    rows, odds: of all sentences, by the ranking. which, read: the sentences read, best first, and their log odds.
    confidence: before reading.
    """
    whole = combined(odds, which, read)
    best = int(np.argmax(whole[which]))
    falling, joined = np.sort(read)[::-1], np.sort(whole[which])[::-1]
    likely = float(np.clip(confidence, 1e-6, 1 - 1e-6))
    found = [
        read[best],
        falling[0],
        _ahead(falling),
        _ahead(joined),
        read[0],
        float(best == 0),
        np.log(np.exp(read).sum()),
        len(read),
        min(_ahead(odds[which]), WITHIN),
        np.log(likely / (1 - likely)),
    ]
    return np.concatenate((confidence_features(kind, rows, whole, distance), found)).astype(np.float32)


def _ahead(falling: NDArray[np.float32]) -> float:
    return float(falling[0] - falling[1]) if len(falling) > 1 else _ALONE


@dataclass(frozen=True, eq=False)
class Held:
    """A question and the sentences found for it."""

    question: Question
    rows: NDArray[np.float32]  # what the ranking sees of the sentences, shape (sentences, features)
    distance: float  # of the evidence beyond that of everyday questions
    said: Callable[[int], Said]  # a sentence by its number, as it is read


@dataclass(frozen=True, eq=False)
class SecondReading:
    """Reads again where it is due."""

    reader: Reader
    settled: Network  # the log odds that the first sentence answers, after reading

    def begin(self, question: Question) -> None:
        """Read the question by itself beside what is done until its sentences are read."""
        if asks(question.unnamed):
            self.reader.begin(question.unnamed)

    def read(
        self, held: Held, odds: NDArray[np.float32], confidence: float
    ) -> tuple[NDArray[np.float32], float]:
        """The odds and the confidence after reading; as they were by the ranking where none is due.

        Words that ask nothing (山东小巨人数量) are not read: the network has learned from questions.
        """
        question = held.question
        if not due(odds, confidence) or not asks(question.unnamed):
            return odds, confidence
        which = chosen(odds)
        read = self.reader.read(question.unnamed, [held.said(row) for row in which.tolist()])
        features = settled_features(question.kind, held.rows, odds, which, read, held.distance, confidence)
        return combined(odds, which, read), float(1 / (1 + np.exp(-self.settled(features[np.newaxis])[0])))


def digest_of(network: Path = WEIGHTS, ranking: Path = model.WEIGHTS) -> bytes:
    """What the confidence after reading depends on: the weights before it, and the code of its features."""
    code = "".join(inspect.getsource(f) for f in (asks, due, chosen, combined, settled_features, _ahead))
    code += inspect.getsource(first_confidence)
    figures = repr((READ, WITHIN, WEIGHT, SURE, AHEAD, HOPELESS, _ALONE, _ASKS.pattern))
    files = (network / READS, network / SCORES, ranking)
    parts = [(code + figures).encode(), *(file.read_bytes() for file in files)]
    return hashlib.sha256(b"".join(parts)).digest()


@lru_cache(maxsize=1)
def shipped() -> SecondReading:
    """What is in the repository, loaded once."""
    return SecondReading(load_reader(), load_network(SETTLED))


def load(network: Path, tokenizer: Path, settled: Path) -> SecondReading:
    """A second reading from a folder of a network and two files."""
    return SecondReading(load_reader(network, tokenizer), load_network(settled))
