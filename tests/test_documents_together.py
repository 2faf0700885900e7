"""What documents say of each other and of themselves: repeal, validity, tables side by side, what is not stated."""

from datetime import date

import pytest

from chat.answer import Answer, Reason, to_markdown
from chat.assistant import Assistant
from corpus.load import parse
from index.build import build_snapshot
from index.embedder import load_embedder
from settings import ROOT

DAY = date(2026, 11, 25)
PROVINCE = """山西省储能发展实施意见

晋政办发〔2025〕36号

一、支持措施
（一）放电补贴。对用户侧储能项目，按实际放电量给予每千瓦时0.3元补贴，连续补贴2年。
（二）人才支撑。引进储能领军人才的，给予最高500万元科研经费支持。
二、附则
本意见自2025年11月1日起施行，有效期5年。
"""
CITY = """大同市储能项目补贴办法

同政办规〔2026〕5号

第一条 为支持储能项目建设，制定本办法。
第二条 放电补贴标准按照下表执行：

| 项目类型 | 补贴标准 | 补贴期限 |
|---|---|---|
| 用户侧储能放电补贴 | 按放电量每千瓦时0.2元 | 连续3年 |
| 电网侧储能放电补贴 | 按放电量每千瓦时0.1元 | 连续1年 |

第三条 享受补贴的项目五年内不得迁出大同市，违反的应当退回补贴资金。
第四条 本办法自2026年2月1日起施行，有效期2年。《大同市储能补贴试行办法》（同政办规〔2022〕9号）同时废止。
"""
COUNTY = """德清县民宿发展工作方案

德政办发〔2022〕31号

一、支持内容。对新开办的民宿，给予5万元一次性补助。
二、本方案自2022年10月1日起施行，有效期至2025年9月30日。
"""


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    documents = [parse(f"{n}.txt", text) for n, text in enumerate((PROVINCE, CITY, COUNTY))]
    return Assistant(build_snapshot(documents, load_embedder(str(ROOT / "index" / "weights"))))


def ask(assistant: Assistant, question: str) -> tuple[Answer, str]:
    answer = assistant.ask(question, as_of=DAY)
    return answer, to_markdown(answer).replace("*", "")


def test_a_row_of_a_table_stands_beside_a_sentence(assistant: Assistant) -> None:
    answer, text = ask(assistant, "用户侧储能的放电补贴标准，山西省和大同市有什么不同？")
    assert not answer.refused
    assert answer.dropped == ()
    assert ("0.3元" in text, "0.2元" in text, "0.1元" in text) == (True, True, False)


def test_a_city_whose_name_is_a_word_is_known_by_its_documents(assistant: Assistant) -> None:
    _, text = ask(assistant, "领了大同的储能补贴，想把设备搬到外地去行不行？")
    assert "五年内不得迁出大同市" in text
    assert "山西省储能" not in text


def test_a_document_that_is_not_held_may_be_known_as_repealed(assistant: Assistant) -> None:
    answer, text = ask(assistant, "同政办规〔2022〕9号现在还有效吗？")
    assert not answer.refused
    assert "同时废止" in text
    other, _ = ask(assistant, "同政办规〔2022〕9号的补贴标准是多少？")
    assert other.reason is Reason.NO_DOCUMENT


@pytest.mark.parametrize(
    "question", ["山西省储能领军人才的认定条件是什么？", "大同市储能项目评审组组长是谁？"]
)
def test_what_a_near_clause_does_not_state_is_refused(assistant: Assistant, question: str) -> None:
    assert ask(assistant, question)[0].refused


def test_what_is_held_by_validity(assistant: Assistant) -> None:
    _, gone = ask(assistant, "库里有哪些文件已经过了有效期？")
    assert ("德政办发〔2022〕31号" in gone, "同政办规〔2026〕5号" in gone) == (True, False)
    _, held = ask(assistant, "你这儿有没有县里头发的政策？")
    assert ("德政办发〔2022〕31号" in held, "晋政办发〔2025〕36号" in held) == (True, False)


def test_the_term_is_cited_where_it_stands(assistant: Assistant) -> None:
    answer, _ = ask(assistant, "德清县民宿发展工作方案还有效吗？")
    assert any("有效期至2025年9月30日" in citation.quote for citation in answer.citations)
