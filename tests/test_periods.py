"""How long a plan lasts, asked of it by name; what a refusal repeats; how headings with quotes are quoted."""

from datetime import date

import pytest

from chat.answer import to_markdown
from chat.question import Turn
from chat.quoting.selection import quoted

PLAN = """甲市“百企上云”三年行动计划（2025—2027年）
甲工信发〔2025〕3号

一、“上云”企业培育。到2027年，培育上云企业300家。
二、对首次上云的中小企业，按服务费的50%给予补助，单个企业每年最高5万元。（市工业和信息化局负责）
三、鼓励银行开发上云贷款产品，支持企业融资。（市金融办负责）

甲市工业和信息化局
2025年3月20日
"""


@pytest.fixture(scope="module")
def assistant(assistant_of):
    return assistant_of(PLAN)


@pytest.mark.parametrize(
    "question",
    [
        "百企上云行动计划管到哪一年？",
        "百企上云三年行动计划从哪年做到哪年？",
        "百企上云行动计划到哪年结束？",
        "百企上云行动计划到哪一年为止？",
        "百企上云行动计划哪年收官？",
        "百企上云行动计划的截止时间",
    ],
)
def test_how_long_a_plan_lasts_is_told_by_its_period(assistant, question):
    answer = assistant.ask(question, as_of=date(2026, 6, 1))
    assert not answer.refused
    assert "2027" in to_markdown(answer)
    assert "300家" not in to_markdown(answer)


def test_a_refused_follow_up_is_repeated_after_the_question_that_it_goes_on_from(assistant):
    first = "甲市对博士给多少安家费？"
    refused = assistant.ask(first)
    assert refused.refused
    turns = (Turn("user", first), Turn("assistant", to_markdown(refused)))
    again = assistant.ask("那甲市呢？", turns)
    assert again.refused
    assert "“甲市对博士给多少安家费；那甲市呢”" in to_markdown(again)


def test_a_refused_new_matter_is_repeated_alone(assistant):
    turns = (Turn("user", "百企上云的补助是多少？"), Turn("assistant", "50%"))
    refused = assistant.ask("企业能不能免费使用无人机？", turns)
    assert refused.refused
    assert "百企上云的补助" not in to_markdown(refused)


def test_quotes_within_a_quoted_heading_are_single():
    assert quoted("“上云”企业培育") == "“‘上云’企业培育”"
