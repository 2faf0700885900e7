"""Comparing two runs on disk, and the release gate."""

from dataclasses import replace

import pytest

from eval.compare import compare, drops, main
from eval.record import Line, RunError, read_run
from eval.score import Scores
from eval.writing import RunWriter


def scores(right: bool, recall: float | None = 1.0) -> Scores:
    return Scores(right, True, recall, 1.0, 1.0, 1.0, 1.0, 1.0, 0, 0, True, 20, 1)


def line(id_: str, right: bool, fingerprint="f", recall: float | None = 1.0) -> Line:
    misses = () if right else ("缺少事实：“400家”",)
    texts = {"question": f"问{id_}", "history": [], "answer": "答", "citations": []}
    judged = scores(right, recall)
    return Line(
        "dev", id_, fingerprint, "number", "plain", False, True, False, 5.0, judged, misses, (), texts
    )


def save(folder, *lines: Line):
    with RunWriter(folder, {"started": "2026-11-21"}) as writer:
        for one in lines:
            writer.write(one)
    return folder


OLD = [line("a", True), line("b", True), line("c", False), line("d", False), line("e", True)]
NEW = [line("a", True), line("b", False), line("c", True), line("d", True), line("f", True)]


def test_cases_are_paired_by_set_and_id():
    found = compare(OLD, NEW)
    assert [old.id for old, _ in found.pairs] == ["a", "b", "c", "d"]
    assert [new.id for _, new in found.better] == ["c", "d"]
    assert [new.id for _, new in found.worse] == ["b"]
    assert (found.only_old, found.only_new) == ((("dev", "e"),), (("dev", "f"),))
    assert found.means("right") == (0.5, 0.75)  # a b right of four; a c d right of four
    assert found.p_value == 1.0  # one worse, two better: 2 × (1 + 3) / 8


def test_a_case_that_changed_is_not_compared():
    found = compare([line("a", True)], [line("a", False, fingerprint="g")])
    assert found.pairs == ()
    assert found.changed == (("dev", "a"),)


def test_means_are_over_cases_where_both_runs_have_the_figure():
    old = [line("a", True, recall=0.5), line("b", True, recall=None), line("c", True, recall=0.0)]
    new = [line("a", True, recall=1.0), line("b", True, recall=1.0), line("c", True, recall=None)]
    assert compare(old, new).means("clause_recall") == (0.5, 1.0)


def test_a_drop_up_to_the_limit_is_allowed():
    old = [line(str(i), True) for i in range(10)]
    new = [replace(one, scores=scores(one.id != "0")) for one in old]
    assert drops(compare(old, new), [("right", 0.1)]) == []  # 1.0 → 0.9
    assert drops(compare(old, new), [("right", 0.05)]) == ["right：由 1.0000 降至 0.9000，超过允许的 0.05"]
    assert drops(compare(new, old), [("right", 0.0)]) == []


def test_a_gate_over_nothing_does_not_pass():
    assert drops(compare([], []), [("right", 0.5)]) == ["right：两次评测没有可比的案例"]


def test_a_run_is_read_as_it_was_written(tmp_path):
    manifest, lines = read_run(save(tmp_path / "old", *OLD))
    assert manifest.pop("ended")
    assert manifest == {"started": "2026-11-21", "status": "finished"}
    assert lines == OLD


def test_a_run_that_is_broken_off_is_marked_and_keeps_its_lines(tmp_path):
    def broken_off():
        with RunWriter(tmp_path, {}) as writer:
            writer.write(OLD[0])
            assert read_run(tmp_path) == ({"status": "running"}, [OLD[0]])
            raise KeyboardInterrupt

    pytest.raises(KeyboardInterrupt, broken_off)
    manifest, lines = read_run(tmp_path)
    assert (manifest["status"], lines) == ("interrupted", [OLD[0]])


def test_a_line_torn_by_a_kill_is_left_out(tmp_path):
    save(tmp_path, *OLD[:2])
    results = tmp_path / "results.jsonl"
    results.write_bytes(results.read_bytes()[:-20])
    assert read_run(tmp_path)[1] == OLD[:1]


def test_a_run_is_never_overwritten(tmp_path):
    save(tmp_path, *OLD)
    with pytest.raises(RunError, match="已有一次评测结果"):
        RunWriter(tmp_path, {})


def test_the_gate_decides_the_exit_status(tmp_path, capsys):
    old, new = str(save(tmp_path / "old", *OLD)), str(save(tmp_path / "new", *NEW))
    assert main([old, new]) == 0
    out = capsys.readouterr().out
    assert "变好：2 个" in out
    assert "- dev/b 问b　缺少事实：“400家”" in out
    assert main([old, new, "--must-not-drop", "right", "0.01"]) == 0  # .50 → .75
    assert main([new, old, "--must-not-drop", "right", "0.01"]) == 1
    assert "未通过：right：由 0.7500 降至 0.5000，超过允许的 0.01" in capsys.readouterr().out
    assert main([new, old, "--must-not-drop", "right", "0.3"]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--must-not-drop", "wrong", "0.01"], "--must-not-drop 的指标应为以下之一：right、"),
        (["--must-not-drop", "right", "viel"], "--must-not-drop 的幅度应为 0 到 1 的小数"),
    ],
)
def test_a_gate_that_makes_no_sense_is_told(tmp_path, capsys, arguments, message):
    run = str(save(tmp_path / "run", *OLD))
    assert main([run, run, *arguments]) == 2
    assert message in capsys.readouterr().out.replace("\n", "")


def test_a_run_that_is_missing_or_unfinished_is_not_compared(tmp_path, capsys):
    run = save(tmp_path / "run", *OLD)
    assert main([str(run), str(tmp_path)]) == 2
    assert "缺少manifest.json" in capsys.readouterr().out.replace("\n", "").replace(" ", "")
    (run / "manifest.json").write_text('{"status": "running"}', encoding="utf-8")
    assert main([str(run), str(run)]) == 2
    assert "没有完成" in capsys.readouterr().out
