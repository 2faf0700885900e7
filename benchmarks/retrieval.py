"""Ingest, start, latency and memory of the index alone, each corpus in a process of its own.

    python -m benchmarks.retrieval [--laws DIR] [--model MODEL] [--json FILE]

Measures the bundled policies, and with --laws also the national laws of that folder (Markdown; its folder
DLC with local rules is left out). bm25s searches the same words in the same process, for comparison.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from settings import ROOT, Settings

POLICIES = ROOT / "corpus" / "documents"
LOCAL = "DLC"
ROUNDS = 300  # searches that are timed
WARM_UP = 20  # searches before, which load what is loaded once
# What DESIGN asks for: shown name, target for the policies, target for the laws; "" where it names none.
MEASURES = {
    "passages": ("片段", "", ""),
    "ingest_s": ("建索引（秒）", "", "≤ 60"),
    "parse_s": ("　其中读取与解析", "", ""),
    "words_s": ("　其中词语索引", "", ""),
    "embed_s": ("　其中句向量", "", ""),
    "load_s": ("载入索引（秒）", "", ""),
    "search_p50_ms": ("检索 p50（毫秒）", "≤ 2", "≤ 5"),
    "search_p95_ms": ("检索 p95（毫秒）", "", ""),
    "filtered_p50_ms": ("限定一份文件 p50", "", ""),
    "words_p50_ms": ("仅词语 p50", "", ""),
    "bm25s_p50_ms": ("bm25s，同样的词，p50", "", ""),
    "encode_per_s": ("编码（片段/秒，单线程）", "≥ 5000", "≥ 5000"),
    "rss_mb": ("内存（MB）", "≤ 1000", "≤ 1500"),
    "disk_mb": ("索引文件（MB）", "", ""),
}


@dataclass(frozen=True)
class Figures:
    """What was measured of one corpus; MEASURES says in which unit."""

    passages: int
    ingest_s: float
    parse_s: float
    words_s: float
    embed_s: float
    load_s: float
    search_p50_ms: float
    search_p95_ms: float
    filtered_p50_ms: float
    words_p50_ms: float
    bm25s_p50_ms: float
    encode_per_s: float
    rss_mb: float
    disk_mb: float


def ingest(roots: Sequence[Path], model: str, folder: Path) -> dict[str, float]:
    """Build the index and say how long each step took, in seconds."""
    from index.build import rebuild
    from index.embedder import load_embedder

    marks: dict[str, list[float]] = {}
    begin = time.perf_counter()

    def report(step: str, done: int, total: int) -> None:
        marks.setdefault(step, [time.perf_counter()]).append(time.perf_counter())

    passages = rebuild(folder, roots, load_embedder(model), report).manifest.passages
    took = {step: times[-1] - times[0] for step, times in marks.items()}
    # A step that reports only its progress began when the one before it ended.
    embedded = marks["计算句向量"][-1] - marks["词语索引"][-1]
    return {
        "passages": passages,
        "ingest_s": time.perf_counter() - begin,
        "parse_s": took["读取政策文件"],
        "words_s": took["词语索引"],
        "embed_s": embedded,
    }


def serve(model: str, folder: Path) -> dict[str, float]:
    """Load the index and search it: seconds, milliseconds, MB of 2²⁰ bytes, passages a second."""
    begin = time.perf_counter()
    from index.calibrate import everyday_questions, own_questions
    from index.embedder import load_embedder
    from index.store import load_snapshot

    snapshot = load_snapshot(folder, load_embedder(model))
    index = snapshot.index
    loaded = time.perf_counter() - begin
    asked = [*own_questions(index.passages), *everyday_questions()]
    documents = [document.id for document in snapshot.documents]
    every = timed(lambda i: index.search(asked[i % len(asked)]))
    rss = resident_mb()  # before the comparison takes its own
    filtered = timed(lambda i: index.search(asked[i % len(asked)], documents=[documents[i % len(documents)]]))
    words = timed(lambda i: index.words.search(asked[i % len(asked)], 10))
    texts = [passage.searchable for passage in index.passages[:5000]]
    begin = time.perf_counter()
    index.embedder.encode_document(texts)
    encoded = len(texts) / (time.perf_counter() - begin)
    return {
        "load_s": loaded,
        "search_p50_ms": every[0],
        "search_p95_ms": every[1],
        "filtered_p50_ms": filtered[0],
        "words_p50_ms": words[0],
        "bm25s_p50_ms": peer([p.searchable for p in index.passages], asked),
        "encode_per_s": encoded,
        "rss_mb": rss,
    }


def peer(texts: Sequence[str], asked: Sequence[str]) -> float:
    """The median time of bm25s for the ten best over the same words, milliseconds."""
    import bm25s

    from index.words import tokenize

    engine = bm25s.BM25(backend="numpy")
    engine.index([tokenize(text) for text in texts], show_progress=False)
    k = min(10, len(texts))
    return timed(
        lambda i: engine.retrieve([tokenize(asked[i % len(asked)])], k=k, show_progress=False, n_threads=0)
    )[0]


def timed(work: Callable[[int], object]) -> tuple[float, float]:
    """The median and the 95th percentile of the time of one call, milliseconds."""
    took = []
    for i in range(WARM_UP + ROUNDS):
        begin = time.perf_counter()
        work(i)
        took.append((time.perf_counter() - begin) * 1000)
    median, high = np.percentile(took[WARM_UP:], (50, 95))
    return float(median), float(high)


def resident_mb() -> float:
    """The memory that this process holds, MB; 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def measure(roots: Sequence[Path], model: str) -> Figures:
    """Build, then serve, each in a process of its own, with one thread for what works on vectors."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for step in ("ingest", "serve"):
            command = [sys.executable, "-m", "benchmarks.retrieval", "--step", step, "--model", model]
            command += ["--folder", folder, "--roots", *map(str, roots)]
            ran = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            if ran.returncode:
                raise SystemExit(ran.stderr)
            found |= json.loads(ran.stdout.splitlines()[-1])
        found["disk_mb"] = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file()) / 2**20
    return Figures(**{name: found[name] if name != "passages" else int(found[name]) for name in MEASURES})  # type: ignore[arg-type]


def table(measured: dict[str, Figures]) -> Table:
    """The figures of the corpora side by side with their targets."""
    shown = Table()
    for column in ("", *(head for name in measured for head in (name, "目标"))):
        shown.add_column(column, justify="left" if column in ("", "目标") else "right")
    for name, (title, *targets) in MEASURES.items():
        cells = []
        for figures, target in zip(measured.values(), targets, strict=False):
            value = getattr(figures, name)
            cells += [f"{value:,.0f}" if value >= 100 else f"{value:.2f}", target]
        shown.add_row(title, *cells)
    return shown


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description="检索的速度与内存。")
    parser.add_argument("--laws", type=Path, help="法律法规 Markdown 所在目录")
    parser.add_argument("--model", default=Settings().model, help="句向量模型的路径或 hub 名称")
    parser.add_argument("--json", type=Path, help="把结果写入这个文件")
    parser.add_argument("--step", choices=("ingest", "serve"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--roots", type=Path, nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        ingested = options.step == "ingest"
        found = (
            ingest(options.roots, options.model, options.folder)
            if ingested
            else serve(options.model, options.folder)
        )
        sys.stdout.write(json.dumps(found) + "\n")
        return 0
    measured = {"政策五份": measure([POLICIES], options.model)}
    if options.laws:
        national = sorted(
            folder for folder in options.laws.iterdir() if folder.is_dir() and folder.name != LOCAL
        )
        measured["国家法律"] = measure(national, options.model)
    Console().print(table(measured))
    if options.json:
        options.json.write_text(
            json.dumps({k: asdict(v) for k, v in measured.items()}, ensure_ascii=False, indent=1)
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
