"""What exactly is asked for, words that exclude one another, and the questions that nothing answers."""

from pathlib import Path

import pytest

from chat.quantities import find_quantities
from chat.ranking.asks import NAMES, ask_features
from chat.ranking.contrasts import CLASSES, contrast_features, values_of
from chat.ranking.contrasts import NAMES as CONTRASTS
from chat.ranking.examples import UNRELATED
from eval.cases import load_cases
from eval.overlap import near_duplicates, whole_question

CASES = sorted((Path(__file__).resolve().parent.parent / "eval" / "cases").rglob("*.jsonl"))
# A question, a sentence that says what it asks for, and one on the same matter that does not.
ASKED = [
    ("花卉价格指数每个月几号出", "花卉价格指数每月5日前发布。", "花卉协会发布花卉价格指数。", "day"),
    ("模具贷是哪几家银行在放", "由工商银行、农业银行办理。", "合作银行向模具企业发放贷款。", "bank"),
    ("打哪个电话问", "咨询电话：0793-8212345。", "由市工业和信息化局负责解释。", "phone"),
    ("假材料被查到会咋样", "提供虚假材料的，追回资金。", "企业应当如实填报材料。", "breach"),
    ("要带什么材料", "提交申请表、营业执照复印件。", "符合条件的企业可以申请。", "materials"),
    ("去哪个平台申请", "通过“惠企通”平台申请。", "企业应当按时申请。", "place"),
    ("补助比例是多少", "按投资额的10%补助。", "一次性补助5万元。", "share"),
    ("要建多少个基地", "建成基地30个。", "建成一批基地，投资5亿元。", "counted"),
    ("由哪个部门受理", "由市商务局负责受理。", "企业应当提交申请表。", "department"),
]
# A question, a sentence that names the value asked about, one that names another, one that names none.
OPPOSED = [
    ("level", "省级示范平台奖多少", "省级示范平台奖励30万元", "市级示范平台奖励10万元", "示范平台给予奖励"),
    ("year", "2026年目标多少", "到2026年达到80家", "到2027年达到90家", "达到80家"),
    ("letter", "B类企业多少分", "A类90分，B类80分", "A类企业90分以上", "按得分分类"),
    ("ordinal", "第二年补多少", "第二年补助50%", "第一年补助100%", "每年补助50%"),
    ("ordinal", "头一年补多少", "第一年补助100%", "第三年补助30%", "每年补助50%"),
    ("rank", "二级酒庄奖多少", "二级酒庄奖励50万元", "三级酒庄奖励20万元", "酒庄给予奖励"),
    ("degree", "大专毕业给不给补贴", "大专毕业生每月500元", "硕士每月1500元", "毕业生给予补贴"),
    ("standard", "团标奖多少", "团体标准每项5万元", "国家标准每项30万元", "制定标准的给予奖励"),
    ("honour", "“小巨人”企业目标", "“小巨人”企业1000家", "单项冠军企业50家", "优质企业成批涌现"),
]


def asked(question: str, *sentences: str) -> list[dict[str, float]]:
    rows = ask_features(question, sentences, [find_quantities(s) for s in sentences])
    return [dict(zip(NAMES, row.tolist(), strict=True)) for row in rows]


@pytest.mark.parametrize(("question", "says", "lacks", "name"), ASKED)
def test_what_is_asked_for_is_said_or_lacking(question: str, says: str, lacks: str, name: str) -> None:
    right, wrong = asked(question, says, lacks)
    assert (right[f"asks_{name}"], wrong[f"asks_{name}"]) == (1, -1)
    assert right["asked_said"] > wrong["asked_said"]
    assert right["asked_said"] + right["asked_lacks"] == pytest.approx(1)


def test_where_nothing_in_particular_is_asked_nothing_lacks() -> None:
    assert set(asked("中小企业发展", "支持中小企业发展。")[0].values()) == {0}


def test_a_figure_of_the_question_is_no_answer_to_it() -> None:
    given, other = asked("投了500万元补多少钱", "投资500万元的项目给予支持。", "给予50万元补助。")
    assert (given["asks_money"], other["asks_money"]) == (-1, 1)


@pytest.mark.parametrize(("name", "question", "same", "other", "none"), OPPOSED)
def test_another_value_of_a_class_opposes(name: str, question: str, same: str, other: str, none: str) -> None:
    rows = contrast_features(values_of(question), (same, other, none), [""] * 3)
    assert rows[:, CLASSES.index(name)].tolist() == [1, -1, 0]
    agrees, conflicts = CONTRASTS.index("agrees"), CONTRASTS.index("conflicts")
    assert rows[0, agrees] > rows[1, agrees]
    assert rows[1, conflicts] > rows[0, conflicts]


def test_what_stands_above_a_sentence_agrees_for_it() -> None:
    rows = contrast_features(values_of("省级平台奖多少"), ["奖励30万元"], ["省级平台"])
    found = dict(zip(CONTRASTS, rows[0].tolist(), strict=True))
    assert (found["agrees"], found["agrees_around"], found["conflicts_around"]) == (0, 1, 0)


def test_unrelated_questions_are_apart_from_all_cases() -> None:
    questions = UNRELATED.read_text("utf-8").splitlines()
    assert len(questions) == len(set(questions)) >= 500
    assert all(4 <= len(question) <= 45 for question in questions)
    cases = [whole_question(case) for path in CASES for case in load_cases(path).cases]
    assert near_duplicates(cases, questions) == []
