"""Train the verdicts on written questions: python -m chat.verdicts.train [--texts DIR] [--folds 8].

It learns from the questions of yes or no of index/train/written of which a person said what their sentence answers.
Takes about half a minute, and the same questions give the same weights. With --folds it first says how well it
tells the questions of groups that were held out of training.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from chat.linear import Linear
from chat.quoting.lists import lead_span
from chat.verdicts import features
from chat.verdicts.classifier import WEIGHTS, Verdicts
from chat.verdicts.features import features_of
from corpus.document import Document
from corpus.load import load_documents
from corpus.script import simplify
from corpus.sentences import split_sentences
from index.train.written import WRITTEN, Group, bare, read_groups

SEED = 20
INVERSE_PENALTY = 0.1  # C of the regression: chosen by the folds, flat from 0.05 to 0.3
RAREST = 2  # questions that a feature must occur in
LEAST = 0.01  # features whose weight is not larger are left out
SHARES = (
    1.0,
    0.85,
    0.7,
    0.5,
    0.3,
)  # of the questions, the surest first, of which the folds tell how many are right


@dataclass(frozen=True)
class Judged:
    """A question, what decides it, and whether that answers yes."""

    group: int
    question: str
    said: str
    yes: bool


def judged_of(group: Group) -> Iterator[Judged]:
    """The questions of a group that a person judged, each with the sentences that answer and their leads."""
    with group.documents() as folder:
        documents = {document.file: document for document in load_documents([folder]).documents}
    by_name = {Path(file).name: document for file, document in documents.items()}
    for written in group.questions:
        said = "".join(_said(by_name[written.document], written.answers)) if written.verdict else ""
        if said:
            yield Judged(group.place, simplify(written.text), said, written.verdict == "yes")


def _said(document: Document, answers: Sequence[str]) -> Iterator[str]:
    """The sentences of a document that hold one of the answers, what opens its list before an item."""
    marked = [bare(answer) for answer in answers]
    told = set()
    for clause in document.clauses:
        if not any(answer in bare(clause.text) for answer in marked):
            continue
        for start, end in split_sentences(document.text[clause.body_start : clause.end], clause.body_start):
            text = document.text[start:end]
            if not any(answer in bare(text) or (bare(text) and bare(text) in answer) for answer in marked):
                continue
            lead = lead_span(clause, start, text)
            if lead and lead not in told:
                told.add(lead)
                yield document.text[slice(*lead)]
            yield text


def digest_of(groups: Path = WRITTEN) -> str:
    """What the weights depend on in the repository, in 16 characters: questions and the code of the features."""
    parts = [inspect.getsource(features).encode()]
    parts += [path.read_bytes() for path in sorted(groups.glob("*/questions.jsonl"))]
    return hashlib.sha256(b"\n".join(parts)).hexdigest()[:16]


def train(examples: Sequence[Judged], digest: str = "") -> Verdicts:
    """Fit the regression; features that are rare or weigh next to nothing are left out."""
    found = [features_of(example.question, example.said) for example in examples]
    counts = Counter(name for names in found for name in names)
    vocabulary = {name: i for i, name in enumerate(sorted(n for n, c in counts.items() if c >= RAREST))}
    places = [[vocabulary[name] for name in sorted(names) if name in vocabulary] for names in found]
    ends = np.cumsum([0, *map(len, places)])
    columns = np.concatenate([np.array(row, dtype=int) for row in places])
    matrix = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(found), len(vocabulary)))
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=1000, random_state=SEED)
    fitted = model.fit(matrix, [example.yes for example in examples])
    weights = fitted.coef_.T
    kept = np.flatnonzero(np.abs(weights[:, 0]) >= LEAST)
    names = list(vocabulary)
    layer = Linear.quantised(weights[kept], fitted.intercept_)
    return Verdicts({names[old]: new for new, old in enumerate(kept)}, layer, digest)


def held_out(examples: Sequence[Judged], folds: int) -> NDArray[np.float64]:
    """The probability of yes of each question, told by what was learned from other groups; shape (examples,)."""
    told = np.zeros(len(examples))
    for fold in range(folds):
        learned = train([example for example in examples if example.group % folds != fold])
        for place, example in enumerate(examples):
            if example.group % folds == fold:
                told[place] = learned.yes(example.question, example.said)
    return told


def main() -> None:
    """Train, report, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, help="folder of laws in Markdown; without it, policies only")
    parser.add_argument("--folds", type=int, default=0, help="measure by this many folds first")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    console = Console()
    examples = [example for group in read_groups(laws=options.texts) for example in judged_of(group)]
    if options.folds > 1:
        told = held_out(examples, options.folds)
        right = (told > 0.5) == np.array([example.yes for example in examples])
        surest = np.argsort(-np.abs(told - 0.5), kind="stable")
        shares = [f"{share:.0%} {right[surest[: round(share * len(right))]].mean():.3f}" for share in SHARES]
        console.print("held out, right of the surest: " + ", ".join(shares))
    verdicts = train(examples, digest_of())
    verdicts.save(options.out)
    yes = sum(example.yes for example in examples)
    console.print(
        f"{len(examples)} questions, {yes} of them yes, {len(verdicts.vocabulary)} features, "
        f"{options.out.stat().st_size / 1000:.0f} kB → {options.out}"
    )


if __name__ == "__main__":
    main()
