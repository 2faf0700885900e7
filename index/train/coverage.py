"""How much of the vocabulary of policies a model knows: python -m index.train.coverage --documents DIR."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from tokenizers import Tokenizer

from corpus.load import load_documents
from corpus.script import search_form
from index.train.save import load_weights
from index.train.vocabulary import UNKNOWN, count_words

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Coverage:
    """Of the words (two characters and more, as jieba cuts) of some texts, how many are single tokens."""

    words: int  # running words
    known: int  # running words that are one token of the model
    kinds: int  # different words
    known_kinds: int
    unknown_characters: int  # runs of characters without a token
    missing: tuple[tuple[str, int], ...]  # the most frequent words that are cut into pieces

    def __str__(self) -> str:
        share, kinds = self.known / max(1, self.words), self.known_kinds / max(1, self.kinds)
        return (
            f"running words {share:.1%} of {self.words:,}, different words {kinds:.1%} of {self.kinds:,}, "
            f"unknown characters {self.unknown_characters}"
        )


def coverage(tokenizer: Tokenizer, texts: Iterable[str]) -> Coverage:
    """How much of the texts' vocabulary the tokenizer covers."""
    texts = list(texts)
    counts = count_words(texts)
    words = Counter({word: n for word, n in counts.items() if len(word) > 1})
    vocabulary = tokenizer.get_vocab()
    missing = Counter({word: n for word, n in words.items() if word not in vocabulary})
    unknown_id = tokenizer.token_to_id(UNKNOWN)
    encoded = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    unknown = sum(token == unknown_id for ids in encoded for token in ids)
    return Coverage(
        words=words.total(),
        known=words.total() - missing.total(),
        kinds=len(words),
        known_kinds=len(words) - len(missing),
        unknown_characters=unknown,
        missing=tuple(missing.most_common(20)),
    )


def main() -> None:
    """Print the coverage of the documents below some folders."""
    parser = argparse.ArgumentParser(prog="python -m index.train.coverage", description="词表覆盖率")
    parser.add_argument("--model", type=Path, default=ROOT / "index" / "weights", help="模型目录")
    parser.add_argument(
        "--documents", type=Path, nargs="*", default=[ROOT / "corpus" / "documents"], help="政策文件目录"
    )
    options = parser.parse_args()
    _, tokenizer = load_weights(options.model)
    documents = load_documents(options.documents, keep_source=False).documents
    found = coverage(tokenizer, [search_form(document.text) for document in documents])
    console = Console()
    console.print(str(found), markup=False)
    console.print("、".join(f"{word} {n}" for word, n in found.missing), markup=False)


if __name__ == "__main__":
    main()
