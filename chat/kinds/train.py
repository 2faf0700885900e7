"""Train the classifier on written questions: python -m chat.kinds.train [--folds 5].

Those of questions.jsonl were written for this, of all kinds. Those of index/train/written ask about clauses alone
and were told apart less finely, but are four times as many. Takes about a minute, and the same questions give the same weights. With --folds it first says how well
questions are told that were held out of training.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from chat.kinds import features
from chat.kinds.classifier import BESIDE, TAUGHT, WEIGHTS, Classifier, Told
from chat.kinds.clues import CLUES
from chat.kinds.features import features_of
from chat.linear import Linear
from chat.question import Aspect, Kind
from corpus.script import simplify
from index.train.written import WRITTEN

QUESTIONS = Path(__file__).parent / "questions.jsonl"
SEED = 20
INVERSE_PENALTY = 0.5  # C of the regression: chosen by the folds, flat from 0.3 to 1
RAREST = 2  # questions that a feature must occur in
SHARE = 0.2  # of the weight of an own question that a question about clauses has; flat from 0.15 to 1
COMPARES = 0.6  # probability from which a question about clauses is taken to compare
LEAST = 0.02  # features none of whose weights is larger are left out: half the file, no measured loss


@dataclass(frozen=True)
class Written:
    """A question written for training, with what a person said it asks for."""

    text: str
    kind: Kind
    aspects: tuple[Aspect, ...] = ()


def read_questions(path: Path = QUESTIONS) -> list[Written]:
    """Read {"question", "kind", "aspects"} a line, in simplified script."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Written(simplify(line["question"]), Kind(line["kind"]), _in_order(line.get("aspects", ())))
        for line in lines
    ]


def read_clause_questions(folder: Path = WRITTEN) -> list[list[Written]]:
    """The questions of each group of index/train/written, without those that are open: they could be any kind."""
    return [
        [question for question in read_questions(path) if question.kind is not Kind.OPEN]
        for path in sorted(folder.glob("*/questions.jsonl"))
    ]


def _in_order(names: Sequence[str]) -> tuple[Aspect, ...]:
    """Aspects in the order of `Aspect`; the number of issuers, which names them too, stands for the issuers."""
    covered = {"issuers"} if "count_of_issuers" in names else set()
    return tuple(aspect for aspect in Aspect if aspect in set(names) - covered)


def digest_of(questions: Sequence[Written], of_clauses: Sequence[Written] = ()) -> str:
    """What the weights depend on, in 16 characters: questions and the code of features and clues."""
    clues = [(clue.name, clue.kind, clue.expression) for clue in CLUES]
    parts = [inspect.getsource(features), repr(clues), *map(repr, (*questions, *of_clauses))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def train(own: Sequence[Written], of_clauses: Sequence[Written] = ()) -> Classifier:
    """Fit kinds on all questions, and aspects on those about documents and those that compare.

    Those about clauses count less. Of them those are left out that by the own ones ask about a document or the
    corpus, or surely compare: from when a document holds is a date to who only knows clauses.
    """
    alone = train(own) if of_clauses else None
    usable = [q for q in of_clauses if alone is not None and not _asks_otherwise(alone.tell(q.text))]
    questions = [*own, *usable]
    weight = np.r_[np.ones(len(own)), np.full(len(usable), SHARE)]
    found = [features_of(question.text) for question in questions]
    counts = Counter(name for names in found for name in names)
    vocabulary = {name: i for i, name in enumerate(sorted(n for n, c in counts.items() if c >= RAREST))}
    matrix = _matrix(found, vocabulary)
    classes = np.array([list(Kind).index(question.kind) for question in questions])
    kinds = _fit(matrix, classes, len(Kind), weight)
    about = [i for i, q in enumerate(questions) if q.kind in (Kind.DOCUMENT, Kind.COMPARISON)]
    asked = np.array([[aspect in questions[i].aspects for aspect in TAUGHT] for i in about], dtype=int)
    single = [_fit(matrix[about], column, 2, weight[about]) for column in asked.T]
    aspects = (np.hstack([weights for weights, _ in single]), np.hstack([bias for _, bias in single]))
    kept = np.flatnonzero(np.abs(np.hstack([kinds[0], aspects[0]])).max(axis=1) >= LEAST)
    names = list(vocabulary)
    return Classifier(
        {names[old]: new for new, old in enumerate(kept)},
        Linear.quantised(kinds[0][kept], kinds[1]),
        Linear.quantised(aspects[0][kept], aspects[1]),
        digest_of(own, of_clauses),
    )


def _asks_otherwise(told: Told) -> bool:
    """Whether by the own questions alone a question is of a kind that those about clauses were not told apart by."""
    kind, share = told.kinds[0]
    return told.kind in BESIDE or (kind is Kind.COMPARISON and share >= COMPARES)


def _matrix(found: Sequence[frozenset[str]], vocabulary: dict[str, int]) -> csr_matrix:
    places = [[vocabulary[name] for name in sorted(names) if name in vocabulary] for names in found]
    ends = np.cumsum([0, *map(len, places)])
    columns = np.concatenate([np.array(row, dtype=int) for row in places])
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(found), len(vocabulary)))


def _fit(
    matrix: csr_matrix, classes: np.ndarray, count: int, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (features, classes) and bias (classes,); one column where there are two classes."""
    columns = count if count > 2 else 1
    weights, bias = np.zeros((matrix.shape[1], columns)), np.full(columns, -20.0)
    present = np.unique(classes)
    if len(present) > 1:
        model = LogisticRegression(C=INVERSE_PENALTY, max_iter=1000, random_state=SEED)
        fitted = model.fit(matrix, classes, sample_weight=weight)
        where = present if columns > 1 else [0]
        weights[:, where], bias[where] = fitted.coef_.T, fitted.intercept_
    return weights, bias


def held_out(
    questions: Sequence[Written], of_clauses: Sequence[Sequence[Written]], folds: int
) -> tuple[float, float, float]:
    """Shares of questions whose kind is told when held out of training, the same of those about clauses, of which
    whole groups are held out, and of document questions whose aspects are told.
    """
    fold = np.random.default_rng(SEED).integers(0, folds, len(questions))
    right = [0, 0, 0]
    about = sum(question.kind is Kind.DOCUMENT for question in questions)
    for k in range(folds):
        others = [q for place, group in enumerate(of_clauses) if place % folds != k for q in group]
        classifier = train([q for q, own in zip(questions, fold, strict=True) if own != k], others)
        for question in (q for group in of_clauses[k::folds] for q in group):
            right[2] += classifier.tell(question.text).kind is question.kind
        for question in (q for q, own in zip(questions, fold, strict=True) if own == k):
            told = classifier.tell(question.text)
            right[0] += told.kind is question.kind
            right[1] += question.kind is Kind.DOCUMENT and told.aspects == question.aspects
    clauses = sum(map(len, of_clauses))
    return right[0] / len(questions), right[2] / max(clauses, 1), right[1] / max(about, 1)


def main() -> None:
    """Train, report, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=0, help="measure by this many folds first")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    console = Console()
    questions, groups = read_questions(), read_clause_questions()
    if options.folds > 1:
        kinds, clauses, aspects = held_out(questions, groups, options.folds)
        console.print(
            f"held out: kinds {kinds:.1%}, of questions about clauses {clauses:.1%}, "
            f"aspects of document questions {aspects:.1%}"
        )
    classifier = train(questions, of_clauses := [question for group in groups for question in group])
    classifier.save(options.out)
    console.print(
        f"{len(questions) + len(of_clauses)} questions, {len(classifier.vocabulary)} features, "
        f"{options.out.stat().st_size / 1000:.0f} kB → {options.out}"
    )


if __name__ == "__main__":
    main()
