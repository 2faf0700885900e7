"""Whose policies come first."""

import asyncio

import pytest

from chat.contract import AskRequest
from chat.meters import Meters
from chat.pool import AnswerPool
from chat.precedence import attempts
from chat.question import Filters
from chat.records import Records
from tests.standin import StandIn, corpus

SHANDONG = Filters(regions=("山东省",))


@pytest.mark.parametrize(
    ("question", "history", "expected"),
    [
        ("目标是多少？", [], (SHANDONG, Filters())),
        ("谁负责？", ["目标是多少？"], (SHANDONG, Filters())),
        ("湖北的目标是多少？", [], (Filters(),)),
        ("谁负责？", ["湖北的目标是多少？"], (Filters(),)),
        ("国家有哪些支持？", [], (Filters(),)),
        ("全国的目标？", [], (Filters(),)),
        ("比较两省的目标", [], (Filters(),)),
        ("各省的目标？", [], (Filters(),)),
        ("哪些地区有资金支持？", [], (Filters(),)),
    ],
)
def test_the_portals_region_comes_first_where_nothing_else_is_said(question, history, expected):
    said = [{"role": "user", "content": text} for text in history]
    asked = AskRequest.model_validate({"question": question, "history": said})
    assert attempts(asked, "山东省") == expected
    assert attempts(asked) == (Filters(),)


def test_what_the_asker_chose_holds():
    asked = AskRequest.model_validate({"question": "目标？", "filters": {"regions": ["湖北省"]}})
    assert attempts(asked, "山东省") == (Filters(regions=("湖北省",)),)


@pytest.mark.parametrize(("question", "regions"), [("目标？", ["西岭省"]), ("天气？", ["西岭省", ""])])
def test_a_refusal_there_leads_to_all_policies(tmp_path, question, regions):
    assistant, records = StandIn(corpus()), Records(f"sqlite:///{tmp_path}/r.db")
    pool = AnswerPool(assistant, records, Meters())
    answer = asyncio.run(pool.ask(AskRequest(question=question), "embed:portal", "西岭省"))
    assert [("".join(asked[2].regions)) for asked in assistant.asked] == regions
    kept = records.find(answer.id)
    assert kept is not None
    assert kept.channel == "embed:portal"
    assert records.find("a1") is None or len(regions) == 1  # what was not shown is not on record
    pool.close()
