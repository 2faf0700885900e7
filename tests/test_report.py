"""The tables of a run."""

from dataclasses import replace

from eval.metrics import Interval
from eval.record import Line
from eval.report import main, markdown, overall, rows, summarize, writing
from eval.score import Scores
from tests.test_compare import save


def line(
    id_: str,
    *,
    right=True,
    kind="number",
    style="plain",
    follow_up=False,
    answerable=True,
    refused=False,
    **figures,
) -> Line:
    judged = Scores(
        right=right,
        refusal_right=refused != answerable,
        clause_recall=figures.get("recall"),
        citation_precision=None,
        recall_5=None,
        reciprocal_rank=None,
        fact_coverage=None,
        document_recall=None,
        leaks=figures.get("leaks", 0),
        foreign=figures.get("foreign", 0),
        within_limits=figures.get("within", True),
        length=10,
        citations=1,
    )
    misses = () if right else ("缺少事实：“400家”",)
    texts = {
        "question": f"问{id_}",
        "history": [{"role": "user", "content": "先问"}] if follow_up else [],
        "answer": "答",
        "citations": [{"document_id": "甲〔2021〕1号", "label": "一"}],
    }
    took = figures.get("took", 10.0)
    return Line("dev", id_, "f", kind, style, follow_up, answerable, refused, took, judged, misses, (), texts)


LINES = [
    line("a", recall=1.0, took=10.0),
    line("b", right=False, recall=0.0, style="colloquial", leaks=2, foreign=1, took=20.0),
    line("c", kind="who", follow_up=True, within=False, took=30.0),
    line("d", answerable=False, refused=True, took=40.0),
    line("e", right=False, answerable=False, took=50.0),
]


def test_what_a_model_wrote_is_summed_up():
    used = {"shown": 3, "dropped": 1, "prompt_tokens": 1000, "completion_tokens": None, "trouble": ""}
    lines = [
        replace(LINES[0], origin="model", usage=used),
        replace(LINES[1], usage=used | {"shown": 0, "dropped": 0, "trouble": "down"}),
        LINES[2],
    ]
    assert writing(lines) == "模型撰写 1/2 个回答；句子显示 3，略去 1；调用失败 1；token 2000 + 0"
    assert writing(LINES) == ""


def test_a_row_sums_up_its_cases():
    row = summarize("全部", LINES)
    assert (row.cases, row.refusal_right) == (5, 0.8)  # all but e
    assert row.right.mean == 0.6
    assert row.clause_recall == 0.5  # a and b have it
    assert row.fact_coverage is None
    assert (row.leaks, row.foreign, row.too_long) == (1, 1, 1)  # answers, not strings
    assert row.cells()[:5] == ["全部", "5", "60", "20–100", "80"]
    assert summarize("x", LINES[:1]).right == Interval(1.0, 1.0, 1.0)


def test_rows_are_kinds_refusals_styles_and_all():
    assert [(row.name, row.cases) for row in rows(LINES)] == [
        ("数量目标", 2),
        ("责任部门", 1),
        ("应拒答", 2),
        ("· 书面", 4),
        ("· 口语", 1),
        ("· 追问", 1),
        ("全部", 5),
    ]


def test_overall_tells_refusals_and_times():
    # one refusal, and due: 100 %; two due, one came: 50 %; 10 … 50 ms: median 30, p95 at 3.8 of 4 steps
    assert overall(LINES) == "拒答精度 100，拒答召回 50；耗时 p50 30.0 ms，p95 48.0 ms"


def test_markdown_has_one_line_per_row():
    table = markdown(LINES).split("\n")
    assert table[0].startswith("| 类别 | 案例 | 全对 | 区间 |")
    assert table[2] == "| 数量目标 | 2 | 50 | 0–100 | 100 | 50 | — | — | — | — | 1 | 1 | 0 |"
    assert table[-2] == overall(LINES)


def test_a_run_is_printed_with_its_misses(tmp_path, capsys):
    run = save(tmp_path / "run", *LINES)
    assert main([str(run), "--misses"]) == 0
    out = capsys.readouterr().out
    assert "dev（5 个案例）" in out
    assert "b［number］问b" in out
    assert "✗ 缺少事实：“400家”" in out
    assert "引用：甲〔2021〕1号 一" in out
    assert "a［number］" not in out


def test_a_run_is_printed_as_markdown(tmp_path, capsys):
    assert main([str(save(tmp_path / "run", *LINES)), "--markdown"]) == 0
    assert capsys.readouterr().out == f"**dev**\n\n{markdown(LINES)}\n"


def test_a_folder_without_a_run_is_told(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "不是评测结果文件夹" in capsys.readouterr().out.replace("\n", "")
