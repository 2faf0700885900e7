"""Teach the judge: python -m chat.answerability.train WORK [--laws DIR] [--held-out].

WORK is the folder of chat.reading.train with the network of all questions (`finish --part all`). What reads question
and sentence by themselves stays as it is; the layers after it go on from those that score, with the questions of
`questions.jsonl`, half of which their documents do not answer, and every eighth written question, so that what is
usually asked is not forgotten. Some twenty minutes without an accelerator; with --held-out every fourth group of
documents is left out and told about, and nothing is written.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch import Tensor
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel

from chat.answerability.judge import WEIGHTS, digest_of, first_of
from chat.assistant import Assistant
from chat.question import Kind
from chat.ranking.examples import answers
from chat.ranking.model import ranking_for
from chat.reading.network import BELOW
from chat.reading.second import shipped
from chat.reading.tokens import MASK, SPECIAL, Ids, ids_of, load_tokenizer, padded, question_ids, sentence_ids
from chat.reading.train import arrays as stored
from chat.reading.train.export import export_head
from chat.reading.train.network import Network, Read, load_arrays
from chat.reading.train.steps import SINGLY, WITHHELD, Steps
from chat.select import Selector
from corpus.load import load_documents
from index.build import build_snapshot, hash_documents
from index.embedder import load_embedder
from index.train.written import Group, read_groups
from settings import Settings

QUESTIONS = Path(__file__).with_name("questions.jsonl")
EVERY = 8  # of the written questions
EACH = 6  # sentences of a question, the first by the ranking
EPOCHS, BATCH, RATE, WARMING = 4, 16, 3e-4, 20
AVERAGED = 0.4  # share of the steps after which the weights are averaged
FIRST, REST = 3.0, 0.6  # weight among them of the one that ranks first, and of the others
FOLDS = 4
_APART = (Kind.COMPARISON, Kind.DOCUMENT, Kind.CORPUS)
_FROZEN = ("alone", "embedding", "position", "belongs")


@dataclass(frozen=True, eq=False)
class Asked:
    """A question with the sentences that rank first."""

    place: int  # of its group
    paired: bool  # whether it is one of `questions.jsonl`
    question: Ids
    sentences: list[tuple[Ids, Ids]]
    right: NDArray[np.float32]  # (sentences,): 1 where it answers


def read_paired(file: Path = QUESTIONS) -> dict[str, list[dict[str, Any]]]:
    """The questions by the names of their groups."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in file.read_text("utf-8").splitlines():
        record = json.loads(line)
        found.setdefault(record["group"], []).append(record)
    return found


def ask(group: Group, paired: Sequence[dict[str, Any]], model: str) -> Iterator[Asked]:
    """The questions of one group, as the assistant ranks what it finds for them."""
    embedder, tokenizer = load_embedder(model), load_tokenizer()
    with group.documents() as folder:
        snapshot = build_snapshot(load_documents([folder]).documents, embedder, hash_documents([folder]))
    assistant, selector = Assistant(snapshot), Selector(embedder, ranking_for(embedder), shipped())
    asked = [(one["question"], tuple(one["answers"]), True) for one in paired]
    asked += [(one.text, one.answers, False) for one in group.questions[::EVERY]]
    for text, marked, own in asked:
        question, evidence = assistant.find(text)
        distance = snapshot.manifest.calibration.distance(evidence)
        found, _ = selector.choose(question, evidence, distance)
        ranked = first_of(found, EACH)
        if not ranked or question.kind in _APART:
            continue
        sentences = [sentence_ids(*ids_of(tokenizer, selector.said(c.clause, c.sentence))) for c in ranked]
        right = np.array([answers(candidate, marked) for candidate in ranked], dtype=np.float32)
        asking = question_ids(ids_of(tokenizer, [question.unnamed])[0])
        yield Asked(group.place, own, asking, sentences, right)


class Reads:
    """The sentences as the network reads them by themselves, once for all epochs."""

    def __init__(self, network: Network, asked: Sequence[Asked]) -> None:
        self._rows: list[Read] = []
        with torch.inference_mode():
            for one in asked:
                ids, belongs = (torch.from_numpy(padded(rows)) for rows in zip(*one.sentences, strict=True))
                read = network.read(ids, belongs)
                self._rows.append(Read(read.tokens.half(), read.held))

    def of(self, numbers: Sequence[int]) -> Read:
        """The sentences of some questions, one after the other, as long as the longest."""
        some = [self._rows[number] for number in numbers]
        longest = max(read.tokens.shape[1] for read in some)

        def filled(rows: Tensor) -> Tensor:
            missing = longest - rows.shape[1]
            return functional.pad(rows, (0, 0, 0, missing) if rows.ndim > 2 else (0, missing))

        tokens = torch.cat([filled(read.tokens).float() for read in some])
        return Read(tokens, torch.cat([filled(read.held) for read in some]))


def odds_of(network: Network, asked: Sequence[Asked], sentences: Read, withhold: bool) -> Tensor:
    """Log odds of the sentences of some questions, one after the other."""
    questions = torch.from_numpy(padded([one.question for one in asked]))
    if withhold:
        withheld = (torch.rand(questions.shape) < WITHHELD) & (questions >= len(SPECIAL))
        questions = torch.where(withheld, MASK, questions)
    owner = torch.repeat_interleave(torch.tensor([len(one.sentences) for one in asked]))
    read = network.ask(questions)
    return network.score(Read(read.tokens[owner], read.held[owner]), sentences)


def loss_of(odds: Tensor, asked: Sequence[Asked]) -> Tensor:
    """Whether each sentence answers, the first above all; and which of a question's sentences, where one does."""
    right = torch.from_numpy(np.concatenate([one.right for one in asked]))
    weight = torch.cat([torch.tensor([FIRST] + [REST] * (len(one.right) - 1)) for one in asked])
    singly = functional.binary_cross_entropy_with_logits(odds, right, reduction="none")
    loss = SINGLY * (singly * weight).sum() / weight.sum()
    own = torch.split(odds, [len(one.right) for one in asked])
    for one, some in zip(asked, own, strict=True):
        if one.right.any():
            good = some[torch.from_numpy(one.right) > 0]
            loss = loss + (torch.logsumexp(some, 0) - torch.logsumexp(good, 0)) / len(asked)
    return loss


def learn(network: Network, asked: Sequence[Asked], console: Console) -> None:
    """Train the layers that read question and sentence together."""
    torch.manual_seed(0)
    rng, reads = np.random.default_rng(0), Reads(network.eval(), asked)
    for name, weights in network.named_parameters():
        weights.requires_grad_(not name.startswith(_FROZEN))
    per = len(asked) // BATCH
    walk, mean = Steps((network,), RATE, EPOCHS * per, WARMING), AveragedModel(network)
    network.train()
    for epoch in range(EPOCHS):
        order, total = rng.permutation(len(asked)), 0.0
        for number in range(per):
            some = order[number * BATCH : (number + 1) * BATCH].tolist()
            batch = [asked[i] for i in some]
            loss = loss_of(odds_of(network, batch, reads.of(some), withhold=True), batch)
            walk.take(loss)
            total += float(loss.detach())
            if epoch * per + number >= AVERAGED * EPOCHS * per:
                mean.update_parameters(network)
        console.print(f"epoch {epoch}: {total / per:.4f}")
    network.load_state_dict(mean.module.state_dict())
    network.eval()


def first_odds(network: Network, asked: Sequence[Asked]) -> NDArray[np.float32]:
    """Log odds of the sentence that ranks first of each question."""
    reads = Reads(network.eval(), asked)
    with torch.inference_mode():
        found = [odds_of(network, [one], reads.of([i]), withhold=False)[0] for i, one in enumerate(asked)]
    return torch.stack(found).numpy()


def told_apart(odds: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """The share of pairs of one that is right and one that is not of which the first has the higher odds (AUC)."""
    return float((odds[right][:, None] > odds[~right][None, :]).mean())


def stamp(head: Path, below: str) -> None:
    """Note in a file of last layers which first ones they were taught over."""
    model = onnx.load(head)
    onnx.helper.set_model_props(model, {BELOW: below})
    onnx.save(model, head)


def main() -> None:
    """Train and write the layers; or measure them on groups that are left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument(
        "--laws", type=Path, help="folder of laws in Markdown; without it their groups are left out"
    )
    parser.add_argument("--held-out", action="store_true", help="leave every fourth group out and measure")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    console, paired, model = Console(), read_paired(), Settings().model
    groups = read_groups(laws=options.laws)
    asked = [one for group in groups for one in ask(group, paired.get(group.name, ()), model)]
    console.print(f"{len(asked)} questions, of them {sum(one.paired for one in asked)} in pairs")
    held = [one for one in asked if one.place % FOLDS == 0 and one.paired] if options.held_out else []
    shape, weights = stored.load(options.work / "all.npz")
    network = Network(shape)
    load_arrays(network, weights)
    before = first_odds(network, held) if held else None
    learn(network, [one for one in asked if not held or one.place % FOLDS], console)
    if before is None:
        export_head(network, options.out)
        stamp(options.out, digest_of())
        return
    right = np.array([bool(one.right[0]) for one in held])
    after = first_odds(network, held)
    console.print(
        f"of {len(held)} questions held out {right.sum()} answered by the first sentence; told apart (AUC) "
        f"{told_apart(before, right):.3f} by the second reading, {told_apart(after, right):.3f} by the judge"
    )


if __name__ == "__main__":
    main()
