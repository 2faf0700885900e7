"""Train the sentence model, or adapt the shipped one to own documents: python -m index.train --help."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from tokenizers import Tokenizer
from torch import Tensor

from index.train.adapt import adapt
from index.train.card import figures_table, model_card, plain
from index.train.encoded import encode_articles
from index.train.evaluate import Figures, measure
from index.train.questions import split_questions
from index.train.recipe import Recipe, asked_of, read, train
from index.train.save import load_weights, save_model
from index.train.written import WRITTEN

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "index" / "weights"
OWN_QUESTIONS = tuple(Path(__file__).with_name(f"{name}_questions.jsonl") for name in ("policy", "life"))


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m index.train", description="训练条问的句向量模型")
    parser.add_argument("--texts", type=Path, help="法律法规 Markdown 所在目录")
    parser.add_argument(
        "--questions", type=Path, nargs="*", default=[], help="带答案条文的问题（JSON Lines）"
    )
    parser.add_argument("--news", type=Path, help="一般文本，每行一篇，可为 .xz；可省略")
    parser.add_argument(
        "--out", type=Path, help="模型输出目录（默认 index/weights；--hold-out 时为 var/train/held-out）"
    )
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "train", help="中间结果目录，可断点续训")
    parser.add_argument("--minutes", type=float, help="无监督阶段的时间上限（分钟）；默认按固定步数")
    parser.add_argument("--seed", type=int, default=0, help="随机种子")
    parser.add_argument("--threads", type=int, default=2, help="CPU 线程数")
    parser.add_argument(
        "--hold-out", action="store_true", help="完全不看开发集法律（含条文），只用于测量泛化能力"
    )
    parser.add_argument(
        "--adapt",
        action="store_true",
        help="用自有政策文件微调已发布模型，不需要标注；同时给出 --texts 和 --questions 时，也测量对法律问题的遗忘",
    )
    parser.add_argument("--documents", type=Path, nargs="*", default=[], help="--adapt 使用的政策文件目录")
    parser.add_argument("--model", type=Path, default=WEIGHTS, help="--adapt 的起点模型")
    options = parser.parse_args(given)
    if options.adapt and not options.documents:
        parser.error("--adapt 需要 --documents 目录")
    if not options.adapt and options.texts is None:
        parser.error("训练需要 --texts 目录（法律法规 Markdown）；微调请用 --adapt --documents 目录")
    return options


def command_line_recipe(options: argparse.Namespace) -> Recipe:
    """The recipe that the options ask for; the bundled questions always take part."""
    return Recipe(
        options.texts,
        (*options.questions, *OWN_QUESTIONS),
        options.news,
        WRITTEN,
        options.hold_out,
        minutes=options.minutes,
        seed=options.seed,
    )


def main() -> None:
    """Run one training from the command line."""
    options = arguments()
    torch.set_num_threads(options.threads)
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bars:
        (run_adaptation if options.adapt else run_training)(options, Bars(bars), console)


class Bars:
    """One progress bar a stage, with the current loss; where there is no terminal, a line now and then."""

    def __init__(self, bars: Progress) -> None:
        self.bars = bars
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, step: int, steps: int, loss: float) -> None:
        """Show one finished step of a stage."""
        task = self.tasks.get(stage)
        if task is None:
            task = self.tasks[stage] = self.bars.add_task(stage, total=steps)
        self.bars.update(task, completed=step + 1, description=f"{stage}  loss {loss:.3f}")
        if not sys.stdout.isatty() and (step % 50 == 0 or step + 1 == steps):
            self.bars.console.print(f"{stage} {step + 1}/{steps} loss {loss:.3f}")


def run_training(options: argparse.Namespace, bars: Bars, console: Console) -> None:
    """Train, save the model with its card, and keep the log of losses and figures in the work folder."""
    work = options.work / ("held-out" if options.hold_out else "full")
    recipe = command_line_recipe(options)
    trained = train(recipe, work, bars)
    out = options.out or (work / "model" if options.hold_out else WEIGHTS)
    save_model(trained.weights, trained.tokenizer, out, model_card(recipe, trained, date.today()))
    if not options.hold_out:
        # The model that the figures are of, for eval.retrieval to measure the whole of retrieval with it, and
        # the one that has not learned the other half of the written groups, for chat.ranking.train.
        card = model_card(recipe, trained, date.today())
        save_model(trained.measured, trained.tokenizer, work / "measured", card)
        save_model(trained.crossed, trained.tokenizer, work / "crossed", card)
    log = {
        "recipe": plain(recipe),
        "counts": trained.counts,
        "figures": trained.figures,
        "losses": trained.losses,
    }
    (work / "log.json").write_text(json.dumps(log, ensure_ascii=False, indent=1), encoding="utf-8")
    for line in figures_table(trained.figures):
        console.print(line, markup=False)
    console.print(f"模型已保存：{out}", markup=False)


def run_adaptation(options: argparse.Namespace, bars: Bars, console: Console) -> None:
    """Adapt a model to own documents, report before and after, and save it."""
    weights, tokenizer = load_weights(options.model)
    adapted = adapt(
        weights,
        tokenizer,
        options.documents,
        options.seed,
        lambda step, steps, loss: bars("adapt", step, steps, loss),
    )
    for file, problem in adapted.problems.items():
        console.print(f"{file}：{problem}", markup=False)
    tables = [{"before": adapted.before, "after": adapted.after}]
    if options.texts is not None:
        models = {"before": weights, "after": adapted.weights}
        tables.append(measure_memory(command_line_recipe(options), models, tokenizer))
    for line in chain.from_iterable(map(figures_table, tables)):
        console.print(line, markup=False)
    out = options.out or ROOT / "var" / "train" / "adapted"
    card = (options.model / "README.md").read_text(encoding="utf-8")
    save_model(adapted.weights, tokenizer, out, card + adaptation_note(adapted.passages))
    console.print(f"模型已保存：{out}（使用方法：TIAOWEN_MODEL={out}）", markup=False)


def measure_memory(recipe: Recipe, models: Mapping[str, Tensor], tokenizer: Tokenizer) -> dict[str, Figures]:
    """What models still know of the questions of the development split, by model, group and source."""
    known = read(recipe)
    asked = asked_of(split_questions(known.questions, known.held_out))
    encoded = encode_articles(tokenizer, known.articles)
    found: dict[str, Figures] = {}
    for name, weights in models.items():
        found |= measure(name, weights, tokenizer, known.articles, encoded, asked)
    return found


def adaptation_note(passages: int) -> str:
    """What is added to the card of a model that was adapted."""
    return (
        f"\n## Adaptation\n\nAdapted on {date.today().isoformat()} to {passages} passages of own documents.\n"
    )


if __name__ == "__main__":
    main()
