"""The judge: what it is taught, when it is asked, and what the assistant makes of it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from rich.console import Console

from chat.answer import Reason, Statement
from chat.answerability.judge import LEAST, digest_of, judge_of, shipped, states
from chat.answerability.train import QUESTIONS, Asked, learn, loss_of, read_paired, stamp, told_apart
from chat.assistant import Assistant
from chat.question import Kind
from chat.reading.network import load_head
from chat.reading.reader import Reader, Said
from chat.reading.second import SecondReading
from chat.reading.second import shipped as shipped_reading
from chat.reading.train.export import export_head
from chat.reading.train.network import Network, Read, Shape
from eval.answerability import QUESTIONS as MEASURED
from eval.cases import load_cases
from eval.overlap import near_duplicates, whole_question
from index.train.written import WRITTEN, bare, laws_of
from settings import ROOT

SMALL = Shape(60, width=16, heads=2, alone=2, together=2, compared=8)
SAID = Said("乙市办法", "", "对企业购置智能设备的，按设备投资额的8%给予补助。")
CASES = sorted((ROOT / "eval" / "cases").rglob("*.jsonl"))


def small() -> Network:
    torch.manual_seed(0)
    return Network(SMALL).eval()


def held(tokens: torch.Tensor) -> torch.Tensor:
    """That no token is padding."""
    return torch.ones_like(tokens[None, :, 0], dtype=torch.bool)


def some(count: int = 40) -> list[Asked]:
    """Questions whose first token tells whether the sentence that begins with it answers."""
    rng, found = np.random.default_rng(0), []
    for number in range(count):
        question = np.array([2, 10 + number % 2, *rng.integers(20, 60, 4)], dtype=np.int32)
        ids = [np.array([3, 3, 10 + place, *rng.integers(20, 60, 5)], dtype=np.int32) for place in (0, 1)]
        right = np.array([number % 2 == place for place in (0, 1)], dtype=np.float32)
        found.append(Asked(0, True, question, [(one, np.full(8, 3, dtype=np.int32)) for one in ids], right))
    return found


def test_what_reads_by_itself_stays_as_it_is_and_what_comes_after_learns() -> None:
    network, asked = small(), some()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    learn(network, asked, Console(quiet=True))
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed
    assert not any(name.startswith(("alone", "embedding", "position", "belongs")) for name in changed)
    assert any(name.startswith("together") for name in changed)


def test_the_loss_falls_where_the_sentence_that_answers_has_the_higher_odds() -> None:
    asked = some(4)
    right = torch.from_numpy(np.concatenate([one.right for one in asked]))
    assert loss_of(4 * right - 2, asked) < loss_of(torch.zeros(8), asked) < loss_of(2 - 4 * right, asked)
    unanswered = [replace(one, right=np.zeros(2, dtype=np.float32)) for one in asked]
    assert loss_of(torch.full((8,), -4.0), unanswered) < loss_of(torch.zeros(8), unanswered)


def test_layers_taught_over_other_first_layers_are_not_used(tmp_path: Path, monkeypatch) -> None:
    assert shipped() is not None
    other = tmp_path / "head.onnx"
    export_head(small(), other)
    stamp(other, "elsewhere")
    assert load_head(other).below == "elsewhere"
    monkeypatch.setattr("chat.answerability.judge.WEIGHTS", other)
    assert shipped.__wrapped__() is None
    stamp(other, digest_of())
    assert shipped.__wrapped__() is not None


def test_pairs_told_apart_are_counted() -> None:
    right = np.array([True, True, False])
    assert told_apart(np.array([2.0, 0.0, 1.0], dtype=np.float32), right) == 0.5
    assert told_apart(np.array([2.0, 3.0, 1.0], dtype=np.float32), right) == 1.0


def test_written_layers_score_as_the_trained_network(tmp_path: Path) -> None:
    network = small()
    export_head(network, tmp_path / "head.onnx")
    question, sentence = torch.randn(5, 16), torch.randn(11, 16)
    with torch.inference_mode():
        expected = float(network.score(*(Read(one[None], held(one)) for one in (question, sentence)))[0])
    assert load_head(tmp_path / "head.onnx").score(question.numpy(), sentence.numpy()) == pytest.approx(
        expected, abs=0.05
    )


def assert_stands(questions: list[dict[str, Any]], folder: Path) -> None:
    """That every answer stands in its document."""
    texts = {path.name: bare(path.read_text("utf-8")) for path in folder.iterdir()}
    for one in questions:
        assert all(bare(answer) in texts[one["document"]] for answer in one["answers"]), one["question"]


def test_the_questions_stand_on_their_documents_and_half_are_not_answered() -> None:
    paired = read_paired()
    asked = [one for group in paired.values() for one in group]
    assert len(asked) > 2500
    assert 0.4 < sum(not one["answers"] for one in asked) / len(asked) < 0.6
    assert len({(one["group"], one["question"]) for one in asked}) == len(asked)
    for name, group in paired.items():
        if laws := laws_of(WRITTEN / name):  # whose texts are not in the repository
            assert {one["document"] for one in group} <= {Path(law).name for law in laws}
        else:
            assert_stands(group, WRITTEN / name / "documents")


def test_what_measures_is_asked_of_documents_that_do_not_teach() -> None:
    measuring, teaching = read_paired(MEASURED), read_paired()
    assert sum(map(len, measuring.values())) > 400
    assert not set(measuring) & set(teaching)
    asked = [one["question"] for group in measuring.values() for one in group]
    taught = [one["question"] for group in teaching.values() for one in group]
    assert near_duplicates(asked, taught) == []
    for name in (name for name in measuring if not laws_of(WRITTEN / name)):
        assert_stands(measuring[name], WRITTEN / name / "documents")


def test_no_case_is_among_the_questions() -> None:
    asked = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    for path in CASES:
        cases = [whole_question(case) for case in load_cases(path).cases]
        assert near_duplicates(cases, asked) == [], path.name


def test_where_the_text_leaves_yes_or_no_open_less_doubt_is_enough(assistant_of) -> None:
    assistant = assistant_of("甲市办法\n\n第一条 补助5万元。")
    so, much = assistant.understand("甲市办法给外地企业补助吗"), assistant.understand("甲市办法补助多少")
    assert (so.kind, much.kind) == (Kind.YES_NO, Kind.NUMBER)
    left_open = [Statement("原文没有直接写明结论，最相近的规定：", kind="notice")]
    said = [Statement("是", (), "derived")]
    assert states(None, so, left_open)
    assert states(None, much, said)
    assert states(LEAST + 0.1, so, left_open)
    assert not states(LEAST - 0.1, so, left_open)
    assert states(LEAST - 0.1, so, said)  # what the text settles
    assert states(LEAST + 0.1, much, said)
    assert not states(LEAST - 0.1, much, said)


CITY = """乙市企业技术改造补助办法
乙工信〔2026〕4号

第一条 对企业购置智能设备的，按设备投资额的8%给予补助，单个企业每年最高200万元。
第二条 企业应当于每年3月31日前通过乙市惠企平台提出申请，市工业和信息化局在20个工作日内完成审核。
第三条 获得补助的设备5年内不得转让。

乙市工业和信息化局
2026年1月20日
"""


@pytest.fixture(scope="module")
def assistant(assistant_of) -> Assistant:
    return assistant_of(CITY)


def judged(assistant: Assistant, text: str) -> float | None:
    question, evidence = assistant.find(text)
    return assistant._judge(assistant._select(question))()


@pytest.mark.parametrize(
    ("stated", "missed"),
    [
        ("乙市补助的设备几年内不能转让？", "乙市补助的设备几年内要通过验收？"),
        ("乙市设备补助申请要在几月几号前提出？", "乙市设备补助审核没过的，几月几号前提出复议？"),
    ],
)
def test_what_is_stated_has_higher_odds_than_a_near_miss(assistant, stated, missed) -> None:
    high, low = judged(assistant, stated), judged(assistant, missed)
    assert high is not None
    assert low is not None
    assert high > low + 2


@pytest.mark.parametrize(
    "text",
    [
        "乙市技改有什么支持政策？",  # anything at all
        "乙市技改资金支持哪些方向？",
        "乙市和外省的补助比例哪个高？",
        "第二条说的什么？",
        "这个办法是哪天发布的？",
    ],
)
def test_what_has_no_one_sentence_is_not_judged(assistant, text) -> None:
    assert judged(assistant, text) is None


def test_a_low_verdict_refuses_and_names_the_closest_clauses(assistant_of) -> None:
    assistant = assistant_of(CITY)
    asked = "乙市购置智能设备按投资额的百分之几给予补助？"
    assert not assistant.ask(asked).refused
    assistant._judge = lambda selection: lambda: LEAST - 1
    given = assistant.ask(asked)
    assert given.refused
    assert given.reason is Reason.NOT_STATED
    assert given.closest


def test_another_network_is_not_judged(assistant) -> None:
    reading = shipped_reading()
    other = SecondReading(reading.reader, reading.settled)
    question, _ = assistant.find("乙市补助的设备几年内不能转让？")
    selection = assistant._select(question)
    assert judge_of(assistant._selector, other)(selection)() is None
    assert judge_of(assistant._selector, None)(selection)() is None


def test_the_question_is_read_once_for_ranking_and_judge(monkeypatch) -> None:
    reader, shipped_reader = None, shipped_reading().reader
    reader = Reader(shipped_reader._network, shipped_reader._tokenizer)
    asked: list[int] = []
    network = shipped_reader._network
    monkeypatch.setattr(
        type(network), "ask", lambda self, ids: asked.append(1) or self.read(ids, np.full_like(ids, 1))
    )
    first = reader.read("补助多少", [SAID])
    assert (
        reader.judge(shipped(), "补助多少", [SAID, SAID])[0] == reader.judge(shipped(), "补助多少", [SAID])[0]
    )
    assert np.array_equal(first, reader.read("补助多少", [SAID]))
    assert asked == [1]
    for _ in range(2):  # begun beside, read once, whoever wants it
        reader.begin("补助几年")
    again = reader.read("补助几年", [SAID])
    reader.begin("补助几年")
    assert asked == [1, 1]
    plain = Reader(shipped_reader._network, shipped_reader._tokenizer)
    assert np.array_equal(again, plain.read("补助几年", [SAID]))
