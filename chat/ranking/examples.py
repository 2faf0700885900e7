"""The questions that the ranking learns from, each with the sentences that a search finds for it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chat.assistant import Assistant
from chat.candidate import Candidate
from chat.question import Kind, Question
from chat.reading.reader import Said
from chat.select import Selector
from corpus.load import load_documents
from index.build import build_snapshot, hash_documents
from index.embedder import Embedder
from index.train.split import is_evaluation_law, is_held_out
from index.train.written import Group, bare

ELSEWHERE = 60  # questions of the next group that are asked of a group's documents, which do not answer them
UNRELATED = Path(__file__).with_name("unrelated.txt")  # questions that no policy or law speaks of, one a line
UNRELATED_EACH = 30  # of them asked of each corpus
LAWS_TOGETHER = 10  # laws that make one corpus
_SHORTEST, _END = 8, 10  # characters from which a piece of an answer tells it; of its ends, where it is cut


@dataclass(frozen=True, eq=False)
class Example:
    """A question with the rows of the sentences found for it, and which of them answer."""

    place: int  # of its group among all; the groups are parted by it
    kind: Kind  # as understood
    rows: NDArray[np.float32]  # (sentences, features)
    answers: NDArray[np.bool_]  # (sentences,); none where the question is not answered
    distance: float
    question: str = ""  # by itself, with the names of documents, for chat.reading
    texts: Sequence[Said] = ()  # what is read of each row


def answers(candidate: Candidate, marked: Iterable[str]) -> bool:
    """Whether a sentence holds one of the marked answers, or is a piece of it."""
    text = bare(candidate.sentence.text)
    for answer in map(bare, marked):
        if answer in text or (len(text) > _SHORTEST and text in answer):
            return True
        if len(answer) > _END + 2 and (answer[:_END] in text or answer[-_END:] in text):
            return True
    return False


class Corpus:
    """Documents of one group, asked as the assistant is."""

    def __init__(self, place: int, folder: Path, embedder: Embedder) -> None:
        """`folder` may be gone afterwards."""
        snapshot = build_snapshot(load_documents([folder]).documents, embedder, hash_documents([folder]))
        self.place = place
        self._assistant, self._selector = Assistant(snapshot, ranked=False), Selector(embedder)
        self._distance = snapshot.manifest.calibration.distance

    def ask(self, text: str) -> tuple[Question, list[Candidate], NDArray[np.float32], float]:
        """The question as understood, the sentences found that are no headings, their rows, the distance."""
        question, evidence = self._assistant.find(text)
        candidates, rows = self._selector.marked(question, evidence)
        body = [c for c in candidates if c.sentence.role != "heading"]
        return question, body, rows, self._distance(evidence)

    def example(
        self, asked: tuple[Question, list[Candidate], NDArray[np.float32], float], right: NDArray[np.bool_]
    ) -> Example:
        """The example of a question that was asked. right: which of the sentences answer."""
        question, body, rows, distance = asked
        texts = [self._selector.said(candidate.clause, candidate.sentence) for candidate in body]
        return Example(
            self.place, question.kind, rows, right, distance, question.standalone or question.text, texts
        )


def of_group(group: Group, elsewhere: Group, embedder: Embedder) -> Iterator[Example]:
    """The examples of a written group, and questions of another one that its documents do not answer."""
    with group.documents() as folder:
        corpus = Corpus(group.place, folder, embedder)
    for written in group.questions:
        asked = corpus.ask(written.text)
        if asked[1]:
            yield corpus.example(asked, np.array([answers(c, written.answers) for c in asked[1]], dtype=bool))
    yield from _unanswered(corpus, _unrelated(group.place))
    every = max(len(elsewhere.questions) // ELSEWHERE, 1)
    yield from _unanswered(corpus, [written.text for written in elsewhere.questions[::every]])


def _unrelated(place: int) -> list[str]:
    """The share of the unrelated questions that the corpus of this place is asked."""
    asked = UNRELATED.read_text("utf-8").splitlines()
    return [
        asked[number % len(asked)] for number in range(place * UNRELATED_EACH, (place + 1) * UNRELATED_EACH)
    ]


def _unanswered(corpus: Corpus, texts: Iterable[str]) -> Iterator[Example]:
    """Examples of questions that the corpus does not answer, those left out that name what it lacks anyway."""
    for text in texts:
        question, body, *_ = asked = corpus.ask(text)
        if body and not (question.regions or question.missing or question.missing_regions):
            yield corpus.example(asked, np.zeros(len(body), dtype=bool))


def of_laws(texts: Path, files: Sequence[Path], embedder: Embedder) -> Iterator[Example]:
    """Examples from questions whose article is known, about laws of which the sentence model has learned none.

    Every sentence of the article counts as an answer. texts: the folder of laws. files: questions as
    JSON lines with `path` and `article`.
    """
    asked: dict[str, list[tuple[str, str]]] = {}
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            record = json.loads(line)
            if "path" in record and is_held_out(record["law"]) and not is_evaluation_law(record["law"]):
                asked.setdefault(record["path"], []).append((record["question"], record["article"]))
    paths = sorted(path for path in asked if (texts / path).is_file())
    for number in range(0, len(paths), LAWS_TOGETHER):
        together = paths[number : number + LAWS_TOGETHER]
        with tempfile.TemporaryDirectory(prefix="tiaowen-laws-") as folder:
            for path in together:
                target = Path(folder) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(texts / path, target)
            corpus = Corpus(number // LAWS_TOGETHER, Path(folder), embedder)
            others = paths[(number + LAWS_TOGETHER) % len(paths) :][:LAWS_TOGETHER]
            yield from _unanswered(corpus, _unrelated(corpus.place))
            for path in (path for path in others if path not in together):
                yield from _unanswered(corpus, [text for text, _ in asked[path][::3]])
            for path in together:
                for text, article in asked[path]:
                    asked_here = corpus.ask(text)
                    right = [
                        c.clause.label == article and Path(c.document.file).name == Path(path).name
                        for c in asked_here[1]
                    ]
                    if right:
                        yield corpus.example(asked_here, np.array(right))
