"""Verdicts that follow from the words alone."""

from datetime import date

import pytest

from chat.verdicts.rules import ruled

FREE = "为各类用户免费提供飞行计划申报、气象和告警服务。"
LEAST = "申报企业应当具备下列条件：（一）成立两年以上；"
PAID = "对设备实际投资额300万元以上的技术改造项目，按投资额的12%给予补助，单个项目最高不超过800万元。"
UNTIL = "申报单位于2026年11月1日至2026年12月15日登录平台填报，逾期系统自动关闭。"


@pytest.mark.parametrize(
    ("asked", "said", "answer"),
    [
        ("用这个平台报飞行计划，要不要交钱？", FREE, False),
        ("小微企业要交客户保证金吗", "单户500万元以下的业务不收取客户保证金。", False),
        ("用这个平台不用交钱吧？", FREE, None),
        ("用这个平台要备案吗？", FREE, None),
        ("我们成立才一年半，能不能申报？", LEAST, False),
        ("我们成立三年了，能不能申报？", LEAST, None),
        ("一共投了260万，技改补助能申请吗？", PAID, False),
        ("一共投了900万，技改补助能申请吗？", PAID, None),
        ("才六个人，人数这条够吗", "职工不少于10人，首次入园的企业除外；", None),
        ("国家是否鼓励兼并重组？", "鼓励通过兼并重组整合产业资源。", True),
        ("国家是否鼓励兼并重组？", "不得以兼并重组的名义骗取支持。", None),
        ("试点城市还能申报吗", "已列入试点的城市，可以申报，但同一项目不得重复支持。", None),
        ("其他人员参加技能培训要不要交费？", "对零就业家庭成员免费，其他人员按每人200元缴纳。", None),
        ("是否支持外资企业？", "支持内资企业发展，外资企业除外。", None),
        ("是否鼓励企业裁员？", "鼓励企业稳定岗位，减少裁员。", None),
        ("企业只有30人能申报吗？", "从业人员不少于50人，或者年营业收入超过1000万元的企业可以申报。", None),
        ("我有20人能申请吗？", "10人以下的补5万元，30人以上的补10万元。", None),
    ],
)
def test_what_the_words_settle(asked, said, answer) -> None:
    assert ruled(asked, said) is answer


@pytest.mark.parametrize(
    ("asked", "day", "answer"),
    [
        ("现在还能填报吗？", date(2026, 12, 16), False),
        ("现在还能填报吗？", date(2026, 12, 15), None),
        ("怎么填报？", date(2026, 12, 16), None),
        ("现在还能填报吗？", None, None),
    ],
)
def test_it_is_too_late_once_the_last_day_has_passed(asked, day, answer) -> None:
    assert ruled(asked, UNTIL, day) is answer


def test_a_day_that_no_calendar_has_is_none() -> None:
    assert ruled("现在还能报吗", "于2026年2月30日前申报。", date(2026, 3, 5)) is None


@pytest.mark.parametrize(
    "said",
    [
        "2023年12月31日前登记注册的小微企业，可享受厂房租金补贴。",
        "应当在2024年6月30日前报送名单，各县补贴资金全年受理申报。",
        "2022年6月30日以前入职的职工，单位应当补缴。",
    ],
)
def test_a_day_that_ends_something_else_is_no_last_day(said) -> None:
    assert ruled("现在还能享受补贴吗？", said, date(2026, 11, 26)) is None
