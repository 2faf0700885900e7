"""Lists hold what answers, and not all that shares the question's words."""

from types import SimpleNamespace

import numpy as np
import pytest

from chat.quoting.near import without_far

CITY = """丙市创新券管理办法
丙科〔2026〕7号

第一条 创新券用于企业向高校、科研院所购买检验检测服务，单张面额1万元，每家企业每年最多领取6张。
第二条 创新券有效期12个月，逾期自动作废，不得转让、出售。
第三条 企业将创新券转让或者出售的，收回未使用的创新券，三年内不得再次申领，并记入信用档案。
第四条 服务机构应当在服务完成后30日内申请兑付创新券，并提交服务合同、发票和创新券使用清单。
第五条 市科技局每年公布创新券的发放总额和服务机构名单。

丙市科学技术局
2026年2月3日
"""


def candidate(text: str, behind: float, clause: object = None):
    return SimpleNamespace(behind=behind, clause=clause or object(), sentence=SimpleNamespace(text=text))


def selection(odds: list[float], told: str = ""):
    question = SimpleNamespace(told=told)
    return SimpleNamespace(reads=lambda some: np.array(odds, dtype=np.float32), question=question)


def test_what_both_readings_put_far_behind_is_left_out() -> None:
    some = [candidate("甲", 0.0), candidate("乙", -6.0), candidate("丙", -6.0), candidate("丁", -2.0)]
    kept = without_far(selection([2.0, -4.0, 1.0, -5.0]), some)
    assert [one.sentence.text for one in kept] == ["甲", "丙", "丁"]


def test_items_of_the_clause_that_answers_stay_together() -> None:
    clause = object()
    some = [candidate("（一）搬迁补贴；", 0.0, clause), candidate("（二）停产补贴。", -7.0, clause)]
    other = candidate("（二）别处的一项。", -7.0)
    assert without_far(selection([2.0, -4.0, -4.0]), [*some, other]) == some


def test_nothing_is_left_out_of_a_story_or_without_a_network() -> None:
    some = [candidate("甲", 0.0), candidate("乙", -6.0)]
    assert without_far(selection([2.0, -4.0], told="我们厂去年搬了家。"), some) == some
    unread = SimpleNamespace(reads=None, question=SimpleNamespace(told=""))
    assert without_far(unread, some) == some
    assert without_far(selection([-4.0]), some[1:]) == some[1:]


@pytest.fixture(scope="module")
def assistant(assistant_of):
    return assistant_of(CITY)


def test_one_consequence_is_told_alone(assistant) -> None:
    told = [s.text for s in assistant.ask("丙市企业把创新券转卖了会怎么处理？").statements if s.citations]
    assert any("收回未使用的创新券" in text for text in told)
    assert not any("检验检测服务" in text or "公布" in text for text in told)


def test_items_of_what_is_denied_are_no_materials(assistant_of) -> None:
    made = assistant_of(
        "丁市研发中心认定办法\n丁商〔2026〕5号\n\n"
        "第一条 有下列情形之一的，不予认定：\n（一）研发活动仅限于产品测试的；\n（二）提供虚假申请材料的。\n"
        "第二条 申请研发中心认定的单位应当提交下列材料：\n（一）研发中心认定申请表；\n（二）营业执照副本复印件；\n"
        "（三）研发设备清单及购置发票复印件。\n\n丁市商务局\n2026年2月3日\n"
    )

    def told(text: str) -> str:
        return "".join(s.text for s in made.ask(text).statements if s.citations)

    assert "申请表" in told("丁市研发中心认定需要什么材料？")
    assert "虚假" not in told("丁市研发中心认定需要什么材料？")
    assert "虚假" in told("丁市研发中心哪些情形不予认定？")
