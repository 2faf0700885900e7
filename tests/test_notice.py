"""Notices: what was not found, where to look, and nothing of the policy itself."""

from __future__ import annotations

import pytest

from chat.answer import Statement
from chat.check import Checker
from tests.check_toys import ANHUI, EVERY, ask, cite

CHECKER = Checker(EVERY)


NOTICES = [
    ("收录的政策未提及江苏省单项冠军企业的目标。", "江苏省单项冠军企业的目标是多少？", True),
    ("库内没有收录江苏省的政策，因此不能回答。", "江苏省单项冠军企业的目标是多少？", True),
    ("收录的政策未写明“2030年目标”的答案，因此不作回答。", "2030年目标是多少？", True),
    ("收录的政策未写明“奖励100万元”的答案。", "有没有奖励100万元？", True),
    ("库内共收录3份政策。", "收录了哪些？", True),
    ("《浙江省优质企业培育行动计划（2024—2026年）》（浙政办发〔2024〕8号）：", "浙江有哪些措施？", True),
    (
        "《浙江省优质企业培育行动计划（2024—2026年）》（浙政办发〔2024〕8号）未提及补贴。",
        "浙江有补贴吗？",
        True,
    ),
    ("未提及", "浙江有补贴吗？", True),
    ("以下条款最接近您的问题，请点击查看原文。", "怎么办？", True),
    ("库内共收录5份政策。", "收录了哪些？", False),
    ("收录的政策未提及奖励，一般为100万元。", "奖励多少？", False),
    ("未找到规定，可向省财政厅咨询。", "奖励多少？", False),
    ("请参见皖经信企业〔2023〕99号。", "奖励多少？", False),
    ("请参见《安徽省民营经济促进条例》。", "奖励多少？", False),
    ("未提及，请参考江苏省的政策。", "奖励多少？", False),
    ("企业可以获得贷款贴息。", "奖励多少？", False),
    ("国家大力支持中小企业发展，相关部门会提供帮助。", "奖励多少？", False),
    ("未提及金额，但企业应当及时申报。", "奖励多少？", False),
    ("到2027年的目标未提及。", "奖励多少？", False),
]


@pytest.mark.parametrize(("text", "question", "stands"), NOTICES)
def test_a_notice_asserts_nothing_of_the_policy(text, question, stands):
    verdict = CHECKER.check(Statement(text, kind="notice"), ask(question))
    assert verdict.ok is stands, verdict.reason


def test_a_notice_carries_no_citation():
    assert not CHECKER.check(Statement("未提及", (cite(ANHUI, "一"),), "notice"), ask()).ok


HELD = [
    ("库内收录的政策文件共3份：", True),
    ("库内收录的政策文件共4份：", False),
    ("库内收录的安徽省的政策文件共1份：", True),
    ("库内收录的安徽省的政策文件共2份：", False),
    ("库内收录的江苏省的政策文件共0份：", False),
    ("库内收录的2023年发布的政策文件共1份：", True),
    ("库内收录的2023年发布的政策文件共3份：", False),
    ("库内收录的标题含“专精特新”的政策文件共1份：", True),
    ("库内收录的标题含“专精特新”的政策文件共2份：", False),
    ("库内收录的发文机关含“安徽省财政厅”的政策文件共1份：", True),
    ("收录范围：国家1份、安徽省1份、浙江省1份。", True),
    ("收录范围：国家2份、安徽省1份。", False),
    ("收录范围：国家一份、安徽省1份。", False),
]


@pytest.mark.parametrize(("text", "stands"), HELD)
def test_what_the_corpus_holds_is_counted_again(text, stands):
    question = ask("收录了哪些专精特新、安徽省财政厅、2023年的文件？")
    verdict = CHECKER.check(Statement(text, kind="notice"), question)
    assert verdict.ok is stands, verdict.reason
