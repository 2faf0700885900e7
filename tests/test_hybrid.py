"""Search by words and meaning at once, over the toy corpus."""

import numpy as np
import pytest

from corpus.document import Document
from index import hybrid
from index.build import build_snapshot
from index.hybrid import COVERAGE_WEIGHT, FRAME_WEIGHT, HybridIndex, min_max
from index.passage import cut
from index.store import Snapshot
from index.vectors import VectorIndex
from index.wording import in_corpus_wording
from index.words import WordIndex
from tests.toys import make_document


def labels(found):
    return [evidence.passage.clause.label for evidence in found]


def test_the_clause_that_answers_comes_first(toy_snapshot: Snapshot):
    index = toy_snapshot.index
    assert labels(index.search("小企业的基金怎么贴息？"))[0] == "第一百二十条之一"
    assert labels(index.search("什么时候施行"))[0] == "第一千二百六十条"
    assert labels(index.search("融资担保"))[0] == "二、（一）"


def test_an_article_is_found_by_its_number_in_any_writing(toy_snapshot: Snapshot):
    for asked in ("小企业促进办法第一千二百六十条", "第1260条", "第一千二百六十條說了什麼"):
        assert labels(toy_snapshot.index.search(asked))[0] == "第一千二百六十条"


def test_a_title_heading_takes_part(toy_snapshot: Snapshot):
    found = toy_snapshot.index.search("问答县各部门分工")
    assert labels(found)[0] == "前言"
    assert toy_snapshot.index.search("问答县", 4)[0].passage.clause.document.title == "问答县行动计划"


def test_a_text_asked_word_for_word_has_cosine_and_coverage_one(toy_snapshot: Snapshot):
    passage = toy_snapshot.index.passages[5]
    found = toy_snapshot.index.search(passage.searchable)[0]
    assert found.passage is passage
    assert found.cosine == pytest.approx(1, abs=1e-3)
    assert found.coverage == 1
    assert found.score == pytest.approx(1 + COVERAGE_WEIGHT)


def test_cosine_and_coverage_are_raw(toy_snapshot: Snapshot):
    index = toy_snapshot.index
    question = "基金贴息"
    # Each character has an axis of its own, so the cosine is that of the counts of characters.
    for evidence in index.search(question, 20):
        text = [c for c in evidence.passage.searchable if c.isalnum()]
        counts = np.array([text.count(c) for c in set(text) | set(question)])
        asked = np.array([question.count(c) for c in set(text) | set(question)])
        expected = counts @ asked / np.linalg.norm(counts) / np.linalg.norm(asked)
        assert evidence.cosine == pytest.approx(expected, abs=1e-3)
        share = sum(index.words.idf(w) for w in ("基金", "贴息") if w in evidence.passage.searchable)
        assert evidence.coverage == pytest.approx(share / (index.words.idf("基金") + index.words.idf("贴息")))


def test_scores_are_the_weighted_sum_worked_out_by_hand(toy_corpus, toy_embedder):
    passages = [p for document in toy_corpus for p in cut(document)]
    texts = [p.searchable for p in passages]
    vectors = VectorIndex.from_vectors(toy_embedder.encode_document(texts))
    words = WordIndex.from_texts(texts, [p.clause.label for p in passages])
    index = HybridIndex(passages, toy_embedder, vectors, words, meaning_weight=0.3)
    question = "贷款贴息"
    cosines = vectors.vectors() @ toy_embedder.encode_query([question])[0]
    by_words = words.scores(question)
    expected = 0.3 * min_max(cosines) + 0.7 * by_words / by_words.max()
    expected *= np.array([FRAME_WEIGHT if p.is_frame else 1 for p in passages])
    weights = words.weigh(question)
    expected += COVERAGE_WEIGHT * np.array([words.covered(weights, text) for text in texts])
    order = np.argsort(-expected, kind="stable")
    found = index.search(question, 20)
    assert [e.passage for e in found] == [passages[i] for i in order]
    np.testing.assert_allclose([e.score for e in found], expected[order], rtol=1e-4)


def test_documents_are_filtered_before_ranking(toy_snapshot: Snapshot):
    index = toy_snapshot.index
    policy = "问政发〔2024〕2号"
    assert index.search("贷款贴息", 1)[0].passage.clause.document.id != policy
    found = index.search("贷款贴息", 3, documents=[policy])
    assert {e.passage.clause.document.id for e in found} == {policy}
    assert labels(found)[0] == "二、（一）"
    assert found[0].score == pytest.approx(1 + COVERAGE_WEIGHT * found[0].coverage), (
        "the best of those allowed, not a remainder of a wider search"
    )


@pytest.mark.parametrize("documents", [None, "all", "one"])
def test_a_second_thread_that_searches_by_meaning_changes_nothing(toy_snapshot, monkeypatch, documents):
    index = toy_snapshot.index
    ids = [document.id for document in toy_snapshot.documents]
    chosen = {None: None, "all": ids, "one": ids[:1]}[documents]

    def found():
        evidence = index.search("小企业的基金怎么贴息", 20, documents=chosen)
        return [(id(each.passage), each.score, each.cosine, each.coverage) for each in evidence]

    alone = found()
    started, begin = [], index._second.start
    monkeypatch.setattr(hybrid, "_BESIDE", 1)
    monkeypatch.setattr(index._second, "start", lambda work: started.append(work) or begin(work))
    assert found() == alone
    assert len(started) == 1


def test_nothing_is_found_where_nothing_may_be(toy_snapshot: Snapshot):
    index = toy_snapshot.index
    assert index.search("贷款贴息", documents=[]) == []
    assert index.search("贷款贴息", documents=["没有的文件"]) == []
    assert index.search(" 　\n") == []
    assert index.search("") == []


@pytest.mark.parametrize("question", ["？！……", "zzz", "龘龘龘", "😀", "a" * 5000])
def test_strange_questions_find_something_or_nothing_but_never_fail(toy_snapshot: Snapshot, question):
    for evidence in toy_snapshot.index.search(question):
        assert np.isfinite([evidence.score, evidence.cosine, evidence.coverage]).all()
        assert evidence.cosine == 0


def test_traditional_questions_find_simplified_text(toy_snapshot: Snapshot):
    index = toy_snapshot.index
    for traditional, simplified in (("貸款貼息", "贷款贴息"), ("什麼時候施行？", "什么时候施行？")):
        found, expected = index.search(traditional), index.search(simplified)
        assert [(e.passage, e.score) for e in found] == [(e.passage, e.score) for e in expected]


def test_wording_of_taiwan_gives_way_only_where_the_corpus_knows_the_mainland_word(toy_embedder):
    parts = [
        (("一",), "一、", "", "发展智能制造。\n"),
        (("二",), "二、", "", "简化办事程序。\n"),
        (("三",), "三、", "", "建设智慧城市。\n"),
    ]
    index = build_snapshot([make_document("甲", "题", parts)], toy_embedder).index
    for asked, label in (
        ("智慧製造", "一、"),
        ("智慧制造", "一、"),
        ("辦事程序", "二、"),
        ("智慧城市", "三、"),
    ):
        best = index.search(asked)[0]
        assert (best.passage.clause.label, best.coverage) == (label, 1), asked
    assert in_corpus_wording("办事程序怎么走", index.words.frequency) == "办事程序怎么走"
    assert in_corpus_wording("程序", lambda pair: int(pair == "进程")) == "进程"
    assert in_corpus_wording("什么是軟體", index.words.frequency) == "什么是软体", "both unknown: as asked"


def test_equal_passages_keep_reading_order(toy_embedder):
    same = [((label,), f"{label}、", "", "贷款贴息。\n") for label in "一二三四"]
    snapshot = build_snapshot(
        [make_document("甲", "题", same), make_document("乙", "题", same)], toy_embedder
    )
    found = snapshot.index.search("贷款贴息", 6)
    expected = [("甲", x) for x in "一二三四"] + [("乙", x) for x in "一二"]
    assert [(e.passage.clause.document.id, e.passage.clause.path[0]) for e in found] == expected


def test_bare_headings_stand_behind_content(toy_embedder):
    parts = [
        (("一",), "一、", "融资担保", "融资担保\n"),
        (("一", "（一）"), "一、（一）", "", "融资担保由基金提供，融资担保费率下降。\n"),
        (("一", "（二）"), "一、（二）", "", "各部门分工落实。\n"),
    ]
    found = build_snapshot([make_document("甲", "题", parts)], toy_embedder).index.search("融资担保")
    assert labels(found) == ["一、（一）", "一、", "一、（二）"]


def test_a_corpus_of_one_passage(toy_embedder):
    only: Document = make_document("甲", "题", [(("一",), "一、", "", "贷款贴息。\n")])
    found = build_snapshot([only], toy_embedder).index.search("贷款")
    assert [(e.score, e.coverage) for e in found] == [(1 + COVERAGE_WEIGHT, 1.0)]


def test_min_max():
    assert min_max(np.array([0.2, 0.6, 0.4], dtype=np.float32)).tolist() == pytest.approx([0, 1, 0.5])
    assert min_max(np.array([0.3, 0.3], dtype=np.float32)).tolist() == [1, 1]


def test_parts_of_unequal_length_are_refused(toy_snapshot: Snapshot):
    index = toy_snapshot.index
    with pytest.raises(ValueError, match="9 passages, 10 vectors, 10 texts"):
        HybridIndex(index.passages[:9], index.embedder, index.vectors, index.words)
