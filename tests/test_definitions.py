"""What something means is told by the sentence that defines it."""

import pytest

from chat.assistant import Assistant
from corpus.load import load_documents, parse
from index.build import build_snapshot
from settings import ROOT

CITY = (
    "庚市未来工厂培育办法\n庚政发〔2026〕3号\n\n"
    "为加快培育发展以未来工厂、灯塔工厂为代表的优质企业，现制定本办法。\n"
    "第一条 到2028年，培育未来工厂60家、灯塔工厂3家。\n"
    "第二条 未来工厂是指全面应用智能装备、实现数据驱动的制造企业。\n"
    "第三条 灯塔工厂的中期评价于培育期第18个月开展，评价结果每两年公布一次。\n"
    "第四条 对认定为市级绿色工厂的企业，给予一次性奖励20万元。\n"
    "第五条 市工业和信息化局对未来工厂进行复核。\n\n庚市人民政府\n2026年1月20日\n"
)


@pytest.fixture(scope="module")
def policies(embedder) -> Assistant:
    return Assistant(build_snapshot(load_documents([ROOT / "corpus" / "documents"]).documents, embedder))


@pytest.fixture(scope="module")
def city(embedder) -> Assistant:
    return Assistant(build_snapshot([parse("庚市.txt", CITY)], embedder))


def told(assistant: Assistant, text: str) -> str:
    """What is quoted for a question."""
    return "".join(statement.text for statement in assistant.ask(text).statements)


@pytest.mark.parametrize(
    ("text", "defined"),
    [
        ("什么是领航企业？", "生态主导力"),
        ("单项冠军是什么意思", "长期专注于制造业某些特定细分产品市场"),
        ("融通发展是什么意思", "大中小企业融通发展是"),
    ],
)
def test_a_sentence_that_only_uses_the_word_gives_way(policies, text, defined) -> None:
    found = told(policies, text)
    assert defined in found
    assert "现提出以下意见" not in found


def test_each_of_several_is_defined(policies) -> None:
    rows = policies.ask("小巨人、单项冠军、领航企业三类分别是什么意思").statements
    assert [row.lead for row in rows if row.lead and row.form == "row"] == ["小巨人", "单项冠军", "领航企业"]
    assert not any("现提出以下意见" in row.text for row in rows)


def test_what_the_text_defines_outright_is_told(city) -> None:
    assert told(city, "未来工厂是指什么？").startswith("未来工厂是指")


def test_what_is_asked_by_its_place_is_told_though_it_is_no_date(city) -> None:
    assert "第18个月" in told(city, "灯塔工厂的中期评价安排在培育期第几个月？")


def test_how_often_is_not_told_by_a_number_of_firms(city) -> None:
    assert city.ask("未来工厂的复核几年一次？").refused
    assert "每两年" in told(city, "灯塔工厂的评价结果几年公布一次？")


def test_nobody_is_listed_where_a_city_awards(city) -> None:
    question = city.understand("企业评上市级绿色工厂奖励多少钱？")
    assert "上市" not in {term.word for term in question.terms}
    assert "市级" in {term.word for term in question.terms}
    assert "上市" in {term.word for term in city.understand("企业上市奖励多少钱？").terms}
