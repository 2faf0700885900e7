"""Questions about documents themselves and about what the corpus holds, over three invented policies."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chat.answer import Answer, Reason, to_markdown
from chat.assistant import Assistant
from chat.quoting.times import repealed_by, sentences_of
from chat.validity import is_before
from corpus.document import Document, IssueDate
from corpus.load import load_documents
from index.build import build_snapshot
from index.embedder import load_embedder

ROOT = Path(__file__).parent
DAY = date(2026, 11, 21)
NATIONAL, ZHEJIANG, ANHUI = "工信部企业〔2023〕99号", "浙经信企业〔2024〕12号", "皖经信创新〔2024〕8号"
REVISED = """安徽省瞪羚企业认定管理办法（修订）
皖经信创新〔2026〕3号

第一条 为规范瞪羚企业认定工作，制定本办法。

第二条 本办法由省经济和信息化厅负责解释。

第三条 本办法自2026年5月1日起施行，《安徽省瞪羚企业认定管理办法》（皖经信创新〔2024〕8号）同时废止。
"""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, ...]:
    folder = tmp_path_factory.mktemp("revised")
    (folder / "revised.txt").write_text(REVISED, "utf-8")
    return load_documents([ROOT / "policies", folder]).documents


@pytest.fixture(scope="module")
def assistant(documents: tuple[Document, ...]) -> Assistant:
    return Assistant(build_snapshot(documents, load_embedder(str(ROOT.parent / "index" / "weights"))))


def said(answer: Answer) -> str:
    return re.sub(r"\*\*|\[\d+\]|\s", "", to_markdown(answer))


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("你们这里一共收录了几份政策文件？", ["共4份", "国家1份、安徽省2份、浙江省1份"]),
        ("安徽省的文件收了几份", ["库内收录的安徽省的政策文件共2份"]),
        ("国家级的有几份", ["库内收录的国家政策文件共1份", NATIONAL]),
        ("库里有没有2024年的文件", ["2024年发布的政策文件共2份", ZHEJIANG, ANHUI]),
        ("库里有哪些关于认定管理的文件", ["政策文件共2份", "皖经信创新〔2026〕3号"]),
        ("库里最早的一份是哪份", [f"发布最早的：《关于促进瞪羚企业发展的指导意见》（{NATIONAL}）"]),
        ("你能干什么", ["您可以就库内收录的文件提问", "共4份"]),
        ("安徽和福建的文件都有哪些", ["库内没有收录福建省的政策", "共2份"]),
    ],
)
def test_what_the_corpus_holds(assistant: Assistant, question: str, holds: list[str]) -> None:
    answer = assistant.ask(question, as_of=DAY)
    assert not answer.refused
    assert [words for words in holds if words not in said(answer)] == []
    assert not answer.dropped


def test_what_the_corpus_lacks_is_refused_by_name(assistant: Assistant) -> None:
    region = assistant.ask("库里有没有福建的文件", as_of=DAY)
    assert (region.reason, "福建省" in said(region)) == (Reason.NO_REGION, True)
    topic = assistant.ask("库里有没有关于海水养殖的文件", as_of=DAY)
    assert (topic.refused, "海水养殖" in said(topic)) == (True, True)


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("皖经信创新〔2026〕3号归谁解释", ["第二条：本办法由省经济和信息化厅负责解释。"]),
        ("皖经信创新〔2026〕3号从哪天起施行", ["第三条：本办法自2026年5月1日起施行"]),
        (
            "皖经信创新〔2024〕8号那份红头文件能管几年，打哪天算起",
            ["有效期至2026年4月30日", "自2024年5月1日起施行"],
        ),
        ("皖经信创新〔2024〕8号还有效吗", ["（皖经信创新〔2024〕8号）：已废止", "同时废止。"]),
        (
            "皖经信创新〔2024〕8号还有效吗",
            ["已失效（有效期至2026年4月30日）", "第六条：本办法自2024年5月1日"],
        ),
        ("安徽2024年那个办法现在还管用吗", ["已废止"]),
        ("皖经信创新〔2026〕3号把哪份文件废止了", ["（皖经信创新〔2024〕8号）同时废止"]),
        ("浙经信企业〔2024〕12号和工信部企业〔2023〕99号哪个发布得早", [f"（{NATIONAL}）发布更早"]),
        (
            "浙经信企业〔2024〕12号和工信部企业〔2023〕99号哪个联合印发的部门多",
            [f"（{NATIONAL}）发文机关更多"],
        ),
        ("浙经信企业〔2024〕12号还有效吗", ["未载明有效期，库内未见废止该文件的规定"]),
    ],
)
def test_what_a_document_is(assistant: Assistant, question: str, holds: list[str]) -> None:
    answer = assistant.ask(question, as_of=DAY)
    assert not answer.refused
    assert [words for words in holds if words not in said(answer)] == []
    assert all(statement.citations for statement in answer.statements)


def test_a_term_that_no_clause_states_is_refused(assistant: Assistant) -> None:
    answer = assistant.ask("浙经信企业〔2024〕12号的有效期是几年", as_of=DAY)
    assert answer.reason is Reason.NOT_STATED


def test_a_repealed_document_is_marked_when_its_clauses_answer(assistant: Assistant) -> None:
    question = "皖经信创新〔2024〕8号规定一次性奖励多少"
    assert "（皖经信创新〔2024〕8号）：已废止" in said(assistant.ask(question, as_of=DAY))
    before = assistant.ask(question, as_of=date(2026, 4, 1))
    assert "40万元" in said(before)
    assert "废止" not in said(before)


def test_repealed_by_needs_the_words_and_the_name(documents: tuple[Document, ...]) -> None:
    of = {document.number: document for document in documents}
    found = repealed_by(of[ANHUI], documents)
    assert found is not None
    assert found.document.number == "皖经信创新〔2026〕3号"
    assert repealed_by(of[NATIONAL], documents) is None  # 12号 cites it, and repeals nothing
    assert all(start < end for clause in of[ANHUI].clauses for start, end in sentences_of(clause))


def test_order_of_issue(documents: tuple[Document, ...]) -> None:
    of = {document.number: document for document in documents}
    national, zhejiang = of[NATIONAL], of[ZHEJIANG]
    assert (is_before(national, zhejiang), is_before(zhejiang, national)) == (True, False)
    year_only = replace(zhejiang, issued_on=IssueDate(2023), clauses=())
    assert is_before(national, year_only) is True  # cited by it
    assert is_before(replace(national, number="", clauses=()), replace(year_only, cites=())) is None
