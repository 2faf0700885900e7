"""Labelled questions: what people asked, and the articles that answer it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.train.articles import Article, law_name
from index.train.split import is_evaluation_law, is_held_out, is_held_out_question

NAME_AND_LABEL = re.compile(r"^(.*?)(第[^第条]+条(?:之[一二三四五六七八九十]+)?)$")


@dataclass(frozen=True)
class LabelledQuestion:
    """One question with the articles that answer it, as indices into the list of articles."""

    text: str
    gold: tuple[int, ...]
    laws: tuple[str, ...]  # the names of the laws of the gold articles
    paraphrases: tuple[str, ...] = ()  # a written answer and keywords, where the source has them
    source: str = ""  # the stem of the file it came from
    near: tuple[int, ...] = ()  # articles known not to answer it that are hard to tell from those that do

    @property
    def wordings(self) -> tuple[str, ...]:
        """Every text that asks for the gold articles: the question and its paraphrases."""
        return (self.text, *self.paraphrases)


def read_questions(
    files: Iterable[Path], articles: list[Article]
) -> tuple[list[LabelledQuestion], list[Article]]:
    """The questions of JSON-lines files, without those about evaluation laws.

    Returns the questions and the articles; an article that a question quotes and `articles` lacks is
    appended, so that no question is lost to a missing version of a law.
    """
    linker = _Linker(list(articles))
    questions = [q for file in files for q in _read_file(file, linker)]
    return questions, linker.articles


class _Linker:
    """Finds the article that a question names: by its text where given, else by law and label."""

    def __init__(self, articles: list[Article]) -> None:
        self.articles = articles
        self.by_text = {_letters(a.text): i for i, a in reversed(list(enumerate(articles)))}
        self.by_label = {(a.path, a.label): i for i, a in enumerate(articles)}
        self.by_law = {(a.law, a.label): i for i, a in enumerate(articles)}  # the newest version stands last

    def quoted(self, name: str, text: str) -> int:
        key = _letters(text)
        if key not in self.by_text:
            match = NAME_AND_LABEL.match(name)
            law, label = (match.group(1), match.group(2)) if match else (name, "")
            self.by_text[key] = len(self.articles)
            self.articles.append(Article(law_name(law), "", "", label, re.sub(r"\s+", "", text)))
        return self.by_text[key]

    def located(self, path: str, law: str, label: str) -> int | None:
        found = self.by_label.get((path, label))
        return self.by_law.get((law_name(law), label)) if found is None else found


def _letters(text: str) -> str:
    return re.sub(r"[^\w]+", "", text)


def _read_file(file: Path, linker: _Linker) -> Iterator[LabelledQuestion]:
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        named = _named_laws(record)
        if any(map(is_evaluation_law, named)):
            continue  # before anything of the record is used
        gold = _gold(record, linker)
        # One text may stand in several laws: the law that is named and the one that was found both count.
        laws = tuple(dict.fromkeys([*map(law_name, named), *(linker.articles[g].law for g in gold)]))
        if gold and not any(map(is_evaluation_law, laws)):
            extra = (record.get("answer"), record.get("keywords"))
            paraphrases = tuple(text for text in extra if isinstance(text, str) and text)  # some are NaN
            yield LabelledQuestion(record["question"], gold, laws, paraphrases, file.stem)


def _named_laws(record: dict) -> list[str]:
    """The laws that a record names: of the articles that it quotes, or of the one that it points to."""
    if "articles" in record:
        return [re.sub(r"第[^第]*条.*$", "", article["name"]) for article in record["articles"]]
    return [record["law"]]


def _gold(record: dict, linker: _Linker) -> tuple[int, ...]:
    if "articles" in record:
        return tuple(linker.quoted(article["name"], article["text"]) for article in record["articles"])
    found = linker.located(record["path"], record["law"], record["article"])
    return () if found is None else (found,)


def held_out_laws(articles: Iterable[Article]) -> frozenset[str]:
    """The names of the laws of the development split."""
    return frozenset(law for law in {article.law for article in articles} if is_held_out(law))


@dataclass(frozen=True)
class Split:
    """Questions to learn, and those that only measure."""

    learned: list[LabelledQuestion]
    unseen_laws: list[LabelledQuestion]  # of no law among theirs is any question learned
    known_laws: list[LabelledQuestion]

    @property
    def unseen_articles(self) -> list[LabelledQuestion]:
        """Those about known laws whose gold articles no learned question points to."""
        known = {article for question in self.learned for article in question.gold}
        return [question for question in self.known_laws if known.isdisjoint(question.gold)]


def split_questions(questions: Sequence[LabelledQuestion], held_out: frozenset[str]) -> Split:
    """Part the questions. One that touches laws of both sides neither teaches nor measures."""
    known = [q for q in questions if not held_out.intersection(q.laws)]
    kept_back = [is_held_out_question(q.text, q.source) for q in known]
    return Split(
        [q for q, back in zip(known, kept_back, strict=True) if not back],
        [q for q in questions if held_out.issuperset(q.laws)],
        [q for q, back in zip(known, kept_back, strict=True) if back],
    )
