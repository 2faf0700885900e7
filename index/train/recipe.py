"""The whole training, step by step: texts → tokenizer → pairs → unsupervised → supervised → figures → save."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from index.train.articles import Article, read_articles, read_lines
from index.train.checkpoint import Checkpoints, fingerprint
from index.train.contrastive import Schedule, StaticBag, initial_weights, train_unsupervised
from index.train.encoded import (
    Encoded,
    article_of_token,
    encode_articles,
    encode_general,
    encode_texts,
    inverse_frequency,
)
from index.train.evaluate import Figures, best_ranks, centred, embed, figures
from index.train.pairs import PairSampler
from index.train.questions import LabelledQuestion, read_questions, split_questions
from index.train.split import is_held_out
from index.train.supervised import make_examples, train_supervised
from index.train.vocabulary import SIZE, build_tokenizer, count_words

Progress = Callable[[str, int, int, float], None]  # stage, step, steps, loss


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the result. Two runs with one recipe and the same texts give the same model."""

    texts: Path  # folder of laws in Markdown
    questions: tuple[Path, ...]  # labelled questions, JSON lines
    news: Path | None = None  # general texts, one a line
    hold_out: bool = False  # keep the laws of the development split out of texts and questions
    dimension: int = 256
    vocabulary: int = SIZE
    steps: int = 800  # of the unsupervised stage; more did not help
    batch: int = 2048
    rate: float = 0.1
    epochs: int = 8  # of the supervised stage
    seed: int = 0


@dataclass(frozen=True)
class Trained:
    """A trained model and what is known about it."""

    weights: torch.Tensor  # float32 (vocabulary, dimension)
    tokenizer: Tokenizer
    losses: dict[str, list[float]]
    figures: dict[str, Figures]
    counts: dict[str, int] = field(default_factory=dict)
