"""Tables: how they are read, searched, answered from and checked."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import docx
import pytest

from chat.answer import Citation, Statement, to_markdown
from chat.assistant import Assistant
from chat.check import Checker
from chat.question import Question
from corpus.document import Document
from corpus.load import parse
from corpus.read_docx import read_docx
from corpus.tables import Table, find_tables, spelled, tables_of
from index.build import build_snapshot
from index.embedder import load_embedder
from index.passage import LONGEST, Evidence, Passage, cut

WEIGHTS = str(Path(__file__).parents[1] / "index" / "weights")
HEAD = (
    "青川市人才安居办法\n\n第一条 为吸引人才，制定本办法。\n第二条 新引进人才可以申领安家补贴，标准如下：\n"
)
TAIL = "\n第三条 补贴由市财政局负责发放。\n"
BARS = "| 类别 | 对象 | 补贴总额 | 发放方式 |\n|---|---|---|---|\n| 甲类 | 博士 | 18万元 | 分3年发放 |\n| 乙类 | 硕士 | 7万元 | 一次发放 |"
TABS = "类别\t对象\t补贴总额\t发放方式\n甲类\t博士\t18万元\t分3年发放\n乙类\t硕士\t7万元\t一次发放"
WIDE = "类别    对象    补贴总额    发放方式\n甲类    博士    18万元      分3年发放\n乙类    硕士    7万元       一次发放"
HTML = (
    '<html><body><div id="zoom"><p>青川市人才安居办法</p><p>第一条 为吸引人才，制定本办法。</p>'
    "<p>第二条 新引进人才可以申领安家补贴，标准如下：</p><table><tr><th>类别</th><th>对象</th><th>补贴总额</th>"
    "<th>发放方式</th></tr>\n<tr><td><p>甲类</p></td><td>博士</td><td>18万元</td><td>分3年发放</td></tr>"
    "<tr><td>乙类</td><td>硕士</td><td>7万元</td><td>一次发放</td></tr></table>"
    "<p>第三条 补贴由市财政局负责发放。</p></div></body></html>"
)


def only_table(document: Document) -> Table:
    (table,) = [table for clause in document.clauses for table in tables_of(clause)]
    return table


def said(table: Table) -> list[str]:
    return [spelled(table, row, range(1, len(row.cells))) for row in table.rows]


@pytest.mark.parametrize("source", [HEAD + BARS + TAIL, HEAD + TABS + TAIL, HEAD + WIDE + TAIL, HTML])
def test_each_way_of_printing_gives_the_same_table(source):
    document = parse("x.txt", source)
    table = only_table(document)
    assert table.columns == ("类别", "对象", "补贴总额", "发放方式")
    assert said(table) == [
        "甲类：对象 博士；补贴总额 18万元；发放方式 分3年发放",
        "乙类：对象 硕士；补贴总额 7万元；发放方式 一次发放",
    ]
    for row in (*table.header, *table.rows):
        assert [document.text[cell.start : cell.end] for cell in row.cells] == [c.text for c in row.cells]
    assert table.caption == "新引进人才可以申领安家补贴，标准如下" or table.caption.endswith("标准如下")


def test_spanned_cells_keep_their_columns():
    table = only_table(
        parse(
            "x.html",
            '<html><body><div id="zoom"><p>某市奖励办法</p><p>第一条 奖励标准由市财政局制定，按下表执行。</p><table>'
            '<tr><th rowspan="2">类别</th><th rowspan="2">级别</th><th colspan="2">2024年</th><th colspan="2">2025年</th></tr>'
            "<tr><th>数量</th><th>奖励</th><th>数量</th><th>奖励</th></tr>"
            '<tr><td rowspan="2">专精特新</td><td>国家级</td><td>10</td><td>50万元</td><td>12</td><td rowspan="2">60万元</td></tr>'
            "<tr><td>省级</td><td>20</td><td>20万元</td><td>22</td></tr>"
            '<tr><td colspan="2">合计</td><td>30</td><td></td><td>34</td><td>—</td></tr></table></div></body></html>',
        )
    )
    assert table.columns == ("类别", "级别", "2024年数量", "2024年奖励", "2025年数量", "2025年奖励")
    assert said(table) == [
        "专精特新：级别 国家级；2024年数量 10；2024年奖励 50万元；2025年数量 12；2025年奖励 60万元",
        "专精特新：级别 省级；2024年数量 20；2024年奖励 20万元；2025年数量 22；2025年奖励 60万元",
        "合计：2024年数量 30；2025年数量 34；2025年奖励 —",
    ]


def test_kept_and_removed_are_the_whole_page():
    document = parse("x.html", HTML)
    gone = {place for item in document.removed for place in range(item.start, item.end)}
    assert gone.isdisjoint(document.offsets)
    assert len(gone) + len(document.offsets) == len(HTML)


def test_spanned_cells_of_word_files():
    file = docx.Document()
    file.add_paragraph("某市奖励办法")
    table = file.add_table(3, 3)
    for place, words in enumerate(
        ["类别", "级别", "奖励", "专精特新", "国家级", "50万元", "", "省级", "20万元"]
    ):
        table.cell(place // 3, place % 3).text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    data = io.BytesIO()
    file.save(data)
    assert read_docx(data.getvalue()).splitlines()[-2:] == [
        "专精特新 | 国家级 | 50万元",
        "〃 | 省级 | 20万元",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "一、总体要求\n二、重点任务",
        "某省财政厅　　某省委金融办\n某省工业和信息化厅　　某监管局\n2025年9月18日",
        "首页 | 政务公开",
        "第一条　　为了支持企业，制定本办法。\n第二条　　本办法所称企业，是指中小企业。\n第三条　　本办法自发布之日起施行。",
    ],
)
def test_no_tables(text):
    assert find_tables(text, 0, len(text)) == ()


def test_a_table_without_header():
    text = "市经信局\t0571-1234567\n市财政局\t0571-7654321"
    (table,) = find_tables(text, 0, len(text))
    assert table.columns == ("", "")
    assert said(table) == ["市经信局：0571-1234567", "市财政局：0571-7654321"]


def test_a_long_table_is_cut_between_rows_and_searched_with_its_header():
    rows = "\n".join(
        f"| 第{n}类企业 | 获得国家级称号且年度营业收入增长较快的企业 | {n}万元 |" for n in range(10, 40)
    )
    document = parse("x.txt", f"{HEAD}| 类别 | 对象 | 奖励额度 |\n|---|---|---|\n{rows}{TAIL}")
    parts = [p for p in cut(document) if p.clause.label == "第二条"]
    assert len(parts) > 3
    assert all(len(p.text) <= LONGEST for p in parts)
    assert all("奖励额度" in p.searchable for p in parts[1:])
    lines = [line for p in parts for line in p.text.splitlines()]
    assert "\n".join(lines) == document.clauses[2].text


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    goals = (
        "白川省数字化转型方案\n\n白经信〔2025〕3号\n\n一、目标\n全省推动中小企业数字化改造。\n分年度指标\n指标名称\t2025年\t2026年\t2027年\n"
        "完成数字化改造的企业（家）\t410\t730\t1200\n上云企业（万户）\t5\t8\t13\n二、保障\n省经济和信息化厅负责组织实施，每年开展评估。\n"
    )
    documents = [parse("a.txt", HEAD + BARS + TAIL), parse("b.txt", goals)]
    return Assistant(build_snapshot(documents, load_embedder(WEIGHTS)))


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("硕士的安家补贴总额是多少？", "乙类：对象 硕士；补贴总额 7万元", "18万元"),
        ("白川省到2026年完成数字化改造的企业要有多少家？", "完成数字化改造的企业（家）：2026年 730", "1200"),
        ("白川省2027年上云企业目标多少万户？", "上云企业（万户）：2027年 13", "8"),
    ],
)
def test_the_row_and_column_that_are_asked(assistant, question, said, unsaid):
    answer = assistant.ask(question, as_of=date(2026, 1, 1))
    text = to_markdown(answer).split("：", 1)[1]
    assert said in text
    assert unsaid not in text
    assert not answer.dropped
    assert any("|" in c.quote or "\t" in c.quote for c in answer.citations)


def test_a_year_of_which_the_table_is_silent(assistant):
    answer = assistant.ask("白川省2029年上云企业目标多少万户？", as_of=date(2026, 1, 1))
    assert answer.refused


def check(text: str) -> str:
    document = parse("a.txt", HEAD + BARS + TAIL)
    clause = document.clauses[2]
    start = document.text.index("| 乙类")
    evidence = Evidence(Passage(clause, clause.start, clause.end), 0.0, 0.0, 0.0)
    statement = Statement(text, (Citation(evidence, start, document.text.index("\n", start)),), "derived")
    question = Question("硕士补贴多少？", wording="硕士补贴多少？", standalone="", as_of=date(2026, 1, 1))
    return Checker([document]).check(statement, question).reason


@pytest.mark.parametrize(
    "text", ["乙类：补贴总额 7万元", "乙类：对象 硕士；发放方式 一次发放", "乙类：补贴总额 7万元。"]
)
def test_what_stands_in_the_table_passes(text):
    assert check(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "乙类：补贴总额 18万元",
        "乙类：补贴总额 8万元",
        "甲类：补贴总额 7万元",
        "乙类：发放方式 7万元；补贴总额 18万元",
        "硕士：补贴总额 18万元",
        "乙类补贴总额为18万元。",
    ],
)
def test_what_does_not_stand_in_the_table_falls(text):
    assert check(text)
