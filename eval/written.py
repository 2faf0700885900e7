"""How well the check tells what a language model may write from what it invents: `python -m eval.written`.

Over sentences as models write them on clauses of the bundled policies (eval/written.jsonl), some faithful, some
not, and over what a model does to the faithful ones when it errs: another number, word, place, department,
clause; a condition, a qualifier or a negation less or more.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from chat.answer import Statement
from chat.check import Checker
from chat.checking.reading import read
from chat.checking.source import Library
from chat.checking.written import sentence_share
from chat.outline import label_of
from chat.question import Question
from chat.quoting.selection import cite_clause
from corpus.document import Clause, Document
from corpus.load import load_documents
from index.words import tokenize
from settings import ROOT

PAIRS = Path(__file__).with_suffix(".jsonl")
SEED = 7
SHARES = (0.6, 0.65, 0.7, 0.73, 0.76, 0.79, 0.82, 0.85, 0.9)
_WORDS = 6  # words of a sentence that are each replaced by a strange one
_QUALIFIERS = (
    r"力争|鼓励|左右|以上|不少于|不低于|原则上|符合条件的|有条件的|同等条件下，|优先|探索|引导|有意愿的"
)


@dataclass(frozen=True)
class Pair:
    """A sentence on a clause. `fault`: what is wrong with it, empty where nothing is."""

    clause: Clause
    text: str
    fault: str


def load_pairs(file: Path, documents: Sequence[Document]) -> list[Pair]:
    """The pairs of a JSONL file with document, clause (label), text, fault. Raises KeyError for a clause that is not there."""
    clauses: dict[tuple[str, str], Clause] = {}
    for document in documents:
        for clause in document.clauses:
            clauses.setdefault((document.id, label_of(clause)), clause)
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [Pair(clauses[row["document"], row["clause"]], row["text"], row["fault"]) for row in rows]


def accepts(checker: Checker, clause: Clause, text: str) -> bool:
    """Whether the sentence may be shown on this clause alone."""
    question = Question("有什么规定？", wording="有什么规定？", standalone="有什么规定？")
    return checker.check(Statement(text, (cite_clause(clause),), "written"), question).ok


Error = tuple[str, Clause, str]  # the kind of error, the clause cited, the sentence


def errors_of(pair: Pair, others: Sequence[Clause], chance: random.Random) -> Iterator[Error]:
    """What a model may make of a faithful sentence."""
    clause = pair.clause
    yield from ((kind, clause, text) for kind, text in _changed(pair.text, clause.document.region))
    yield from (("换词", clause, text) for text in _swapped(pair, others[:8], chance))
    yield from (("错引", other, pair.text) for other in others[:3])


def _changed(text: str, region: str) -> Iterator[tuple[str, str]]:
    """Numbers, dates, places, departments, qualifiers and negations of a sentence, each changed or lost."""
    for match in re.finditer(r"\d+(?![年月日\d])", text):
        yield "数字", _put(text, match, str(int(match[0]) * 2 + 1))
    for match in re.finditer(r"20\d\d(?=年)", text):
        yield "日期", _put(text, match, str(int(match[0]) + 2))
    for place in sorted({"山东", "湖北", "浙江"} - {region[:2]}):
        named = bool(region) and region[:2] in text
        yield "地区", text.replace(region[:2], place) if named else f"{place}省{text}"
    for match in re.finditer(r"(?:省|国务院)[\u4e00-\u9fff]{2,8}?[厅委局](?!员)", text):
        yield "部门", _put(text, match, "省教育厅")
    for match in re.finditer(_QUALIFIERS, text):
        yield "限定", _put(text, match, "")
    first = re.search(r"支持|鼓励|引导|推动|可以?|建立", text)
    if first:
        yield "否定", _put(text, first, f"不得{first[0]}")


def _put(text: str, match: re.Match[str], words: str) -> str:
    return text[: match.start()] + words + text[match.end() :]


def _swapped(pair: Pair, others: Sequence[Clause], chance: random.Random) -> Iterator[str]:
    """The sentence with one of its words replaced by one of another clause."""
    han = re.compile(r"[\u4e00-\u9fff]{2,4}")
    words = [w for w in dict.fromkeys(tokenize(pair.text)) if han.fullmatch(w) and w in pair.clause.text]
    strange = [w for other in others for w in tokenize(other.body) if han.fullmatch(w)]
    strange = [word for word in strange if word not in pair.clause.text]
    for word in chance.sample(words, min(_WORDS, len(words))):
        if strange:
            yield pair.text.replace(word, chance.choice(strange), 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what passes of each kind. Exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m eval.written", description="语言模型句子核对的标定")
    parser.add_argument("--show", action="store_true", help="列出判断有误的句子")
    options = parser.parse_args(arguments)
    documents = load_documents([ROOT / "corpus" / "documents"]).documents
    pairs = load_pairs(PAIRS, documents)
    console = Console()
    console.print(_shares(pairs))
    console.print(_outcomes(pairs, documents, console if options.show else None))
    return 0


def _shares(pairs: Sequence[Pair]) -> Table:
    """How many sentences reach each share of words, on either half of the pairs."""
    library = Library()
    table = Table(title="句中词语在所引条款中的占比达到下值的句子")
    for name in ("占比", "如实 A", "编造 A", "如实 B", "编造 B"):
        table.add_column(name, justify="right")
    shares: dict[str, list[float]] = {"如实 A": [], "编造 A": [], "如实 B": [], "编造 B": []}
    for number, pair in enumerate(pairs):
        kind = {"": "如实", "invented": "编造"}.get(pair.fault)
        if kind:
            sources = library.sources([pair.clause])
            share = min(sentence_share(s, sources) for s in read(pair.text, statement=True))
            shares[f"{kind} {'AB'[number % 2]}"].append(share)
    for least in SHARES:
        counts = (f"{sum(s >= least for s in values)}/{len(values)}" for values in shares.values())
        table.add_row(f"{least:.2f}", *counts)
    return table


def _outcomes(pairs: Sequence[Pair], documents: Sequence[Document], console: Console | None) -> Table:
    """How many sentences of each kind pass the whole check."""
    checker = Checker(documents)
    passed, total = measure(pairs, documents, lambda clause, text: accepts(checker, clause, text), console)
    table = Table(title="通过核对的句子")
    for name in ("种类", "通过", "共", "比例"):
        table.add_column(name, justify="left" if name == "种类" else "right")
    for kind in total:
        table.add_row(kind, str(passed[kind]), str(total[kind]), f"{passed[kind] / total[kind]:.1%}")
    return table


def measure(
    pairs: Sequence[Pair],
    documents: Sequence[Document],
    passes: Callable[[Clause, str], bool],
    console: Console | None = None,
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many sentences of each kind pass, and of how many. `console`: where those are listed that are misjudged."""
    chance = random.Random(SEED)
    passed: Counter[str] = Counter()
    total: Counter[str] = Counter()

    def judge(kind: str, clause: Clause, text: str, *, right: bool) -> None:
        ok = passes(clause, text)
        total[kind] += 1
        passed[kind] += ok
        if console and ok != right:
            console.print(f"{kind}　{clause.document.id} {label_of(clause)}：{text}", markup=False)

    for pair in pairs:
        judge(
            "如实" if not pair.fault else f"有误：{pair.fault}", pair.clause, pair.text, right=not pair.fault
        )
    for pair in pairs:
        if pair.fault or not passes(pair.clause, pair.text):
            continue
        others = [c for d in documents for c in d.clauses if c is not pair.clause and len(c.body) > 80]
        chance.shuffle(others)
        for kind, clause, text in errors_of(pair, others, chance):
            if text != pair.text or clause is not pair.clause:
                judge(f"改动：{kind}", clause, text, right=False)
    return passed, total


if __name__ == "__main__":
    sys.exit(main())
