"""One answer judged: each figure with its arithmetic, each miss with its reason."""

import pytest

from chat.question import Kind
from eval.cases import Case
from eval.gold import Reference
from eval.score import is_foreign, judge
from tests.evaluation_toys import CORPUS, HUBEI, NATIONAL, SHANDONG, answer, document, refusal

REFERENCE = Reference(CORPUS)
GOAL, FINANCE = SHANDONG.clauses
HUBEI_GOAL = HUBEI.clauses[0]


def case(**fields) -> Case:
    expected = {
        "id": "c",
        "question": "山东要培育多少家单项冠军企业？",
        "kind": Kind.NUMBER,
        "answerable": True,
        "documents": (SHANDONG.id,),
        "quotes": (("单项冠军企业400家",),),
        "facts": (("400家",),),
        "forbidden": ("1000家",),
    }
    return Case(**{**expected, **fields})


def judged(of: Case, given):
    return judge(of, REFERENCE.expect(of), given, took_ms=1.5)


def test_a_right_answer():
    result = judged(case(), answer(("新培育400家。", GOAL), ranked=(FINANCE, GOAL)))
    assert result.misses == ()
    assert result.text == "新培育400家。[1]"
    scores = result.scores
    assert (scores.right, scores.refusal_right, scores.leaks, scores.foreign) == (True, True, 0, 0)
    assert (scores.clause_recall, scores.citation_precision, scores.document_recall) == (1.0, 1.0, 1.0)
    assert (scores.recall_5, scores.reciprocal_rank) == (1.0, 0.5)  # the gold clause stands second
    assert scores.fact_coverage == 1.0
    assert (scores.length, scores.citations, scores.within_limits) == (8, 1, True)  # 新培育400家。


def test_the_wrong_clause_of_the_right_document():
    result = judged(case(), answer(("新培育400家。", FINANCE)))
    assert result.misses == ("未引应引条款：“单项冠军企业400家”",)
    assert (result.scores.clause_recall, result.scores.citation_precision) == (0.0, 0.0)
    assert (result.scores.recall_5, result.scores.reciprocal_rank) == (0.0, 0.0)
    assert not result.scores.right


def test_another_province_is_a_leak_and_foreign():
    result = judged(case(), answer(("新培育400家。", GOAL), ("培育1000家。", HUBEI_GOAL)))
    assert result.misses == (
        "出现禁止内容：“1000家”",
        "引用其他地区的文件：《湖北省关于优质企业的实施意见》",
    )
    assert (result.scores.leaks, result.scores.foreign) == (1, 1)
    assert result.scores.citation_precision == 0.5  # one of two cited clauses is gold


def test_a_missing_fact_and_a_missing_document():
    of = case(documents=(SHANDONG.id, HUBEI.id), facts=(("400家",), ("1000家", "千家")), forbidden=())
    result = judged(of, answer(("新培育400家。", GOAL)))
    assert result.misses == ("未引应引文件：鄂经信产业〔2022〕13号", "缺少事实：“1000家 / 千家”")
    assert (result.scores.fact_coverage, result.scores.document_recall) == (0.5, 0.5)


def test_a_refusal_where_an_answer_was_due():
    result = judged(case(), refusal("没有找到。"))
    assert result.misses == ("应回答而拒答：no_region",)
    assert (result.scores.right, result.scores.refusal_right, result.scores.clause_recall) == (
        False,
        False,
        0.0,
    )


def test_a_refusal_that_was_due_names_what_is_missing():
    of = case(question="江苏呢？", documents=(), quotes=(), facts=(("江苏",),), answerable=False)
    named, unnamed = judged(of, refusal("库内没有江苏省的政策。")), judged(of, refusal("没有找到。"))
    assert named.misses == ()
    assert named.scores.clause_recall is None
    assert named.scores.document_recall is None
    assert unnamed.misses == ("拒答未说明：“江苏”",)
    assert (unnamed.scores.right, unnamed.scores.refusal_right) == (False, True)


def test_a_refusal_must_not_leak_either():
    of = case(question="江苏呢？", documents=(), quotes=(), facts=(), answerable=False)
    assert judged(of, refusal("江苏没有，湖北是1000家。")).misses == ("出现禁止内容：“1000家”",)


def test_an_answer_where_a_refusal_was_due():
    of = case(question="江苏呢？", documents=(), quotes=(), facts=(), answerable=False)
    result = judged(of, answer(("新培育400家。", GOAL)))
    assert result.misses == ("应拒答而回答",)
    assert not result.scores.refusal_right


@pytest.mark.parametrize(
    ("question", "text", "foreign"),
    [
        ("要培育多少家小巨人？", "发展万家小巨人企业。", 1),  # a province's policy, and not said whose
        ("要培育多少家小巨人？", "发展万家小巨人企业。湖北：培育1000家。", 0),  # it is said whose
        ("山东要培育多少家小巨人？", "发展万家小巨人企业。湖北：培育1000家。", 1),  # 湖北 was not asked about
    ],
)
def test_without_a_region_a_province_may_be_cited_when_named(question, text, foreign):
    of = case(question=question, documents=(NATIONAL.id,), quotes=(("万家",),), facts=(), forbidden=())
    result = judged(of, answer((text, NATIONAL.clauses[0]), ("另见", HUBEI_GOAL)))
    assert result.scores.foreign == foreign


def test_a_city_belongs_to_its_province():
    ningbo = document("甬政发〔2021〕1号", "宁波市规定", "浙江省宁波市", "设专职人员。")
    assert is_foreign(ningbo, frozenset({"山东省"}), "宁波市规定：设专职人员。")
    assert not is_foreign(ningbo, frozenset({"浙江省"}), "设专职人员。")
    assert not is_foreign(ningbo, frozenset(), "寧波市規定：設專職人員。")
    assert is_foreign(ningbo, frozenset(), "设专职人员。")


def test_a_long_answer_is_noted_but_right():
    result = judged(case(), answer(("新培育400家。" + "长" * 250, GOAL)))
    assert result.scores.right
    assert not result.scores.within_limits
    assert result.notes == ("过长：258 字，1 处引用",)
