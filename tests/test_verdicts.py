"""Questions of yes or no: what was learned, and when a verdict is said."""

from dataclasses import replace
from datetime import date

import pytest

from chat.quoting import yes_no
from chat.verdicts.classifier import Verdicts, shipped
from chat.verdicts.features import features_of
from chat.verdicts.measured import falls_short
from chat.verdicts.train import Judged, digest_of, held_out, judged_of, train
from index.train.written import read_groups

POLICY = """甲市小微企业扶持办法
甲政办发〔2026〕8号

第一条 申请补助的企业职工不少于50人。
第二条 同一项目已获得省级资金支持的，不再重复支持。
第三条 企业租用标准厂房1000平方米以上的，可以申请租金补助。
第四条 对新认定的示范企业给予一次性奖励30万元。
第五条 享受补助的设备五年内不得转让。
第六条 本办法自2026年2月1日起施行，有效期三年。

甲市人民政府办公室
2026年1月20日
"""


@pytest.fixture(scope="module")
def assistant(assistant_of):
    return assistant_of(POLICY)


def first(assistant, question):
    return assistant.ask(question, as_of=date(2026, 11, 26)).statements[0].text


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("我厂120名职工，够申请补助的人数吗", "是"),
        ("我厂只有30名职工，能申请补助吗", "否"),
        ("新认定的示范企业是不是奖励30万元", "是"),
        ("享受补助的设备过两年可以转让吗", "否"),
    ],
)
def test_the_asker_s_figures_are_held_against_the_thresholds(assistant, question, word):
    assert first(assistant, question) == word


def test_a_figure_that_is_no_threshold_s_does_not_turn_a_condition_into_no(assistant):
    """120人 is not 50人, and yet no reason for 否."""
    assert first(assistant, "我厂有120名职工，可以申请补助吗") != "否"


def test_a_figure_asked_about_must_be_stated(assistant):
    """能打七折 of a clause that states no share is not answered by that clause."""
    told = assistant.ask("企业租用标准厂房，租金能打七折吗", as_of=date(2026, 11, 26))
    assert told.refused


def test_no_verdict_where_the_sentence_hardly_answers(assistant, monkeypatch):
    monkeypatch.setattr(yes_no, "_CONFIDENT", 1.1)
    monkeypatch.setattr(yes_no, "_RULED", 1.1)
    monkeypatch.setattr(yes_no, "_PLAIN", 1.1)
    assert first(assistant, "我厂只有30名职工，能申请补助吗") != "否"


def test_features_tell_thresholds_force_and_what_is_asked():
    within = features_of("我厂120人，能申请吗", "企业职工不少于50人的，可以申请")
    assert {"Tin", "cmay"} <= within
    assert "Tout" in features_of("我厂20人，能申请吗", "企业职工不少于50人的，可以申请")
    again = features_of("省里拿过了，还能再领吗", "已获得省级支持的，不再重复支持")
    assert {"FTrue", "cagain*FTrue"} <= again


def toy():
    yes = [Judged(n, f"第{n}家能申请吗", "符合条件的可以申请", True) for n in range(12)]
    return yes + [Judged(n, f"第{n}家能申请吗", "这类企业不得申请", False) for n in range(12)]


def test_what_was_learned_tells_groups_that_were_held_out():
    told = held_out(toy(), 4)
    assert (told[:12] > 0.5).all()
    assert (told[12:] < 0.5).all()


def test_training_gives_the_same_weights_and_a_file_keeps_them(tmp_path):
    one, other = train(toy(), "abc"), train(toy())
    assert (one.layer.weights == other.layer.weights).all()
    one.save(tmp_path / "weights.npz")
    kept = Verdicts.load(tmp_path / "weights.npz")
    asked = "第3家能申请吗", "这类企业不得申请"
    assert kept.yes(*asked) == one.yes(*asked)
    assert kept.digest == "abc"


def test_the_shipped_verdicts_tell_most_of_what_they_learned():
    groups = [group for group in read_groups() if not group.laws][:2]
    judged = [example for group in groups for example in judged_of(group)]
    right = [(shipped().yes(e.question, e.said) > 0.5) is e.yes for e in judged]
    assert len(judged) > 60
    assert sum(right) / len(right) > 0.85


def test_the_weights_were_trained_on_these_questions_and_features():
    assert shipped().digest == digest_of(), "python -m chat.verdicts.train --texts DIR"


def test_only_questions_of_yes_or_no_have_a_verdict():
    for group in read_groups():
        for question in group.questions:
            assert question.verdict in ("", "yes", "no")
            assert not question.verdict or (question.kind == "yes_no" and question.answers)


def test_a_judged_question_has_the_lead_of_its_item():
    group = replace(read_groups()[0])
    assert all(example.said for example in judged_of(group))


def test_a_figure_that_no_condition_admits_allows_no_yes():
    said = "营业收入不低于1亿元，研发人员不少于50人的，可以申请"
    assert falls_short("去年营收8000万元，研发人员60人", said)
    assert not falls_short("去年营收2亿元，研发人员60人", said)
    assert not falls_short("成立三年了", said)
