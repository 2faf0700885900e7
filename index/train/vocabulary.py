"""The tokenizer: characters and frequent words in one Unigram model, so that serving needs no jieba."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from tempfile import gettempdir

import jieba
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

SIZE = 40_000
LONGEST_WORD = 6  # longer jieba words are names of single laws; pieces of them match more texts
PAD, UNKNOWN = "[PAD]", "[UNK]"
WORD = re.compile(r"[\u3400-\u9fff]+|[a-z]+|\d+")
CHUNK = 20_000  # texts a worker counts at a time


def count_words(texts: Sequence[str], workers: int = 2) -> Counter[str]:
    """How often each jieba word and each single character stands in the texts, normalised and lower case."""
    chunks = [texts[i : i + CHUNK] for i in range(0, len(texts), CHUNK)]
    if workers < 2 or len(chunks) < 2:
        return sum((_count_chunk(c) for c in chunks), Counter())
    total: Counter[str] = Counter()
    with ProcessPoolExecutor(workers) as pool:
        for counted in pool.map(_count_chunk, chunks):
            total.update(counted)
    return total


def _count_chunk(texts: Iterable[str]) -> Counter[str]:
    jieba.setLogLevel(60)
    jieba.dt.tmp_dir = jieba.dt.tmp_dir or gettempdir()
    normalise = _normalizer().normalize_str
    counts: Counter[str] = Counter()
    for text in texts:
        for run in WORD.findall(normalise(text)):
            counts.update(run)
            counts.update(word for word in jieba.cut(run) if len(word) > 1)
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
