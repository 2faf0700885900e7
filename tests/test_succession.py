"""Documents that another one has replaced: they answer last, and when they are asked for."""

from datetime import date

import pytest

from chat.assistant import Assistant
from chat.succession import Succession
from corpus.load import parse
from index.build import build_snapshot
from index.embedder import load_embedder
from settings import ROOT

WEIGHTS = str(ROOT / "index" / "weights")

OLD = """青川省转贷资金管理办法

青财金〔2021〕8号

第一条 为帮助企业按期转贷，制定本办法。
第二条 转贷资金单笔金额不超过500万元。
第三条 本办法所称合作银行，是指与运营机构签订合作协议的银行。
第四条 本办法自2021年6月1日起施行。
"""
NEW = """青川省转贷资金管理办法（2025年修订）

青财金〔2025〕19号

第一条 为帮助企业按期转贷，制定本办法。
第二条 转贷资金单笔金额不超过900万元。
第三条 本办法自2025年3月1日起施行，《青川省转贷资金管理办法》（青财金〔2021〕8号）同时废止。
"""


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    documents = [parse("old.txt", OLD), parse("new.txt", NEW)]
    return Assistant(build_snapshot(documents, load_embedder(WEIGHTS)))


@pytest.mark.parametrize(
    ("question", "day", "said", "unsaid"),
    [
        ("转贷资金单笔最高多少钱？", date(2026, 1, 1), "900万元", "500万元"),
        ("以前的办法里，转贷资金单笔最高多少钱？", date(2026, 1, 1), "500万元", "900万元"),
        ("转贷资金单笔最高多少钱？", date(2024, 1, 1), "500万元", ""),  # the new one does not hold yet
        ("什么是合作银行？", date(2026, 1, 1), "签订合作协议的银行", ""),  # the new one does not say
    ],
)
def test_which_of_two_versions_answers(
    assistant: Assistant, question: str, day: date, said: str, unsaid: str
) -> None:
    answer = assistant.ask(question, as_of=day)
    text = "".join(statement.text for statement in answer.statements)
    assert said in text
    assert not unsaid or unsaid not in text


def test_what_is_repealed_by_its_number_and_what_is_an_older_version() -> None:
    old, new = parse("old.txt", OLD), parse("new.txt", NEW)
    newest = parse("newest.txt", NEW.replace("〔2025〕19号", "〔2026〕2号").replace("900", "950"))
    known = Succession.of([old, new, newest])
    replaced = {document_id: later.number for document_id, later in known._by_id.items()}
    assert replaced[old.id] in ("青财金〔2025〕19号", "青财金〔2026〕2号")
    assert replaced[new.id] == "青财金〔2026〕2号"
    assert newest.id not in replaced
