"""Lists within clauses, items with what opens them, and sentences that name who acts."""

from dataclasses import replace
from datetime import date

import pytest

from chat.answer import Citation, Statement
from chat.assistant import Assistant
from chat.check import Checker
from chat.question import Question
from chat.quoting.lists import lead_of, with_items
from chat.quoting.selection import cite_clause
from chat.select import Selector
from corpus.load import parse

DAY = date(2026, 11, 26)
RULES = """甲市商品市场管理条例
第一条 为了规范商品市场，制定本条例。
第二条 经营者有下列情形之一的，由市场监督管理部门处五千元以上二万元以下罚款：
（一）占用消防通道摆放货物的；
（二）出售超过保质期的食品的；
（三）拒不公示摊位租金的。
第三条 有下列情形之一的不予补贴：列入严重失信主体名单的；近三年发生重大安全事故的；未按期报送统计数据的。补贴资金专款专用。
第四条 市场改造补贴由开办者向所在区商务局提交申请，区商务局在十个工作日内完成初审。
第五条 市商务局负责全市商品市场的规划和指导。
第六条 经营者不得有下列行为：
（一）使用未经检定的计量器具；
（二）销售假冒商品。
第七条 改造后的摊位三年内不得转让。
"""


@pytest.fixture(scope="module")
def assistant(assistant_of):
    return assistant_of(RULES)


def candidate(assistant: Assistant, embedder, beginning: str):
    question, evidence = assistant.find("商品市场经营者有哪些情形会被罚款，补贴找谁")
    found, _ = Selector(embedder).marked(question, evidence)
    return next(c for c in found if c.sentence.text.strip().startswith(beginning))


def test_an_item_has_the_lead_of_its_list(assistant, embedder) -> None:
    lead = lead_of(candidate(assistant, embedder, "（三）拒不公示"))
    assert lead is not None
    assert lead.quote == "经营者有下列情形之一的，由市场监督管理部门处五千元以上二万元以下罚款："
    assert lead_of(candidate(assistant, embedder, "市商务局负责")) is None


def test_what_is_listed_without_numbers_is_told_to_its_end(assistant, embedder) -> None:
    opening = candidate(assistant, embedder, "有下列情形之一的不予补贴")
    start, end = with_items(opening)
    assert opening.document.text[start:end].endswith("未按期报送统计数据的。")


def test_what_happens_to_an_item_is_told_with_it(assistant) -> None:
    told = assistant.ask("摊位租金拒不公示会怎么样", as_of=DAY)
    text = " ".join(statement.text for statement in told.statements)
    assert "五千元以上二万元以下罚款" in text
    assert "拒不公示摊位租金" in text


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("能不能销售假冒商品", "否"),
        ("可以销售假冒商品吗", "否"),
        ("不能销售假冒商品吗", "是"),
    ],
)
def test_a_prohibition_is_answered_by_what_it_forbids(assistant, asked: str, word: str) -> None:
    told = assistant.ask(asked, as_of=DAY)
    assert told.statements[0].text == word
    assert any("不得" in statement.text for statement in told.statements[1:])


def test_a_term_in_which_something_is_forbidden_is_no_yes(assistant) -> None:
    told = assistant.ask("改造后的摊位三年内能转让吗", as_of=DAY)
    assert [statement.text for statement in told.statements if statement.text in ("是", "有")] == []
    assert "三年内不得转让" in " ".join(statement.text for statement in told.statements)


def test_who_takes_the_papers_is_told_by_the_sentence_that_says_so(assistant) -> None:
    told = assistant.ask("市场改造补贴的申请交给哪个部门", as_of=DAY)
    assert "向所在区商务局提交申请" in told.statements[0].text


def test_a_lead_may_be_quoted_where_items_follow_in_its_line() -> None:
    document = parse(
        "a.txt",
        "乙市贴息办法\n第一条 申请贴息的项目应当符合下列条件：1.总投资不低于1000万元；2.节能率不低于8%。\n",
    )
    clause = next(clause for clause in document.clauses if clause.label == "第一条")
    end = document.text.index("：") + 1
    lead, cut = cite_clause(clause, clause.body_start, end), cite_clause(clause, clause.body_start, end - 3)
    checker, question = Checker([document]), Question("贴息的条件是什么", as_of=DAY)
    assert checker.check(Statement(lead.quote, (lead,)), question).ok
    assert not checker.check(Statement(cut.quote, (cut,)), question).ok


def test_the_place_before_a_figure_is_none_of_the_words_at_it() -> None:
    text = (
        "国家工业设计意见\n第一条 到2027年，全国建成国家级工业设计中心420家左右、国家工业设计研究院15家。\n"
    )
    document = parse("b.txt", text)
    clause = next(clause for clause in document.clauses if clause.label == "第一条")
    cited: Citation = cite_clause(clause, clause.body_start)
    checker, question = Checker([document]), Question("国家级工业设计中心建成多少家", as_of=DAY)

    def told(figure: str) -> bool:
        return checker.check(
            Statement(figure, (cited,), "derived", lead="国家：", form="bullet"), question
        ).ok

    assert told("全国建成国家级工业设计中心420家左右")
    assert not told("全国建成国家级工业设计中心15家")


def test_a_bullet_that_does_not_pass_the_check_is_told_as_its_sentence(assistant) -> None:
    clause = next(c for c in assistant.snapshot.documents[0].clauses if c.label == "第四条")
    cited, dropped = cite_clause(clause, clause.body_start), []
    wrong = Statement("区商务局在九个工作日内完成初审", (cited,), "derived", form="bullet")
    question = Question("几个工作日完成初审", as_of=DAY)
    (told,) = assistant._checked([wrong], question, dropped)
    assert (told.text, told.kind) == (cited.quote, "quoted")
    assert dropped == [wrong]
    assert list(assistant._checked([replace(wrong, form="figure")], question, dropped)) == []


def test_no_more_is_cited_than_a_reader_looks_up(assistant_of) -> None:
    goods = zip("一二三四五六七八", "冷链 粮食 药品 家具 汽车 图书 茶叶 纺织".split(), strict=True)
    articles = [
        f"第{number}条 {kind}企业有下列情形之一的，给予补助：\n（一）购买叉车的；\n（二）改造{kind}仓库的。"
        for number, kind in goods
    ]
    rules = (
        "甲市促进仓储业发展办法\n甲政发〔2026〕9号\n\n"
        + "\n".join(articles)
        + "\n\n甲市人民政府\n2026年1月20日\n"
    )
    told = assistant_of(rules).ask("改造仓库都补哪些", as_of=DAY)
    assert not told.refused
    assert 4 <= len([s for s in told.statements if s.citations]) <= 8  # each item with what opens its list
    assert len(told.citations) <= 8
