"""Runs on disk and in the queue: resumed, cancelled, marked when their process is gone."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eval import run
from eval.record import RESULTS, RunError, read_run
from eval.runs import Runs
from eval.writing import (
    CANCEL,
    Cancelled,
    RunWriter,
    Status,
    read_manifest,
    resume,
    status_of,
    write_manifest,
)
from tests.test_cases import write
from tests.test_compare import OLD
from tests.test_run import REFUSED, RIGHT, WRONG, folder  # noqa: F401 — a fixture

ROOT = Path(__file__).resolve().parent.parent


def queued(runs, tmp_path, *cases):
    return runs.start([write(tmp_path / "mine.jsonl", *cases)], " 第一次 ", "wang")


@pytest.fixture
def runs(tmp_path):
    made = Runs(tmp_path / "runs", os.environ)
    yield made
    made.close()


def test_a_run_is_queued_with_a_copy_of_its_cases(runs, tmp_path):
    run_id = queued(runs, tmp_path, RIGHT, WRONG)
    found = runs.find(run_id)
    assert (found.status, found.name, found.total, found.done) == (Status.QUEUED, "第一次", 2, 0)
    (tmp_path / "mine.jsonl").write_text("")
    assert RIGHT["question"] in (tmp_path / "runs" / run_id / "cases" / "mine.jsonl").read_text("utf-8")


def test_what_was_queued_is_run_and_summed_up(runs, tmp_path, folder):  # noqa: F811
    run_id = queued(runs, tmp_path, RIGHT, WRONG, REFUSED)
    assert run.main(["--continue", str(tmp_path / "runs" / run_id), "--quiet"]) == 0
    found = runs.find(run_id)
    assert (found.status, found.done) == (Status.FINISHED, 3)
    assert found.summary["mine"]["right"] == pytest.approx(2 / 3)
    assert found.manifest["by"] == "wang"
    assert found.manifest["code"]
    with pytest.raises(RunError, match="已经完成"):
        resume(tmp_path / "runs" / run_id)


def test_a_killed_run_is_seen_as_interrupted_and_goes_on_where_it_was(runs, tmp_path, folder):  # noqa: F811
    run_id = queued(runs, tmp_path, RIGHT, WRONG, REFUSED)
    place = tmp_path / "runs" / run_id
    assert run.main(["--continue", str(place), "--quiet"]) == 0
    # As a process that was killed leaves it: running, one whole line, half of another.
    lines = (place / RESULTS).read_text("utf-8").splitlines(keepends=True)
    first = json.loads(lines[0]) | {"took_ms": 12345.0}
    (place / RESULTS).write_text(json.dumps(first, ensure_ascii=False) + "\n" + lines[1][:40], "utf-8")
    write_manifest(place, read_manifest(place) | {"status": "running"})
    assert runs.find(run_id).status is Status.INTERRUPTED
    runs.go_on(run_id)
    assert runs.find(run_id).status is Status.QUEUED
    assert run.main(["--continue", str(place), "--quiet"]) == 0
    manifest, found = read_run(place)
    assert manifest["status"] == "finished"
    assert [line.id for line in found] == ["s-1", "s-2", "s-4"]
    assert found[0].took_ms == 12345.0  # not asked again


def test_a_run_does_not_go_on_over_another_corpus(runs, tmp_path, folder, capsys):  # noqa: F811
    run_id = queued(runs, tmp_path, RIGHT, WRONG)
    place = tmp_path / "runs" / run_id
    assert run.main(["--continue", str(place), "--quiet"]) == 0
    manifest = read_manifest(place)
    manifest["sets"]["mine"]["snapshot"]["documents_hash"] = "another"
    write_manifest(place, manifest | {"status": "interrupted"})
    assert run.main(["--continue", str(place)]) == 2
    assert "文件库或模型在中断之后有了变化" in capsys.readouterr().out
    assert runs.find(run_id).status is Status.FAILED
    assert "请重新运行" in runs.find(run_id).manifest["why"]
    assert runs.find(run_id).done == 2


def test_a_run_stops_when_asked_and_keeps_what_is_done(tmp_path):
    def stopped():
        with RunWriter(tmp_path, {}) as writer:
            writer.write(OLD[0])
            (tmp_path / CANCEL).touch()
            writer.write(OLD[1])

    pytest.raises(Cancelled, stopped)
    manifest, lines = read_run(tmp_path)
    assert (manifest["status"], lines) == ("cancelled", OLD[:2])
    assert not (tmp_path / CANCEL).exists()


def test_only_one_process_writes_a_run(tmp_path):
    with RunWriter(tmp_path, {}) as writer:
        writer.write(OLD[0])
        assert status_of(tmp_path, read_manifest(tmp_path)) is Status.RUNNING
        with pytest.raises(RunError, match="正在另一个进程中运行"), RunWriter(tmp_path, {}, OLD[:1]):
            pass
    assert status_of(tmp_path, read_manifest(tmp_path)) is Status.FINISHED


def test_a_run_is_cancelled_in_the_queue_renamed_and_deleted(runs, tmp_path):
    run_id = queued(runs, tmp_path, RIGHT)
    with pytest.raises(RunError, match="请先取消"):
        runs.remove(run_id)
    runs.cancel(run_id)
    assert runs.find(run_id).status is Status.CANCELLED
    runs.rename(run_id, "改了名")
    assert runs.all()[0].name == "改了名"
    runs.remove(run_id)
    assert runs.all() == []


@pytest.mark.parametrize("run_id", ["..", ".", "../x", "a/b", "没有", "x" * 81])
def test_no_other_folder_is_a_run(runs, run_id):
    with pytest.raises(RunError):
        runs.find(run_id)


def test_the_queue_is_worked_off_and_failures_are_told(tmp_path):
    """With an environment in which nothing can be opened: what the process says reaches the page."""
    environment = os.environ | {"TIAOWEN_DATA": str(tmp_path), "TIAOWEN_MODEL": str(tmp_path / "no-model")}
    runs = Runs(tmp_path / "runs", environment, together=2)
    run_id = queued(runs, tmp_path, RIGHT)
    runs.open()
    try:
        deadline = time.monotonic() + 150
        while time.monotonic() < deadline and runs.find(run_id).active:
            time.sleep(0.2)
        assert runs.find(run_id).status is Status.FAILED
        assert "no-model" in runs.find(run_id).manifest["why"]
    finally:
        runs.close()


def test_a_process_that_is_told_to_end_marks_its_run(tmp_path):
    code = (
        "import signal, sys, time; from pathlib import Path; from eval.writing import RunWriter, stop\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        "with RunWriter(Path(sys.argv[1]), {}) as writer:\n"
        "    print('on', flush=True); time.sleep(30)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout.readline() == b"on\n"
    assert status_of(tmp_path, read_manifest(tmp_path)) is Status.RUNNING
    process.terminate()
    process.wait(20)
    assert read_manifest(tmp_path)["status"] == "interrupted"
