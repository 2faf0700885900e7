"""The check: what stands on its citations passes, what says more, less carefully, or of another, is dropped."""

from __future__ import annotations

import functools
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.answer import Citation, Statement
from chat.check import Checker, Fault
from corpus.document import Document
from corpus.load import load_documents
from corpus.sentences import split_sentences
from index.passage import Evidence, Passage
from tests.check_tables import FALLS, STANDS
from tests.check_toys import ANHUI, EVERY, ZHEJIANG, ask, cite, derived, policy

CHECKER = Checker(EVERY)
POLICIES = Path(__file__).parents[1] / "corpus" / "documents"


@pytest.mark.parametrize(("document", "label", "text"), STANDS)
def test_a_faithful_rewording_stands(document, label, text):
    verdict = CHECKER.check(derived(text, cite(document, label)), ask())
    assert verdict.ok, verdict.reason
    assert verdict.reason == ""


@pytest.mark.parametrize(("document", "label", "text"), FALLS)
def test_what_the_clause_does_not_bear_out_is_dropped(document, label, text):
    verdict = CHECKER.check(derived(text, cite(document, label)), ask())
    assert not verdict.ok
    assert verdict.fault is not None
    assert verdict.reason.startswith(f"{verdict.fault}：")


FAULTS = [
    (ANHUI, "一", "力争到2027年，新认定国家级“小巨人”企业3000家。", Fault.NUMBER),
    (ANHUI, "一", "山东省力争到2027年，新认定国家级“小巨人”企业800家。", Fault.REGION),
    (ANHUI, "七", "本措施有效期至2027年8月31日。", Fault.DERIVED),
    (ANHUI, "三", "由人民银行、省地方金融监督管理局按职责分工负责。", Fault.DEPARTMENT),
    (ANHUI, "四", "大型企业得以内部付款流程为由拖欠中小企业账款。", Fault.FORCE),
    (ANHUI, "前言", "为落实工信部企业〔2022〕36号，制定本措施。", Fault.DOCUMENT),
    (ANHUI, "前言", "为落实《关于促进民营经济发展的指导意见》，制定本措施。", Fault.DOCUMENT),
    (ZHEJIANG, "一", "累计建成6G基站20万个。", Fault.NAME),
    (ZHEJIANG, "四", "为引进的人才发放住房补贴和安家费。", Fault.WORDS),
]


@pytest.mark.parametrize(("document", "label", "text", "fault"), FAULTS)
def test_the_reason_tells_staff_what_was_wrong(document, label, text, fault):
    assert CHECKER.check(derived(text, cite(document, label)), ask()).fault is fault


def test_a_figure_of_the_neighbour_is_never_borrowed():
    """小巨人400家 fails where 小巨人企业600家 and 单项冠军企业400家 stand side by side."""
    shandong = policy(
        "力争到2025年，新培育省级以上“专精特新”企业1500家、小巨人企业600家、单项冠军企业400家和领航企业150家左右。",
        title="某省实施意见",
    )
    clause = cite(shandong, "前言")
    names = {"“专精特新”企业": 1500, "小巨人企业": 600, "单项冠军企业": 400, "领航企业": 150}
    for name in names:
        for number in names.values():
            text = f"力争到2025年，新培育{name}{number}家左右。"
            assert CHECKER.check(derived(text, clause), ask()).ok is (names[name] == number), text


def test_a_bare_figure_must_be_that_of_its_lead_or_of_the_question():
    clause = cite(ANHUI, "一")
    assert CHECKER.check(derived("60家", clause, lead="单项冠军企业："), ask()).ok
    assert not CHECKER.check(derived("800家", clause, lead="单项冠军企业："), ask()).ok
    asked = ask("安徽要认定多少家单项冠军企业？", topic="认定单项冠军企业")
    assert CHECKER.check(derived("60家", clause, form="figure"), asked).ok
    assert not CHECKER.check(derived("800家", clause, form="figure"), asked).ok
    assert CHECKER.check(derived("20家左右", clause), ask("领航企业的目标？", topic="领航企业目标")).ok
    assert not CHECKER.check(derived("20家", clause), ask("领航企业的目标？", topic="领航企业目标")).ok


def test_a_figure_with_its_noun_need_not_say_what_the_sentence_aims_at():
    clause = cite(ANHUI, "一")
    assert CHECKER.check(derived("制造业单项冠军企业60家", clause, form="figure"), ask()).ok
    assert CHECKER.check(derived("制造业单项冠军企业60家左右", clause, form="figure"), ask()).ok
    assert not CHECKER.check(derived("到2027年，新认定制造业单项冠军企业60家。", clause), ask()).ok


def test_each_province_keeps_its_own_figure_when_both_are_cited():
    both = (cite(ANHUI, "一"), cite(ZHEJIANG, "一"))
    right = "安徽力争到2027年新认定国家级小巨人企业800家，浙江到2026年底前培育国家级小巨人企业2000家。"
    swapped = "安徽力争到2027年新认定国家级小巨人企业2000家，浙江到2026年底前培育国家级小巨人企业800家。"
    assert CHECKER.check(derived(right, *both), ask()).ok
    assert not CHECKER.check(derived(swapped, *both), ask()).ok


def _sentences(documents: tuple[Document, ...]) -> list[tuple[str, Citation]]:
    return [
        (
            document.text[start:end],
            Citation(Evidence(Passage(clause, clause.start, clause.end), 0, 0, 0), start, end),
        )
        for document in documents
        for clause in document.clauses
        for start, end in split_sentences(clause.text, clause.start)
    ]


TOYS = _sentences(EVERY)


@functools.cache
def _bundled() -> tuple[Document, ...]:
    return tuple(load_documents([POLICIES]).documents)


@functools.cache
def _with_digits() -> list[tuple[str, Citation]]:
    return [
        (text, citation) for text, citation in (*TOYS, *_sentences(_bundled())) if re.search(r"[0-9]", text)
    ]


def _with_another_digit(text: str, choose: random.Random) -> str:
    place = choose.choice([match.start() for match in re.finditer(r"[0-9]", text)])
    digit = choose.choice([d for d in "123456789" if d != text[place]])
    return text[:place] + digit + text[place + 1 :]


def test_every_sentence_of_the_bundled_policies_stands():
    sentences = _sentences(_bundled())
    assert len(sentences) > 400
    failed = [
        (text, verdict.reason)
        for text, citation in sentences
        for kind in ("quoted", "derived")
        if not (verdict := CHECKER.check(Statement(text, (citation,), kind), ask())).ok
    ]
    assert failed == []


@settings(deadline=None)
@given(st.deferred(lambda: st.sampled_from(_with_digits())), st.randoms(use_true_random=False))
def test_any_digit_changed_in_a_sentence_drops_it(sentence, choose):
    text, citation = sentence
    changed = _with_another_digit(text, choose)
    for kind in ("quoted", "derived"):
        assert not CHECKER.check(Statement(changed, (citation,), kind), ask()).ok, changed


NOUNS = ("小巨人企业", "单项冠军企业", "领航企业", "创新型中小企业", "瞪羚企业", "独角兽企业")
UNITS = ("家", "万家")


@st.composite
def targets(draw: st.DrawFn) -> tuple[list[tuple[str, str]], str]:
    """Targets of an invented policy, and the sentence that sets them."""
    nouns = draw(st.lists(st.sampled_from(NOUNS), min_size=2, max_size=5, unique=True))
    numbers = draw(st.lists(st.integers(2, 9999), min_size=len(nouns), max_size=len(nouns), unique=True))
    figures = [
        (noun, f"{number}{draw(st.sampled_from(UNITS))}") for noun, number in zip(nouns, numbers, strict=True)
    ]
    listed = "、".join(noun + figure for noun, figure in figures[:-1])
    year = draw(st.integers(2021, 2049))
    return figures, f"力争到{year}年，培育{listed}和{''.join(figures[-1])}。"


@settings(deadline=None, max_examples=30)
@given(targets())
def test_every_figure_goes_with_its_own_noun_alone(made):
    figures, sentence = made
    citation = cite(policy(sentence, title="某意见"), "前言")
    for noun, figure in figures:
        for other, _ in figures:
            text = f"力争培育{other}{figure}。"
            assert CHECKER.check(derived(text, citation), ask()).ok is (other == noun), text


@settings(deadline=None)
@given(
    st.text(
        alphabet="的一是不得600家2025年《》（）“”，。：省财政厅〔2021〕5号是否有%｜|*第三条", max_size=40
    ),
    st.sampled_from(TOYS),
)
def test_any_text_gets_a_verdict(text, sentence):
    for kind in ("quoted", "derived", "notice"):
        verdict = CHECKER.check(
            Statement(text, (sentence[1],) if kind != "notice" else (), kind, lead=text[:5]), ask(text)
        )
        assert verdict.ok is (verdict.reason == "")


# The bundled policies: number, words of the clause, statement, stands.
NATIONAL, SHANDONG, HUBEI = "工信部联政法〔2021〕70号", "鲁工信发〔2021〕5号", "鄂经信产业〔2022〕13号"
TOGETHER, THREE_YEARS = "工信部联企业〔2022〕54号", "工信部联企业〔2018〕248号"
REAL = [
    (NATIONAL, "力争到2025年", "力争到2025年，形成1000家单项冠军企业。", True),
    (NATIONAL, "力争到2025年", "力争到2025年，发展形成10000家“小巨人”企业。", True),
    (NATIONAL, "力争到2025年", "力争到2025年，发展形成1000家“小巨人”企业。", False),
    (NATIONAL, "力争到2025年", "力争到2025年，发展形成千家领航企业。", False),
    (NATIONAL, "力争到2025年", "力争到2025年，发展形成900家单项冠军企业。", False),
    (NATIONAL, "力争到2025年", "到2025年，发展形成万家“小巨人”企业。", False),
    (NATIONAL, "力争到2025年", "力争到2035年，发展形成万家“小巨人”企业。", False),
    (NATIONAL, "发挥各类政府引导基金作用", "对优质企业给予一次性奖励和贷款贴息。", False),
    (SHANDONG, "领航企业150家左右", "山东省力争到2025年新培育小巨人企业600家、单项冠军企业400家。", True),
    (SHANDONG, "领航企业150家左右", "山东省力争到2025年新培育小巨人企业400家、单项冠军企业600家。", False),
    (SHANDONG, "领航企业150家左右", "山东省力争到2025年新培育领航企业150家左右。", True),
    (SHANDONG, "领航企业150家左右", "山东省力争到2025年新培育领航企业150家。", False),
    (SHANDONG, "领航企业150家左右", "湖北省力争到2025年新培育领航企业150家左右。", False),
    (SHANDONG, "领航企业150家左右", "山东省力争到2025年培育单项冠军企业400家。", False),
    (SHANDONG, "深入实施首台套", "由人民银行济南分行、山东省税务局、山东证监局等按职责分工负责。", True),
    (SHANDONG, "深入实施首台套", "由人民银行、山东省税务局、山东证监局等按职责分工负责。", False),
    (SHANDONG, "深入实施首台套", "由省工业和信息化厅牵头。", False),
    (SHANDONG, "工信部联政法〔2021〕70号", "落实工信部联政法〔2021〕70号。", True),
    (SHANDONG, "工信部联政法〔2021〕70号", "落实工信部联政法〔2021〕71号。", False),
    (HUBEI, "省级以上单项冠军企业1000家", "湖北到2025年培育省级以上单项冠军企业1000家。", True),
    (HUBEI, "省级以上单项冠军企业1000家", "湖北到2025年培育省级以上单项冠军企业2000家。", False),
    (HUBEI, "省级以上单项冠军企业1000家", "湖北到2025年新培育省级以上单项冠军企业1000家。", False),
    (HUBEI, "突破“卡脖子”技术20项", "湖北将启动30个产业基础再造项目，力争突破“卡脖子”技术20项。", True),
    (HUBEI, "突破“卡脖子”技术20项", "湖北将启动20个产业基础再造项目，力争突破“卡脖子”技术30项。", False),
    (TOGETHER, "不得滥用市场优势地位", "大企业不得滥用市场优势地位设立不合理的付款条件、时限。", True),
    (TOGETHER, "不得滥用市场优势地位", "大企业得滥用市场优势地位设立不合理的付款条件、时限。", False),
    (TOGETHER, "不得滥用市场优势地位", "大企业不得滥用市场优势地位设立合理的付款条件、时限。", False),
    (TOGETHER, "引导大企业向中小企业开放品牌", "引导大企业向中小企业开放品牌、仪器设备等资源。", True),
    (TOGETHER, "引导大企业向中小企业开放品牌", "引导中小企业向大企业开放品牌、仪器设备等资源。", False),
    (THREE_YEARS, "采购预算总额30%以上", "政府机构应预留年度采购预算总额百分之三十以上面向中小企业。", True),
    (THREE_YEARS, "采购预算总额30%以上", "政府机构应预留年度采购预算总额30％以上面向中小企业。", True),
    (THREE_YEARS, "采购预算总额30%以上", "政府机构应预留年度采购预算总额30%面向中小企业。", False),
    (THREE_YEARS, "采购预算总额30%以上", "政府机构应预留年度采购预算总额60%以上面向中小企业。", False),
    (THREE_YEARS, "采购预算总额30%以上", "可给予联合体2%至3%的价格扣除。", True),
    (THREE_YEARS, "采购预算总额30%以上", "可给予联合体3%的价格扣除。", False),
    (THREE_YEARS, "采购预算总额30%以上", "给予联合体2%至3%的价格扣除。", False),
    (THREE_YEARS, "用三年时间", "用三年时间培育600家专精特新“小巨人”企业。", True),
    (THREE_YEARS, "用三年时间", "用三年时间培育600家单项冠军企业。", False),
    (THREE_YEARS, "用三年时间", "到2021年培育600家专精特新“小巨人”企业。", False),
]


@pytest.mark.parametrize(("number", "words", "text", "stands"), REAL)
def test_statements_on_the_bundled_policies(number, words, text, stands):
    document = next(document for document in _bundled() if document.number == number)
    clause = next(clause for clause in document.clauses if words in re.sub(r"\s", "", clause.text))
    citation = Citation(
        Evidence(Passage(clause, clause.start, clause.end), 0, 0, 0), clause.start, clause.end
    )
    verdict = CHECKER.check(derived(text, citation), ask())
    assert verdict.ok is stands, verdict.reason
