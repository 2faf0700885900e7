"""A short clause is told whole where one sentence of it does not surely answer."""

from dataclasses import replace

import pytest

from chat.answer import Statement
from chat.question import Kind
from chat.quoting.whole import told_whole

POLICY = """甲市扶持竹制品企业若干措施
甲政发〔2026〕11号

第一条 竹制品企业购置设备的，按设备投资额的12%给予补助。但已享受省级补助的设备除外。
第二条 竹制品企业租用厂房的，每平方米每月补助8元。申请时应当提交租赁合同、付款凭证、营业执照复印件、上一年度财务报表、厂房平面图、安全生产承诺书、信用承诺书、完税证明、社会保险缴纳证明、环境影响登记表、消防验收意见书、产品质量检验报告、商标注册证、出口报关单以及市林业局要求的其他材料，材料不全的，市林业局应当在五个工作日内一次告知，逾期不告知的，自收到材料之日起即为受理，受理后二十个工作日内完成审核，审核结果在市林业局网站公示七日，公示无异议的报市人民政府批准。

甲市人民政府
2026年2月20日
"""


@pytest.fixture(scope="module")
def assistant(assistant_of):
    return assistant_of(POLICY)


def quoted(assistant, question, word, confidence, kind, accepts=lambda _: True):
    """The statement that quotes the sentence with a word, as it is told."""
    selection = assistant._select(assistant.understand(question))
    selection = replace(selection, confidence=confidence, question=replace(selection.question, kind=kind))
    citation = next(c for c in selection.candidates if word in c.sentence.text).cite()
    told = Statement(citation.quote, (citation,), lead="第一条：")
    return [s.text for s in told_whole(selection, [told], accepts)]


@pytest.mark.parametrize(
    ("confidence", "kind", "whole"),
    [
        (0.6, Kind.NUMBER, True),
        (0.95, Kind.NUMBER, False),
        (0.95, Kind.OPEN, True),
        (None, Kind.WHO, False),
    ],
)
def test_what_limits_a_sentence_is_told_with_it(assistant, confidence, kind, whole):
    [text] = quoted(assistant, "竹制品企业购置设备补助百分之几？", "12%", confidence, kind)
    assert text.startswith("竹制品企业购置设备的")
    assert ("除外" in text) is whole


def test_a_long_clause_is_not_told_whole(assistant):
    [text] = quoted(assistant, "竹制品企业租用厂房补助多少？", "8元", 0.6, Kind.YES_NO)
    assert "租赁合同" not in text


def test_a_clause_is_told_once_and_within_the_length_of_an_answer(assistant):
    selection = assistant._select(assistant.understand("竹制品企业购置设备有什么规定？"))
    selection = replace(selection, confidence=0.5, question=replace(selection.question, kind=Kind.YES_NO))
    parts = [
        c.cite() for c in selection.candidates if c.clause.label == "第一条" and c.sentence.role == "body"
    ]
    assert len(parts) == 2
    told = [Statement(part.quote, (part,)) for part in parts]
    assert len(list(told_whole(selection, told, lambda _: True))) == 1
    crowded = [*told, Statement("很长" * 120, kind="notice")]
    assert [s.text for s in told_whole(selection, crowded, lambda _: True)] == [s.text for s in crowded]
    beside = [told[0], Statement("另见一处相近的规定：", kind="notice"), told[1]]
    assert [s.kind for s in told_whole(selection, beside, lambda _: True)] == ["quoted"]


def test_what_fails_the_check_stays_as_it_was(assistant):
    [text] = quoted(assistant, "竹制品企业购置设备补助百分之几？", "12%", 0.6, Kind.NUMBER, lambda _: False)
    assert "除外" not in text


def test_a_figure_cites_the_clause_that_is_told_whole(assistant):
    selection = assistant._select(assistant.understand("竹制品企业购置设备补助百分之几？"))
    selection = replace(selection, confidence=0.6, question=replace(selection.question, kind=Kind.NUMBER))
    part = next(c for c in selection.candidates if "12%" in c.sentence.text).cite()
    figure = Statement("按设备投资额的12%给予补助", (part,), "derived", form="figure")
    told = list(told_whole(selection, [figure, Statement(part.quote, (part,))], lambda _: True))
    assert len({statement.citations for statement in told}) == 1
    assert "除外" in told[1].text
