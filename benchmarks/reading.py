"""How long the second reading takes: python -m benchmarks.reading.

The sentences of the bundled policies are read a few at a time: new ones, and the same once more. Each time for a question
that was not read before.
"""

from __future__ import annotations

import statistics
import time

from chat.reading.reader import Said, load_reader
from corpus.load import load_documents
from corpus.sentences import split_sentences
from settings import ROOT

QUESTION = "我们是一家{}个人的小厂，想贷款没有抵押，政府能给贴息吗？"
TOGETHER = (1, 2, 4, 6)  # sentences that are read for a question
SHORTEST = 20  # characters of a sentence


def sentences() -> list[Said]:
    """The sentences of the bundled policies that are no headings."""
    documents = load_documents([ROOT / "corpus" / "documents"]).documents
    return [
        Said(document.title, clause.heading or "", document.text[start:end])
        for document in documents
        for clause in document.clauses
        for start, end in split_sentences(document.text[clause.body_start : clause.end], clause.body_start)
        if end - start >= SHORTEST
    ]


def main() -> None:
    """Measure and print medians in milliseconds."""
    said = sentences()
    print(
        f"{len(said)} sentences, {statistics.mean(len(one.sentence) for one in said):.0f} characters on average"
    )
    for together in TOGETHER:
        reader = load_reader()
        reader.read(QUESTION.format(0), said[-1:])  # what is done once
        asked = 0
        new: list[float] = []
        kept: list[float] = []
        for start in range(0, len(said) - together, together):
            some = said[start : start + together]
            for times in (new, kept):
                asked += 1
                started = time.perf_counter()
                reader.read(QUESTION.format(asked), some)
                times.append(1000 * (time.perf_counter() - started))
        print(
            f"{together} sentences: new {statistics.median(new):.1f} ms, kept {statistics.median(kept):.1f} ms"
        )


if __name__ == "__main__":
    main()
