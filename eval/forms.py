"""What the rules of chat.unsaid cost and bring on the written questions: python -m eval.forms [--laws DIR] [--every N].

The shipped models have learned from these questions, so that what is answered right here says little; of the answers
that are right, and of those given where a refusal is due, the rules refuse a share each, and that is what is told.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from rich.console import Console

from chat import refusal
from chat.assistant import Assistant
from chat.unsaid import unsaid
from corpus.load import load_documents
from eval.groups import judge
from index.build import build_snapshot, hash_documents
from index.embedder import Embedder, load_embedder
from index.train.written import Group, read_groups
from settings import Settings


def ask(group: Group, embedder: Embedder, every: int = 1) -> Counter[tuple[str, bool]]:
    """How the questions of one group are answered without the rules, and whether these would refuse the answer."""
    with group.documents() as folder:
        documents = load_documents([folder]).documents
        assistant = Assistant(build_snapshot(documents, embedder, hash_documents([folder])))
    found: Counter[tuple[str, bool]] = Counter()
    with patch.object(refusal, "unsaid", return_value=False):
        for written in group.questions[::every]:
            answer = assistant.ask(written.text)
            refused = not answer.refused and unsaid(answer.question.wording, answer.citations)
            found[judge(written, answer), refused] += 1
    return found


def told(found: Counter[tuple[str, bool]], names: Sequence[str]) -> str:
    """How many of some answers the rules refuse."""
    refused, whole = (
        sum(found[name, flag] for name in names for flag in flags) for flags in ((True,), (True, False))
    )
    return f"{refused} of {whole} ({refused / max(whole, 1):.3f})"


def main() -> None:
    """Ask all groups and tell the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laws", type=Path, help="folder of laws in Markdown; without it, policies only")
    parser.add_argument("--every", type=int, default=1, help="ask every so manieth question only")
    options = parser.parse_args()
    console, embedder = Console(), load_embedder(Settings().model)
    whole: Counter[tuple[str, bool]] = Counter()
    for group in read_groups(laws=options.laws):
        whole.update(ask(group, embedder, options.every))
    console.print(f"refused of right answers: {told(whole, ('right', 'part'))}")
    console.print(f"refused of wrong answers: {told(whole, ('wrong',))}")
    console.print(f"refused where a refusal is due: {told(whole, ('leaked',))}")


if __name__ == "__main__":
    main()
