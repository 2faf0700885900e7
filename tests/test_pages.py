"""Pages for readers: list, document, original file, printed answer."""

import re
from datetime import date
from html import unescape
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from chat import shelf
from chat.api import create_app
from chat.examples import example_questions
from chat.records import Records
from chat.render import asked_html, markdown_html
from chat.validity import validity
from corpus.document import Document, Period
from tests.standin import HOSTILE, StandIn, corpus

EAST = "东工信发〔2023〕7号"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "documents").mkdir()
    return tmp_path / "documents"


@pytest.fixture
def documents(folder):
    return corpus(folder)


@pytest.fixture
def client(documents, folder, tmp_path):
    app = create_app(StandIn(documents), Records(f"sqlite:///{tmp_path}/r.db"), folders=[folder])
    with TestClient(app) as opened:
        yield opened


def text_of(html):
    return unescape(re.sub(r"<[^>]+>", "", html))


def titles(html):
    return [text_of(each) for each in re.findall(r"<h2>(.*?)</h2>", html)]


# --- the list


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, 3),
        ({"region": "东海省"}, ["关于支持机器人产业发展的若干意见"]),
        ({"region": "国家"}, ["机器人产业发展行动计划"]),
        ({"level": "省"}, 2),
        ({"year": "2022"}, 2),
        ({"year": "2022", "level": "省"}, ["关于支持机器人产业发展的实施意见"]),
        ({"q": "行动计划"}, ["机器人产业发展行动计划"]),
        ({"q": "東工信發[2023]7號"}, ["关于支持机器人产业发展的若干意见"]),
        ({"q": "应用场景清单"}, ["关于支持机器人产业发展的若干意见"]),
        ({"q": "東海省 財政廳"}, ["关于支持机器人产业发展的若干意见"]),
        ({"q": "没有的词"}, []),
    ],
)
def test_documents_are_filtered_and_searched(client, query, expected):
    found = titles(client.get("/documents", params=query).text)
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_a_hit_in_the_text_is_shown_in_its_surroundings(client):
    page = client.get("/documents", params={"q": "专项资金"}).text
    assert "省级财政安排专项资金。" in text_of(page)
    assert "符合条件的文件 1 份" in page


def test_the_list_shows_validity_and_the_original(client):
    page = client.get("/documents").text
    assert "已失效（有效期至2024年12月31日）" in page
    assert f'href="/originals/{quote(EAST)}"' in page
    assert "javascript:" not in page


def test_many_documents_are_divided_into_pages(tmp_path):
    many = tuple(Document(f"甲发〔2020〕{n}号", f"第{n}号文件", "正文") for n in range(1, 121))
    client = TestClient(create_app(StandIn(many), Records(f"sqlite:///{tmp_path}/r.db")))
    last = client.get("/documents", params={"page": 3}).text
    assert titles(last) == [f"第{n}号文件" for n in range(101, 121)]
    assert "第 3 / 3 页" in last
    assert 'href="/documents?page=2"' in last
    assert titles(client.get("/documents", params={"page": 99}).text) == titles(last)


@pytest.mark.parametrize("query", ["page=x", "q=" + "a" * 101])
def test_a_list_that_cannot_be_made_is_told_in_chinese(client, query):
    response = client.get(f"/documents?{query}")
    assert response.status_code == 422
    assert re.search(r"[\u4e00-\u9fff]", response.json()["detail"])


def test_filters_without_a_choice_are_left_out(documents):
    assert [name for name, _, _ in shelf.choices(documents)] == ["region", "level", "year"]
    assert shelf.choices(documents[:1]) == []
    assert shelf.choices(documents)[0][2] == [("国家", 1), ("东海省", 1), ("西岭省", 1)]


# --- a document


def test_every_clause_is_on_the_page_word_for_word(client, documents):
    east = documents[1]
    page = client.get(f"/documents/{EAST}").text
    sections = dict(re.findall(r'<section class="clause[^"]*" id="([^"]+)".*?>(.*?)</section>', page, re.S))
    assert list(sections) == [clause.id for clause in east.clauses]
    for clause in east.clauses:
        shown = re.sub(r"\s", "", text_of(sections[clause.id]))
        assert re.sub(r"\s", "", clause.text) in shown


def test_markup_within_a_document_stays_text(client):
    page = client.get(f"/documents/{EAST}").text
    assert HOSTILE not in page
    assert HOSTILE in unescape(page)


def test_the_card_and_the_outline(client):
    page = client.get(f"/documents/{EAST}").text
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert facts["文号"] == EAST
    assert facts["发文机关"] == "东海省工业和信息化厅、东海省财政厅"
    assert facts["行动期"] == "2023—2024年"
    assert text_of(facts["所引文件"]) == "国工发〔2022〕1号、国发〔2020〕9号"
    assert re.findall(r'href="([^"]+)"', facts["所引文件"]) == [f"/documents/{quote('国工发〔2022〕1号')}"]
    assert "库内未见废止或延续文件" in page
    assert "牵头 省科技厅" in page
    outline = re.search(r'<nav class="outline".*?</nav>', page, re.S)
    assert outline is not None
    entries = [text_of(each) for each in re.findall(r"<li.*?</li>", outline[0])]
    assert entries[:5] == ["版头", "一、 主要目标", "前言", "二、 重点任务", "（一） 提高机器人自主创新能力"]
    cited = client.get(f"/documents/{quote('国工发〔2022〕1号')}").text
    assert re.findall(r"<dt>被引用于</dt><dd>(.*?)</dd>", cited)[0].endswith(
        "关于支持机器人产业发展的若干意见</a>"
    )


def test_a_converted_document_says_so(client):
    assert "繁体来源自动转换" in client.get("/documents/国工发〔2022〕1号").text
    assert "繁体来源自动转换" not in client.get(f"/documents/{EAST}").text


def test_what_was_removed_from_the_source_is_told(tmp_path):
    from corpus.load import load_documents
    from settings import ROOT

    bundled = ROOT / "corpus" / "documents"
    documents = load_documents([bundled], keep_source=False).documents
    client = TestClient(
        create_app(StandIn(documents), Records(f"sqlite:///{tmp_path}/r.db"), folders=[bundled])
    )
    page = client.get("/documents/工信部联政法〔2021〕70号").text
    removed = re.search(r'<details class="removed">.*', page, re.S)
    assert removed is not None
    assert "每经编辑" in removed[0]
    assert "每经编辑" not in page[: removed.start()]


def test_an_unknown_document_is_a_page(client):
    response = client.get("/documents/没有的")
    assert response.status_code == 404
    assert "没有这份文件" in response.text


# --- the original file


def test_the_original_is_downloaded_unchanged_and_harmless(client, folder):
    response = client.get(f"/originals/{EAST}")
    assert response.content == (folder / "1.html").read_bytes()
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["content-security-policy"].startswith("sandbox")


def test_a_file_that_changed_or_lies_outside_is_not_given(client, folder, documents):
    (folder / "1.html").write_text("neu", encoding="utf-8")
    assert client.get(f"/originals/{EAST}").status_code == 404
    assert 'href="/originals/' not in client.get(f"/documents/{EAST}").text
    secret = folder.parent / "secret.txt"
    secret.write_bytes((folder / "2.html").read_bytes())
    object.__setattr__(documents[2], "file", "../secret.txt")
    assert client.get(f"/originals/{quote(documents[2].id)}").status_code == 404


# --- a printed answer


def test_an_answer_is_a_page_of_its_own(client):
    answer = client.post("/api/ask", json={"question": "<i>东海省</i>的目标？"}).json()["id"]
    page = client.get(f"/answers/{answer}").text
    assert "&lt;i&gt;东海省&lt;/i&gt;的目标？" in page
    assert page.count('<details class="tw-cite"') == 2
    assert "以政策原文为准" in page
    assert "data-print-now" not in page
    assert "data-print-now" in client.get(f"/answers/{answer}?print=1").text


def test_an_answer_that_is_gone_is_a_page(client):
    response = client.get("/answers/none")
    assert response.status_code == 404
    assert "没有这个回答" in response.text


# --- what the pages stand on


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("![](http://a/x.png)", "<p>![](http://a/x.png)</p>"),
        ("[点我](javascript:alert(1))", "<p>[点我](javascript:alert(1))</p>"),
        ("    代码", "<p>代码</p>"),
        (
            "**60家**[1]",
            '<p><strong>60家</strong><sup><a class="tw-marker" href="#p-1" title="引用 1">[1]</a></sup></p>',
        ),
        ("见[3]", "<p>见[3]</p>"),
        (r"1\*2 \<br\>", "<p>1*2 &lt;br&gt;</p>"),
    ],
)
def test_markdown_lets_nothing_through(text, html):
    assert str(markdown_html(text, "p", 2)) == html


def test_a_question_is_shown_as_typed():
    assert asked_html("a\n\n<b>") == '<div class="tw-asked">a<br><br>&lt;b&gt;</div>'


@pytest.mark.parametrize(
    ("fields", "note", "warns"),
    [
        ({}, "文件未载明有效期", False),
        ({"valid_until": date(2025, 1, 1)}, "有效期至2025年1月1日", False),
        ({"valid_until": date(2024, 12, 31)}, "已失效（有效期至2024年12月31日）", True),
        ({"valid_from": date(2025, 1, 2)}, "尚未施行（自2025年1月2日起施行）", True),
        ({"period": Period(2022, 2025)}, "行动期2022—2025年", False),
        ({"period": Period(2022, 2024)}, "行动期2022—2024年已结束，库内未见废止或延续文件", True),
    ],
)
def test_validity_is_judged_at_a_date(fields, note, warns):
    judged = validity(Document("甲", "甲", "", **fields), date(2025, 1, 1))
    assert (judged.note, judged.warns) == (note, warns)


def test_examples_are_made_of_the_documents_and_answered(documents):
    assistant = StandIn(documents)
    assert example_questions(assistant) == [
        "东海省支持机器人产业发展的主要目标是什么？",
        "东海省在“拓展应用场景”方面有哪些措施？",
        "西岭省《关于支持机器人产业发展的实施意见》是哪些部门印发的？",
        "东海省《关于支持机器人产业发展的若干意见》是哪些部门印发的？",
    ]
    assert example_questions(assistant, " 甲？ | 乙？|") == ["甲？", "乙？"]
