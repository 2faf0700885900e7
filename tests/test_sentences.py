"""Dividing text into sentences."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_marks_end_sentences_and_keep_their_closing_quotes():
    assert sentences("要“揭榜挂帅。”企业攻关；政府支持！谁负责？") == [
        "要“揭榜挂帅。”",
        "企业攻关；",
        "政府支持！",
        "谁负责？",
    ]


def test_never_inside_a_title():
    assert sentences("落实《支持企业。若干措施》。完") == ["落实《支持企业。若干措施》。", "完"]


def test_never_inside_a_figure():
    assert sentences("补助1.5万元，增长3.2%。") == ["补助1.5万元，增长3.2%。"]


def test_an_aside_in_brackets_does_not_divide():
    assert sentences("家数（含600家；另有400家）不变。") == ["家数（含600家；另有400家）不变。"]


def test_a_bracket_that_never_closes_divides_all_the_same():
    assert sentences("甲（乙。丙。") == ["甲（乙。", "丙。"]


def test_a_list_lead_stays_with_its_first_item():
    assert sentences("应当具备：\n（一）甲；\n（二）乙。") == ["应当具备：\n（一）甲；", "（二）乙。"]


def test_lines_without_marks_are_sentences():
    assert sentences("一、总体要求\n到2025年建成。") == ["一、总体要求", "到2025年建成。"]


def test_offsets_are_shifted():
    assert split_sentences("甲。乙。", 10) == [(10, 12), (12, 14)]


def test_departments_behind_the_stop_are_their_own_sentence():
    assert sentences("开展试点。（财政部负责）") == ["开展试点。", "（财政部负责）"]


@given(st.text("一甲。；：！？“”（）《》\n 1.,", max_size=80))
def test_nothing_but_blanks_stands_between_sentences(text):
    done = 0
    for start, end in split_sentences(text):
        assert text[done:start].strip() == ""
        assert text[start:end].strip() == text[start:end] != ""
        done = end
    assert text[done:].strip() == ""
