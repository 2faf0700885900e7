"""The scale of raw values: how near everyday questions come, and the corpus's own."""

import pytest

from index.calibrate import Calibration, Spread, calibrate, everyday_questions, own_questions
from index.passage import Evidence, cut
from tests.toys import make_document

SCALE = Calibration(
    everyday=Spread(cosine=0.2, cosine_deviation=0.1, coverage=0.1, coverage_deviation=0.2, questions=150),
    own=Spread(cosine=0.6, cosine_deviation=0.1, coverage=0.9, coverage_deviation=0.1, questions=100),
    threshold=2.5,
)


def evidence(toy_snapshot, cosine: float, coverage: float) -> Evidence:
    return Evidence(toy_snapshot.index.passages[0], 0.9, cosine, coverage)


def test_distance_worked_out_by_hand(toy_snapshot):
    found = [
        evidence(toy_snapshot, 0.3, 0.1),
        evidence(toy_snapshot, 0.4, 0.0),
        evidence(toy_snapshot, 0.1, 0.5),
    ]
    # Cosine (.4 − .2) / .1 = 2, coverage (.5 − .1) / .2 = 2, of which a quarter counts.
    assert SCALE.distance(found) == pytest.approx(2.5)
    assert SCALE.speaks_of(found)
    assert SCALE.distance(found[:2]) == pytest.approx(2.0)
    assert not SCALE.speaks_of(found[:2])
    assert SCALE.distance([evidence(toy_snapshot, 0.2, 0.0)]) == 0, "little coverage takes nothing away"


def test_nothing_found_is_nothing_spoken_of():
    assert SCALE.distance([]) == pytest.approx(-2)
    assert not SCALE.speaks_of([])


def test_a_corpus_without_deviation_has_a_scale_all_the_same(toy_snapshot):
    flat = Calibration(Spread(0, 0, 0, 0, 150), Spread(0, 0, 0, 0, 0), 2.5)
    assert flat.distance([evidence(toy_snapshot, 0.05, 0.0)]) == pytest.approx(2.5)
    assert flat.distance([evidence(toy_snapshot, 0.0, 1.0)]) == pytest.approx(0.25 * 1 / 0.05)


def test_everyday_questions_are_many_and_different():
    questions = everyday_questions()
    assert len(questions) >= 150
    assert len(set(questions)) == len(questions)
    assert all(2 < len(question) < 40 for question in questions)


def test_own_questions_are_every_other_word_of_long_sentences():
    text = "支持银行机构加大企业贷款担保贴息力度。完。"
    passages = list(
        cut(make_document("甲", "题", [(("一",), "一、", "", f"{text}\n"), (("二",), "二、", "", "短。\n")]))
    )
    assert own_questions(passages) == ["支持 机构 企业 担保 力度"]


def test_the_scale_of_an_index_is_that_of_its_searches(toy_snapshot):
    index = toy_snapshot.index
    best = [index.search(question, 10) for question in everyday_questions()]
    cosines = [max((e.cosine for e in found), default=0) for found in best]
    coverages = [max((e.coverage for e in found), default=0) for found in best]
    measured = calibrate(index).everyday
    assert measured.questions == len(best)
    assert measured.cosine == pytest.approx(sum(cosines) / len(best), abs=1e-4)
    assert measured.coverage == pytest.approx(sum(coverages) / len(best), abs=1e-4)


def test_the_threshold_lets_at_most_three_in_a_hundred_everyday_questions_pass(toy_snapshot):
    calibration = toy_snapshot.manifest.calibration
    passed = [q for q in everyday_questions() if calibration.speaks_of(toy_snapshot.index.search(q, 10))]
    assert len(passed) <= 0.03 * len(everyday_questions()) + 1
    assert calibration.speaks_of(toy_snapshot.index.search("设立基金给予贷款贴息"))
