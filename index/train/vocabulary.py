"""The tokenizer: characters and frequent words in one Unigram model, so that serving needs no jieba."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

import rjieba
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

SIZE = 40_000
LONGEST_WORD = 6  # longer jieba words are names of single laws; pieces of them match more texts
PAD, UNKNOWN = "[PAD]", "[UNK]"
WORD = re.compile(r"[\u3400-\u9fff]+|[a-z]+|\d+")


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often each jieba word and each single character stands in the texts, normalised and lower case."""
    normalise = _normalizer().normalize_str
    counts: Counter[str] = Counter()
    for text in texts:
        for run in WORD.findall(normalise(text)):
            counts.update(run)
            counts.update(word for word in rjieba.cut(run) if len(word) > 1)
    return counts


def build_tokenizer(counts: Counter[str], size: int = SIZE) -> Tokenizer:
    """A Unigram tokenizer of at most `size` pieces: all characters, then the most frequent words."""
    characters = [(c, n) for c, n in counts.most_common() if len(c) == 1][: size - 2]
    words = [(w, n) for w, n in counts.most_common() if 1 < len(w) <= LONGEST_WORD]
    chosen = characters + words[: size - 2 - len(characters)]
    total = sum(n for _, n in chosen)
    lowest = math.log(1 / total) - 1
    pieces = [(PAD, lowest), (UNKNOWN, lowest)]
    pieces += [(piece, math.log(n / total)) for piece, n in chosen]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=1))
    tokenizer.normalizer = _normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed"),
            pre_tokenizers.Split(Regex(r"\p{N}+"), "isolated"),
        ]
    )
    tokenizer.decoder = decoders.Fuse()
    return tokenizer


def _normalizer() -> normalizers.Normalizer:
    return normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
