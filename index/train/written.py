"""Questions over invented policies and over laws, each with the sentences that answer it.

They stand in groups: a folder for each, with `questions.jsonl` and `documents` that are searched together, or
`laws.txt`, which names them by their paths below the folder of laws; the texts of laws are not in the repository.
Both the sentence model and the ranking of sentences (`chat.ranking`) learn from them. So that the ranking
never learns from a model that has seen its questions, the groups are parted in two halves, and for either
half there is a sentence model that was trained without it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.train.adapt import read_passages
from index.train.articles import Article, sentences
from index.train.questions import LabelledQuestion

WRITTEN = Path(__file__).with_name("written")
SOURCE = "written"
HALVES = 2


@dataclass(frozen=True)
class WrittenQuestion:
    """One question, and what of its document answers it: stretches of text, none where it does not say."""

    text: str
    document: str  # the name of the file
    kind: str
    answers: tuple[str, ...]
    verdict: str = ""  # of a question of yes or no: yes, no, or nothing where its document does not settle it


@dataclass(frozen=True)
class Group:
    """Documents that are searched together, and the questions asked of them."""

    name: str
    folder: Path  # of the documents; where there are laws, of all laws
    questions: tuple[WrittenQuestion, ...]
    place: int  # among all groups, those among them that are left out
    laws: tuple[str, ...] = ()  # paths below the folder; none: all that it holds

    @property
    def half(self) -> int:
        """0 or 1: which of two sentence models has not learned its questions."""
        return self.place % HALVES

    @property
    def law(self) -> str:
        """What stands for a law's name in the split of questions."""
        return f"{SOURCE}/{self.name}"

    @contextmanager
    def documents(self) -> Iterator[Path]:
        """A folder that holds the documents and nothing else, as long as the context is open."""
        if not self.laws:
            yield self.folder
            return
        with tempfile.TemporaryDirectory(prefix="tiaowen-laws-") as name:
            for path in self.laws:
                shutil.copyfile(self.folder / path, Path(name) / Path(path).name)
            yield Path(name)


def read_groups(folder: Path = WRITTEN, laws: Path | None = None) -> list[Group]:
    """The groups below a folder, in the order of their names; halves alternate.

    laws: the folder of laws in Markdown; without it the groups that ask about laws are left out.

    Raises:
        FileNotFoundError: if a law of a group is not in that folder, with its path.
    """
    found = []
    folders = sorted(path.parent for path in folder.glob("*/questions.jsonl"))
    for place, path in enumerate(folders):
        named = laws_of(path)
        if named and laws is None:
            continue
        if missing := [name for name in named if laws is not None and not (laws / name).is_file()]:
            raise FileNotFoundError(f"{laws} 中缺少 {missing[0]}")
        own = laws if named and laws is not None else path / "documents"
        questions = tuple(_questions(path / "questions.jsonl"))
        found.append(Group(path.name, own, questions, place, named))
    return found


def laws_of(group: Path) -> tuple[str, ...]:
    """The paths of the laws that the group in a folder asks about; none where it has its own documents."""
    table = group / "laws.txt"
    return tuple(table.read_text(encoding="utf-8").split()) if table.is_file() else ()


def _questions(file: Path) -> Iterator[WrittenQuestion]:
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield WrittenQuestion(
            record["question"],
            record["document"],
            record["kind"],
            tuple(record["answers"]),
            record.get("verdict", ""),
        )


def bare(text: str) -> str:
    """A text without white space, as answers are compared with sentences."""
    return "".join(text.split())


def with_written(
    articles: Sequence[Article], questions: Sequence[LabelledQuestion], groups: Sequence[Group]
) -> tuple[list[Article], list[LabelledQuestion]]:
    """Articles and questions with those of the groups after them.

    Passages stand with their title and headings, and each sentence once more by itself, as the chat compares
    it. A question's negatives are the other passages and sentences of its group, its own document's first.
    """
    all_articles, all_questions = list(articles), list(questions)
    for group in groups:
        begin = len(all_articles)
        with group.documents() as folder:
            passages, _ = read_passages([folder])
        for passage in passages:
            all_articles.append(passage)
            all_articles += [
                Article("", passage.path, "", passage.label, text) for text in sentences(passage.text)
            ]
        own = all_articles[begin:]
        texts = [bare(article.text) for article in own]
        files = [Path(article.path).name for article in own]
        for question in group.questions:
            inside = [i for i, file in enumerate(files) if file == question.document]
            answers = list(map(bare, question.answers))
            gold = [i for i in inside if any(answer in texts[i] for answer in answers)]
            if gold:
                near = tuple(begin + i for i in inside if i not in set(gold))
                found = tuple(begin + i for i in gold)
                all_questions.append(
                    LabelledQuestion(question.text, found, (group.law,), source=SOURCE, near=near)
                )
    return all_articles, all_questions
