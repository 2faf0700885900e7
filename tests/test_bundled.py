"""Questions as people put them, over the policies that the system ships with."""

import pytest

from chat.answer import to_markdown
from chat.assistant import Assistant
from chat.question import Turn
from corpus.load import load_documents
from index.build import build_snapshot
from settings import ROOT


@pytest.fixture(scope="module")
def assistant(embedder) -> Assistant:
    return Assistant(build_snapshot(load_documents([ROOT / "corpus" / "documents"]).documents, embedder))


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("携手行动里首台套的中小企业产品归哪些部门推？", "科技部、工业和信息化部、国资委、全国工商联"),
        ("政府采购要给中小企业留多少份额", "30%以上"),
        ("山东万名数字专员是干嘛的", "万名数字专员"),
        ("十一部门是哪十一个", "国家知识产权局"),
        ("三年行动计划到哪一年为止", "2018—2021年"),
        ("六部门指导意见里优质企业包括哪几类", "产业链领航企业"),
        ("创客中国大赛有什么新安排", "赛道赛"),
        ("湖北到2025年要培育多少家单项冠军企业？电话13812345678", "1000家"),
    ],
)
def test_plain_questions_are_answered(assistant, question, holds) -> None:
    answer = assistant.ask(question)
    assert not answer.refused
    assert holds in to_markdown(answer)


def test_which_national_document_is_asked_of_the_province(assistant) -> None:
    answer = assistant.ask("山东意见落实的是哪份国家文件")
    assert {citation.document.region for citation in answer.citations} == {"山东省"}


def test_what_is_cleared_away_is_not_allowed(assistant) -> None:
    answer = assistant.ask("大企业能不能随便拖中小企业的货款")
    assert not any(statement.text == "是" for statement in answer.statements)


def test_a_list_holds_what_is_asked_about_alone(assistant) -> None:
    told = [s.text for s in assistant.ask("绿色制造方面有什么鼓励").statements if s.citations]
    assert told
    assert all("绿色" in text for text in told)


@pytest.mark.parametrize(
    ("question", "word", "count"),
    [
        ("哪些文件提到了工业互联网", "工业互联网", 4),
        ("有没有政策提到出海", "出海", 2),
        ("山东有没有文件提到上市？", "上市", 1),
    ],
)
def test_which_documents_speak_of_something_is_told_by_their_sentences(
    assistant, question, word, count
) -> None:
    answer = assistant.ask(question)
    assert f"提到“{word}”的政策文件共{count}份" in to_markdown(answer)
    assert len({citation.document.id for citation in answer.citations}) == count
    assert all(word in citation.quote for citation in answer.citations)


def test_documents_that_speak_of_it_in_part_are_not_listed(assistant) -> None:
    assert assistant.ask("有没有文件提到海外仓").refused
    assert assistant.ask("哪些文件规定了企业要交多少钱").refused


@pytest.mark.parametrize(
    ("question", "holds", "not_held"),
    [
        ("我是武汉的一家专精特新企业，想融资，有什么办法", "多元化融资", "2000家"),
        ("山东的单项冠军企业想上市，省里有啥支持", "上市融资", "400家"),
    ],
)
def test_the_asker_does_not_lead_away_from_the_wish(assistant, question, holds, not_held) -> None:
    told = to_markdown(assistant.ask(question))
    assert holds in told
    assert not_held not in told


@pytest.mark.parametrize(
    ("first", "then", "holds"),
    [
        ("六部门指导意见怎么支持融资", "三年行动计划呢", "应收账款融资"),
        ("携手行动对人才有什么措施", "那2018年的计划里怎么说", "人才工作站"),
    ],
)
def test_of_a_document_named_instead_the_same_is_asked(assistant, first, then, holds) -> None:
    turns = (Turn("user", first), Turn("assistant", to_markdown(assistant.ask(first))))
    answer = assistant.ask(then, turns)
    assert not answer.refused
    assert holds in to_markdown(answer)


def test_a_document_called_by_its_year_is_not_searched_for_by_these_words(assistant) -> None:
    assert "人才工作站" in to_markdown(assistant.ask("2018年那份文件对人才有什么措施"))


def test_the_wish_keeps_script_and_place(assistant) -> None:
    answer = assistant.ask("我是武漢的一家專精特新企業，想融資，有什麼辦法")
    assert answer.question.script == "traditional"
    assert "融資" in to_markdown(answer)
    assert {citation.document.region for citation in answer.citations} == {"湖北省"}
