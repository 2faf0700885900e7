"""Clauses that a sentence refers to, and that they speak for it."""

import pytest

from chat.assistant import Assistant
from chat.ranking import features
from chat.ranking.references import referred
from chat.select import Selector
from corpus.load import load_documents
from index.build import build_snapshot

RULES = """甲市集市条例
第一条 为了规范集市，制定本条例。
第二条 摊主不得使用未经检定的秤。
第三条 摊主应当遵守下列规定：
（一）亮照经营；
（二）公示摊位费。
第四条 开办者应当每日清运垃圾。
开办者应当设立公平秤。
第五条 违反本条例第二条规定的，由市场监督管理部门处二千元罚款。
第六条 违反本条例第三条第二项、第四条第二款规定的，责令改正，处三百元罚款。
第七条 违反《中华人民共和国计量法》第四条、食品安全法第二条规定的，依照其规定处罚。
第八条 本条所称集市，是指第八条以外的场所。
"""


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rules")
    (folder / "甲市.txt").write_text(RULES, encoding="utf-8")
    return load_documents([folder]).documents[0]


def sentence(document, label):
    return next(clause.body for clause in document.clauses if clause.label == label)


def test_an_article_that_is_named_is_found(document):
    assert referred(sentence(document, "第五条"), document) == ("摊主不得使用未经检定的秤。",)


def test_of_items_and_paragraphs_only_what_is_named(document):
    item, paragraph = referred(sentence(document, "第六条"), document)
    assert "公示摊位费" in item
    assert "下列规定" in item
    assert "亮照" not in item
    assert paragraph == "开办者应当设立公平秤。"


def test_articles_of_other_laws_and_the_own_one_are_none(document):
    assert referred(sentence(document, "第七条"), document) == ()
    assert referred(sentence(document, "第八条"), document) == ()


def test_a_penalty_speaks_of_what_its_article_forbids(document, embedder):
    assistant = Assistant(build_snapshot([document], embedder))
    question, evidence = assistant.find("摊主用未经检定的秤要罚多少")
    candidates, rows = Selector(embedder).marked(question, evidence)
    body = [c for c in candidates if c.sentence.role != "heading"]
    column = features.NAMES.index("referred")
    marks = {
        c.clause.label: row[column] for c, row in zip(body, rows, strict=True) if "罚款" in c.sentence.text
    }
    assert marks["第五条"] > marks["第六条"]
