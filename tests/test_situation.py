"""Messages that tell a situation and then ask."""

import pytest

from chat.assistant import Assistant
from chat.question import Turn
from chat.situation import parted
from corpus.load import parse
from index.build import build_snapshot

CITY = (
    "九江市促进智能制造实施细则\n九府办发〔2026〕3号\n\n"
    "第一条 对企业购置智能设备的，按设备投资额的8%给予补助，单个企业每年最高200万元。\n"
    "第二条 申请企业上一年度研发费用不低于120万元。\n"
    "第三条 申报设备补助的，应当于每年3月31日前向市工业和信息化局提出申请，市工业和信息化局在20个工作日内完成审核。\n"
    "第四条 同一项目已获得省级补助的，不得重复申报。\n\n"
    "九江市人民政府办公室\n2026年1月20日\n"
)
NATION = (
    "工业和信息化部关于印发《国家级工业设计中心认定管理办法》的通知\n工信部政法〔2026〕4号\n\n"
    "第一条 申报国家级工业设计中心的，工业设计从业人员应当在50人以上。\n"
    "第二条 国家级工业设计中心每三年复核一次。\n\n工业和信息化部\n2026年1月20日\n"
)


@pytest.fixture(scope="module")
def assistant(embedder) -> Assistant:
    texts = {"市.txt": CITY, "国.txt": NATION}
    return Assistant(build_snapshot([parse(name, text) for name, text in texts.items()], embedder))


def told(assistant: Assistant, text: str) -> str:
    answer = assistant.ask(text)
    return "" if answer.refused else "\n".join(s.lead + s.text for s in answer.statements)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "您好，我们是九江一家做紧固件的小厂，2009年建的，八十来人，去年营收4000万。今年换了设备，设备补助能补百分之几？谢谢",
            "今年换了设备，设备补助能补百分之几？",
        ),
        ("设备补助怎么申请？我们在九江做阀门，2012年成立，三十来号人。", "设备补助怎么申请？"),
        ("我买了辆二手车，还在包修期里头，三包还认不认？", "我买了辆二手车，还在包修期里头，三包还认不认？"),
        (
            "我们公司2018年成立，62个人，去年营收2600万，研发投了110万，研发费用这一条够不够？",
            "研发投了110万，研发费用这一条够不够？",
        ),
        (
            "我们做模具的，三十来号人，2009年建厂，打个招呼。",
            "我们做模具的，三十来号人，2009年建厂，打个招呼。",
        ),
    ],
)
def test_what_asks_is_told_from_what_is_told(text, asked):
    assert parted(text, lambda words: 20.0).asked == asked


def test_what_stands_before_a_thin_question_is_kept():
    text = "我们是九江的小厂，八十来人，2009年建的。换了一批数控机床，花了五百来万。这种能补多少？顺便问一下"
    assert "数控机床" in parted(text, lambda words: float("机床" in words) * 20).asked


def test_kinds_of_enterprise_that_are_but_told_are_found():
    message = parted(
        "我们公司在九江，2009年成立，八十多人，去年评上国家级专精特新小巨人企业了。设备补助最高多少？",
        lambda words: 20.0,
    )
    assert "小巨人" in message.asked
    assert "2009年" in message.told


def test_the_year_of_founding_is_no_year_asked_about(assistant):
    text = "我们在九江做紧固件，2009年建的厂，现在八十多人，去年产值四千多万。今年换了一批智能设备，像这种设备投资能补百分之几？"
    assert "8%" in told(assistant, text)


def test_a_figure_told_beside_the_question_decides(assistant):
    text = "公司在九江，2018年成立，62个人，去年营收2600万，研发费用投了110万。想申请设备补助，研发费用这一条够不够？"
    assert told(assistant, text).startswith("否")


def test_the_nation_is_asked_where_the_asker_only_sits_elsewhere(assistant):
    text = "我们是佛山的家电企业，开了十几年，一千多人。想申报国家级工业设计中心，从业人员要多少人以上？"
    assert "50人以上" in told(assistant, text)


def test_national_policy_told_to_who_sits_elsewhere_is_said_to_be_so(assistant):
    history = [Turn("user", "国家级工业设计中心几年复核一次？"), Turn("assistant", "每三年复核一次。")]
    answer = assistant.ask("我们公司在沈阳，申报的话从业人员要多少人以上？", history)
    assert "50人以上" in "".join(s.text for s in answer.statements)
    assert any("沈阳" in warning for warning in answer.warnings)


def test_no_other_province_answers_for_one_that_is_not_held(assistant):
    history = [Turn("user", "国家级工业设计中心几年复核一次？"), Turn("assistant", "每三年复核一次。")]
    answer = assistant.ask("我们公司在沈阳，市里对购置智能设备补百分之几？", history)
    assert answer.refused
    assert "沈阳" in answer.statements[0].text


def test_who_sits_where_nothing_is_held_hears_so(assistant):
    text = "我们是佛山的家电企业，开了十几年，一千多人，去年营收两个亿。听说换设备市里给补助，补多少？"
    answer = assistant.ask(text)
    assert answer.refused
    assert "佛山" in answer.statements[0].text


def test_two_things_asked_of_one_clause_are_both_answered(assistant):
    said = told(assistant, "九江设备补助什么时候申报、报给谁、多少天审完？")
    assert "3月31日" in said
    assert "市工业和信息化局" in said


def test_the_words_of_a_refusal_are_those_that_ask(assistant):
    text = "我们在九江做紧固件，2009年建的厂，现在八十多人，去年产值四千多万。设备补助的咨询电话是多少？"
    answer = assistant.ask(text)
    assert answer.refused
    assert "2009年" not in answer.statements[0].text


def test_a_question_of_two_supports_is_not_answered_by_one(assistant):
    assert not told(assistant, "九江的设备补助和省里的补助能同时拿吗？").startswith("是")


def test_the_turns_before_may_be_told_at_length(assistant):
    history = [
        Turn("user", "我们是九江一家做阀门的小厂，1996年办的，一百来人。听说换智能设备有补助，最高多少？"),
        Turn("assistant", "单个企业每年最高200万元。"),
    ]
    assert "3月31日" in "".join(s.text for s in assistant.ask("什么时候申报？", history).statements)
