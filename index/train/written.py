"""Questions over invented policies, each with the sentences that answer it.

They stand in groups: a folder for each, with `documents` that are searched together and `questions.jsonl`.
Both the sentence model and the ranking of sentences (`chat.ranking`) learn from them. So that the ranking
never learns from a model that has seen its questions, the groups are parted in two halves, and for either
half there is a sentence model that was trained without it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
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


@dataclass(frozen=True)
class Group:
    """Documents that are searched together, and the questions asked of them."""

    name: str
    documents: Path
    questions: tuple[WrittenQuestion, ...]
    half: int  # 0 or 1

    @property
    def law(self) -> str:
        """What stands for a law's name in the split of questions."""
        return f"{SOURCE}/{self.name}"


def read_groups(folder: Path = WRITTEN) -> list[Group]:
    """The groups below a folder, in the order of their names; halves alternate."""
    folders = sorted(path.parent for path in folder.glob("*/questions.jsonl"))
    return [
        Group(path.name, path / "documents", tuple(_questions(path / "questions.jsonl")), place % HALVES)
        for place, path in enumerate(folders)
    ]


def _questions(file: Path) -> Iterator[WrittenQuestion]:
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield WrittenQuestion(
            record["question"], record["document"], record["kind"], tuple(record["answers"])
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
        passages, _ = read_passages([group.documents])
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
