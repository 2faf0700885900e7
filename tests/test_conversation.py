"""Thanks, corrections and words that point back, within a conversation."""

import time
from dataclasses import replace

import pytest

from chat.assistant import Assistant
from chat.conversation import (
    asks_for_more,
    closed,
    corrected,
    is_courtesy,
    level_returned_to,
    pointed_at,
    resolved,
    without_return,
)
from chat.followup import in_full
from chat.question import Turn
from corpus.load import parse
from index.build import build_snapshot

PROVINCE = (
    "江西省促进智能制造若干措施\n赣府办发〔2026〕1号\n\n"
    "一、支持设备更新。对企业购置智能设备的，按设备投资额的10%给予补助，单个企业每年最高500万元。\n"
    "二、支持人才引进。对企业引进的博士，给予安家补贴30万元。\n\n江西省人民政府办公厅\n2026年1月5日\n"
)
CITY = (
    "九江市促进智能制造实施细则\n九府办发〔2026〕3号\n\n"
    "第一条 对企业购置智能设备的，按设备投资额的8%给予补助，单个企业每年最高200万元。\n"
    "第二条 对企业首次上云，按服务费的30%给予补助，最高12万元。\n"
    "第三条 设备补助由市工业和信息化局受理。\n\n九江市人民政府办公室\n2026年1月20日\n"
)


@pytest.fixture(scope="module")
def assistant(embedder) -> Assistant:
    texts = {"省.txt": PROVINCE, "市.txt": CITY}
    return Assistant(build_snapshot([parse(name, text) for name, text in texts.items()], embedder))


def after(*said: str) -> list[Turn]:
    return [Turn("user" if place % 2 == 0 else "assistant", text) for place, text in enumerate(said)]


def told(assistant: Assistant, text: str, history: list[Turn]) -> str:
    answer = assistant.ask(text, history)
    return "" if answer.refused else "\n".join(s.lead + s.text for s in answer.statements)


@pytest.mark.parametrize("text", ["好的，谢谢啦", "明白了", "謝謝", "OK", "您好"])
def test_thanks_and_greetings_are_known(text):
    assert is_courtesy(text)


@pytest.mark.parametrize("text", ["谢谢，那湖北呢", "好的补贴有哪些", ""])
def test_what_asks_is_no_courtesy(text):
    assert not is_courtesy(text)


@pytest.mark.parametrize("text", ["嗯" * 40 + "补多少", "谢谢" * 500, "好的" * 500 + "补多少"])
def test_no_text_is_read_in_many_ways(text):
    began = time.process_time()
    assert not is_courtesy(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "text", ["不对外开放的实验室能申报吗？", "写错了名字怎么办", "这个补助没有上限，是吗？"]
)
def test_what_is_no_correction_is_left_alone(text):
    assert corrected(text) == (text, "")


@pytest.mark.parametrize(
    ("text", "meant", "denied"),
    [
        ("不是，我问的是房租，要交多少？", "房租，要交多少？", ""),
        (
            "哎不对，我说错了，我们不是做食品的，是做桶的，补多少？",
            "做桶的，补多少？",
            "我们不是做食品的，是",
        ),
        ("说错了，厂在本县，不是外县的。补多少？", "厂在本县。补多少？", "，不是外县的"),
        ("这算不算，也补吗？", "这算不算，也补吗？", ""),
    ],
)
def test_a_correction_is_read_without_what_it_takes_back(text, meant, denied):
    assert corrected(text) == (meant, denied)


def test_words_that_point_back():
    assert pointed_at("九江的，跟你一开始说的那个比，哪个高？") == ("first", "九江的，哪个高？")
    assert pointed_at("九江的跟刚才说的这个比谁高？")[0] == "last"
    assert pointed_at("跟九江的比谁高？") == ("", "跟九江的比谁高？")
    assert level_returned_to("回到省里那份，最高多少") == "省"
    assert level_returned_to("那省里呢") == "省"
    assert level_returned_to("省级技术中心呢") == "省"
    assert level_returned_to("钱由省里出吗") == ""
    assert without_return("回到九江，最高多少") == "九江，最高多少"
    assert closed("九江的清楚了，谢谢。省里给博士多少安家费？") == "省里给博士多少安家费？"
    assert closed("清楚了") == ""
    assert closed("清楚了，资金多久拨付？") == ""
    assert pointed_at("新办法和之前相比，最高补助有什么变化？")[0] == ""
    assert level_returned_to("超市里这类充电桩补多少") == ""
    assert resolved("目前项目资金多久拨付？", ["一是租房补贴；二是场地补贴。"]) == "目前项目资金多久拨付？"
    assert closed("知道了，那由谁负责受理？") == ""
    assert closed("好的，明白了，由谁负责受理？") == ""
    assert asks_for_more("还有别的吗？")
    assert not asks_for_more("研发方面除了设备补助之外还有别的什么支持可以申请吗？")


@pytest.mark.parametrize(
    ("text", "answer", "meant"),
    [
        ("后一种要什么条件", "有两种：一是租房补贴；二是场地租金补贴。", "场地租金补贴要什么条件"),
        (
            "第一个最高多少",
            "《细则》：\n\n- 第三条：设备补助，按8%[1]\n- 第八条：上云补助。[2]",
            "设备补助最高多少",
        ),
        ("第三个呢", "一是租房补贴；二是场地补贴。", "第三个呢"),
        ("后一种要什么条件", "按8%给予补助。", "后一种要什么条件"),
    ],
)
def test_what_an_answer_counted_up_can_be_pointed_at(text, answer, meant):
    assert resolved(text, [answer, "由市工业和信息化局受理。"]) == meant


@pytest.mark.parametrize(
    ("question", "history", "holds"),
    [
        (
            "那省里呢？",
            after(
                "九江购置智能设备最高补多少？",
                "单个企业每年最高200万元。",
            ),
            "500万元",
        ),
        (
            "九江的跟你一开始说的那个比，哪个高？",
            after("江西省里购置智能设备最高补多少？", "500万元。", "引进博士给多少？", "30万元。"),
            "200万元",
        ),
        (
            "由哪个部门受理？",
            after("九江购置智能设备补几成？", "8%。", "好的，谢谢", "不客气。"),
            "市工业和信息化局",
        ),
        (
            "九江的清楚了，谢谢。另外打听一下，江西省里引进博士，安家补贴给多少？",
            after("九江首次上云最高补多少？", "最高12万元。"),
            "30万元",
        ),
    ],
)
def test_a_turn_is_understood_by_the_whole_conversation(assistant, question, history, holds):
    assert holds in told(assistant, question, history)


@pytest.mark.parametrize(
    ("text", "said"), [("谢谢", "不客气"), ("您好", "请用一句话"), ("好的，明白了", "请接着问")]
)
def test_thanks_get_an_answer_in_kind(assistant, text, said):
    answer = assistant.ask(text)
    assert answer.refused
    assert said in answer.statements[0].text


def test_a_follow_up_is_read_in_full_without_what_it_replaces(assistant):
    history = after("江西省里购置智能设备最高补多少？", "500万元。")
    whole = in_full(assistant.understand("要是在九江报呢", history))
    assert whole is not None
    assert "购置智能设备最高补多少" in whole.standalone
    assert "江西省里" not in whole.standalone
    assert in_full(assistant.understand("九江购置智能设备最高补多少？")) is None


@pytest.mark.parametrize(
    ("alone", "full", "taken"), [(0.15, 0.8, True), (0.02, 0.8, False), (0.15, 0.2, False), (0.6, 0.8, False)]
)
def test_a_follow_up_that_hardly_finds_an_answer_is_read_in_full(assistant, monkeypatch, alone, full, taken):
    question = assistant.understand("那最高呢", after("九江购置智能设备补几成？", "8%。"))
    whole = in_full(question)
    assert whole is not None
    select = assistant._select

    def selected(asked):
        read = asked.standalone == whole.standalone
        return replace(select(asked), confidence=full if read else alone)

    monkeypatch.setattr(assistant, "_select", selected)
    assert (assistant._found(question).question.standalone == whole.standalone) is taken


def test_a_follow_up_read_in_full_must_speak_of_what_it_names_itself(assistant, monkeypatch):
    question = assistant.understand("那厂房租金最高呢", after("九江购置智能设备补几成？", "8%。"))
    whole = in_full(question)
    assert whole is not None
    select = assistant._select

    def selected(asked):
        return replace(select(asked), confidence=0.8 if asked.standalone == whole.standalone else 0.15)

    monkeypatch.setattr(assistant, "_select", selected)
    assert assistant._found(question).question.standalone == question.standalone


def test_a_thin_question_of_another_place_asks_the_same(assistant):
    question = assistant.understand(
        "九江自己定的是多少？", after("江西省里购置智能设备最高补多少？", "500万元。")
    )
    assert "设备" in {term.word for term in question.terms}


def test_a_level_in_the_place_of_another_asks_all_else_as_before(embedder):
    made = Assistant(
        build_snapshot(
            [
                parse(
                    "渔.txt",
                    "甲省渔业措施\n甲政办发〔2026〕1号\n\n第一条 对国家级水产良种场奖励200万元，省级水产良种场奖励60万元。\n"
                    "第二条 省级财政统筹安排专项资金30亿元。\n\n甲省人民政府办公厅\n2026年1月5日\n",
                )
            ],
            embedder,
        )
    )
    question = made.understand("省级的呢？", after("国家级水产良种场奖励多少？", "200万元。"))
    weights = {term.word: term.weight for term in question.terms}
    alone = {term.word: term.weight for term in made.understand("国家级水产良种场奖励多少？").terms}
    assert weights["良种场"] == alone["良种场"]
    assert "国家级" not in weights
    assert "60万元" in told(made, "省级的呢？", after("国家级水产良种场奖励多少？", "200万元。"))
