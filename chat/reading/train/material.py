"""What the network learns from, as `prepare` writes it into a work folder and the other steps read it.

`begin` and `finish` need torch and the tokenizer alone, so that they can run where there is an accelerator.
"""

from __future__ import annotations

import lzma
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from chat.reading.tokens import SEPARATOR, TOKENIZER, Ids, ids_of, question_ids, sentence_ids
from chat.reading.train.network import Shape

PIECE = 4000  # characters of a text that are encoded at a time
_AT_ONCE = 2000


@dataclass(frozen=True, eq=False)
class Asked:
    """A question and the sentences found for it, best first by the ranking."""

    question: str
    fold: int
    sentences: NDArray[np.int32]  # (sentences, 3): which strings are title, headings and the sentence
    answers: NDArray[np.bool_]  # (sentences,)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Questions on laws, each with the articles that answer it and others of the same laws."""

    articles: list[tuple[str, str, str]]  # law, heading and text
    questions: list[tuple[list[str], list[int], list[int]]]  # wordings, articles that answer, near ones


@dataclass(frozen=True)
class Work:
    """The files of a work folder."""

    folder: Path

    @property
    def vocabulary(self) -> Path:
        """The file of the tokenizer."""
        return self.folder / TOKENIZER.name

    def tokenizer(self) -> Tokenizer:
        """The tokenizer."""
        return Tokenizer.from_file(str(self.vocabulary))

    def write(self, name: str, value: object) -> None:
        """Write something to be read again by this very code."""
        with lzma.open(self.folder / f"{name}.xz", "wb", preset=4) as file:
            pickle.dump(value, file)

    def read(self, name: str) -> Any:  # noqa: ANN401 - whatever was written
        """Read what `write` wrote."""
        with lzma.open(self.folder / f"{name}.xz") as file:
            return pickle.load(file)  # noqa: S301 - our own work file

    def write_texts(self, texts: Sequence[str]) -> None:
        """Write unlabelled texts, one a line."""
        with lzma.open(self.folder / "texts.xz", "wt", encoding="utf-8") as file:
            file.writelines(" ".join(text.split()) + "\n" for text in texts)

    def texts(self) -> NDArray[np.uint16]:
        """All unlabelled texts as one row of tokens, in pieces shuffled."""
        tokenizer = self.tokenizer()
        with lzma.open(self.folder / "texts.xz", "rt", encoding="utf-8") as file:
            lines = file.read().splitlines()
        pieces = [line[at : at + PIECE] for line in lines for at in range(0, len(line), PIECE)]
        np.random.default_rng(0).shuffle(pieces)
        found = []
        for at in range(0, len(pieces), _AT_ONCE):
            for ids in ids_of(tokenizer, pieces[at : at + _AT_ONCE]):
                found += [ids.astype(np.uint16), np.array([SEPARATOR], dtype=np.uint16)]
        return np.concatenate(found)

    def shape(self) -> Shape:
        """The shape of the network for this vocabulary."""
        return Shape(self.tokenizer().get_vocab_size())


class Encoded:
    """Texts as the network reads them, put together on demand."""

    def __init__(self, tokenizer: Tokenizer, strings: Sequence[str]) -> None:
        self._ids = ids_of(tokenizer, strings)

    def sentence(self, row: Sequence[int], start: int = 0) -> tuple[Ids, Ids]:
        """A sentence by the numbers of title, headings and text; start: tokens of the text that are left out."""
        title, headings, text = row
        return sentence_ids(self._ids[title], self._ids[headings], self._ids[text][start:])

    def length(self, number: int) -> int:
        """Tokens of a text."""
        return len(self._ids[number])


def encoded_questions(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Ids]:
    """Questions as the network reads them."""
    return [question_ids(ids) for ids in ids_of(tokenizer, texts)]
