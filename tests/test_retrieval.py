"""The evaluation of retrieval: labelled questions linked to clauses, measures by hand, systems side by side."""

import json
import math

import bm25s
import numpy as np
import pytest

from eval.peers import Bm25s, Okapi
from eval.retrieval import (
    SERVED,
    Clauses,
    Labelled,
    Result,
    evaluate,
    groups,
    interval,
    letters,
    main,
    make_systems,
    measure,
    ndcg_at,
    read_labelled,
    read_options,
    short,
    split_of,
)
from index.train.split import is_held_out
from tests.toys import make_document, save_model

TEXTS = [["贷款", "贴息"], ["贷款", "担保", "担保"], ["施行"], ["附则", "施行", "日期"]]


def gold(*groups_of_keys):
    return tuple(frozenset(keys) for keys in groups_of_keys)


def test_measures_worked_out_by_hand():
    ranking = [9, 1, 8, 7, 6, 5, 2]
    # Two gold groups: {1, 3} met at rank 2, {2} at rank 7.
    best = 1 / math.log2(2) + 1 / math.log2(3)
    expected = [0.5, 1.0, 1.0, 1 / 2, (1 / math.log2(3) + 1 / math.log2(8)) / best]
    assert evaluate(ranking, gold({1, 3}, {2})) == pytest.approx(expected)
    assert evaluate([], gold({1})) == [0, 0, 0, 0, 0]
    assert evaluate([1], gold({1})) == [1, 1, 1, 1, 1]


def test_the_first_ten_alone_count_for_rank_and_gain():
    ranking = list(range(100, 110)) + [1]
    assert evaluate(ranking, gold({1})) == [0, 0, 1, 0, 0]
    assert ndcg_at(gold({1}), ranking, 11) == pytest.approx(1 / math.log2(12))


def test_measures_agree_with_ir_measures():
    ir = pytest.importorskip("ir_measures")
    rng = np.random.default_rng(2)
    ranking = [int(key) for key in rng.permutation(300)[:200]]
    wanted = {int(key) for key in rng.permutation(300)[:7]}
    run = [ir.ScoredDoc("q", str(key), float(-rank)) for rank, key in enumerate(ranking)]
    qrels = [ir.Qrel("q", str(key), 1) for key in wanted]
    names = [ir.R @ 5, ir.R @ 10, ir.R @ 100, ir.RR @ 10, ir.nDCG @ 10]
    expected = ir.calc_aggregate(names, qrels, run)
    assert evaluate(ranking, gold(*({key} for key in wanted))) == pytest.approx([expected[n] for n in names])


def test_the_interval_holds_the_mean_and_narrows_with_more_questions():
    values = np.array([0.0, 1.0] * 50)
    low, high = interval(values)
    assert 0.35 < low < 0.5 < high < 0.65
    wide = interval(values[:10])
    assert wide[1] - wide[0] > high - low
    assert interval(np.ones(5)) == (1, 1)


def test_gain_is_over_the_best_lexical_system():
    def values(recall):
        return np.tile([0.0, recall, 0.0, 0.0, 0.0], (4, 1))

    result = Result(
        "x", {"rank_bm25": values(0.5), "bm25s": values(0.25), "词语": values(0.25), SERVED: values(1)}
    )
    assert result.best_lexical == "rank_bm25"
    record = result.record()
    assert record["questions"] == 4
    assert record["systems"]["二段 − rank_bm25"]["R@10"] == [0.5, 0.5, 0.5]
    assert short(0.5) == ".500"
    assert short(-0.054) == "-.054"
    assert short(1.0) == "1.00"


def test_laws_are_split_by_name():
    names = [f"第{number}号条例" for number in range(200)]
    held = next(name for name in names if is_held_out(name))
    other = next(name for name in names if not is_held_out(name))
    assert split_of([held, held]) == "held-out"
    assert split_of([other]) == "trained"
    assert split_of(["中华人民共和国公司法"]) == "evaluation"
    assert split_of([held, other]) == "", "neither here nor there"


def test_clauses_of_one_wording_share_a_key():
    parts = [(("第一条",), "第一条", "", " 给予贷款贴息。\n"), (("第二条",), "第二条", "", " 施行。\n")]
    old, new = make_document("旧", "旧法", parts), make_document("新", "新法", parts)
    clauses = Clauses([old, new])
    assert clauses.key(old.clauses[0]) == clauses.key(new.clauses[0]) != clauses.key(old.clauses[1])
    assert clauses.worded("给予贷款 贴息") == clauses.key(old.clauses[0])
    assert clauses.labelled("法律/旧.md", "第二条") == clauses.key(old.clauses[1])
    assert clauses.labelled("旧.md", "第三条") is None
    assert letters("《公司法》 第 3 条：（一）") == "公司法第3条一"


@pytest.fixture
def files(tmp_path):
    """A law in a file, and questions on it of both forms."""
    law = "# 公司法\n\n<!-- INFO END -->\n\n第一条 给予贷款贴息。\n\n第二条 设立担保基金。\n\n第三条 自公布之日起施行。\n"
    (tmp_path / "laws").mkdir()
    (tmp_path / "laws" / "公司法.md").write_text(law, "utf-8")
    located = {"path": "商法/公司法.md", "law": "公司法", "article": "第二条"}
    records = [
        located | {"question": "谁来担保？", "kind": "plain"},
        {"question": "有没有贴息？", "articles": [{"name": "公司法第一条", "text": "给予贷款\n贴息"}]},
        located | {"question": "没有的条", "kind": "plain", "article": "第九条"},
        {"question": "没有的法", "articles": [{"name": "民法典第一条", "text": "不在语料里"}]},
    ]
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (tmp_path / "asked.jsonl").write_text(lines, "utf-8")
    return tmp_path


def test_questions_are_linked_by_place_or_by_wording(files):
    parts = [
        (("第一条",), "第一条", "", " 给予贷款贴息。\n"),
        (("第二条",), "第二条", "", " 设立担保基金。\n"),
    ]
    clauses = Clauses([make_document("公司法", "公司法", parts)])
    asked, left_out = read_labelled([files / "asked.jsonl"], clauses)
    assert asked == [
        Labelled("谁来担保？", gold({1}), "evaluation", "plain"),
        Labelled("有没有贴息？", gold({0}), "evaluation", "asked"),
    ]
    assert left_out == 2
    named = [(name, len(questions)) for name, questions in groups(asked)]
    assert named == [("评测用法律", 2), ("评测用法律 · asked", 1), ("评测用法律 · plain", 1)]


def test_every_system_finds_what_is_asked_word_for_word(toy_snapshot):
    clauses = Clauses(toy_snapshot.documents)
    systems = make_systems(toy_snapshot.index, clauses)
    clause = toy_snapshot.documents[0].clauses[3]
    question = Labelled("依照第一条设立的基金，给予贷款贴息", gold({clauses.key(clause)}), "trained", "toy")
    result = measure(systems, [question], "toy")
    assert set(result.values) == {"rank_bm25", "bm25s", "词语", "语义", "融合", "二段"}
    for name, values in result.values.items():
        assert values.tolist() == [[1, 1, 1, 1, 1]], name
    assert all(len(set(search("贷款"))) == len(search("贷款")) for search in systems.values())


def test_bm25s_is_asked_as_it_is():
    engine = bm25s.BM25(backend="numpy")
    engine.index(TEXTS, show_progress=False)
    rows, scores = engine.retrieve([["贷款", "担保"]], k=2, show_progress=False)
    assert Bm25s(TEXTS).search(["贷款", "担保", "没有"], 10).tolist() == rows[0].tolist() == [1, 0]
    assert scores[0][0] > scores[0][1] > 0
    assert Bm25s(TEXTS).search(["没有"], 10).tolist() == []


def test_okapi_worked_out_by_hand():
    found = Okapi(TEXTS).scores(["担保"])
    # 担保 stands twice in the second of four texts, which has 3 words; the mean is 9 / 4.
    idf = math.log(4 - 1 + 0.5) - math.log(1 + 0.5)
    assert found[1] == pytest.approx(idf * 2 * 2.5 / (2 + 1.5 * (0.25 + 0.75 * 3 / (9 / 4))))
    assert np.flatnonzero(found).tolist() == [1]
    assert Okapi(TEXTS).search(["担保", "施行"], 1).tolist() == [1]


def test_the_command_prints_and_writes_the_figures(files, capsys):
    model = save_model(files / "model", "公司法给予贷款贴息设立担保基金自公布之日起施行谁来有没")
    arguments = ["--documents", files / "laws", "--questions", files / "asked.jsonl", "--model", model]
    arguments += ["--index", files / "index", "--splits", "evaluation", "--json", files / "out.json"]
    assert main([str(argument) for argument in arguments]) == 0
    shown = capsys.readouterr().out
    assert "评测用法律（2 问）" in shown
    assert "2 问未用" in shown
    record = json.loads((files / "out.json").read_text("utf-8"))[0]
    assert record["group"] == "评测用法律"
    assert record["systems"]["词语"]["R@5"] == [1, 1, 1]


def test_of_the_laws_the_national_ones_are_searched(tmp_path):
    for name in ("民法典", "DLC", "行政法"):
        (tmp_path / name).mkdir()
    given = ["--laws", str(tmp_path), "--questions", "asked.jsonl"]
    assert read_options(given, "m", tmp_path).documents == [tmp_path / "民法典", tmp_path / "行政法"]
    with pytest.raises(SystemExit):
        read_options([*given, "--documents", "x"], "m", tmp_path)
