"""The parts that documents of support are built of: which a question asks for, which a sentence is."""

import pytest

from chat.roles import Role, is_frame, roles_asked, roles_of, states_contact


@pytest.mark.parametrize(
    ("asked", "role"),
    [
        ("安家补贴怎么申请，走什么流程？", Role.PROCEDURE),
        ("申请要交哪些材料？", Role.MATERIALS),
        ("什么样的企业不予支持？", Role.EXCLUDED),
        ("两个补贴能一起领吗？", Role.STACKING),
        ("弄虚作假骗补有什么后果？", Role.BREACH),
        ("这笔钱从哪里来？", Role.FUNDING),
        ("有不明白的打哪个电话？", Role.CONTACT),
        ("专班的召集人叫什么名字？", Role.CONTACT),
        ("申报要满足什么条件？", Role.CONDITIONS),
        ("我们厂能拿到哪些补贴？", Role.BENEFIT),
    ],
)
def test_what_a_question_asks_for(asked: str, role: Role) -> None:
    assert role in roles_asked(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "2025年培育多少家小巨人企业？",
        "简易程序多少天结案？",
        "换了办公地址多久内备案？",
        "手续费多少？",
        "领导小组的组长是谁？",
    ],
)
def test_what_asks_for_none(asked: str) -> None:
    assert roles_asked(asked) == frozenset()


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("企业于每季度首月向人才办提出申请；人才办在15个工作日内审核并公示。", Role.PROCEDURE),
        ("营业执照复印件；", Role.MATERIALS),
        ("提供虚假材料的，不予支持。", Role.EXCLUDED),
        ("同一项目按照就高不重复原则执行。", Role.STACKING),
        ("骗取资金的，全额追回，并取消3年内申报资格。", Role.BREACH),
        ("所需资金由市、区财政按6:4分担。", Role.FUNDING),
        ("咨询电话：0571-87654321。", Role.CONTACT),
        ("对新认定的企业给予20万元奖励。", Role.BENEFIT),
    ],
)
def test_what_a_sentence_is(sentence: str, role: Role) -> None:
    assert role in roles_of(sentence)


def test_the_frame_of_a_document() -> None:
    assert is_frame("为支持企业发展，根据有关规定，制定本办法。")
    assert is_frame("本办法由市财政局负责解释。")
    assert not is_frame("为企业提供贷款担保。")


def test_a_mobile_number_is_not_any_number() -> None:
    assert states_contact("联系电话：0571-87654321", "咨询电话是多少")
    assert not states_contact("联系电话：0571-87654321", "把经办人手机号发我")
    assert states_contact("地址：文三路90号", "窗口地址在哪")
    assert not states_contact("电话：0571-87654321", "在哪条路")
