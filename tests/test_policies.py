"""The bundled policies, read against trees written down from the policies themselves."""

import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.load import load_document, load_documents
from corpus.script import simplify

DOCUMENTS = Path(__file__).parents[1] / "corpus" / "documents"
EXPECTED = Path(__file__).parent / "expected"
NAMES = [path.stem for path in sorted(EXPECTED.glob("*.json"))]


def expected(name: str) -> dict:
    return json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {name: load_document(DOCUMENTS / f"{name}.txt") for name in NAMES}


def duties(clause) -> str:
    """Departments as the trees write them: 牵头:甲、乙;配合:丙."""
    by_role: dict[str, list[str]] = {}
    for department in clause.departments:
        by_role.setdefault(department.role, []).append(department.name)
    return ";".join(f"{role}:{'、'.join(names)}" for role, names in by_role.items())


def test_there_is_a_tree_for_each_policy():
    assert [path.stem for path in sorted(DOCUMENTS.glob("*.txt"))] == NAMES
    assert len(NAMES) == 5


@pytest.mark.parametrize("name", NAMES)
def test_metadata(documents, name):
    document, wanted = documents[name], expected(name)
    for field in ("id", "number", "title", "level", "region", "traditional"):
        assert getattr(document, field) == wanted[field], field
    assert list(document.issuers) == wanted["issuers"]
    assert list(document.cites) == wanted["cites"]
    for field in ("issued_on", "valid_from", "valid_until", "period"):
        value = getattr(document, field)
        assert (None if value is None else str(value)) == wanted[field], field


@pytest.mark.parametrize("name", NAMES)
def test_clause_tree(documents, name):
    document = documents[name]
    found = [
        [clause.part, list(clause.path), clause.label, clause.heading, duties(clause)]
        for clause in document.clauses
    ]
    assert found == [row[:5] for row in expected(name)["clauses"]]


@pytest.mark.parametrize("name", NAMES)
def test_clauses_begin_and_end_where_the_policy_does(documents, name):
    for clause, row in zip(documents[name].clauses, expected(name)["clauses"], strict=True):
        assert clause.text.startswith(row[5]), clause.id
        assert clause.text.endswith(row[6]), clause.id


@pytest.mark.parametrize("name", NAMES)
def test_clauses_tile_the_text(documents, name):
    document = documents[name]
    assert "".join(document.text[clause.start : clause.end] for clause in document.clauses) == document.text
    assert all(clause.document is document for clause in document.clauses)
    assert len({clause.id for clause in document.clauses}) == len(document.clauses)


@pytest.mark.parametrize("name", NAMES)
def test_kept_and_removed_are_the_source(documents, name):
    document = documents[name]
    assert document.source == (DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8")
    assert len(document.offsets) == len(document.text)
    places = sorted(
        [*map(int, document.offsets), *(i for r in document.removed for i in range(r.start, r.end))]
    )
    assert places == list(range(len(document.source)))
    assert all(item.reason for item in document.removed)


@pytest.mark.parametrize("name", NAMES)
def test_each_character_maps_to_its_own_in_the_source(documents, name):
    document = documents[name]
    source = simplify(document.source) if document.traditional else document.source
    for char, place in zip(document.text, document.offsets, strict=True):
        assert char == source[place] or (char == "\n" and source[place] in "<\n"), place


@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_the_policy_is_lost_and_none_stands_twice(documents, name):
    """What was taken out is layout, or furniture that this test names one by one."""
    document = documents[name]
    taken = [re.sub(r"\s+", "", document.source[r.start : r.end]) for r in document.removed]
    words = [text for text in taken if re.search(r"[\u4e00-\u9fff]", re.sub(r"<!--.*?-->|<[^>]*>", "", text))]
    furniture = {
        "000_2e200ec55eeeb4f8": [
            "---title:",
            "每经编辑王鑫",
            "提高优质企业自主创新能力。支持参与制造业创新中心、",
        ],
        "001_cbe2c83400da172b": [],
        "002_e97d5b73eaf5ca4f": None,  # the second printing, checked below
        "003_e93829da0d073851": [],
        "004_29b46e140de23d6c": [
            "您当前的位置:首页",
            "四部委印发促进大中小企业",
            "2018-11-29来源:",
            "友情链接",
        ],
    }[name]
    if furniture is not None:
        assert [text for text in words if not any(text.startswith(start) for start in furniture)] == []
        assert len(words) == len(furniture)
    paragraphs = [line for line in document.text.split("\n") if len(line) > 30]
    assert len(paragraphs) == len(set(paragraphs))


def test_the_second_printing_goes_and_the_first_stays(documents):
    document = documents["002_e97d5b73eaf5ca4f"]
    source = re.sub(r"\s", "", simplify(document.source))
    text = re.sub(r"\s", "", document.text)
    assert source.count(text) == 2  # the policy stands twice in the page, word for word, and whole
    rest = source.replace(text, "")
    assert rest.startswith("ENhttps://www.gov.cn/题:十一部门关于开展")
    assert rest.endswith("成文日期:2022年05月12日回到顶部")
    reasons = {item.reason for item in document.removed}
    assert {"全文重复", "网页元数据（已读入）", "网页按钮与分享", "网址与语种链接"} <= reasons


def test_hard_breaks_are_joined(documents):
    text = documents["001_cbe2c83400da172b"].text
    for joined in (
        "《关于加快培育发展制造业优质企业的指导意见》",
        "带动提升产业链供应链现代化水平",
        "产业基础雄厚、比较优势明显",
        "(省工业和信息化厅、省商务厅、省国资委按职责分工负责)",
        "对上下游企业开放资源",
        "使用债券融资工具进行融资",
        "指导用好惠企政策",
    ):
        assert joined in text


def test_blanks_inside_labels_and_figures_go(documents):
    text = documents["003_e93829da0d073851"].text
    assert "(二)单项冠军企业。" in text
    assert "到2025年，培育省级以上“专精特新”中小企业2000家。" in text


def test_a_rule_for_all_that_follow(documents):
    document = documents["002_e97d5b73eaf5ca4f"]
    (rule,) = document.rules
    assert [rule.clause.label, rule.departments[0].name, document.text[rule.start : rule.end]] == expected(
        "002_e97d5b73eaf5ca4f"
    )["rules"][0]
    by_label = {clause.label: clause for clause in document.clauses}
    assert document.rules_for(by_label["二、（四）2"]) == (rule,)
    assert document.rules_for(by_label["二、（一）1"]) == ()
    assert document.rules_for(by_label["一、（二）"]) == ()


def test_the_register_holds_source_and_licence_alone():
    data = tomllib.loads((DOCUMENTS / "documents.toml").read_text(encoding="utf-8"))
    for entry in data["document"]:
        assert set(entry) == {"file", "source_url", "licence", "sha256"}
        assert hashlib.sha256((DOCUMENTS / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert len(data["document"]) == 5


def test_the_bundled_folder_loads_whole():
    loaded = load_documents(DOCUMENTS)
    assert loaded.problems == {}
    assert [document.number for document in loaded.documents] == [expected(name)["number"] for name in NAMES]
