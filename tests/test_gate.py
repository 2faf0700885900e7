"""The bundled cases against the figures kept in the repository: what continuous integration holds a change to."""

from dataclasses import replace

from rich.console import Console

from eval import gate
from eval.record import read_run
from eval.writing import RunWriter


def test_the_bundled_cases_are_answered_as_well_as_before(capsys):
    status = gate.main([])
    assert status == 0, capsys.readouterr().out


def test_the_baseline_holds_figures_and_no_texts():
    manifest, lines = read_run(gate.BASELINE)
    assert manifest["status"] == "finished"
    assert len(lines) >= 80
    assert not any(line.texts or line.misses for line in lines)


def test_a_figure_that_falls_shuts_the_gate(tmp_path):
    _, lines = read_run(gate.BASELINE)
    right = [line for line in lines if line.scores.right]
    worse = {line.key for line in right[:2]}
    with RunWriter(tmp_path, {}) as writer:
        for line in lines:
            scores = replace(line.scores, right=line.scores.right and line.key not in worse)
            writer.write(replace(line, scores=scores))
    assert gate._judge(tmp_path, Console(quiet=True)) == 1
