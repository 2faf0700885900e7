"""Simplified and traditional script."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.script import is_traditional, search_form, simplify, to_traditional


def test_simplify_keeps_the_length():
    text = "國務院國有資産監督管理委員會佈局智慧製造，徵信，併發揮著力"
    assert simplify(text) == "国务院国有资产监督管理委员会布局智慧制造，征信，并发挥著力"


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_simplify_keeps_the_length_of_anything(text):
    assert len(simplify(text)) == len(text)


def test_simplified_text_stays_as_it_is():
    text = "专精特新“小巨人”企业，1.2亿元。"
    assert simplify(text) == text


def test_search_form_uses_mainland_words():
    assert search_form("智慧製造與軟體資訊") == "智能制造与软件信息"


def test_to_traditional():
    assert to_traditional("携手行动由谁负责") == "攜手行動由誰負責"


def test_which_script():
    assert is_traditional("十一部門關於開展攜手行動促進大中小企業融通創新的通知")
    assert not is_traditional("十一部门关于开展携手行动促进大中小企业融通创新的通知")
    assert not is_traditional("于")
    assert not is_traditional("")
    assert not is_traditional(
        "关于公布乾县后宫文物保护单位的通知"
    )  # a stray traditional form decides nothing
