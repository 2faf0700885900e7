"""What a document speaks of, told by why it was made and by its headings."""

import pytest

from chat.answer import Reason, to_markdown
from chat.assistant import Assistant
from chat.question import Aspect, Turn
from corpus.load import load_documents, parse
from index.build import build_snapshot
from settings import ROOT

CHAPTERED = (
    "壬市首贷贴息实施细则\n壬财金〔2026〕2号\n\n第一章  总  则\n"
    "第一条 为缓解小微企业融资难，制定本细则。\n第二章 贴息条件和标准\n第二条 对首次贷款的企业，按2%给予贴息。\n"
    "第三章 申报和拨付\n第三条 企业应当于每年3月31日前申报。\n\n壬市财政局\n2026年1月20日\n"
)
PLAIN = (
    "癸市人才公寓管理办法\n癸人社〔2026〕4号\n\n第一条 本办法适用于市属人才公寓。\n第二条 租金按市场价的50%收取。\n"
    "第三条 租期不超过5年。\n\n癸市人力资源和社会保障局\n2026年1月20日\n"
)


@pytest.fixture(scope="module")
def policies(embedder) -> Assistant:
    return Assistant(build_snapshot(load_documents([ROOT / "corpus" / "documents"]).documents, embedder))


@pytest.fixture(scope="module")
def cities(embedder) -> Assistant:
    parsed = [parse("壬市.txt", CHAPTERED), parse("癸市.txt", PLAIN)]
    return Assistant(build_snapshot(parsed, embedder))


@pytest.mark.parametrize(
    "text",
    [
        "携手行动主要讲了什么？",
        "工信部联企业〔2022〕54号讲的是什么",
        "介绍一下携手行动",
        "《十一部门关于开展“携手行动”促进大中小企业融通创新(2022-2025年)的通知》有哪些内容",
        "携手行動講了什麼",
    ],
)
def test_a_document_is_told_by_its_parts(policies, text) -> None:
    answer = policies.ask(text)
    assert answer.question.aspects == (Aspect.CONTENTS,)
    assert len(answer.citations) == 8  # with the one that its period is over
    bullets = [statement.text for statement in answer.statements if statement.form == "bullet"]
    assert len(bullets) == 7
    assert not answer.dropped
    told = to_markdown(answer)
    assert len(told) < 700
    assert "创新链" in told or "創新鏈" in told


def test_of_more_parts_than_there_is_room_for_the_original_is_named(policies) -> None:
    told = to_markdown(policies.ask("六部门指导意见讲了什么"))
    assert "其余部分请查看原文。" in told


def test_of_several_documents_why_they_were_made_is_told(policies) -> None:
    answer = policies.ask("国家的政策都讲了什么")
    assert len({citation.document.id for citation in answer.citations}) == 3
    assert not [statement for statement in answer.statements if statement.form == "bullet"]


@pytest.mark.parametrize(
    "text", ["携手行动对数字化讲了什么", "请概括携手行动的重点任务", "湖北的人才政策有哪些内容"]
)
def test_a_matter_within_a_document_is_no_question_about_its_contents(policies, text) -> None:
    assert Aspect.CONTENTS not in policies.understand(text).aspects


@pytest.mark.parametrize("text", ["那它主要讲了什么？", "这份文件讲了什么"])
def test_the_document_of_the_turn_before_is_meant(policies, text) -> None:
    turns = [Turn("user", "携手行动什么时候结束"), Turn("assistant", "2025年结束。")]
    assert "创新链" in to_markdown(policies.ask(text, turns))
    assert policies.ask(text).reason is Reason.OFF_TOPIC


def test_a_document_may_be_called_by_its_matter(cities) -> None:
    answer = cities.ask("首贷贴息细则说了啥")
    assert [statement.text for statement in answer.statements if statement.form == "bullet"] == [
        "第一章  总  则",
        "第二章 贴息条件和标准",
        "第三章 申报和拨付",
    ]
    assert Aspect.CONTENTS not in cities.understand("补贴政策说了啥").aspects


def test_where_there_are_no_headings_the_clauses_tell(cities) -> None:
    told = to_markdown(cities.ask("人才公寓管理办法主要内容是什么"))
    assert "本办法适用于市属人才公寓。" in told
    assert "租期不超过5年。" in told
