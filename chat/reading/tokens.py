"""Questions and sentences as token ids, as the network reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

TOKENIZER = Path(__file__).parent / "weights" / "tokenizer.json"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNKNOWN, FIRST, SEPARATOR, MASK = range(len(SPECIAL))
ASKED, SURROUNDING, SAID = 1, 2, 3  # what a token belongs to; 0 is padding
LONGEST_QUESTION, LONGEST_SENTENCE = 48, 96  # tokens, the rest is cut
LONGEST_TITLE, LONGEST_HEADINGS = 16, 24  # of a title the head, of headings the end: the nearest stand last
_SPELLED = re.compile("|".join(map(re.escape, SPECIAL)))
_FEW = 32  # texts up to which the tokenizer's threads, woken for every batch, take longer than they save
_MULTIPLE = 8  # lengths are padded to it, so that few shapes occur

Ids = NDArray[np.int32]


@lru_cache(maxsize=4)
def load_tokenizer(path: Path = TOKENIZER) -> Tokenizer:
    """The tokenizer, read once."""
    return Tokenizer.from_file(str(path))


def ids_of(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Ids]:
    """The bare token ids of texts. Where a text spells a special token, it is none."""
    plain = [_SPELLED.sub(" ", text) for text in texts]
    if len(plain) > _FEW:
        encoded = tokenizer.encode_batch(plain, add_special_tokens=False)
    else:
        encoded = [tokenizer.encode(text, add_special_tokens=False) for text in plain]
    return [np.array(one.ids, dtype=np.int32) for one in encoded]


def question_ids(asked: Ids) -> Ids:
    """A question as the network reads it."""
    return np.concatenate(([FIRST], asked[:LONGEST_QUESTION])).astype(np.int32)


def sentence_ids(title: Ids, headings: Ids, sentence: Ids) -> tuple[Ids, Ids]:
    """A sentence below the title and the headings over it, and what each token belongs to."""
    above = np.concatenate(([SEPARATOR], title[:LONGEST_TITLE], headings[-LONGEST_HEADINGS:], [SEPARATOR]))
    said = sentence[:LONGEST_SENTENCE]
    belongs = np.concatenate((np.full(len(above), SURROUNDING), np.full(len(said), SAID)))
    return np.concatenate((above, said)).astype(np.int32), belongs.astype(np.int32)


def padded(rows: Sequence[NDArray]) -> NDArray[np.int64]:
    """Rows of different lengths as one array, shape (rows, longest)."""
    longest = -(-max(map(len, rows)) // _MULTIPLE) * _MULTIPLE
    out = np.zeros((len(rows), longest), dtype=np.int64)
    for row, values in zip(out, rows, strict=True):
        row[: len(values)] = values
    return out
