"""The gate of a release: the bundled cases, against the figures kept in the repository. `python -m eval.gate`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from eval import run
from eval.compare import compare, drops, show
from eval.record import MANIFEST, RESULTS, RunError, read_run

BASELINE = Path(__file__).resolve().parent / "baseline"
# How far a figure may fall. Of 80 cases one is 0.0125: one may get worse for a good reason, two may not.
LIMITS = (("right", 0.0125), ("refusal_right", 0.0125), ("clause_recall", 0.02), ("citation_precision", 0.05))
KEPT = ("started", "code", "sets", "summary", "status")  # of the manifest


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: may be released; 1: a figure fell too far; 2: the cases could not be run."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.gate", description="发布前：随附题目的得分不得低于基线"
    )
    parser.add_argument("--renew", action="store_true", help="把这次的得分作为新的基线写入 eval/baseline/")
    options = parser.parse_args(arguments)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="tiaowen-gate-") as folder:
        out = Path(folder) / "run"
        cases = [str(path) for path in run.default_cases()]
        documents = str(Path(__file__).resolve().parent.parent / "corpus" / "documents")
        status = run.main([*cases, "--out", str(out), "--documents", documents, "--no-curated", "--quiet"])
        if status:
            console.print("随附的题目没有全部评分，不能放行。", style="red")
            return 2
        if options.renew:
            _renew(out)
            console.print(f"新的基线已写入 {BASELINE}", markup=False)
            return 0
        return _judge(out, console)


def _judge(out: Path, console: Console) -> int:
    try:
        comparison = compare(read_run(BASELINE)[1], read_run(out)[1])
    except RunError as error:
        console.print(escape(str(error)), style="red")
        return 2
    show(console, comparison)
    failed = drops(comparison, LIMITS)
    for reason in failed:
        console.print(escape(f"未通过：{reason}"), style="red")
    return 1 if failed else 0


def _renew(out: Path) -> None:
    """Keep figures alone: the texts are in the cases, and those of locked sets are not for reading."""
    manifest, lines = read_run(out)
    BASELINE.mkdir(exist_ok=True)
    kept: dict[str, Any] = {key: manifest[key] for key in KEPT if key in manifest}
    for noted in kept["sets"].values():
        for place in ("files", "problems", "calibration", "model"):  # model is a path of some machine
            noted["snapshot"].pop(place, None)
    text = json.dumps(kept, ensure_ascii=False, indent=2)
    (BASELINE / MANIFEST).write_text(text + "\n", encoding="utf-8")
    plain = (replace(line, texts={}, took_ms=round(line.took_ms, 1), misses=(), notes=()) for line in lines)
    rows = (json.dumps(asdict(line), ensure_ascii=False) + "\n" for line in plain)
    (BASELINE / RESULTS).write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
