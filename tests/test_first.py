"""The sentence that by the learned ranking answers best is told, and the second one beside it where hardly behind."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from chat.answer import Statement
from chat.quoting.beside import write_beside
from chat.quoting.writer import QuotingWriter
from chat.ranking.model import shipped
from chat.refusal import refuse_after_search
from chat.select import Selector

POLICY = """甲市扶持竹制品企业若干措施
甲政发〔2026〕11号

第一条 竹制品企业购置设备的，按设备投资额的12%给予补助，最高150万元。
第二条 竹制品企业租用厂房的，每平方米每月补助8元，最高40万元。
第三条 竹制品企业参加境外展会的，展位费补助70%，每次最高5万元。
第四条 新认定的市级竹制品示范企业奖励30万元。
第五条 市林业局负责受理申请，市财政局负责拨付资金。
第六条 本措施自2026年3月1日起施行，有效期三年。

甲市人民政府
2026年2月20日
"""
DAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def assistant(assistant_of):
    return assistant_of(POLICY)


def ranked(assistant, question, behind, confidence=0.6):
    """What is found for a question, ranked by hand: the log odds behind the first by a word of the sentence."""
    selection = assistant._select(assistant.understand(question, as_of=DAY))
    given = []
    for candidate in selection.candidates:
        odds = next((odds for word, odds in behind.items() if word in candidate.sentence.text), -8.0)
        given.append(replace(candidate, behind=odds))
    return replace(selection, candidates=tuple(given), confidence=confidence)


def told(assistant, embedder, selection):
    return "".join(s.text for s in QuotingWriter(Selector(embedder, shipped())).write(selection))


def test_the_first_is_told_where_what_the_form_would_tell_is_far_behind(assistant, embedder):
    question = "竹制品企业购置设备补助百分之几"
    assert "12%" in told(assistant, embedder, ranked(assistant, question, {"购置设备": 0.0}))
    other = told(assistant, embedder, ranked(assistant, question, {"境外展会": 0.0, "购置设备": -3.0}))
    assert "70%" in other
    assert "12%" not in other


def test_nothing_far_behind_is_told_where_the_first_has_not_the_form(assistant, embedder):
    question = "竹制品企业购置设备补助百分之几"
    doubted = ranked(assistant, question, {"林业局": 0.0, "购置设备": -5.0}, confidence=0.25)
    assert not told(assistant, embedder, doubted)


def test_what_counts_without_being_a_quantity_is_told(assistant_of, embedder):
    made = assistant_of(
        "甲市首贷贴息细则\n甲财金〔2026〕5号\n\n第一条 首贷贴息资金由市、区县两级财政按照6:4的比例分担。\n"
        "第二条 造雪用水按居民用水价格执行。\n\n甲市财政局\n2026年2月20日\n"
    )
    shares = ranked(made, "首贷贴息资金市和区县按什么比例出？", {"6:4": 0.0}, confidence=0.8)
    assert "6:4" in told(made, embedder, shares)
    for confidence, said in ((0.95, True), (0.6, False)):
        price = ranked(made, "造雪的水费按什么价格算？", {"造雪": 0.0}, confidence)
        assert ("居民用水价格" in told(made, embedder, price)) is said


def test_a_month_is_no_amount(assistant_of, embedder):
    made = assistant_of(
        "甲市零碳车间办法\n甲工信〔2026〕5号\n\n第一条 评审通过的零碳车间应当在第3个月内办理拨付手续。\n\n"
        "甲市工业和信息化局\n2026年2月20日\n"
    )
    found = ranked(made, "零碳车间奖励多少万元？", {"第3个月": 0.0}, confidence=0.8)
    assert not told(made, embedder, found)


def test_how_high_something_ranks_counts_nothing(assistant_of, embedder):
    made = assistant_of(
        "甲市研发中心办法\n甲商发〔2026〕3号\n\n"
        "第一条 申请全球研发中心的，应当由世界500强企业或者行业前10名的企业设立，研发人员不少于200人。\n\n"
        "甲市商务局\n2026年2月20日\n"
    )
    found = ranked(made, "全球研发中心要多少研发人员？", {"200人": 0.0})
    figures = [
        s.text for s in QuotingWriter(Selector(embedder, shipped())).write(found) if s.form == "figure"
    ]
    assert figures
    assert all("200人" in text for text in figures)


def test_without_a_ranking_the_form_decides(assistant, embedder):
    selection = ranked(assistant, "竹制品企业购置设备补助百分之几", {"境外展会": 0.0, "购置设备": -3.0})
    plain = replace(
        selection,
        confidence=None,
        candidates=tuple(replace(candidate, behind=0.0) for candidate in selection.candidates),
    )
    assert "12%" in told(assistant, embedder, plain)


@pytest.mark.parametrize(("odds", "said"), [(-0.2, True), (-1.9, False)])
def test_a_second_sentence_hardly_behind_stands_beside(assistant, embedder, odds, said):
    selection = ranked(assistant, "竹制品企业补助百分之几", {"购置设备": 0.0, "境外展会": odds})
    text = told(assistant, embedder, selection)
    assert "12%" in text
    assert ("另见一处相近的规定：" in text, "70%" in text) == (said, said)


def test_nothing_stands_beside_what_lacks_the_form_or_is_told_already(assistant):
    selection = ranked(assistant, "竹制品企业补助百分之几", {"购置设备": 0.0, "市林业局": -0.1})
    first = next(c for c in selection.candidates if c.behind == 0)
    second = next(c for c in selection.candidates if c.behind == -0.1)
    one = [Statement(first.sentence.text, (first.cite(),))]
    assert list(write_beside(selection, one)) == []  # no share in it
    both = ranked(assistant, "竹制品企业补助百分之几", {"购置设备": 0.0, "境外展会": -0.1})
    shown = [c for c in both.candidates if c.behind in (0.0, -0.1)]
    assert list(write_beside(both, [Statement(c.sentence.text, (c.cite(),)) for c in shown])) == []
    assert list(write_beside(both, [Statement("无关", (second.cite(),))])) == []  # the first is not told


def test_a_title_that_ranks_first_makes_no_doubt_of_what_ranks_behind_it(embedder, assistant):
    question, evidence = assistant.find("竹制品企业购置设备补助百分之几")
    body = [c for c in Selector(embedder).marked(question, evidence)[0] if c.sentence.role != "heading"]
    titles = np.array([c.clause.label == "版头" for c in body])
    assert titles.any()

    class Titled:
        def order(self, rows):
            return np.where(titles, 5.0, 0.0).astype(np.float32)

        def confidence(self, kind, rows, odds, distance):
            return 0.1 if odds.max() == 5 else 0.7

    assert Selector(embedder, Titled()).choose(question, evidence, 5.0)[1] == 0.7


@pytest.mark.parametrize(("level", "said"), [("市级", True), ("国家级", False), ("", True)])
def test_what_another_level_is_given_is_no_answer(assistant, embedder, level, said):
    selection = ranked(assistant, f"新认定的{level}竹制品示范企业奖励多少", {"示范企业": 0.0})
    assert ("30万元" in told(assistant, embedder, selection)) == said


@pytest.mark.parametrize(("confidence", "same", "refused"), [(0.1, True, False), (0.1, False, True)])
def test_who_acts_is_not_doubted_where_the_first_task_has_its_departments(
    assistant, confidence, same, refused
):
    selection = ranked(assistant, "竹制品企业参展补助谁负责", {"境外展会": 0.0}, confidence)
    first = next(c for c in selection.candidates if c.behind == 0)
    other = next(c for c in selection.candidates if c.clause is not first.clause)
    owner = first if same else other
    duty = replace(owner, sentence=replace(owner.sentence, role="duty"), behind=-0.5)
    selection = replace(selection, candidates=(*selection.candidates, duty))
    assert (refuse_after_search(selection) is not None) == refused


def test_the_guiding_thought_defines_nothing(assistant_of, embedder):
    made = assistant_of(
        "甲省培育优质企业意见\n甲工信〔2026〕8号\n\n"
        "一、总体要求\n以高质量发展思想为指导，加快培育以“小巨人”企业、单项冠军企业为代表的优质企业，建设制造强省。\n"
        "二、培育单项冠军企业\n培育单项冠军企业长期专注于细分产品市场，成为领域冠军。\n\n甲省工业和信息化厅\n2026年2月20日\n"
    )
    said = made.ask("单项冠军企业是什么样的企业？")
    text = "".join(statement.text for statement in said.statements)
    assert "细分产品市场" in text
    assert "为指导" not in text
    asked = made.ask("甲省培育优质企业的指导思想是什么？")
    assert "为指导" in "".join(statement.text for statement in asked.statements)
