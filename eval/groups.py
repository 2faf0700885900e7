"""How the written questions are answered that nothing had learned: python -m eval.groups --models M C --rankings DIR.

Each group of index/train/written is asked with a sentence model and a ranking that have learned from other groups
alone (`python -m index.train` leaves the models in its work folder, `python -m chat.ranking.train --held-out DIR`
the rankings, chat.reading.train in its work folder what reads again). The same questions are asked without the
ranking, and with it but without the second reading, which tells what either brings. Right is an answer
that quotes every stretch marked as the answer; of questions that their documents do not answer, a refusal.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from chat.answer import Answer
from chat.assistant import Assistant
from chat.ranking.model import Ranking
from chat.ranking.train import FOLDS
from chat.reading.second import SecondReading
from chat.reading.second import load as load_reading
from chat.reading.tokens import TOKENIZER
from corpus.load import load_documents
from index.build import build_snapshot, hash_documents
from index.embedder import load_embedder
from index.train.written import Group, WrittenQuestion, bare, read_groups

_PIECE = 8  # characters from which a quotation within the marked stretch counts


def judge(written: WrittenQuestion, answer: Answer) -> str:
    """right, part, wrong or refused; of questions without an answer made (the refusal) or leaked."""
    if not written.answers:
        return "made" if answer.refused else "leaked"
    if answer.refused:
        return "refused"
    quoted = [bare(c.quote) for c in answer.citations] + [bare(s.text) for s in answer.statements]
    held = [
        any(bare(marked) in text or (len(text) > _PIECE and text in bare(marked)) for text in quoted)
        for marked in written.answers
    ]
    return "right" if all(held) else "part" if any(held) else "wrong"


Ways = Sequence[tuple[Ranking | None, SecondReading | None]]


def ask(group: Group, model: str, ways: Ways, every: int = 1) -> list[Counter[str]]:
    """How the questions of one group are answered each way; every so manieth is asked."""
    with group.documents() as folder:
        documents = load_documents([folder]).documents
        snapshot = build_snapshot(documents, load_embedder(model), hash_documents([folder]))
    found = []
    for ranking, reading in ways:
        assistant = Assistant(snapshot, ranking=ranking, ranked=ranking is not None, reading=reading)
        asked = group.questions[::every]
        found.append(Counter(judge(written, assistant.ask(written.text)) for written in asked))
    return found


def told(found: Counter[str]) -> str:
    """Shares in one line."""
    answered = sum(found[name] for name in ("right", "part", "wrong", "refused"))
    due = found["made"] + found["leaked"]
    shares = ", ".join(
        f"{name} {found[name] / answered:.3f}" for name in ("right", "part", "wrong", "refused")
    )
    whole = (found["right"] + found["made"]) / (answered + due)
    return f"of {answered}: {shares}; of {due} due refusals {found['made'] / due:.3f} made; all {whole:.3f}"


def _reading(folder: Path, fold: int) -> SecondReading:
    return load_reading(folder / str(fold), folder / TOKENIZER.name, folder / f"{fold}_settled.npz")


def main() -> None:
    """Ask all groups and tell the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs=2, required=True, metavar=("MEASURED", "CROSSED"))
    parser.add_argument("--rankings", type=Path, required=True)
    parser.add_argument("--readings", type=Path, help="work folder of chat.reading.train; without it, none")
    parser.add_argument("--laws", type=Path, help="folder of laws in Markdown; without it, policies only")
    parser.add_argument("--every", type=int, default=1, help="ask every so manieth question only")
    options = parser.parse_args()
    console, groups = Console(), read_groups(laws=options.laws)
    rankings = [Ranking.load(options.rankings / f"{fold}.npz") for fold in range(FOLDS)]
    readings: list[SecondReading | None] = [None] * FOLDS
    if options.readings:
        readings = [_reading(options.readings, fold) for fold in range(FOLDS)]
    titles = ["without the ranking", "with it", "and read again"][: 3 if options.readings else 2]
    whole = [Counter[str]() for _ in titles]
    for group in groups:
        fold = group.place % FOLDS
        ways: list[tuple[Ranking | None, SecondReading | None]] = [(None, None), (rankings[fold], None)]
        if options.readings:
            ways.append((rankings[fold], readings[fold]))
        unseen = options.models[0] if group.half else options.models[1]
        for total, found in zip(whole, ask(group, unseen, ways, options.every), strict=True):
            total.update(found)
    for title, total in zip(titles, whole, strict=True):
        console.print(f"{title}: {told(total)}")


if __name__ == "__main__":
    main()
