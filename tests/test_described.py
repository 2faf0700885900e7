"""Documents named by what people know of them, follow-ups that ask the same of something else, and what is not held."""

from datetime import date

import pytest

from chat.answer import Reason
from chat.assistant import Assistant
from chat.naming import Catalog
from chat.question import Kind, Turn
from corpus.load import parse
from index.build import build_snapshot

DAY = date(2026, 11, 26)
PLAN = """工业和信息化部 财政部 商务部关于印发《促进甲乙两岸融合三年行动计划》的通知

工信部联企〔2021〕12号

一、行动目标
到2023年，培育融合示范企业300家，融合服务机构80家。
二、保障措施
（一）各省编制《两岸融合实施清单》，由省级工业和信息化主管部门负责，每年6月底前报送。
（二）各地依照《两岸融合促进条例》开展工作。单项产品市场占有率居前的企业优先支持。

工业和信息化部
财政部
商务部
2021年3月5日
"""
PROVINCE = """安徽省促进两岸融合实施意见

皖工信〔2022〕7号

一、主要目标
到2025年，培育融合示范企业60家，融合服务机构20家。
二、支持措施
对融合示范企业按租金的七折收取厂房租金。
安徽省工业和信息化厅
2022年5月6日
"""


@pytest.fixture(scope="module")
def documents():
    return [parse("plan.txt", PLAN), parse("province.txt", PROVINCE)]


@pytest.fixture(scope="module")
def assistant(documents, embedder):
    return Assistant(build_snapshot(documents, embedder))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2021年那个三年计划的目标是多少", ["工信部联企〔2021〕12号"]),
        ("三家单位联合发的文件", ["工信部联企〔2021〕12号"]),
        ("2022年那份两岸的意见", ["皖工信〔2022〕7号"]),
        ("2022年那份两岸的办法", []),
        ("2021年那份两岸的三年行动计划", ["工信部联企〔2021〕12号"]),
        ("我们三年计划投产", []),
        ("我们三家单位联合申报行不行", []),
        ("我们一家单位能申报吗", []),
    ],
)
def test_documents_are_found_by_what_people_know_of_them(documents, text, numbers):
    catalog = Catalog.of(documents)
    by_id = {document.id: document.number for document in documents}
    assert [by_id[i] for i in catalog.find_documents(text).documents] == numbers


def test_a_way_of_doing_something_is_no_law(documents):
    assert Catalog.of(documents).find_documents("环评手续能省事不，咋个省法").missing == ()


def test_a_title_of_what_is_to_be_made_is_no_missing_document(documents):
    catalog = Catalog.of(documents)
    assert catalog.find_documents("《两岸融合实施清单》由谁编制").missing == ()
    assert catalog.find_documents("《两岸融合促进条例》由谁制定").missing == ("《两岸融合促进条例》",)
    assert catalog.find_documents("《两岸融合实施清单》第三条是什么").missing == ("《两岸融合实施清单》",)


def test_a_follow_up_asks_the_same_of_something_else(assistant):
    history = [Turn("user", "安徽到2025年融合示范企业的目标是多少？"), Turn("assistant", "60家")]
    question = assistant.understand("那融合服务机构呢？", history, as_of=DAY)
    assert question.kind is Kind.NUMBER
    told = assistant.ask("那融合服务机构呢？", history, as_of=DAY)
    assert told.statements[0].text.startswith("融合服务机构20家")


def test_a_follow_up_with_its_own_question_word_keeps_its_kind(assistant):
    history = [Turn("user", "安徽到2025年融合示范企业的目标是多少？"), Turn("assistant", "60家")]
    assert assistant.understand("那由谁负责呢？", history, as_of=DAY).kind is Kind.WHO


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("安徽和云南的融合示范企业目标哪个更高？", Reason.NO_REGION),
        ("2026—2028年的促进甲乙两岸融合三年行动计划是什么时候印发的？", Reason.NO_DOCUMENT),
    ],
)
def test_what_is_not_held_is_named(assistant, question, reason):
    told = assistant.ask(question, as_of=DAY)
    assert told.reason is reason


def test_an_office_is_not_told_by_its_department(assistant):
    assert assistant.ask("《两岸融合实施清单》由哪个处室负责？", as_of=DAY).refused


def test_a_whole_matter_that_the_region_does_not_speak_of_leaves_it(assistant):
    history = [Turn("user", "安徽到2025年融合示范企业的目标是多少？"), Turn("assistant", "60家")]
    asked = "单项产品市场占有率居前的企业能得到优先支持吗？"
    assert "安徽省" in assistant.understand(asked, history, as_of=DAY).regions
    told = assistant.ask(asked, history, as_of=DAY)
    assert not told.question.regions
    assert told.citations[0].document.number == "工信部联企〔2021〕12号"
    kept = assistant.ask("由谁负责？", history, as_of=DAY)
    assert "安徽省" in kept.question.regions
