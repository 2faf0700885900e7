"""What stands under a heading is told where the heading is asked for."""

import pytest

from chat.answer import to_markdown

PLAN = """庚市开放型经济三年行动计划（2026—2028年）
庚政发〔2026〕6号

一、总体要求
（一）指导思想。坚持高水平开放，推动外贸稳规模优结构。
（二）行动目标。引导外贸企业稳订单、拓市场，打造一批开放平台，形成内外联动的新格局。
二、重点任务
（一）培育主体。支持企业参加境外展会，对展位费给予补助。
（二）建设平台。建设跨境电子商务综合试验区，完善海外仓布局。
三、工作要求
（一）加强统筹。建立市县联动机制，定期调度工作进展。
（二）强化宣传。及时总结推广典型经验，营造良好氛围。

庚市人民政府
2026年2月10日
"""


@pytest.fixture(scope="module")
def assistant(assistant_of):
    return assistant_of(PLAN)


@pytest.mark.parametrize(
    ("question", "holds", "not_held"),
    [
        ("庚市三年行动计划的工作要求", ["定期调度工作进展", "总结推广典型经验"], "展位费"),
        ("庚市三年行动计划的目标是什么", ["稳订单、拓市场"], "展位费"),
    ],
)
def test_a_section_asked_for_by_its_heading_is_told(assistant, question, holds, not_held) -> None:
    answer = assistant.ask(question)
    told = to_markdown(answer)
    assert not answer.refused
    assert [words for words in holds if words not in told] == []
    assert not_held not in told


def test_a_heading_that_is_not_there_is_not_told(assistant) -> None:
    assert assistant.ask("庚市三年行动计划的经费预算").refused
