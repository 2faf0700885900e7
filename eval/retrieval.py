"""How well the right clauses are found: python -m eval.retrieval --laws DIR --questions FILE…

Measures words, meaning and their fusion, and two public BM25 libraries over the same words, on labelled
questions. A figure means generalisation only where the model has not learned from the laws asked about:
take the measured model that `python -m index.train` leaves in its work folder (var/train/full/measured), or one
trained with --hold-out, which has not read their texts either, and the questions of held-out laws. Of the
bundled policies `python -m eval.run` says how often a gold clause is among the first five (前五).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from corpus.document import Clause, Document
from eval.metrics import recall_at, reciprocal_rank
from eval.peers import Bm25s, Okapi
from index.build import ensure_snapshot, progress_bars
from index.embedder import load_embedder
from index.hybrid import HybridIndex
from index.train.articles import law_name
from index.train.split import is_evaluation_law, is_held_out
from index.words import tokenize

DEPTH = 200  # passages ranked a question: enough for 100 distinct clauses
LOCAL = "DLC"  # the folder of local rules among the laws
RESAMPLES = 1000  # of the questions, for the intervals
MEASURES = ("R@5", "R@10", "R@100", "MRR@10", "nDCG@10")
SPLITS = {"held-out": "未参与训练的法律", "evaluation": "评测用法律", "trained": "参与训练的法律"}

Ranking = list[int]  # keys of distinct clauses, best first
System = Callable[[str], Ranking]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    """A question with the clauses that answer it: of each group one is enough."""

    text: str
    gold: tuple[frozenset[int], ...]
    split: str  # one of SPLITS
    source: str  # plain, colloquial, …, or the name of the file


class Clauses:
    """The clauses of a corpus by key. Clauses of one wording (old and new version of a law) share a key."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._keys: dict[str, int] = {}
        self._of_clause: dict[int, int] = {}
        self._by_label: dict[tuple[str, str], int] = {}
        for document in documents:
            for clause in document.clauses:
                key = self._keys.setdefault(letters(clause.body), len(self._keys))
                self._of_clause[id(clause)] = key
                self._by_label[document.file, clause.label] = key

    def key(self, clause: Clause) -> int:
        """The key of a clause of the corpus."""
        return self._of_clause[id(clause)]

    def worded(self, text: str) -> int | None:
        """The key of the clause with this wording, whatever its punctuation."""
        return self._keys.get(letters(text))

    def labelled(self, file: str, label: str) -> int | None:
        """The key of a clause by its file, as a path that may begin above the documents root, and label."""
        parts = Path(file).parts
        places = ("/".join(parts[start:]) for start in range(len(parts)))
        return next(
            (key for place in places if (key := self._by_label.get((place, label))) is not None), None
        )


def letters(text: str) -> str:
    """Letters and digits alone: what two prints of one article share."""
    return re.sub(r"[\W_]+", "", text)


def read_labelled(files: Iterable[Path], clauses: Clauses) -> tuple[list[Labelled], int]:
    """The questions whose gold clauses are all in the corpus, and the number of those left out."""
    records = [
        json.loads(line) | {"file": file.stem} for file in files for line in file.open(encoding="utf-8")
    ]
    questions = [_labelled(record, clauses) for record in records]
    return [question for question in questions if question], questions.count(None)


def _labelled(record: dict[str, Any], clauses: Clauses) -> Labelled | None:
    """One record: with the articles themselves (name, text), or with path, law and article number."""
    if "articles" in record:
        laws = [re.sub(r"第[^第]*条.*$", "", article["name"]) for article in record["articles"]]
        gold = [clauses.worded(article["text"]) for article in record["articles"]]
    else:
        laws = [record["law"]]
        gold = [clauses.labelled(record["path"], record["article"])]
    known = [frozenset({key}) for key in gold if key is not None]
    split = split_of(laws)
    if not split or not known or len(known) < len(gold):
        return None
    return Labelled(record["question"], tuple(known), split, record.get("kind", record["file"]))


def split_of(laws: Sequence[str]) -> str:
    """The split that all laws of a question belong to; "" when they belong to several."""
    splits = {
        "evaluation" if is_evaluation_law(law) else "held-out" if is_held_out(law_name(law)) else "trained"
        for law in laws
    }
    return splits.pop() if len(splits) == 1 else ""


def make_systems(index: HybridIndex, clauses: Clauses) -> dict[str, System]:
    """The systems that are compared, by the names shown."""
    keys = np.array([clauses.key(passage.clause) for passage in index.passages])
    words = [tokenize(passage.searchable) for passage in index.passages]
    okapi, plain = Okapi(words), Bm25s(words)
    parts = (index.passages, index.embedder, index.vectors, index.words)
    meaning = HybridIndex(*parts, meaning_weight=1, coverage_weight=0)
    fused = HybridIndex(*parts, coverage_weight=0)

    def ranked(rows: Iterable[int]) -> Ranking:
        return list(dict.fromkeys(int(keys[row]) for row in rows))

    def found_by(hybrid: HybridIndex) -> System:
        return lambda text: list(
            dict.fromkeys(clauses.key(e.passage.clause) for e in hybrid.search(text, DEPTH))
        )

    return {
        "rank_bm25": lambda text: ranked(okapi.search(tokenize(text), DEPTH)),
        "bm25s": lambda text: ranked(plain.search(tokenize(text), DEPTH)),
        "词语": lambda text: ranked(index.words.search(text, DEPTH)[0]),
        "语义": found_by(meaning),
        "融合": found_by(fused),
        "二段": found_by(index),
    }


LEXICAL = ("rank_bm25", "bm25s", "词语")
SERVED = "二段"  # what the assistant uses: the fusion and the coverage of its best


def evaluate(ranking: Ranking, gold: Sequence[frozenset[int]]) -> list[float]:
    """The values of MEASURES for one question."""
    recalls = [recall_at(gold, ranking, k) or 0.0 for k in (5, 10, 100)]
    return [*recalls, reciprocal_rank(gold, ranking[:10]) or 0.0, ndcg_at(gold, ranking, 10)]


def ndcg_at(gold: Sequence[frozenset[int]], ranking: Ranking, k: int) -> float:
    """Discounted gain of the first k, each gold group counted where it is first met, over the best possible."""
    ranks = [next((i for i, key in enumerate(ranking[:k]) if key in group), None) for group in gold]
    gain = sum(1 / np.log2(rank + 2) for rank in ranks if rank is not None)
    return float(gain / sum(1 / np.log2(rank + 2) for rank in range(min(len(gold), k))))


def interval(values: Values) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean of one value a question."""
    picks = np.random.default_rng(0).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.quantile(values[picks].mean(axis=1), (0.025, 0.975))
    return float(low), float(high)


@dataclass(frozen=True)
class Result:
    """What was measured on one group of questions: values[system][question, measure]."""

    name: str
    values: dict[str, Values]

    @property
    def best_lexical(self) -> str:
        """The best of the lexical systems by recall at 10."""
        return max(LEXICAL, key=lambda name: self.values[name][:, 1].mean())

    def gain(self) -> Values:
        """By how much what serves is better than the best lexical system, (questions, measures)."""
        return self.values[SERVED] - self.values[self.best_lexical]

    def record(self) -> dict[str, Any]:
        """The figures with their intervals, for a file."""
        rows = {**self.values, f"{SERVED} − {self.best_lexical}": self.gain()}
        return {
            "group": self.name,
            "questions": len(self.gain()),
            "systems": {
                name: {
                    measure: [
                        round(float(values[:, m].mean()), 4),
                        *(round(x, 4) for x in interval(values[:, m])),
                    ]
                    for m, measure in enumerate(MEASURES)
                }
                for name, values in rows.items()
            },
        }


def measure(systems: dict[str, System], questions: Sequence[Labelled], name: str) -> Result:
    """Ask every system every question."""
    values = {
        system: np.array([evaluate(search(question.text), question.gold) for question in questions])
        for system, search in systems.items()
    }
    return Result(name, values)


def groups(questions: Sequence[Labelled]) -> Iterator[tuple[str, list[Labelled]]]:
    """The questions of each split, then of each of its sources."""
    for split, shown in SPLITS.items():
        inside = [question for question in questions if question.split == split]
        if inside:
            yield shown, inside
        sources = sorted({question.source for question in inside})
        for source in sources if len(sources) > 1 else []:
            yield f"{shown} · {source}", [question for question in inside if question.source == source]


def short(value: float) -> str:
    """Three digits, without the zero in front."""
    return f"{value:.3f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.2f}"


def table(record: dict[str, Any]) -> Table:
    """The figures of one group as a table."""
    shown = Table(title=f"{record['group']}（{record['questions']} 问）")
    for column in ("方法", *MEASURES):
        shown.add_column(column)
    for name, figures in record["systems"].items():
        cells = ("{} [{}, {}]".format(*map(short, values)) for values in figures.values())
        shown.add_row(name, *cells)
    return shown


def read_options(arguments: Sequence[str] | None, model: str, data: Path) -> argparse.Namespace:
    """The options of the command line; `documents` are the folders to search in."""
    parser = argparse.ArgumentParser(prog="python -m eval.retrieval", description="检索效果评测。")
    corpus = parser.add_mutually_exclusive_group(required=True)
    corpus.add_argument("--documents", nargs="+", type=Path, help="政策或法律文件夹")
    corpus.add_argument("--laws", type=Path, help="法律法规 Markdown 所在目录；只检索国家层面的（不含 DLC）")
    parser.add_argument(
        "--questions", nargs="+", type=Path, required=True, help="带答案条文的问题（JSON Lines）"
    )
    parser.add_argument(
        "--model",
        default=model,
        help="句向量模型；衡量泛化要用训练时留下的 var/train/full/measured，或 --hold-out 训练的模型",
    )
    parser.add_argument("--index", type=Path, default=data / "retrieval", help="索引缓存的文件夹")
    parser.add_argument(
        "--splits", nargs="+", choices=list(SPLITS), default=["held-out"], help="评测哪些法律的问题"
    )
    parser.add_argument("--json", type=Path, help="把结果写入这个文件")
    options = parser.parse_args(arguments)
    if options.laws:
        options.documents = sorted(f for f in options.laws.iterdir() if f.is_dir() and f.name != LOCAL)
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Index the documents, ask the questions, print the figures."""
    from settings import Settings

    settings = Settings()
    options = read_options(arguments, settings.model, settings.data)
    console = Console(width=140)
    embedder = load_embedder(options.model)
    with progress_bars(console) as report:
        snapshot = ensure_snapshot(options.index, options.documents, embedder, report)
    clauses = Clauses(snapshot.documents)
    labelled, left_out = read_labelled(options.questions, clauses)
    asked = [question for question in labelled if question.split in options.splits]
    counts = Counter(question.split for question in labelled)
    console.print(
        f"模型 {embedder.name}；{snapshot.manifest.documents} 份文件、{snapshot.manifest.passages} 个片段；"
        f"可用问题 {dict(counts)}，不在语料中或跨划分的 {left_out} 问未用。",
        markup=False,
    )
    systems = make_systems(snapshot.index, clauses)
    records = [measure(systems, questions, name).record() for name, questions in groups(asked)]
    for record in records:
        console.print(table(record))
    if options.json:
        options.json.write_text(json.dumps(records, ensure_ascii=False, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
