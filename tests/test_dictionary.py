"""Jieba's dictionary, read without jieba's own segmentation."""

import jieba
import pytest

from chat.dictionary import dictionary


@pytest.fixture(scope="module")
def jieba_itself(tmp_path_factory):
    jieba.setLogLevel(60)
    engine = jieba.Tokenizer()
    engine.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    engine.initialize()
    return engine


def test_frequencies_are_those_of_jieba(jieba_itself):
    known = dictionary()
    assert known.total == jieba_itself.total
    assert {w: known.frequency(w) for w in jieba_itself.FREQ} == jieba_itself.FREQ


def test_a_piece_begins_a_word_where_jieba_keeps_it(jieba_itself):
    known = dictionary()
    assert all(map(known.begins, list(jieba_itself.FREQ)[::50]))
    for piece in ("中小企", "融资难贵", "冠军企", "zzz", "魑魅企", "支持政策申"):
        assert known.begins(piece) == (piece in jieba_itself.FREQ), piece


def test_tags_and_unknown_words():
    known = dictionary()
    assert known.tag("企业") == "n"
    assert known.tag("支持") == "v"
    assert known.tag("小巨人企") == ""
    assert known.frequency("小巨人企") == 0
