"""Adapt a trained model to own documents without labels: what stands together there is drawn together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from torch import Tensor

from corpus.load import load_documents
from index.passage import cut
from index.train.articles import Article, sentences
from index.train.contrastive import Learner, Report, Schedule, StaticBag, pair_loss
from index.train.encoded import encode_articles, encode_texts, inverse_frequency
from index.train.evaluate import Figures, best_ranks, centred, embed, figures
from index.train.pairs import PairSampler

STEPS = 120
BATCH = 256
RATE = 0.01  # half of the supervised stage's: the model is moved, not made anew
PULL = 0.003  # share of the way back to the old vectors after each step, against forgetting
MEASURED = 5  # one passage in so many is held out for the figures
LEAST = 20  # passages below which there is nothing to learn from


@dataclass(frozen=True)
class Adapted:
    """The adapted vectors, and the figures on passages that the measured adaptation did not see."""

    weights: Tensor
    before: Figures
    after: Figures
    passages: int
    problems: dict[str, str]


def read_passages(folders: Sequence[Path]) -> tuple[list[Article], dict[str, str]]:
    """The passages of the documents below the folders as articles, and the files that cannot be read."""
    loaded = load_documents(list(folders), keep_source=False)
    found = []
    for document in loaded.documents:
        for passage in cut(document):
            if not passage.is_frame:
                heading = passage.above.removeprefix(document.title).strip()
                text = passage.searchable.removeprefix(passage.above).strip()
                found.append(Article(document.title, document.file, heading, passage.clause.label, text))
    return found, loaded.problems


def adapt(
    weights: Tensor,
    tokenizer: Tokenizer,
    folders: Sequence[Path],
    seed: int = 0,
    report: Report = lambda step, steps, loss: None,
    steps: int = STEPS,
) -> Adapted:
    """Tune the vectors twice: without the passages that measure it, and with all, which is the result.

    Raises:
        ValueError: if the folders hold fewer than LEAST passages.
    """
    passages, problems = read_passages(folders)
    if len(passages) < LEAST:
        raise ValueError(f"只读到 {len(passages)} 个条款，至少需要 {LEAST} 个才能微调")
    chosen = [i for i, p in enumerate(passages) if len(sentences(p.text)) > 1][::MEASURED]
    held_out = set(chosen)
    known = [p for i, p in enumerate(passages) if i not in held_out]
    measured = tune(weights, tokenizer, known, seed, report, steps)
    return Adapted(
        tune(weights, tokenizer, passages, seed, report, steps),
        measure_sentences(weights, tokenizer, passages, chosen, seed),
        measure_sentences(measured, tokenizer, passages, chosen, seed),
        len(passages),
        problems,
    )


def tune(
    weights: Tensor,
    tokenizer: Tokenizer,
    passages: Sequence[Article],
    seed: int,
    report: Report,
    steps: int = STEPS,
) -> Tensor:
    """The vectors after `steps` batches of pairs from the passages. Tokens that do not occur keep theirs."""
    encoded = encode_articles(tokenizer, passages)
    idf = inverse_frequency(encoded, len(weights))
    sampler = PairSampler(encoded, None, idf, np.random.default_rng(seed))
    learner = Learner(weights)
    schedule = Schedule(steps, RATE, warmup=5)
    for step in range(steps):
        pairs = sampler.draw(BATCH)
        anchors, positives = learner.embed(pairs.anchors, pairs.positives)
        loss = pair_loss(anchors, positives, pairs.group)
        learner.step(loss, schedule.rate(step))
        learner.weights.lerp_(weights, PULL)
        report(step, steps, loss.item())
    return learner.weights


def measure_sentences(
    weights: Tensor, tokenizer: Tokenizer, passages: Sequence[Article], chosen: Sequence[int], seed: int
) -> Figures:
    """How well one sentence of a passage finds the rest of it among all passages."""
    rng = np.random.default_rng(seed)
    queries, texts = [], [passage.searchable for passage in passages]
    for i in chosen:
        parts = sentences(passages[i].text)
        taken = int(rng.integers(len(parts)))
        queries.append(parts[taken])
        rest = "".join(part for n, part in enumerate(parts) if n != taken)
        texts[i] = f"{passages[i].law} {passages[i].heading} {rest}"
    model = StaticBag(weights)
    corpus = embed(model, encode_texts(tokenizer, texts))
    mean = corpus.mean(axis=0)
    asked = centred(embed(model, encode_texts(tokenizer, queries)), mean)
    return figures(best_ranks(asked, centred(corpus, mean), [[i] for i in chosen]))
