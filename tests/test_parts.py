"""Several questions in one turn: how they are parted, and that each is answered."""

import pytest

from chat.assistant import Assistant
from chat.parts import parts_of
from corpus.load import parse
from index.build import build_snapshot
from index.embedder import load_embedder
from settings import ROOT

WEIGHTS = str(ROOT / "index" / "weights")

SOURCE = """青川市首贷贴息办法

青财金〔2026〕3号

第一条 为支持企业融资，制定本办法。
第二条 对首次贷款的小微企业，按年化2个百分点给予贴息，单个企业每年最高不超过8万元。
第三条 申请贴息应当提交下列材料：
（一）贴息申请表；
（二）借款合同复印件；
（三）利息支付凭证。
第四条 贴息由市地方金融管理局审核，市财政局拨付。
第五条 同一笔贷款不得重复享受贴息。
"""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("比例是多少，封顶多少？", ("比例是多少，", "封顶多少？")),
        ("谁来审？多少天？", ("谁来审？", "多少天？")),
        (
            "我们厂刚开张，头一回贷款，能贴几个点？找谁办？",
            ("我们厂刚开张，头一回贷款，能贴几个点？", "找谁办？"),
        ),
        ("贴息比例是多少？", ()),
        ("这么做合规吗，行不行？", ()),
        ("我们招了几个大学生，能领多少补贴？", ()),
        ("没什么抵押物，能贷多少？", ()),
        ("", ()),
    ],
)
def test_parts(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text) == parts


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return Assistant(build_snapshot([parse("a.txt", SOURCE)], load_embedder(WEIGHTS)))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("首次贷款的小微企业贴息几个百分点，要交哪些材料？", ["2个百分点", "贴息申请表", "利息支付凭证"]),
        ("首贷贴息每年最高多少钱？由谁审核？", ["8万元", "市地方金融管理局审核"]),
    ],
)
def test_each_is_answered(assistant: Assistant, question: str, said: list[str]) -> None:
    answer = assistant.ask(question)
    text = "".join(statement.text for statement in answer.statements)
    assert not answer.refused
    assert [words for words in said if words not in text] == []


def test_nothing_is_said_twice(assistant: Assistant) -> None:
    answer = assistant.ask("首贷贴息每年最高多少钱？一家企业一年最高能贴多少钱？")
    quoted = [statement.text for statement in answer.statements if statement.kind == "quoted"]
    assert len(quoted) == len(set(quoted)) > 0


def test_what_no_part_finds_is_refused(assistant: Assistant) -> None:
    assert assistant.ask("世界杯谁夺冠？哪天决赛？").refused
