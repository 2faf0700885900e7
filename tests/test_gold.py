from pathlib import Path

from chat.question import Filters, Kind
from corpus.load import load_documents
from eval.cases import Case, load_cases
from eval.gold import Reference, short_title
from tests.evaluation_toys import CORPUS, HUBEI, NATIONAL, SHANDONG

REFERENCE = Reference(CORPUS)
FINANCE = ("工信部联政法〔2021〕70号", "notice-二")


def case(question="问", **fields) -> Case:
    return Case("c", question, Kind.NUMBER, answerable=fields.pop("answerable", True), **fields)


def test_a_document_goes_by_number_in_any_brackets_by_title_and_by_id():
    assert REFERENCE.resolve("鲁工信发[2021] 5号") == {SHANDONG.id}
    assert REFERENCE.resolve("《关于优质企业的指导意见》") == {NATIONAL.id}
    assert REFERENCE.resolve("劳动合同法") == frozenset()
    assert short_title("中华人民共和国劳动合同法") == "劳动合同法"


def test_a_quote_is_found_across_line_breaks():
    assert REFERENCE.find("完善金融政策。由工业和信息化部") == {FINANCE}


def test_a_quote_is_found_in_every_clause_that_holds_it():
    assert REFERENCE.find("完善金融政策") == {FINANCE, (SHANDONG.id, "notice-二"), (HUBEI.id, "notice-二")}


def test_gold_is_limited_to_the_expected_documents():
    expected = REFERENCE.expect(case(documents=(HUBEI.id,), quotes=(("完善金融政策",),)))
    assert expected.groups == (frozenset({(HUBEI.id, "notice-二")}),)
    assert expected.documents == (frozenset({HUBEI.id}),)
    assert expected.problems == ()


def test_alternatives_of_a_group_are_all_gold():
    expected = REFERENCE.expect(case(quotes=(("400家", "1000家"),)))
    assert expected.groups == (frozenset({(SHANDONG.id, "notice-一"), (HUBEI.id, "notice-一")}),)


def test_regions_are_those_of_documents_question_and_filters():
    expected = REFERENCE.expect(
        case("武汉的呢？", documents=(SHANDONG.id,), quotes=(), filters=Filters(regions=("江苏",)))
    )
    assert expected.provinces == {"山东省", "湖北省", "江苏省"}


def test_a_quote_that_no_clause_holds_breaks_the_case():
    expected = REFERENCE.expect(case(quotes=(("400家",), ("500家",))))
    assert expected.problems == ("quotes第2组“500家”：没有任何条款包含这段文字",)


def test_a_quote_that_only_other_documents_hold_breaks_the_case():
    expected = REFERENCE.expect(case(documents=(HUBEI.id,), quotes=(("400家",),)))
    assert expected.problems == ("quotes第1组“400家”：没有任何期望文件的条款包含这段文字",)


def test_an_expected_document_that_is_not_there_breaks_the_case():
    assert REFERENCE.expect(case(documents=("国发〔2020〕1号",))).problems == (
        "期望文件“国发〔2020〕1号”不在语料中",
    )
    assert REFERENCE.expect(case(documents=("国发〔2020〕1号",), answerable=False)).problems == ()


def test_filters_name_documents_by_id():
    asked = case(filters=Filters(("山东",), ("鲁工信发[2021]5号", "没有的文件")))
    assert REFERENCE.filters(asked) == Filters(("山东",), (SHANDONG.id, "没有的文件"))


def test_the_bundled_policy_cases_fit_the_bundled_policies():
    root = Path(__file__).resolve().parent.parent
    reference = Reference(load_documents([root / "corpus" / "documents"]).documents)
    sets = [load_cases(path) for path in sorted((root / "eval" / "cases").glob("policies_*.jsonl"))]
    assert sum(len(case_set.cases) for case_set in sets) >= 40
    broken = [f"{s.name}/{c.id}" for s in sets for c in s.cases if reference.expect(c).problems]
    assert broken == []
