"""Build time, start to first answer, answer latency and memory of the whole server, over HTTP.

    python -m benchmarks.answers [--laws DIR] [--rounds N] [--json FILE]

Measures the bundled policies, and with --laws also the national laws of that folder together with them.
Everything runs in a temporary data folder; nothing of a running installation is touched.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.cases import load_cases
from eval.metrics import percentile
from settings import ROOT

POLICIES = ROOT / "corpus" / "documents"
CASES = ROOT / "eval" / "cases"
LOCAL = "DLC"  # local rules: left out, so that the figure is over the national articles
FIRST_ANSWER_SECONDS = 300  # past this the server is given up


@dataclass(frozen=True)
class Figures:
    """What was measured of one corpus. Times in seconds or milliseconds, memory in MB of 2²⁰ bytes."""

    corpus: str
    documents: int
    clauses: int
    build_s: float
    first_answer_s: float  # from starting the process, index built
    p50_ms: float  # each question asked for the first time
    p95_ms: float
    again_p50_ms: float  # the same questions once more
    again_p95_ms: float
    server_p50_ms: float  # first time, as the server itself counts it
    asked: int
    rss_mb: float | None  # None where /proc is not there


MEASURES = (
    "build_s",
    "first_answer_s",
    "p50_ms",
    "p95_ms",
    "again_p50_ms",
    "again_p95_ms",
    "server_p50_ms",
    "rss_mb",
)
TARGETS = {
    "five policies": {"first_answer_s": 10.0, "p50_ms": 15.0, "rss_mb": 1.0 * 1024},
    "policies and national laws": {
        "build_s": 60.0,
        "first_answer_s": 10.0,
        "p50_ms": 20.0,
        "rss_mb": 1.5 * 1024,
    },
}


def questions(pattern: str) -> list[dict[str, object]]:
    """The bodies of the requests: development questions, follow-ups with their history."""
    cases = [case for path in sorted(CASES.glob(pattern)) for case in load_cases(path).cases]
    return [
        {"question": case.question, "history": [asdict(turn) for turn in case.history]}
        for case in cases
        if case.question.strip()
    ]


def measure(name: str, folders: Sequence[Path], asked: Sequence[dict[str, object]], rounds: int) -> Figures:
    """Build the index, start the server, ask each question once and then `rounds` times again, in turn."""
    with tempfile.TemporaryDirectory(prefix="tiaowen-bench-") as data:
        port = free_port()
        environment = os.environ | {
            "TIAOWEN_DATA": data,
            "TIAOWEN_DOCUMENTS": os.pathsep.join(map(str, folders)),
            "TIAOWEN_HOST": "127.0.0.1",
            "TIAOWEN_PORT": str(port),
            "TIAOWEN_LIMITS": "off",
        }
        started = time.perf_counter()
        build = [sys.executable, "-m", "index.build"]
        subprocess.run(build, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        build_s = time.perf_counter() - started
        with server(environment, Path(data) / "server.log") as process:
            started = time.perf_counter()
            first_answer(port, asked[0], process)
            first_answer_s = time.perf_counter() - started
            documents = json.loads(request(port, "GET", "/api/documents"))
            times, own = ask_all(port, asked[1:])
            again = [ms for _ in range(rounds) for ms in ask_all(port, asked)[0]]
            return Figures(
                corpus=name,
                documents=len(documents),
                clauses=sum(document["clauses"] for document in documents),
                build_s=build_s,
                first_answer_s=first_answer_s,
                p50_ms=percentile(times, 50) or 0.0,
                p95_ms=percentile(times, 95) or 0.0,
                again_p50_ms=percentile(again, 50) or 0.0,
                again_p95_ms=percentile(again, 95) or 0.0,
                server_p50_ms=percentile(own, 50) or 0.0,
                asked=len(times) + len(again),
                rss_mb=resident_mb(process.pid),
            )


@contextlib.contextmanager
def server(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The app as a process of its own, ended when the block is left; its log is shown if that fails."""
    command = [sys.executable, str(ROOT / "app.py")]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        yield process
    except (RuntimeError, OSError, http.client.HTTPException):
        sys.stderr.write(log.read_text(encoding="utf-8", errors="replace"))
        raise
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def first_answer(port: int, body: dict[str, object], process: subprocess.Popen[bytes]) -> None:
    """Wait for the first answer. Raises RuntimeError when the server ends or takes too long."""
    deadline = time.monotonic() + FIRST_ANSWER_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        with contextlib.suppress(ConnectionError, http.client.HTTPException):
            request(port, "POST", "/api/ask", body)
            return
        time.sleep(0.02)
    raise RuntimeError(f"no answer within {FIRST_ANSWER_SECONDS} s")


def request(port: int, method: str, path: str, body: dict[str, object] | None = None) -> bytes:
    """One request on a connection of its own. Raises HTTPException for any status but 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        return send(connection, method, path, body)


def send(
    connection: http.client.HTTPConnection, method: str, path: str, body: dict[str, object] | None = None
) -> bytes:
    """One request on an open connection. Raises HTTPException for any status but 200."""
    text = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    connection.request(method, path, text, {"Content-Type": "application/json"})
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise http.client.HTTPException(f"{method} {path}: {response.status} {content[:200]!r}")
    return content


def ask_all(port: int, bodies: Sequence[dict[str, object]]) -> tuple[list[float], list[float]]:
    """Milliseconds per answer, as the client and as the server count them."""
    seen: list[float] = []
    own: list[float] = []
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for body in bodies:
            started = time.perf_counter()
            content = send(connection, "POST", "/api/ask", body)
            seen.append(1000 * (time.perf_counter() - started))
            own.append(float(json.loads(content)["took_ms"]))
    return seen, own


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def resident_mb(pid: int) -> float | None:
    """Resident memory of a process; None where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else None


def table(figures: Figures) -> str:
    """The figures, beside their targets where there are any."""
    head = f"{figures.documents} documents, {figures.clauses} clauses, {figures.asked} answers"
    lines = [f"\n{figures.corpus}: {head}"]
    targets = TARGETS[figures.corpus]
    for name in MEASURES:
        value, target = getattr(figures, name), targets.get(name)
        line = f"  {name:<16}" + ("—" if value is None else f"{value:.1f}").rjust(10)
        if value is not None and target is not None:
            line += f"   target ≤ {target:g}: {'reached' if value <= target else 'missed'}"
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.answers", description=__doc__.split("\n", 1)[0]
    )
    parser.add_argument("--laws", type=Path, help="folder of laws in Markdown, to be measured as well")
    parser.add_argument("--rounds", type=int, default=5, help="how often each question is asked again")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args()
    measured = [measure("five policies", [POLICIES], questions("policies_dev.jsonl"), options.rounds)]
    print(table(measured[-1]), flush=True)
    if options.laws:
        with tempfile.TemporaryDirectory(prefix="tiaowen-laws-") as folder:
            national = Path(folder) / "laws"
            shutil.copytree(options.laws, national, ignore=shutil.ignore_patterns(LOCAL))
            asked = [*questions("laws_dev.jsonl"), *questions("policies_dev.jsonl")]
            measured.append(
                measure("policies and national laws", [POLICIES, national], asked, options.rounds)
            )
        print(table(measured[-1]), flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(figures) for figures in measured], indent=2) + "\n")


if __name__ == "__main__":
    main()
