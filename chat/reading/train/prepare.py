"""Gather what the network learns from: python -m chat.reading.train.prepare --texts LAWS --out WORK …

Unlabelled texts (laws, and general ones where a file of them is given), questions on laws whose article is known, and
the questions of the ranking (`python -m chat.ranking.train --examples`) with the sentences that a ranking which
has not learned them puts first. Its laws and questions are parted as those of the sentence model are.
"""

from __future__ import annotations

import argparse
import lzma
import pickle
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from chat.ranking.examples import Example
from chat.ranking.model import Ranking
from chat.ranking.train import FOLDS
from chat.reading.tokens import SPECIAL, UNKNOWN
from chat.reading.train.material import Asked, Pairs, Work
from index.train.__main__ import OWN_QUESTIONS
from index.train.articles import Article, read_articles
from index.train.questions import LabelledQuestion, held_out_laws, read_questions, split_questions

VOCABULARY = 12_000
LONGEST_WORD = 4  # bound of the characters of a token; the longest has three
ALPHABET = 6_500  # characters that are tokens by themselves
COMMON = "的了和与及对在是把被"  # words of one character that are never part of a longer token
SAMPLED_ARTICLES, SAMPLED_TEXTS = 50_000, 14_000  # that the vocabulary is counted in
FOUND, FURTHER = (
    40,
    6,
)  # sentences of a question that are kept, and of those that answer and stand behind them
NEAR = 400  # other articles of a law that are kept of each question


def train_tokenizer(texts: Sequence[str], target: Path) -> None:
    """Byte pair encoding over characters, as few thousand tokens as a small network learns well."""
    tokenizer = Tokenizer(models.BPE(unk_token=SPECIAL[UNKNOWN]))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Whitespace(),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.Split(Regex(f"[{COMMON}]"), "isolated"),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        max_token_length=LONGEST_WORD,
        limit_alphabet=ALPHABET,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(str(target))


def read_texts(file: Path) -> list[str]:
    """General texts, one a line, packed with xz."""
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        return lines.read().splitlines()


def law_texts(articles: Sequence[Article]) -> list[str]:
    """The articles of each file as one text, with the headings over them."""
    texts: dict[str, list[str]] = {}
    for article in articles:
        texts.setdefault(article.path, [article.law]).append(f"{article.heading} {article.text}".strip())
    return [" ".join(parts) for parts in texts.values()]


def law_pairs(articles: Sequence[Article], questions: Sequence[LabelledQuestion]) -> Pairs:
    """Questions with the articles of the laws that they are about."""
    by_law: dict[str, list[int]] = {}
    for number, article in enumerate(articles):
        by_law.setdefault(article.law, []).append(number)
    laws = sorted({law for question in questions for law in question.laws})
    kept = {number: place for place, number in enumerate(n for law in laws for n in by_law.get(law, []))}
    found = []
    for question in questions:
        gold = [kept[number] for number in question.gold if number in kept]
        own = [number for law in question.laws for number in by_law.get(law, [])]
        near = [kept[number] for number in own if number not in question.gold][:NEAR]
        if gold:
            found.append((list(question.wordings), gold, near))
    return Pairs([(articles[n].law, articles[n].heading, articles[n].text) for n in kept], found)


def asked_of(examples: Sequence[Example], rankings: Sequence[Ranking]) -> tuple[list[str], list[Asked]]:
    """The strings of all sentences, and the questions. rankings: of each fold, one that has not learned it."""
    strings: dict[str, int] = {}
    found = []
    for example in examples:
        fold = example.place % len(rankings)
        order = best_of(example, rankings[fold])
        rows = [[strings.setdefault(text, len(strings)) for text in example.texts[row]] for row in order]
        sentences = np.array(rows, dtype=np.int32).reshape(-1, 3)
        found.append(Asked(example.question, fold, sentences, example.answers[order]))
    return list(strings), found


def best_of(example: Example, ranking: Ranking) -> list[int]:
    """The sentences of an example that rank first, best first, and behind them some of those that answer."""
    odds = ranking.order(example.rows)
    order = np.argsort(-odds, kind="stable")
    behind = [row for row in order[FOUND:].tolist() if example.answers[row]]
    return [*order[:FOUND].tolist(), *behind[:FURTHER]]


def main() -> None:
    """Write the work folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, required=True, help="folder of laws in Markdown")
    parser.add_argument("--news", type=Path, help="general texts, one a line, packed with xz")
    parser.add_argument("--questions", type=Path, nargs="*", default=[], help="questions on laws")
    parser.add_argument("--examples", type=Path, required=True, help="the questions of the ranking")
    parser.add_argument("--rankings", type=Path, required=True, help="folder of the rankings of its folds")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    console, work = Console(), Work(options.out)
    options.out.mkdir(parents=True, exist_ok=True)
    articles = read_articles(options.texts)
    general = read_texts(options.news) if options.news else []
    questions, articles = read_questions((*options.questions, *OWN_QUESTIONS), articles)
    learned = split_questions(questions, held_out_laws(articles)).learned
    drawn = random.Random(0)
    sample = [article.text for article in drawn.sample(articles, min(SAMPLED_ARTICLES, len(articles)))]
    sample += drawn.sample(general, min(SAMPLED_TEXTS, len(general))) + [one.text for one in learned]
    train_tokenizer(sample, work.vocabulary)
    work.write_texts([*law_texts(articles), *general])
    work.write("pairs", law_pairs(articles, learned))
    with options.examples.open("rb") as file:
        examples = pickle.load(file)  # noqa: S301 - our own work file
    rankings = [Ranking.load(options.rankings / f"{fold}.npz") for fold in range(FOLDS)]
    strings, asked = asked_of(examples, rankings)
    work.write("examples", (strings, asked))
    console.print(
        f"{len(articles)} articles, {len(general)} texts, {len(learned)} pairs, {len(asked)} questions"
    )


if __name__ == "__main__":
    main()
