"""Passages: cut within clauses, with title and headings in front of what is searched."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from index.passage import cut, stretches
from tests.toys import make_document


def test_one_passage_a_clause_with_title_and_headings_in_front(toy_corpus):
    law, policy = toy_corpus
    assert [p.searchable for p in cut(law)] == [
        "条问市小企业促进办法",
        "条问市小企业促进办法 总则",
        "条问市小企业促进办法 总则 为了支持小企业，制定本办法。",
        "条问市小企业促进办法 总则 依照第一条设立的基金，给予贷款贴息。",
        "条问市小企业促进办法 附则",
        "条问市小企业促进办法 附则 本办法自2025年1月1日起施行。",
    ]
    assert [p.searchable for p in cut(policy)] == [
        "问答县行动计划 主要目标。到2025年，培育小巨人60家。",
        "问答县行动计划 重点任务",
        "问答县行动计划 重点任务 各部门分工落实。",
        "问答县行动计划 重点任务 融资。设立基金，给予贷款担保。",
    ]


def test_text_is_a_slice_with_its_label(toy_corpus):
    passages = list(cut(toy_corpus[0]))
    assert passages[3].text == "第一百二十条之一 依照第一条设立的基金，给予贷款贴息。"
    assert passages[3].clause.label == "第一百二十条之一"
    for passage in passages:
        assert passage.clause.start <= passage.start < passage.end <= passage.clause.end


def test_bare_headings_and_title_blocks_are_frames(toy_corpus):
    assert [p.is_frame for p in cut(toy_corpus[0])] == [True, True, False, False, True, False]
    assert [p.is_frame for p in cut(toy_corpus[1])] == [False, True, False, False]


def test_numbering_that_restarts_takes_the_heading_read_last():
    parts = [
        (("一",), "一、", "甲", "甲\n"),
        (("一", "（一）"), "一、（一）", "", "子。\n"),
        (("一",), "一、", "乙", "乙\n"),
        (("一", "（一）"), "一、（一）", "", "丑。\n"),
    ]
    searchable = [p.searchable for p in cut(make_document("x", "题", parts))]
    assert searchable == ["题 甲", "题 甲 子。", "题 乙", "题 乙 丑。"]


def test_a_long_clause_is_cut_evenly_at_sentence_ends():
    sentences = [f"{'甲' * 98}{n}。" for n in range(9)]  # nine of a hundred characters
    text = "".join(sentences)
    assert stretches(text, 0, 900) == [(0, 300), (300, 600), (600, 900)]
    assert stretches(text, 0, 400) == [(0, 400)]
    assert stretches(text, 0, 401) == [(0, 300), (300, 401)]


def test_later_pieces_keep_their_own_heading():
    parts = [(("一",), "一、", "目标", f"目标。{'甲' * 300}。{'乙' * 300}。\n")]
    first, second = cut(make_document("x", "题", parts))
    assert first.searchable == f"题 目标。{'甲' * 300}。"
    assert second.searchable == f"题 目标 {'乙' * 300}。"
    assert not second.is_frame


def test_a_sentence_too_long_is_cut_at_its_last_comma_that_fits():
    text = f"{'甲' * 99}，{'乙' * 399}，{'丙' * 50}。"
    assert stretches(text, 0, len(text)) == [(0, 100), (100, 500), (500, 551)]
    assert stretches("甲" * 900, 0, 900) == [(0, 400), (400, 800), (800, 900)]


def test_traditional_documents_are_searched_in_mainland_words_too():
    text = "一、发展智慧制造。\n"
    plain = make_document("x", "题", [(("一",), "一、", "", "发展智慧制造。\n")])
    converted = Document(id="x", title="题", text=text, traditional=True)
    object.__setattr__(converted, "clauses", plain.clauses)
    for clause in converted.clauses:
        object.__setattr__(clause, "document", converted)
    passages = list(cut(converted))
    assert [p.searchable for p in passages] == ["题 发展智慧制造。 智能"]
    assert [p.text for p in passages] == ["一、发展智慧制造。"], "quoted as it stands"


def test_blank_clauses_make_no_passage():
    assert list(cut(make_document("x", "题", [((), "前言", "", "  \n")]))) == []


@given(st.text(alphabet="甲乙。，；\n ", max_size=300), st.integers(5, 40))
def test_stretches_lose_no_character_and_keep_the_limit(text: str, longest: int):
    found = stretches(text, 0, len(text), longest)
    assert all(0 < end - start <= longest for start, end in found)
    assert all(a[1] <= b[0] for a, b in zip(found, found[1:], strict=False))
    kept = "".join(text[start:end] for start, end in found)
    assert "".join(kept.split()) == "".join(text.split())
