"""Quotations: exact slices of whole sentences, under leads that are true."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chat.answer import Citation, Statement
from chat.check import Checker, Fault
from tests.check_toys import ANHUI, EVERY, NATION, ZHEJIANG, ask, cite, clause_of, derived

CHECKER = Checker(EVERY)


def quoted(text: str, *citations: Citation, lead: str = "") -> Statement:
    return Statement(text, citations, "quoted", lead)


def test_a_quotation_is_an_exact_slice_of_whole_sentences():
    sentence = "鼓励银行机构开发信用贷款产品，逐步扩大中长期贷款规模。"
    citation = cite(ANHUI, "三", sentence)
    assert CHECKER.check(quoted(sentence, citation), ask()).ok
    assert CHECKER.check(quoted(sentence.rstrip("。"), citation), ask()).ok
    assert CHECKER.check(quoted(f"**{sentence}**", citation), ask()).ok
    for text in (
        sentence.replace("逐步", ""),
        sentence.replace("信用", "抵押"),
        sentence + "贷款免息。",
        sentence[2:],
    ):
        assert CHECKER.check(quoted(text, citation), ask()).fault is Fault.QUOTE


def test_a_sentence_is_not_cut_in_the_middle():
    for part in (
        "鼓励银行机构开发信用贷款产品，",
        "逐步扩大中长期贷款规模。",
        "开发信用贷款产品，逐步扩大中长期贷款规模。",
    ):
        assert CHECKER.check(quoted(part, cite(ANHUI, "三", part)), ask()).fault is Fault.QUOTE
    # An exception in brackets belongs to its sentence.
    part = "其中预留给小微企业的比例不低于70%"
    assert not CHECKER.check(quoted(part, cite(ANHUI, "五", part)), ask()).ok


def test_the_list_of_departments_may_be_quoted_alone_and_left_out():
    duty = "省财政厅牵头，省经济和信息化厅配合"
    assert CHECKER.check(quoted(duty, cite(ANHUI, "二", duty)), ask()).ok
    rest = "原则上同一企业三年内不得重复享受。"
    assert CHECKER.check(quoted(rest, cite(ANHUI, "二", rest)), ask()).ok


def test_a_label_may_be_left_out_but_not_exchanged():
    citation = cite(NATION, "第四条")
    body = clause_of(NATION, "第四条").body
    assert CHECKER.check(quoted(body, citation), ask()).ok
    assert CHECKER.check(quoted(f"第四条 {body}", citation), ask()).ok
    assert not CHECKER.check(quoted(f"第五条 {body}", citation), ask()).ok


def test_a_citation_must_lie_within_its_clause():
    citation = cite(ANHUI, "三")
    for start, end in (
        (citation.start - 5, citation.end),
        (citation.start, citation.end + 5),
        (citation.end, citation.end),
    ):
        moved = replace(citation, start=start, end=end)
        assert CHECKER.check(quoted(moved.quote or "无", moved), ask()).fault is Fault.CITATION
    assert CHECKER.check(quoted("鼓励银行机构开发信用贷款产品。"), ask()).fault is Fault.CITATION


LEADS = [
    ("《安徽省支持专精特新中小企业发展若干措施》（皖经信企业〔2023〕12号）三：", True),
    ("安徽：", True),
    ("责任单位：", True),
    ("《安徽省支持专精特新中小企业发展若干措施》（皖经信企业〔2023〕21号）三：", False),
    ("《浙江省优质企业培育行动计划（2024—2026年）》：", False),
    ("浙江省：", False),
    ("国家要求：", False),
    ("《安徽省支持专精特新中小企业发展若干措施》四：", False),
    ("贴息50%：", False),
    ("省商务厅：", False),
]


@pytest.mark.parametrize(("lead", "stands"), LEADS)
def test_leads_are_checked_too(lead, stands):
    sentence = "对符合条件的企业，可给予不低于40%的贷款贴息，贴息期限最长2年。"
    assert CHECKER.check(quoted(sentence, cite(ANHUI, "三", sentence), lead=lead), ask()).ok is stands


def test_a_lead_gives_departments_no_other_role():
    citation = cite(ANHUI, "二")
    assert CHECKER.check(derived("省财政厅", citation, lead="牵头单位："), ask()).ok
    assert not CHECKER.check(derived("省经济和信息化厅", citation, lead="牵头单位："), ask()).ok
    assert CHECKER.check(derived("省经济和信息化厅", citation, lead="配合单位："), ask()).ok


def test_a_document_of_a_region_not_asked_about_is_never_cited():
    sentence = "推动千家企业上云，设立规模不少于100亿元的产业基金，基金存续期为七至十年。"
    statement = quoted(sentence, cite(ZHEJIANG, "三", sentence))
    assert CHECKER.check(statement, ask(regions=("浙江省",))).ok
    assert CHECKER.check(statement, ask(regions=("安徽省", "浙江省"))).ok
    assert CHECKER.check(statement, ask(regions=("安徽省",))).fault is Fault.REGION
    article = clause_of(NATION, "第四条").body
    assert CHECKER.check(quoted(article, cite(NATION, "第四条")), ask(regions=("安徽省",))).ok
