"""What the judge of near misses brings and costs: python -m eval.answerability [--laws DIR].

Asks the questions of eval/near_misses.jsonl, half of which their documents do not answer, with the judge and without. Its
layers have learned from pairs over other documents, written by others, and its threshold was set on the development
cases. Of these documents the judge has learned some written questions, sentence model and ranking all of them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from rich.console import Console

from chat.answerability.train import read_paired
from chat.assistant import Assistant
from chat.ranking.model import ranking_for
from chat.reading.second import SecondReading, shipped
from corpus.load import load_documents
from eval.groups import judge, told
from index.build import build_snapshot, hash_documents
from index.embedder import load_embedder
from index.train.written import WrittenQuestion, read_groups
from settings import Settings

QUESTIONS = Path(__file__).with_name("near_misses.jsonl")


def main() -> None:
    """Ask all questions whose documents are at hand, and tell the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--laws", type=Path, help="folder of laws in Markdown; without it those on laws are left out"
    )
    options = parser.parse_args()
    console, asked = Console(), read_paired(QUESTIONS)
    embedder, reading = load_embedder(Settings().model), shipped()
    unjudged = SecondReading(reading.reader, reading.settled)  # of another reading nothing is judged
    found: dict[tuple[str, str], Counter[str]] = {}
    for group in (group for group in read_groups(laws=options.laws) if group.name in asked):
        with group.documents() as folder:
            snapshot = build_snapshot(load_documents([folder]).documents, embedder, hash_documents([folder]))
        ranking = ranking_for(embedder)
        ways = {
            "without the judge": Assistant(snapshot, ranking=ranking, reading=unjudged),
            "with the judge": Assistant(snapshot),
        }
        questions = [
            WrittenQuestion(one["question"], one["document"], one["kind"], tuple(one["answers"]))
            for one in asked[group.name]
        ]
        for way, assistant in ways.items():
            own = found.setdefault(("laws" if group.laws else "policies", way), Counter())
            own.update(judge(question, assistant.ask(question.text)) for question in questions)
    for (matter, way), counts in found.items():
        console.print(f"{matter}, {way}: {told(counts)}")


if __name__ == "__main__":
    main()
