"""Which sentence answers: features, networks, training, and what the assistant makes of them."""

import json
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from chat.assistant import Assistant
from chat.question import Kind
from chat.ranking import features, forms, standing
from chat.ranking.confidence import SIZE, confidence_features
from chat.ranking.examples import Example, answers
from chat.ranking.features import FEATURES, MARKS
from chat.ranking.forms import FORMS, form_of
from chat.ranking.model import CLIP, WEIGHTS, Network, Ranking, ranking_for, shipped
from chat.ranking.standing import standing_features
from chat.ranking.train import FOLDS, ORDER, SURE, digest_of, fit_order, fit_sure, measure, plain_score, train
from chat.select import Selector
from eval.cases import load_cases
from eval.groups import judge, told
from eval.overlap import near_duplicates, whole_question
from index.train.articles import law_name
from index.train.split import is_evaluation_law
from index.train.written import WRITTEN, WrittenQuestion, bare, laws_of, read_groups

ROOT = Path(__file__).resolve().parent.parent
CASES = sorted((ROOT / "eval" / "cases").rglob("*.jsonl"))
POLICY = """甲市促进智能制造若干措施
甲政办发〔2026〕3号

一、支持设备更新。对企业购置智能设备的，按设备投资额的10%给予补助，单个企业最高200万元。
二、支持上云。对中小企业上云的，按年度服务费的50%给予补助，单个企业每年最高5万元。
三、支持人才。对企业新引进的博士，每人给予安家补贴20万元。
四、企业骗取补助资金的，追回全部资金，三年内不得申报。
五、本措施自2026年2月1日起施行，有效期三年。

甲市人民政府办公室
2026年1月20日
"""


@pytest.fixture(scope="module")
def assistant(assistant_of):
    return assistant_of(POLICY)


def example(place: int, rows: np.ndarray, right: int | None) -> Example:
    marked = np.zeros(len(rows), dtype=bool)
    if right is not None:
        marked[right] = True
    return Example(place, Kind.NUMBER, rows.astype(np.float32), marked, 1.0)


def toy(count: int = 40) -> list[Example]:
    """Questions whose answer is the sentence with the larger whole cosine; of each fifth none answers."""
    rng = np.random.default_rng(5)
    column = features.NAMES.index("whole_cosine")
    found = []
    for number in range(count):
        rows = np.zeros((6, FEATURES))
        rows[:, column : column + 3] = rng.normal(size=(6, 3)) * 0.1
        right = None if number % 5 == 0 else int(rng.integers(6))
        if right is not None:
            rows[right, column] += 2.0
        found.append(example(number % 4, rows, right))
    return found


def test_rows_have_a_name_each_and_marks_behind_the_best_are_never_positive(assistant, embedder) -> None:
    question, evidence = assistant.find("企业购置智能设备补助多少")
    candidates, rows = Selector(embedder).marked(question, evidence)
    assert rows.shape == (sum(c.sentence.role != "heading" for c in candidates), FEATURES)
    assert np.isfinite(rows).all()
    assert len(set(features.NAMES)) == FEATURES
    behind = rows[:, len(MARKS) : 2 * len(MARKS)]
    assert behind.max() == 0
    assert (behind.max(axis=0) == 0).all()


def test_a_sentence_is_told_by_its_form() -> None:
    form = form_of("单个企业每年最高不超过200万元；", ("企业", "每年", "最高"))
    says = dict(zip(forms.NAMES, form.says.tolist(), strict=True))
    assert len(form.says) == FORMS == len(forms.NAMES)
    assert says["has_money"] == says["plays_benefit"] == 1
    assert says["has_date"] == says["forbids"] == says["defines"] == 0
    assert not form.opens_list
    assert form_of("应当符合下列条件：", ()).opens_list
    assert form_of("请认真贯彻执行。", ()).formula


def test_a_network_by_hand() -> None:
    assert CLIP == 4
    network = Network(
        mean=np.array([1, 0], np.float32),
        scale=np.array([2, 1], np.float32),
        linear=np.array([1, 0], np.float32),
        inner=np.array([[0], [1]], np.float32),
        inner_bias=np.zeros(1, np.float32),
        outer=np.array([3], np.float32),
        bias=np.float32(0.5),
    )
    assert network(np.array([[3, 2], [1, 0]], np.float32)).tolist() == pytest.approx(
        [1 + 3 * np.tanh(2) + 0.5, 0.5], rel=1e-6
    )
    far = network(np.array([[1e6, 0]], np.float32))  # no further than CLIP deviations
    assert far.tolist() == pytest.approx([CLIP + 0.5])


def test_where_marks_stand_among_those_of_the_question_and_of_the_passage() -> None:
    marks = np.array([[0.2], [0.8], [0.8], [0.5], [0.9]], np.float32)
    found = standing_features(marks, np.array([0, 0, 0, 3, 3]))
    named = dict(zip(standing.NAMES, found.T.tolist(), strict=True))
    assert named["place"] == pytest.approx([1 / 5, 1 / 2, 1 / 3, 1 / 4, 1])
    assert named["below_passage"] == pytest.approx([0.6, 0, 0, 0.4, 0])
    assert named["place_in_passage"] == pytest.approx([1 / 3, 1, 1 / 2, 1 / 2, 1])
    assert named["deviation"] == pytest.approx((marks[:, 0] - marks.mean()) / (marks.std() + 0.02), rel=1e-5)
    alone = standing_features(marks[:1], np.array([7]))
    assert alone.tolist() == [[1, 0, 0, 1]]


def test_the_order_is_learned_and_the_same_examples_give_the_same_weights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = {"hidden": 8, "epochs": 15, "batches": 5, "seeds": 1}
    monkeypatch.setattr("chat.ranking.train.ORDER", replace(ORDER, **small))
    monkeypatch.setattr("chat.ranking.train.SURE", replace(SURE, **small))
    examples = toy()
    _, parts = train(examples)
    held_out = [parts[e.place % FOLDS].order(e.rows) for e in examples]
    first, three, _ = measure(examples, held_out)
    assert first > 0.9
    assert first <= three
    assert measure(examples, [plain_score(e.rows) for e in examples])[0] < 0.5
    again = fit_order(examples), fit_order(examples)
    assert (again[0].inner == again[1].inner).all()


def test_the_confidence_is_low_where_nothing_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    small = {"hidden": 8, "epochs": 15, "batches": 5, "seeds": 1}
    monkeypatch.setattr("chat.ranking.train.ORDER", replace(ORDER, **small))
    monkeypatch.setattr("chat.ranking.train.SURE", replace(SURE, **small))
    examples = toy()
    order = fit_order(examples)
    sure = fit_sure(examples, [order] * len(examples))
    ranking = Ranking(order, sure)
    told = [ranking.confidence(e.kind, e.rows, order(e.rows), e.distance) for e in examples]
    some, none = (
        [p for p, e in zip(told, examples, strict=True) if e.answers.any() is np.bool_(x)]
        for x in (True, False)
    )
    assert np.mean(some) > 0.8 > 0.4 > np.mean(none)


def test_confidence_features_do_with_one_sentence() -> None:
    rows = np.zeros((1, FEATURES), dtype=np.float32)
    found = confidence_features(Kind.DOCUMENT, rows, np.zeros(1, np.float32), 0.0)
    assert found.shape == (SIZE,)
    assert np.isfinite(found).all()


def test_a_saved_ranking_is_read_as_it_was(tmp_path: Path) -> None:
    shipped().save(tmp_path / "again.npz")
    again = Ranking.load(tmp_path / "again.npz")
    rows = np.random.default_rng(1).normal(size=(5, FEATURES)).astype(np.float32)
    assert (again.order(rows) == shipped().order(rows)).all()
    assert (again.family, again.digest) == (shipped().family, shipped().digest)


def test_the_weights_were_trained_on_these_questions_and_features() -> None:
    assert shipped().digest == digest_of(), "python -m chat.ranking.train"
    assert WEIGHTS.stat().st_size < 400_000


def test_the_ranking_serves_models_of_the_family_it_was_trained_with(embedder) -> None:
    assert ranking_for(embedder) is shipped()

    class Other:
        family = ""

    assert ranking_for(Other()) is None


def test_what_answers_is_told_by_the_marked_stretch(assistant, embedder) -> None:
    question, evidence = assistant.find("博士安家补贴")
    candidates, _ = Selector(embedder).marked(question, evidence)
    right = [c.sentence.text.strip() for c in candidates if answers(c, ["每人给予安家补贴20万元"])]
    assert len(right) == 1
    assert right[0].endswith("每人给予安家补贴20万元。")


def test_the_best_sentence_is_nowhere_behind_and_without_a_ranking_none_is(assistant, embedder) -> None:
    question, evidence = assistant.find("企业购置智能设备补助多少")
    ranked, sure = Selector(embedder, shipped()).choose(question, evidence, 3.0)
    assert max(c.behind for c in ranked) == 0
    assert min(c.behind for c in ranked) < 0
    assert sure is not None
    assert 0 < sure < 1
    plain, unsure = Selector(embedder).choose(question, evidence, 3.0)
    assert {c.behind for c in plain} == {0.0}
    assert unsure is None


def test_doubt_refuses_and_offers_the_clauses(assistant) -> None:
    ranking = shipped()
    network = ranking.sure
    doubting = replace(network, linear=network.linear * 0, outer=network.outer * 0, bias=np.float32(-5))
    asked = "企业购置智能设备的补助比例是多少", date(2026, 11, 26)
    assert not assistant.ask(asked[0], as_of=asked[1]).refused
    unsure = Assistant(assistant.snapshot, ranking=replace(ranking, sure=doubting))
    given = unsure.ask(asked[0], as_of=asked[1])
    assert given.refused
    assert given.closest


@pytest.mark.parametrize(("bias", "quoted"), [(5.0, True), (-1.0, False)])
def test_a_sentence_that_surely_answers_is_told_where_no_form_of_answer_fits(
    assistant, bias: float, quoted: bool
) -> None:
    asked, day = "上云的服务商最多能领多少", date(2026, 11, 26)
    assert Assistant(assistant.snapshot, ranked=False).ask(asked, as_of=day).refused
    network = shipped().sure
    sure = replace(network, linear=network.linear * 0, outer=network.outer * 0, bias=np.float32(bias))
    given = Assistant(assistant.snapshot, ranking=replace(shipped(), sure=sure)).ask(asked, as_of=day)
    assert given.refused is not quoted
    assert any("最高5万元" in citation.quote for citation in given.citations) is quoted


def test_written_questions_stand_on_their_documents() -> None:
    groups = read_groups()
    assert len(groups) >= 18
    assert [group.half for group in groups] == [place % 2 for place in range(len(groups))]
    for group in groups:
        with group.documents() as folder:
            texts = {path.name: bare(path.read_text("utf-8")) for path in folder.iterdir()}
        for question in group.questions:
            for answer in question.answers:
                assert bare(answer) in texts[question.document], question.text
        assert any(not question.answers for question in group.questions)


def test_questions_on_laws_name_laws_of_which_no_case_asks() -> None:
    tables = (ROOT / "eval" / "cases").rglob("laws.toml")
    listed = [law for table in tables for law in tomllib.loads(table.read_text("utf-8"))["law"]]
    evaluated = {law_name(Path(law["path"]).stem) for law in listed}
    assert len(evaluated) > 30
    groups = [path.parent for path in sorted(WRITTEN.glob("*/laws.txt"))]
    assert len(groups) >= 10
    for group in groups:
        laws = {Path(path).name for path in laws_of(group)}
        names = {law_name(Path(law).stem) for law in laws}
        assert not names & evaluated, group.name
        assert not any(map(is_evaluation_law, names)), group.name
        asked = [json.loads(line) for line in (group / "questions.jsonl").read_text("utf-8").splitlines()]
        assert {record["document"] for record in asked} == laws
        assert 0 < sum(not record["answers"] for record in asked) < len(asked) / 3


def test_no_case_is_among_the_written_questions_and_no_group_asks_twice() -> None:
    written: list[str] = []
    for file in sorted(WRITTEN.glob("*/questions.jsonl")):
        asked = [json.loads(line)["question"] for line in file.read_text("utf-8").splitlines()]
        assert len(set(asked)) == len(asked), file.parent.name
        written += asked
    assert len(written) > 9000
    for path in CASES:
        asked = [whole_question(case) for case in load_cases(path).cases]
        assert near_duplicates(asked, written) == [], path.name


def test_no_document_of_the_cases_is_among_the_written_ones() -> None:
    written = {
        line.strip()
        for path in WRITTEN.rglob("documents/*")
        for line in path.read_text("utf-8").splitlines()
        if len(line.strip()) > 40 and not line.strip().endswith("：")
    }
    evaluated = [
        *(ROOT / "eval" / "cases" / "more").rglob("documents_*/*"),
        *(ROOT / "corpus" / "documents").iterdir(),
    ]
    for path in evaluated:
        lines = {line.strip() for line in path.read_text("utf-8", errors="ignore").splitlines()}
        assert not lines & written, path.name
    assert json.loads((WRITTEN / "01" / "questions.jsonl").read_text("utf-8").splitlines()[0])["question"]


def test_answers_to_written_questions_are_judged_by_what_they_quote(assistant) -> None:
    asked = "企业购置智能设备的补助比例是多少"
    given = assistant.ask(asked, as_of=date(2026, 11, 26))
    right = WrittenQuestion(asked, "甲市.txt", "number", ("按设备投资额的10%给予补助",))
    assert judge(right, given) == "right"
    assert judge(replace(right, answers=("按年度服务费的50%给予补助",)), given) == "wrong"
    assert judge(replace(right, answers=(*right.answers, "按年度服务费的50%给予补助")), given) == "part"
    assert judge(replace(right, answers=()), given) == "leaked"
    refused = assistant.ask("红烧肉怎么做才好吃")
    assert (judge(right, refused), judge(replace(right, answers=()), refused)) == ("refused", "made")
    line = told(Counter({"right": 3, "refused": 1, "made": 1}))
    assert (
        line
        == "of 4: right 0.750, part 0.000, wrong 0.000, refused 0.250; of 1 due refusals 1.000 made; all 0.800"
    )
