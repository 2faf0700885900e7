"""What a model writes, cut into sentences with their citations, however the pieces come."""

import pytest

from chat.writing.parse import Reader


def read(text, size=3, *, complete=True):
    reader = Reader()
    found = []
    for start in range(0, len(text), size):
        found += reader.feed(text[start : start + size])
    return [*found, *reader.finish(complete=complete)]


def cited(text, size=3, **options):
    return [(each.text, each.cites) for each in read(text, size, **options)]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲培育十家[1]。乙培育五家。[2]", [("甲培育十家。", (1,)), ("乙培育五家。", (2,))]),
        ("甲培育十家。 [1] [2]\n乙。[3]", [("甲培育十家。", (1, 2)), ("乙。", (3,))]),
        ("甲培育十家【1】。乙［2］。", [("甲培育十家。", (1,)), ("乙。", (2,))]),
        ("甲[1,2]。乙[1、3]。丙[2-4]。", [("甲。", (1, 2)), ("乙。", (1, 3)), ("丙。", (2, 3, 4))]),
        ("甲[来源1]。乙[条款2]。丙[^3]。", [("甲。", (1,)), ("乙。", (2,)), ("丙。", (3,))]),
        ("甲培育十家[1]；乙培育五家[2]。", [("甲培育十家", (1,)), ("乙培育五家。", (2,))]),
        ("他说“可以。”[1]乙。[2]", [("他说“可以。”", (1,)), ("乙。", (2,))]),
        ("鲁工信发[2021]5号提出甲。[1]", [("鲁工信发[2021]5号提出甲。", (1,))]),
        ("占5.5%以上[1]。", [("占5.5%以上。", (1,))]),
        ("- 甲项[1]\n- 乙项[2]\n", [("甲项", (1,)), ("乙项", (2,))]),
        ("1. 甲项[1]\n2、乙项[2]\n（三）丙项[3]", [("甲项", (1,)), ("乙项", (2,)), ("丙项", (3,))]),
        ("**甲**项[1]。", [("甲项。", (1,))]),
        (
            "| 山东 | 400家[1] |\n| --- | --- |\n| 湖北 | 1000家[2] |",
            [("山东，400家", (1,)), ("湖北，1000家", (2,))],
        ),
    ],
)
def test_sentences_and_their_markers(text, expected, size):
    assert cited(text, size) == expected


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_one_marker_at_the_end_of_a_paragraph_is_that_of_its_sentences(size):
    assert cited("甲。乙。丙。[2]\n丁。", size) == [
        ("甲。", (2,)),
        ("乙。", (2,)),
        ("丙。", (2,)),
        ("丁。", ()),
    ]
    assert cited("甲。[1]乙。\n", size) == [("甲。", (1,)), ("乙。", (1,))]


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_thoughts_are_no_answer(size):
    assert cited("<think>免税[1]。\n</think>\n甲。[1]", size) == [("甲。", (1,))]
    assert cited("<think>免税[1]。想了又想", size) == []


def test_a_reply_that_broke_off_loses_its_last_sentence_only():
    assert cited("甲培育十家。[1]乙培育五", complete=False) == [("甲培育十家。", (1,))]
    assert cited("甲培育十家。[1]乙培育五家。[", complete=False) == [("甲培育十家。", (1,))]
    assert cited("甲培育十家。[1]乙培育五家[2]", complete=False) == [
        ("甲培育十家。", (1,)),
        ("乙培育五家", (2,)),
    ]


def test_headings_and_introductions_are_told_from_sentences():
    found = read("## 目标\n**支持措施**\n主要包括：\n- 甲[1]\n乙。[1]丙。[1]")
    assert [(each.text, each.leads) for each in found[:3]] == [
        ("目标", True), ("支持措施", True), ("主要包括：", True),
    ]  # fmt: skip
    assert [(each.item, each.follows) for each in found[3:]] == [(True, False), (False, False), (False, True)]


def test_a_sentence_without_end_does_not_grow_for_ever():
    assert max(len(text) for text, _ in cited("很长" * 5000)) < 1000


def test_a_sentence_is_given_as_soon_as_it_is_known_to_be_complete():
    reader = Reader()
    assert list(reader.feed("甲培育十家[1]。")) == []  # another marker may follow
    assert [each.text for each in reader.feed("乙")] == ["甲培育十家。"]


def test_chinese_is_told_from_other_languages():
    assert [each.chinese for each in read("Enterprises get money [1].\n甲。[1]")] == [False, True]
