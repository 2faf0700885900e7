"""The whole training, step by step: texts → tokenizer → pairs → unsupervised → supervised → figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from index.train.articles import Article, read_articles, read_lines
from index.train.checkpoint import Checkpoints, fingerprint
from index.train.contrastive import Learner, Schedule, initial_weights, train_unsupervised
from index.train.encoded import Encoded, encode_articles, encode_general, encode_texts, inverse_frequency
from index.train.evaluate import Figures, measure
from index.train.pairs import PairSampler
from index.train.questions import LabelledQuestion, Split, held_out_laws, read_questions, split_questions
from index.train.supervised import make_examples, train_supervised
from index.train.vocabulary import SIZE, build_tokenizer, count_words
from index.train.wordings import Rewording, read_wordings
from index.train.written import Group, read_groups, with_written

NEWS_COUNTED = 6  # one news text in so many is counted for the vocabulary, or news would crowd out law
PACE_STEPS = 5  # steps that measure the pace of this machine
REWORDED = 3.0  # weight of reworded pairs among the kinds of pairs (see PairSampler)
ASKED_COUNTED = 5  # times that questions are counted: their words are rare in law, and must have vectors
Progress = Callable[[str, int, int, float], None]  # stage, step, steps, loss


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the result: the same recipe over the same texts gives the same model."""

    texts: Path  # folder of laws in Markdown
    questions: tuple[Path, ...] = ()  # labelled questions, JSON lines
    news: Path | None = None  # general texts, one a line
    written: Path | None = None  # groups of invented policies and of laws with questions
    hold_out: bool = False  # hide the texts of the development split too, and only measure
    dimension: int = 256
    vocabulary: int = SIZE
    steps: int = 1200  # of the unsupervised stage; more did not help
    minutes: float | None = None  # fewer steps where this machine would take longer for that stage
    batch: int = 1024  # pairs; twice as many in as much time learn no better
    rate: float = 0.1
    epochs: int = 8  # of the supervised stage
    seed: int = 0


@dataclass(frozen=True)
class Reading:
    """What was read: articles, questions, general texts, and which laws only measure."""

    articles: list[Article]
    questions: list[LabelledQuestion]
    general: list[str]
    held_out: frozenset[str]
    groups: tuple[Group, ...] = ()
    of_laws: int | None = None  # articles that are of laws; those of the groups stand after them

    @property
    def counts(self) -> dict[str, int]:
        """How much there is of each, for the log and the model card."""
        laws = self.articles[: self.of_laws]
        national = sum(not article.local for article in laws)
        return {
            "national_articles": national,
            "local_articles": len(laws) - national,
            "general_texts": len(self.general),
            "laws_held_out": len(self.held_out),
            **Counter(question.source for question in self.questions),
        }


@dataclass(frozen=True)
class Trained:
    """A trained model and what is known about it."""

    weights: Tensor  # float32 (vocabulary, dimension)
    measured: Tensor  # the same of the model that the figures are of
    crossed: Tensor  # of the one that learned the half of the written groups which the measured one did not
    tokenizer: Tokenizer
    losses: dict[str, list[float]]  # by stage, one a step
    figures: dict[str, Figures]  # by stage and split
    counts: dict[str, int]


@dataclass(frozen=True)
class Run:
    """One run of the recipe: what all stages of training share."""

    recipe: Recipe
    tokenizer: Tokenizer
    articles: Encoded
    sampler: PairSampler
    kept: Checkpoints
    progress: Progress


def train(recipe: Recipe, work: Path, progress: Progress) -> Trained:
    """Run the recipe; a run that was stopped goes on from its states in `work`.

    The questions are learned twice from one unsupervised model: without those of the development split,
    which are then measured, and all of them for the model that ships. With `hold_out` the texts of the
    laws of the split are hidden as well, and the measured model is the result.
    """
    kept = Checkpoints(work, _identity(recipe))
    full = read(recipe)
    reading = without_held_out(full) if recipe.hold_out else full
    tokenizer = learn_tokenizer(recipe, reading, kept)
    articles = encode_articles(tokenizer, reading.articles)
    general = encode_general(tokenizer, reading.general) if reading.general else None
    idf = inverse_frequency(articles, tokenizer.get_vocab_size())
    rng = np.random.default_rng(recipe.seed)
    rewording = Rewording(read_wordings(), reading.articles, articles, tokenizer, rng)
    sampler = PairSampler(articles, general, idf, rng, [(REWORDED, rewording.draw)])
    run = Run(recipe, tokenizer, articles, sampler, kept, progress)

    losses: dict[str, list[float]] = {}
    learned, losses["unsupervised"] = learn_texts(run, idf)
    split = split_questions(full.questions, full.held_out)
    asked = asked_of(split)
    known = split.learned
    if recipe.hold_out:
        known, articles = reading.questions, encode_articles(tokenizer, full.articles)
    measured, losses["measured"] = learn_questions(run, "measured", learned, known)
    figures = measure("unsupervised", learned, tokenizer, full.articles, articles, asked)
    figures |= measure("supervised", measured, tokenizer, full.articles, articles, asked)
    result = crossed = measured
    if not recipe.hold_out:
        if full.groups:
            crossed, losses["crossed"] = learn_questions(run, "crossed", learned, of_other_half(full))
        result, losses["shipped"] = learn_questions(run, "shipped", learned, full.questions)
    return Trained(result, measured, crossed, tokenizer, losses, figures, reading.counts)


def asked_of(split: Split) -> dict[str, list[LabelledQuestion]]:
    """The groups of questions that measure, by name."""
    return {
        "unseen laws": split.unseen_laws,
        "known laws": split.known_laws,
        "their unseen articles": split.unseen_articles,
    }


def _identity(recipe: Recipe) -> dict[str, object]:
    inputs = [recipe.texts, *recipe.questions, *filter(None, (recipe.news, recipe.written))]
    settings: dict[str, object] = {name: str(value) for name, value in asdict(recipe).items()}
    return settings | {"inputs": fingerprint(inputs), "wordings": [str(w) for w in read_wordings()]}


def read(recipe: Recipe) -> Reading:
    """Read everything that the recipe names."""
    groups = tuple(read_groups(recipe.written, recipe.texts)) if recipe.written else ()
    twice = {path for group in groups for path in group.laws}  # they come with their group
    laws = [article for article in read_articles(recipe.texts) if article.path not in twice]
    questions, articles = read_questions(recipe.questions, laws)
    general = read_lines(recipe.news) if recipe.news else []
    held_out, of_laws = held_out_laws(articles), len(articles)
    articles, questions = with_written(articles, questions, groups)
    held_out |= {group.law for group in groups if group.half}
    return Reading(articles, questions, general, held_out, groups, of_laws)


def without_held_out(reading: Reading) -> Reading:
    """The reading without the laws of the development split and the questions that touch them."""
    visible = [i for i, article in enumerate(reading.articles) if article.law not in reading.held_out]
    moved = {old: new for new, old in enumerate(visible)}
    known = split_questions(reading.questions, reading.held_out).learned
    questions = [
        replace(q, gold=tuple(moved[g] for g in q.gold), near=tuple(moved[n] for n in q.near)) for q in known
    ]
    of_laws = len(visible) if reading.of_laws is None else sum(i < reading.of_laws for i in visible)
    articles = [reading.articles[i] for i in visible]
    return replace(reading, articles=articles, questions=questions, of_laws=of_laws)


def of_other_half(reading: Reading) -> list[LabelledQuestion]:
    """All questions but those of the half of the written groups that the measured model learns."""
    learned = {group.law for group in reading.groups if not group.half}
    return [question for question in reading.questions if learned.isdisjoint(question.laws)]


def learn_tokenizer(recipe: Recipe, reading: Reading, kept: Checkpoints) -> Tokenizer:
    """The tokenizer of the texts that may be seen."""
    if (saved := kept.load("tokenizer")) is not None:
        return Tokenizer.from_str(saved)
    texts = [article.searchable for article in reading.articles] + reading.general[::NEWS_COUNTED]
    asked = [text for question in reading.questions for text in question.wordings]
    terms = [term for wording in read_wordings() for term in (*wording.everyday, *wording.official)]
    counts = count_words(texts)
    counts.update({word: ASKED_COUNTED * n for word, n in count_words(asked + terms).items()})
    tokenizer = build_tokenizer(counts, recipe.vocabulary)
    kept.save("tokenizer", tokenizer.to_str())
    return tokenizer


def learn_texts(run: Run, idf: NDArray[np.float32]) -> tuple[Tensor, list[float]]:
    """The unsupervised stage: the token vectors and the losses."""
    recipe = run.recipe
    learner = Learner(initial_weights(idf, recipe.dimension, recipe.seed))
    return train_unsupervised(
        learner,
        run.sampler,
        Schedule(affordable_steps(run, learner), recipe.rate),
        recipe.batch,
        report=lambda step, steps, loss: run.progress("unsupervised", step, steps, loss),
        keep=lambda state: run.kept.save("unsupervised", state),
        resume=run.kept.load("unsupervised"),
    )


def affordable_steps(run: Run, learner: Learner) -> int:
    """The steps of the unsupervised stage: as the recipe says, or fewer to keep within its minutes."""
    recipe = run.recipe
    if recipe.minutes is None:
        return recipe.steps
    if (saved := run.kept.load("steps")) is not None:
        return int(saved)
    begun = perf_counter()
    train_unsupervised(Learner(learner.weights), run.sampler, Schedule(PACE_STEPS, 0.0), recipe.batch)
    pace = (perf_counter() - begun) / PACE_STEPS
    steps = max(PACE_STEPS, min(recipe.steps, int(60 * recipe.minutes / pace)))
    run.kept.save("steps", steps)
    return steps


def learn_questions(
    run: Run, stage: str, learned: Tensor, questions: Sequence[LabelledQuestion]
) -> tuple[Tensor, list[float]]:
    """The supervised stage from the weights `learned`: the token vectors and the losses."""
    if (saved := run.kept.load(stage)) is not None:
        return saved["weights"], saved["losses"]
    queries = [(text, question) for question in questions for text in question.wordings]
    encoded = encode_texts(run.tokenizer, [text for text, _ in queries])
    labelled = [(ids, q.gold, q.near) for ids, (_, q) in zip(encoded, queries, strict=True) if len(ids)]
    weights, losses = train_supervised(
        Learner(learned),
        make_examples(labelled, run.articles),
        run.articles,
        run.sampler,
        np.random.default_rng(run.recipe.seed + 1),
        epochs=run.recipe.epochs,
        unlabelled=run.recipe.batch // 2,
        report=lambda step, steps, loss: run.progress(stage, step, steps, loss),
    )
    run.kept.save(stage, {"weights": weights, "losses": losses})
    return weights, losses
