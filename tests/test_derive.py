"""What follows from cited values: facts about documents, differences, 是 and 否."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from chat.check import Checker, Fault
from corpus.document import Document
from tests.check_toys import ANHUI, EVERY, NATION, ZHEJIANG, ask, cite, derived, policy

CHECKER = Checker(EVERY)


# document, label, lead, text, stands
FACTS = [
    (ANHUI, "前言", "文号：", "皖经信企业〔2023〕12号", True),
    (ANHUI, "前言", "文号：", "皖经信企业[2023]12号", True),
    (ANHUI, "前言", "文号：", "皖经信企业〔2024〕12号", False),
    # 63号 is named by the clause, but is another document's number.
    (ANHUI, "前言", "文号：", "工信部企业〔2022〕63号", False),
    (ANHUI, "前言", "标题：", "《安徽省支持专精特新中小企业发展若干措施》", True),
    (ANHUI, "前言", "标题：", "《安徽省支持民营企业发展若干措施》", False),
    (ANHUI, "前言", "发文机关：", "安徽省经济和信息化厅、安徽省财政厅、中国人民银行合肥中心支行", True),
    (ANHUI, "前言", "发文机关：", "安徽省经济和信息化厅、安徽省商务厅", False),
    (
        ANHUI,
        "前言",
        "发文机关共",
        "三个部门：安徽省经济和信息化厅、安徽省财政厅、中国人民银行合肥中心支行",
        True,
    ),
    (
        ANHUI,
        "前言",
        "发文机关共",
        "四个部门：安徽省经济和信息化厅、安徽省财政厅、中国人民银行合肥中心支行",
        False,
    ),
    (ANHUI, "前言", "", "由3个部门联合印发。", True),
    (ANHUI, "前言", "", "由十一部门联合印发。", False),
    (ANHUI, "三", "", "由2个部门负责。", True),
    (ANHUI, "三", "", "由3个部门负责。", False),
    (ANHUI, "前言", "成文日期：", "2023年8月15日", True),
    (ANHUI, "前言", "成文日期：", "2023年8月", True),
    (ANHUI, "前言", "成文日期：", "2023年9月1日", False),
    (ANHUI, "前言", "", "该文件于2023年8月15日印发。", True),
    (ANHUI, "前言", "", "该文件于2022年8月15日印发。", False),
    (
        ANHUI,
        "前言",
        "",
        "《安徽省支持专精特新中小企业发展若干措施》（皖经信企业〔2023〕12号），安徽省，2023年",
        True,
    ),
    (
        ANHUI,
        "前言",
        "",
        "《安徽省支持专精特新中小企业发展若干措施》（皖经信企业〔2023〕12号），安徽省，2024年",
        False,
    ),
    (
        ANHUI,
        "前言",
        "",
        "《安徽省支持专精特新中小企业发展若干措施》（皖经信企业〔2023〕12号），山东省，2023年",
        False,
    ),
    (ANHUI, "前言", "", "安徽省级文件", True),
    (ANHUI, "前言", "", "国家层面文件", False),
    (NATION, "第一条", "", "国家层面文件", True),
    (NATION, "第一条", "全文共", "6条", True),
    (NATION, "第一条", "全文共", "7条", False),
    (ANHUI, "前言", "全文共", "七个部分", True),
    (ANHUI, "前言", "全文共", "八个部分", False),
    (ANHUI, "七", "", "有效期至2026年8月31日", True),
    (ANHUI, "七", "", "有效期至2025年8月31日", False),
    (ANHUI, "七", "", "现行有效", True),
    (ANHUI, "七", "", "已失效", False),
    (ZHEJIANG, "一", "", "行动期2024—2026年尚未结束", True),
    (ZHEJIANG, "一", "", "行动期2024—2026年已结束，库内未见废止或延续文件", False),
    (ZHEJIANG, "一", "", "行动期2024—2027年", False),
    (ZHEJIANG, "一", "", "文本未载明具体日期，文号所示年份为2024年", True),
    (ZHEJIANG, "一", "", "文本未载明具体日期，文号所示年份为2023年", False),
    (NATION, "第六条", "", "自2021年1月1日起施行，文件未载明有效期", True),
    (NATION, "第六条", "", "尚未施行（自2021年1月1日起施行）", False),
    (NATION, "第六条", "", "自2022年1月1日起施行，文件未载明有效期", False),
]


@pytest.mark.parametrize(("document", "label", "lead", "text", "stands"), FACTS)
def test_facts_about_a_document_are_recomputed(document, label, lead, text, stands):
    verdict = CHECKER.check(derived(text, cite(document, label), lead=lead), ask())
    assert verdict.ok is stands, verdict.reason


def test_time_is_judged_at_the_date_of_the_question():
    over = derived("行动期2024—2026年已结束，库内未见废止或延续文件", cite(ZHEJIANG, "一"))
    assert not CHECKER.check(over, ask()).ok
    assert CHECKER.check(over, replace(ask(), as_of=date(2027, 1, 1))).ok
    expired = derived("已失效（有效期至2026年8月31日）", cite(ANHUI, "七"))
    assert not CHECKER.check(expired, replace(ask(), as_of=date(2026, 8, 31))).ok
    assert CHECKER.check(expired, replace(ask(), as_of=date(2026, 9, 1))).ok


def test_a_revocation_in_the_corpus_is_seen():
    later = policy(
        "本办法自2027年1月1日起施行，浙政办发〔2024〕8号同时废止。",
        title="新办法",
        cites=("浙政办发〔2024〕8号",),
    )
    over = derived("行动期2024—2026年已结束，库内未见废止或延续文件", cite(ZHEJIANG, "一"))
    asked = replace(ask(), as_of=date(2027, 2, 1))
    assert CHECKER.check(over, asked).ok
    assert Checker((*EVERY, later)).check(over, asked).fault is Fault.DERIVED


def _target(province: str, words: str) -> Document:
    return policy(
        f"到2025年，{words}。",
        title=f"{province}实施意见",
        region=province,
        level="省",
        number=f"{province[0]}发〔2022〕1号",
    )


FUJIAN = _target("福建省", "培育省级以上单项冠军企业400家")
HUNAN = _target("湖南省", "培育省级以上单项冠军企业1000家")
HEBEI = _target("河北省", "新培育省级以上单项冠军企业600家")
YUNNAN = _target("云南省", "培育省级以上单项冠军企业500家左右")
GAPS = [
    (FUJIAN, HUNAN, "湖南省多600家", True),
    (FUJIAN, HUNAN, "湖南的单项冠军企业目标比福建多600家。", True),
    (FUJIAN, HUNAN, "两者相差600家。", True),
    (FUJIAN, HUNAN, "湖南更多", True),
    (FUJIAN, HUNAN, "福建省多600家", False),
    (FUJIAN, HUNAN, "湖南省多500家", False),
    (FUJIAN, HUNAN, "福建更多", False),
    (FUJIAN, HUNAN, "两者相同", False),
    (FUJIAN, HUNAN, "口径不同，不宜直接比较", False),
    (FUJIAN, FUJIAN, "两者相差0家。", False),
    (FUJIAN, HEBEI, "河北省多200家", False),
    (FUJIAN, HEBEI, "河北更多", False),
    (FUJIAN, HEBEI, "口径不同，不宜直接比较（福建省：省级以上；河北省：新培育、省级以上）", True),
    (FUJIAN, HEBEI, "口径不同，不宜直接比较（福建省：累计；河北省：新培育）", False),
    (FUJIAN, YUNNAN, "云南省多100家", False),
    (FUJIAN, YUNNAN, "云南省多约100家", True),
]


@pytest.mark.parametrize(("one", "other", "text", "stands"), GAPS)
def test_differences_are_recomputed_where_the_scopes_agree(one, other, text, stands):
    asked = ask("单项冠军企业目标谁更多？", topic="单项冠军企业目标")
    verdict = CHECKER.check(derived(text, cite(one, "前言"), cite(other, "前言")), asked)
    assert verdict.ok is stands, verdict.reason


YES_NO = [
    (NATION, "第四条", "服务机构可以向中小企业收取会员费吗？", "否", True),
    (NATION, "第四条", "服务机构可以向中小企业收取会员费吗？", "是", False),
    (NATION, "第四条", "服务机构是不是不得向中小企业收取会员费？", "是", True),
    (NATION, "第四条", "服务机构能不能向中小企业收取会员费？", "不能", True),
    (NATION, "第四条", "服务机构需要购买保险吗？", "是", False),
    (ANHUI, "三", "符合条件的企业有没有贷款贴息？", "有", True),
    (ANHUI, "三", "符合条件的企业有没有贷款贴息？", "没有", False),
    (ANHUI, "五", "预留给小微企业的比例是不低于70%吗？", "是", True),
    (ANHUI, "五", "预留给小微企业的比例是不低于80%吗？", "是", False),
    (ANHUI, "五", "预留给小微企业的比例是不低于80%吗？", "否", True),
    (
        ANHUI,
        "五",
        "预留给小微企业的比例是不低于70%吗？",
        "是，预留给小微企业的比例不低于70%（涉密项目除外）。",
        True,
    ),
    (
        ANHUI,
        "五",
        "预留给小微企业的比例是不低于70%吗？",
        "是，预留给小微企业的比例不低于80%（涉密项目除外）。",
        False,
    ),
]


@pytest.mark.parametrize(("document", "label", "question", "text", "stands"), YES_NO)
def test_yes_and_no_follow_from_the_cited_words(document, label, question, text, stands):
    topic = re.sub(r"可以|是不是|能不能|有没有|不得|需要|[吗？是]", "", question)
    verdict = CHECKER.check(derived(text, cite(document, label)), ask(question, topic=topic))
    assert verdict.ok is stands, verdict.reason
