"""What the sentence model is trained on: articles, questions, the split, pairs and everyday wordings."""

from __future__ import annotations

import json
import lzma
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from index.train.articles import Article, parse_law, read_articles, read_lines
from index.train.contrastive import Schedule, initial_weights, pair_loss
from index.train.coverage import coverage
from index.train.encoded import Encoded, Postings, encode_articles, encode_texts, inverse_frequency
from index.train.evaluate import best_ranks, figures
from index.train.pairs import PairSampler
from index.train.questions import LabelledQuestion, held_out_laws, read_questions, split_questions
from index.train.split import EVALUATION_LAWS, HELD_OUT_SHARE, is_evaluation_law, is_held_out
from index.train.supervised import TokenRanking
from index.train.vocabulary import build_tokenizer, count_words
from index.train.wordings import Rewording, one_of, read_wordings
from index.train.written import read_groups, with_written

TRAINING = Path(__file__).parents[1] / "index" / "train"
LAW = """# 中华人民共和国某某法

2020年1月1日 通过

<!-- INFO END -->

## 第一章　总 则

第一条　为了促进发展，制定本法。

第一百二十条之一 有下列情形之一的：

（一）甲；

（二）乙。依照第三条处理。

## 第二章 附则

第一千二百六十条 本法自公布之日起施行。
"""


def article(law: str, label: str, text: str, heading: str = "", path: str = "") -> Article:
    return Article(law, path or f"{law}.md", heading, label, text)


ARTICLES = [
    article("甲条例", "第一条", "支持企业融资。银行应当增加贷款。", "融资"),
    article("甲条例", "第二条", "支持企业融资。担保机构降低费率。", "融资"),
    article("甲条例", "第三条", "引进人才。发放住房补贴。鼓励培训。", "人才"),
    article("乙办法", "第一条", "本办法自公布之日起施行，有效期五年。", "附则"),
]


@pytest.fixture(scope="module")
def encoded() -> Encoded:
    return encode_articles(tokenizer(), ARTICLES)


def tokenizer():
    texts = [a.searchable for a in ARTICLES] + ["企业缺钱", "拿不到贷款"]
    return build_tokenizer(count_words(texts))


def test_a_law_is_read_article_by_article() -> None:
    found = parse_law(LAW, "法/某某法.md")
    assert [(a.heading, a.label, a.text) for a in found] == [
        ("总则", "第一条", "为了促进发展，制定本法。"),
        ("总则", "第一百二十条之一", "有下列情形之一的：（一）甲；（二）乙。依照第三条处理。"),
        ("附则", "第一千二百六十条", "本法自公布之日起施行。"),
    ]
    assert {a.law for a in found} == {"某某法"}
    assert found[0].searchable == "某某法 总则 为了促进发展，制定本法。"


def test_a_decision_without_articles_is_divided_at_its_numbers() -> None:
    found = parse_law("# 某决定\n\n<!-- INFO END -->\n\n一、先做甲。\n\n补充。\n\n二、后做乙。", "某决定.md")
    assert [(a.label, a.text) for a in found] == [("一", "先做甲。补充。"), ("二", "后做乙。")]
    plain = parse_law("# 某决议\n\n<!-- INFO END -->\n\n会议认为甲。\n\n会议要求乙。", "某决议.md")
    assert [(a.label, a.text) for a in plain] == [("段1", "会议认为甲。"), ("段2", "会议要求乙。")]


def test_unchanged_articles_of_two_versions_are_kept_once(tmp_path: Path) -> None:
    (tmp_path / "DLC").mkdir()
    (tmp_path / "某法(2007-01-01).md").write_text("# 某法\n第一条 旧文。\n第二条 不变。", encoding="utf-8")
    (tmp_path / "某法(2022-01-01).md").write_text("# 某法\n第一条 新文。\n第二条 不变。", encoding="utf-8")
    (tmp_path / "DLC" / "某省条例.md").write_text("# 某省条例\n第一条 不变。", encoding="utf-8")
    found = read_articles(tmp_path)
    assert [(a.law, a.text, a.local) for a in found] == [
        ("某省条例", "不变。", True),
        ("某法", "旧文。", False),
        ("某法", "不变。", False),
        ("某法", "新文。", False),
    ]


def test_general_texts_lose_their_time_stamps(tmp_path: Path) -> None:
    file = tmp_path / "news.txt.xz"
    file.write_bytes(lzma.compress("2023-08-16 18:24:57，正文：工厂扩产。\n\n没有时间。\n".encode()))
    assert read_lines(file) == ["工厂扩产。", "没有时间。"]


@pytest.mark.parametrize("law", sorted(EVALUATION_LAWS))
def test_no_question_about_an_evaluation_law_is_read(law: str, tmp_path: Path) -> None:
    names = [law, f"中华人民共和国{law}", f"{law}(2023-12-29)"]
    other = {"name": "商标法第三条", "text": "注册商标。"}
    lines = [
        {"question": "？", "articles": [{"name": f"{name}第一条", "text": "正文。"}, other]}
        for name in names[:2]
    ]
    lines += [{"question": "？", "law": name, "article": "第一条", "path": "法.md"} for name in names]
    lines.append({"question": "怎么注册？", "articles": [other], "answer": float("nan"), "keywords": "商标"})
    file = tmp_path / "asked.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    questions, articles = read_questions([file], [Article(law, "法.md", "", "第一条", "正文。")])
    assert [(q.text, q.laws, q.wordings) for q in questions] == [
        ("怎么注册？", ("商标法",), ("怎么注册？", "商标"))
    ]
    assert [articles[g].text for g in questions[0].gold] == ["注册商标。"]
    assert is_evaluation_law(law)
    assert not is_evaluation_law(f"{law}实施条例")  # another law, which may teach


@pytest.mark.parametrize(("name", "local"), [("policy", True), ("life", False)])
def test_bundled_questions_are_about_no_evaluation_law(name: str, local: bool) -> None:
    lines = (TRAINING / f"{name}_questions.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert len({record["question"] for record in records}) == len(records) > 200
    for record in records:
        assert not is_evaluation_law(record["law"])
        assert record["path"].startswith("DLC/") == local
        assert re.fullmatch(
            r"第[一二三四五六七八九十百千零]+条(之[一二三四五六七八九十]+)?", record["article"]
        )


def test_the_split_holds_out_whole_laws() -> None:
    laws = [f"某{number}条例" for number in range(2000)]
    share = sum(map(is_held_out, laws)) / len(laws)
    assert share == pytest.approx(HELD_OUT_SHARE, abs=0.02)
    assert (
        is_held_out("某1条例") == is_held_out("中华人民共和国某1条例") == is_held_out("某1条例(2020-01-01)")
    )
    assert not any(map(is_held_out, EVALUATION_LAWS))
    assert not is_held_out("民法典")


def test_a_question_on_both_sides_of_the_split_serves_neither(tmp_path: Path) -> None:
    hidden = next(law for n in range(100) if is_held_out(law := f"某{n}条例"))
    known = next(law for n in range(100) if not is_held_out(law := f"某{n}条例"))
    laws = {"一": [hidden], "二": [known], "三": [hidden, known]}
    lines = [
        {"question": q, "articles": [{"name": f"{law}第一条", "text": law} for law in names]}
        for q, names in laws.items()
    ]
    file = tmp_path / "asked.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    questions, articles = read_questions([file], [])
    split = split_questions(questions, held_out_laws(articles))
    assert ([q.text for q in split.learned], [q.text for q in split.unseen_laws]) == (["二"], ["一"])


def test_a_fifth_of_what_people_asked_is_kept_back_and_what_was_written_is_not() -> None:
    asked = [LabelledQuestion(f"问题{n}", (n % 100,), ("某条例",), source="stard_train") for n in range(500)]
    written = [LabelledQuestion(f"问题{n}", (n % 90,), ("某条例",), source="written") for n in range(500)]
    split = split_questions(asked + written, frozenset())
    assert 80 < len(split.known_laws) < 120
    assert {q.source for q in split.known_laws} == {"stard_train"}
    assert set(split.learned).isdisjoint(split.known_laws)
    assert len(split.learned) + len(split.known_laws) == 1000
    alone = {q.gold[0] for q in split.unseen_articles}
    assert alone.isdisjoint(q.gold[0] for q in split.learned)
    assert all(article >= 90 for article in alone)


def test_written_questions_point_to_passages_and_sentences_of_their_document(tmp_path: Path) -> None:
    documents = tmp_path / "01" / "documents"
    documents.mkdir(parents=True)
    for name, share in (("a.txt", 10), ("b.txt", 20)):
        lines = [
            "第一条 为了促进发展，制定本办法。",
            f"第二条 对设备投资给予{share}%补助。单个企业最高50万元。",
        ]
        (documents / name).write_text("\n".join([f"{name[0]}市设备补助办法", *lines]), encoding="utf-8")
    records = [
        {"document": "b.txt", "question": "买机器补几成", "kind": "number", "answers": ["给予20%补助"]},
        {"document": "b.txt", "question": "几号截止", "kind": "date", "answers": []},
    ]
    text = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    (tmp_path / "01" / "questions.jsonl").write_text(text, encoding="utf-8")
    (group,) = read_groups(tmp_path)
    law = Article("某法", "法.md", "", "第一条", "正文。")
    articles, questions = with_written([law], [], [group])
    assert articles[0] is law
    assert [question.text for question in questions] == ["买机器补几成"]
    (question,) = questions
    assert (question.laws, question.source) == (("written/01",), "written")
    assert {articles[i].text for i in question.gold} == {
        "对设备投资给予20%补助。单个企业最高50万元。",
        "对设备投资给予20%补助。",
    }
    near = [articles[i].text for i in question.near]
    assert "单个企业最高50万元。" in near
    assert not any("10%" in text for text in near)  # the other document's: a rival, but not the nearest


def test_the_tokenizer_knows_words_and_never_fails_on_others() -> None:
    tokens = tokenizer().encode("支持企业融资，５Ｇ缺钱！😀").tokens
    assert tokens[:3] == ["支持", "企业", "融资"]
    assert "缺钱" in tokens
    assert tokenizer().encode("").ids == []


def test_flat_tokens_keep_sentences_and_articles_apart(encoded: Encoded) -> None:
    decode = tokenizer().decode
    assert np.diff(encoded.first).tolist() == [2, 2, 3, 1]
    assert decode(encoded.sentence(1).tolist()) == "银行应当增加贷款"
    assert decode(encoded.article(1).tolist()) == "支持企业融资担保机构降低费率"
    assert decode(encoded.searchable(2).tolist()).startswith("甲条例人才引进人才")
    assert encoded.group.tolist() == [0, 0, 1, 2]
    assert encoded.law.tolist() == [0, 0, 0, 1]


def test_postings_and_inverse_frequency(encoded: Encoded) -> None:
    postings = Postings(encoded)
    assert postings.holding_all(encode_texts(tokenizer(), ["企业融资"])[0]).tolist() == [0, 1]
    assert postings.holding_all(encode_texts(tokenizer(), ["企业贷款"])[0]).tolist() == [0]
    assert postings.holding_all(np.array([1], dtype=np.int32)).tolist() == []
    size = tokenizer().get_vocab_size()
    idf = inverse_frequency(encoded, size)
    token = tokenizer().token_to_id("融资")
    assert idf[token] == pytest.approx(np.log(4 / 2))
    assert idf[:2].tolist() == [0, 0]


def test_word_ranking_puts_the_article_with_the_rare_word_first(encoded: Encoded) -> None:
    ranking = TokenRanking(encoded)
    assert ranking.best(encode_texts(tokenizer(), ["企业的贷款"])[0], 2).tolist() == [0, 1]
    assert ranking.best(np.empty(0, np.int32), 2).tolist() == []


def test_pairs_come_from_one_article(encoded: Encoded) -> None:
    size = tokenizer().get_vocab_size()
    sampler = PairSampler(encoded, None, inverse_frequency(encoded, size), np.random.default_rng(0))
    pairs = sampler.sentence_and_rest(50)
    for anchor, positive, article_number in zip(pairs.anchors, pairs.positives, pairs.group, strict=True):
        assert set(anchor) <= set(encoded.article(article_number))
        assert set(positive) <= set(encoded.searchable(article_number))
        assert len(positive) > 0
    assert 3 not in pairs.group  # a single sentence has no rest
    neighbours = sampler.neighbours(20)
    assert set(neighbours.group) <= {0, 1}  # never across two laws


def test_pair_loss_by_hand() -> None:
    anchors = torch.eye(2)
    apart = pair_loss(anchors, torch.eye(2), np.array([0, 1]))
    assert apart.item() == pytest.approx(np.log(1 + np.exp(-20)), abs=1e-7)
    swapped = pair_loss(anchors, torch.eye(2).flip(0), np.array([0, 1]))
    assert swapped.item() == pytest.approx(20 + np.log(1 + np.exp(-20)), abs=1e-4)
    same_group = pair_loss(anchors, torch.eye(2).flip(0), np.array([7, 7]))
    assert same_group.item() == 0  # no negatives are left


def test_schedule_and_first_weights() -> None:
    schedule = Schedule(steps=100, peak=0.1, warmup=10)
    assert [schedule.rate(s) for s in (0, 9, 10)] == pytest.approx([0.01, 0.1, 0.1])
    assert schedule.rate(99) == pytest.approx(0.1 * (0.02 + 0.98 / 90))
    weights = initial_weights(np.array([0, 0, 1, 3], dtype=np.float32), 64, seed=1)
    assert weights[:2].abs().sum() == 0
    assert torch.equal(weights, initial_weights(np.array([0, 0, 1, 3], dtype=np.float32), 64, seed=1))
    assert weights[3].norm() > 2 * weights[2].norm()


def test_ranks_and_figures_by_hand() -> None:
    corpus = np.array([[1, 0], [0, 1], [0.6, 0.8], [0.6, 0.8]], dtype=np.float32)
    ranks = best_ranks(np.array([[1, 0], [0, 1]], dtype=np.float32), corpus, [[0], [2, 0]])
    assert ranks == [[1], [3, 4]]  # a tie counts against the model
    assert figures(ranks) == {
        "questions": 2,
        "R@5": 1,
        "R@10": 1,
        "R@100": 1,
        "MRR@10": pytest.approx((1 + 1 / 3) / 2),
    }
    assert figures([[6], [11, 200]]) == {
        "questions": 2,
        "R@5": 0,
        "R@10": 0.5,
        "R@100": 0.75,
        "MRR@10": pytest.approx(1 / 12),
    }


def test_wordings_are_well_formed() -> None:
    wordings = read_wordings()
    assert len(wordings) > 250
    for wording in wordings:
        assert len(set(wording.official)) == len(wording.official), wording
        assert len(set(wording.everyday)) == len(wording.everyday), wording
    assert all(wording.everyday and "" not in wording.everyday + wording.official for wording in wordings)


def test_a_broken_row_of_wordings_is_named(tmp_path: Path) -> None:
    file = tmp_path / "wordings.tsv"
    file.write_text("# 注\n融资\t缺钱\n人才 没人\n", encoding="utf-8")
    with pytest.raises(ValueError, match="第 3 行"):
        read_wordings(file)


def test_official_terms_are_replaced_in_their_sentence(encoded: Encoded, tmp_path: Path) -> None:
    file = tmp_path / "wordings.tsv"
    file.write_text("融资|企业融资\t缺钱\n贷款\t借钱\n", encoding="utf-8")
    rng = np.random.default_rng(0)
    rewording = Rewording(read_wordings(file), ARTICLES, encoded, tokenizer(), rng)
    assert [sorted(holders) for holders in rewording.holders] == [[0, 1], [0]]
    said = {rewording.reword(ARTICLES[0].text, 0) for _ in range(50)}
    assert any("缺钱" in text for text in said)
    assert all("缺钱" in text or "融资" in text for text in said)
    assert {text for text in said if "借钱" in text} == set()  # another sentence
    pairs = rewording.draw(40)
    assert len(pairs.anchors) == len(pairs.positives) == 40
    assert set(pairs.group) == {0, 1}


def test_a_pattern_of_many_terms_takes_the_longest() -> None:
    pattern = re.compile(one_of(["融资", "融资租赁", "融资难", "人才", "难"]))
    assert pattern.findall("融资租赁、融资难、融资贵，人才难") == ["融资租赁", "融资难", "融资", "人才", "难"]


def test_coverage_counts_words_that_are_one_token() -> None:
    found = coverage(tokenizer(), ["支持企业融资，企业龘龘。人才战略"])
    assert (found.words, found.known) == (6, 5)
    assert found.missing == (("战略", 1),)
    assert found.unknown_characters >= 1
