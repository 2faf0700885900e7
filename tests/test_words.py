"""Words, and BM25 over them."""

import math

import bm25s
import numpy as np
import pytest

from index.words import QUESTION_WORDS, WordIndex, article_terms, best_rows, subject_words, terms, tokenize

TEXTS = ["设立基金，给予贷款贴息。", "贷款担保。", "自2025年起施行。", "贷款贷款贷款贴息的基金。"]


@pytest.fixture(scope="module")
def index() -> WordIndex:
    return WordIndex.from_texts(TEXTS, ["第一条", "第二条", "第一百二十条之一", "一、"])


def test_tokenize_is_jieba_without_punctuation():
    assert tokenize("企业申请贷款贴息，怎么办？") == ["企业", "申请", "贷款", "贴息", "怎么办"]
    assert tokenize("５Ｇ＋ＡＩ") == ["5g", "ai"]
    assert tokenize(" 　\n") == []


def test_tokenize_makes_the_cuts_of_jieba(tmp_path):
    jieba = pytest.importorskip("jieba")
    jieba.setLogLevel(60)
    engine = jieba.Tokenizer()
    engine.tmp_dir = str(tmp_path)  # else it caches in the shared temporary folder
    text = "发挥优质企业在增强产业链供应链自主可控能力中的中坚作用力争到2025年新培育专精特新企业1500家"
    assert tokenize(text) == engine.lcut(text)


def test_terms_add_pairs_of_neighbours():
    assert terms("小巨人，A企业") == ["小", "巨人", "a", "企业", "小巨", "巨人", "企业"]


def test_question_words_are_left_out_of_the_subject():
    assert subject_words("请问企业怎么申请企业贷款？") == ["企业", "申请", "贷款"]
    assert "企业" not in QUESTION_WORDS


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("第十二条", "@12"),
        ("第 12 條", "@12"),
        ("第一百二十条之一", "@120.1"),
        ("第一千二百六十条", "@1260"),
        ("第一千零二条", "@1002"),
        ("第二〇条", "@20"),
        ("第一二〇条", "@120"),
    ],
)
def test_article_numbers_are_terms_of_their_own(text, term):
    assert article_terms(f"公司法{text}是什么") == [term]


def test_only_the_label_makes_an_article_found(index):
    mentions = WordIndex.from_texts(["依照第一条设立。", "制定本办法。"], ["第二条", "第一条"])
    rows, _ = mentions.search("第一条", 5)
    assert rows.tolist() == [1]
    assert index.search("第一百二十条之一规定了什么", 1)[0].tolist() == [2]


def test_scores_are_those_of_bm25s():
    index = WordIndex.from_texts(TEXTS, [""] * 4)
    reference = bm25s.BM25(k1=1.5, b=0.75, method="lucene", backend="numpy")
    reference.index([terms(text) for text in TEXTS], show_progress=False)
    for question in ("贷款贴息", "基金的设立，基金", "2025年"):
        expected = reference.get_scores([t for t in terms(question) if t in reference.vocab_dict])
        np.testing.assert_allclose(index.scores(question), expected, rtol=1e-5)


def test_the_number_of_an_article_outweighs_mentions_of_its_law():
    texts = ["合同法 依照合同法，合同法第九条规定的合同。", f"合同法 {'甲' * 300}。", "合同法 其他。"]
    index = WordIndex.from_texts(texts, ["第一条", "第九条", "第三条"])
    assert index.search("合同法第九条", 3)[0].tolist() == [1, 0, 2]
    assert index.scores("第九条").tolist() == pytest.approx([0, 2 * math.log(1 + 2.5 / 1.5), 0])


def test_a_score_worked_out_by_hand():
    index = WordIndex.from_texts(["金", "金 银 铜"], ["", ""])
    # Two texts of 1 and 3 terms, 2 on average. 银 stands once, in the second.
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    assert index.idf("银") == pytest.approx(idf)
    assert index.scores("银")[1] == pytest.approx(idf * 1 / (1.5 * (0.25 + 0.75 * 3 / 2) + 1))
    assert index.scores("银")[0] == 0


def test_rows_without_a_shared_term_are_not_found(index):
    rows, scores = index.search("施行", 10)
    assert rows.tolist() == [2]
    assert scores[0] > 0
    assert index.search("电影明星", 10)[0].tolist() == []
    assert index.search("？！", 10)[0].tolist() == []


def test_equal_scores_keep_the_order_of_rows():
    assert best_rows(np.array([1, 3, 0, 3, 1, 1], dtype=np.float32), 4).tolist() == [1, 3, 0, 4]
    assert best_rows(np.zeros(3, dtype=np.float32), 2).tolist() == []


def test_idf_is_highest_for_unknown_words(index):
    assert index.frequency("贷款") == 3
    assert index.frequency("电影") == 0
    assert index.idf("电影") > index.idf("施行") > index.idf("贷款") > 0


def test_coverage_is_the_idf_share_of_the_words_found(index):
    weights = index.weigh("贷款什么时候施行？")
    assert list(weights) == ["贷款", "施行"]
    share = index.idf("贷款") / (index.idf("贷款") + index.idf("施行"))
    assert index.covered(weights, "给予贷款") == pytest.approx(share)
    assert index.covered(weights, "贷款的施行") == 1
    assert index.covered({}, "贷款") == 0
    assert index.covered({"5g": 2.0}, "发展５Ｇ网络") == 1


def test_load_mirrors_save(index, tmp_path):
    index.save(tmp_path)
    loaded = WordIndex.load(tmp_path, len(TEXTS))
    assert loaded.scores("贷款贴息第一条").tolist() == index.scores("贷款贴息第一条").tolist()
    assert loaded.idf("贷款") == index.idf("贷款")
