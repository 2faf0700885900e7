"""Verdicts that follow from the words alone."""

from datetime import date

import pytest

from chat.verdicts.rules import asks_to_be_excused, ruled, says_too_little

FREE = "为各类用户免费提供飞行计划申报、气象和告警服务。"
LEAST = "申报企业应当具备下列条件：（一）成立两年以上；"
PAID = "对设备实际投资额300万元以上的技术改造项目，按投资额的12%给予补助，单个项目最高不超过800万元。"
OVERTIME = "用人单位安排加班的，应当按照国家有关规定向劳动者支付加班费。"
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
        ("奖励是不是一次性给？", "对一类新药，分阶段给予最高3000万元奖励；", False),
        ("奖励是不是一次性给？", "对一类新药，给予一次性奖励3000万元；", True),
        ("奖励分几年给吗？", "给予一次性奖励200万元，其余分两年兑现。", None),
        ("加班可以不给加班费吗？", OVERTIME, False),
        ("不给加班费行不行？", OVERTIME, False),
        ("加班费能不能给？", OVERTIME, None),
        ("可以不交申请费吗？", "申请人可以不缴纳申请费，但应当提交材料。", None),
        ("他们非要押金，我能不给吗？", "经营者应当公示价格，不得要求消费者缴纳押金。", None),
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


@pytest.mark.parametrize(
    ("asked", "excused"),
    [
        ("能不给工资吗", True),
        ("可以不交社保吗", True),
        ("不写合同行吗", True),
        ("能不能报名", False),
        ("可不可以申请", False),
        ("报名能行不", False),
        ("不能报名吗", False),
    ],
)
def test_who_asks_to_be_excused(asked, excused) -> None:
    assert asks_to_be_excused(asked) is excused


@pytest.mark.parametrize(
    ("asked", "said", "yes", "topic", "too_little"),
    [
        ("大企业能不能拖欠货款？", "开展拖欠资金调查，并清理以大企业为源头的拖欠。", True, [], True),
        ("可以自己申请免罚吗？", "轻微违法并及时改正的，可以免予处罚。", True, [], False),
        ("企业能申请补助吗？", "对购置设备的企业给予补助。", True, [], False),
        ("试用期能不给工资吗？", "违法约定试用期的，由用人单位支付赔偿金。", True, [], True),
        ("能收投标保证金吗？", "除依法设立的投标保证金外，不得收取其他保证金。", False, ["投标"], True),
        ("能收质量保证金吗？", "除依法设立的投标保证金外，不得收取其他保证金。", False, ["保证金"], False),
    ],
)
def test_a_verdict_that_the_words_do_not_bear_is_not_said(asked, said, yes, topic, too_little) -> None:
    assert says_too_little(asked, said, yes, topic) is too_little
