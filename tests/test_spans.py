"""Stretches of a text, and where words stand in it."""

import pytest

from chat.check import _without_label
from chat.spans import blank, compacted, occurrences, original_span


@pytest.mark.parametrize(
    ("word", "text", "start", "end", "spans"),
    [
        ("企业", "企业和企业", 0, None, [(0, 2), (3, 5)]),
        ("啊啊", "啊啊啊啊啊", 0, None, [(0, 2), (2, 4)]),  # none overlaps the one before
        ("企业", "企业和企业", 1, None, [(3, 5)]),
        ("企业", "企业和企业", 0, 4, [(0, 2)]),  # the second ends beyond
        (".", "1.5万", 0, None, [(1, 2)]),  # as it is written: no pattern
        ("银行", "企业和企业", 0, None, []),
        ("", "企业", 0, None, []),
    ],
)
def test_a_word_is_found_where_it_stands(word, text, start, end, spans):
    assert list(occurrences(word, text, start, end)) == spans


def test_offsets_stay_where_spans_are_blanked():
    assert blank("《办法》第三条", [(0, 4)]) == "    第三条"


def test_a_stretch_of_the_compacted_text_is_found_in_the_whole_one():
    text = "“小 巨人”企业，名单"
    bare, origin = compacted(text)
    assert bare == "小巨人企业名单"
    start, end = original_span(origin, bare.index("企业"), 2)
    assert text[start:end] == "企业"


@pytest.mark.parametrize(
    ("lead", "label", "left"),
    [
        ("《通知》二、（一）：", "二、（一）", "《通知》，："),
        ("二“目标”", "二", "，“目标”"),
        ("《意见》第三条另规定", "第三条", "《意见》，另规定"),
        ("第三条", "第三条", "，"),
        ("四川：", "四", "四川："),  # no label: a place
        ("依据第三条：", "第三条", "依据第三条："),  # neither at the head nor behind a document's name
    ],
)
def test_labels_are_left_out_where_a_label_stands(lead, label, left):
    assert _without_label(lead, label) == left
