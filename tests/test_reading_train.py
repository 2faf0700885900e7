"""How the network of the second reading is trained, on toys."""

import lzma
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from chat.question import Kind
from chat.ranking.examples import Example
from chat.ranking.features import FEATURES
from chat.ranking.fit import Plan
from chat.ranking.model import Ranking, load_network
from chat.ranking.model import shipped as shipped_ranking
from chat.reading.network import load
from chat.reading.reader import Reader, Said
from chat.reading.tokens import SPECIAL
from chat.reading.train import arrays, begin, export, finish, prepare, settle
from chat.reading.train.material import Asked, Pairs, Work
from chat.reading.train.network import Network, Shape
from chat.reading.train.steps import Batch, Steps, step_loss
from index.train.articles import Article
from index.train.questions import LabelledQuestion

WORDS = "设备 软件 人才 贷款 用地 展会 专利 仓储".split()


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    """A work folder whose network is small: each question asks for a word, one of eight sentences says it."""
    made = Work(tmp_path)
    texts = [f"对企业的{word}给予补助，{word}由市里负责。" for word in WORDS] * 3
    prepare.train_tokenizer(texts, made.vocabulary)
    made.write_texts(texts * 40)
    articles = [("甲市条例", word, f"企业的{word}应当登记。") for word in WORDS]
    near = [[i for i in range(len(WORDS)) if i != own] for own in range(len(WORDS))]
    made.write("pairs", Pairs(articles, [([f"{w}怎么办"], [i], near[i]) for i, w in enumerate(WORDS)]))
    strings = ["甲市措施", *WORDS, *(f"对企业的{word}给予补助。" for word in WORDS)]
    rows = np.array([[0, 1 + i, 1 + len(WORDS) + i] for i in range(len(WORDS))], dtype=np.int32)
    asked = []
    for number in range(120):
        right = np.arange(len(WORDS)) == number % len(WORDS)
        wording = f"{number}{WORDS[number % len(WORDS)]}"
        asked.append(Asked(wording, number // len(WORDS) % 4, rows, right))
    made.write("examples", (strings, asked))
    small = Shape(0, width=32, heads=2, alone=1, together=1, compared=16)
    vocabulary = Work.shape(made).vocabulary
    monkeypatch.setattr(Work, "shape", lambda _: Shape(**{**vars(small), "vocabulary": vocabulary}))
    monkeypatch.setattr(begin, "BATCH", 8)
    monkeypatch.setattr(begin, "PAIR_BATCH", 4)
    monkeypatch.setattr(finish, "BATCH", 8)
    monkeypatch.setattr(finish, "EPOCHS", 15)
    monkeypatch.setattr(finish, "RATE", 6e-3)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    return made


def run(monkeypatch: pytest.MonkeyPatch, module, *arguments: str) -> None:
    monkeypatch.setattr("sys.argv", ["x", *arguments])
    module.main()


def test_the_steps_from_texts_to_a_network_that_knows_what_answers(work: Work, monkeypatch, capsys) -> None:
    folder = str(work.folder)
    run(monkeypatch, begin, folder, "--steps", "4")
    assert "million tokens" in capsys.readouterr().out
    run(monkeypatch, finish, folder, "--part", "0")
    assert "32 held out" in capsys.readouterr().out
    with np.load(work.folder / "0_scores.npz") as scores:
        held = [int(name) for name in scores.files]
        best = {number: int(np.argmax(scores[str(number)])) for number in held}
    assert held == [number for number in range(120) if number // len(WORDS) % 4 == 0]
    assert np.mean([best[number] == number % len(WORDS) for number in held]) > 0.5  # by chance .125
    run(monkeypatch, finish, folder, "--part", "all")
    first, whole = (arrays.load(work.folder / f"{part}.npz") for part in ("0", "all"))
    assert first[0] == whole[0] == work.shape()
    assert not np.array_equal(first[1]["judged.weight"], whole[1]["judged.weight"])
    run(monkeypatch, export, folder)
    assert not (work.folder / "1").exists()
    for part in ("0", "all"):
        reader = Reader(load(work.folder / part), work.tokenizer())
        said = [Said("甲市措施", word, f"对企业的{word}给予补助。") for word in WORDS]
        best = [int(np.argmax(reader.read(word, said))) for word in WORDS]
        assert np.mean([found == number for number, found in enumerate(best)]) > 0.5


def test_a_question_that_is_held_out_is_learned_of_no_other_documents() -> None:
    rows = np.zeros((1, 3), dtype=np.int32)
    asked = [Asked(text, fold, rows, np.zeros(1, bool)) for text, fold in (("甲", 0), ("乙", 1), ("甲", 1))]
    assert finish.parts_of(asked, 0) == ([1], [0])
    assert finish.parts_of(asked, 1) == ([], [1, 2])


def test_a_step_holds_what_answers_and_the_hardest_of_the_rest() -> None:
    answers = np.zeros(40, dtype=bool)
    answers[[3, 5, 30, 39]] = True
    asked = Asked("甲", 0, np.zeros((40, 3), dtype=np.int32), answers)
    rng = np.random.default_rng(0)
    for _ in range(20):
        rows = finish.drawn(asked, rng)
        assert len(rows) == len(set(rows.tolist())) == finish.EACH
        assert answers[rows].sum() == finish.RIGHT
        assert (~answers[rows] & (rows < 16)).sum() >= finish.EACH // 2 - 1
    few = Asked("甲", 0, np.zeros((2, 3), dtype=np.int32), np.array([False, True]))
    assert sorted(finish.drawn(few, rng).tolist()) == [0, 1]


def test_the_loss_falls_where_the_answer_rises() -> None:
    batch = Batch(2)
    none = (np.zeros(2, np.int32), np.zeros(2, np.int32))
    batch.add(np.ones(2, np.int32), [none, none], [True, False])
    batch.add(np.ones(2, np.int32), [none], [False])  # filled up
    assert len(batch.sentences) == 4
    good = step_loss(torch.tensor([[3.0, -3.0], [-3.0, -3.0]]), batch)
    bad = step_loss(torch.tensor([[-3.0, 3.0], [3.0, -3.0]]), batch)
    assert float(good) < 0.2 < float(bad)


def test_hidden_tokens_are_never_special_ones_and_most_are_masked() -> None:
    torch.manual_seed(0)
    ids = torch.arange(0, 1000).repeat(20, 1)
    hidden = begin._hide(ids, 0.3, 1000)
    assert not hidden.where[:, : len(SPECIAL)].any()
    assert 0.27 < float(hidden.where[:, len(SPECIAL) :].float().mean()) < 0.33
    assert torch.equal(hidden.ids[~hidden.where], ids[~hidden.where])


def test_the_rate_rises_and_falls() -> None:
    layer = torch.nn.Linear(2, 2)
    walk = Steps((layer,), 1.0, 10, warming=2)
    rates = []
    for _ in range(10):
        rates.append(walk._optimizer.param_groups[0]["lr"])
        walk.take(layer(torch.ones(1, 2)).sum())
    assert rates[0] < rates[1]
    assert rates[1:] == sorted(rates[1:], reverse=True)


def test_what_is_hidden_of_a_stretch_is_told_from_the_rest_as_well() -> None:
    torch.manual_seed(0)
    shape = Shape(50, width=16, heads=2, alone=1, together=1, compared=8)
    made = Network(shape).eval()
    telling = begin.Telling(made).eval()
    loss = begin.telling_loss(made, telling, torch.randint(5, 50, (4, 64)), np.random.default_rng(0))
    assert torch.isfinite(loss)
    loss.backward()
    assert float(made.together[0].keys.weight.grad.abs().sum()) > 0


def test_pairs_know_the_articles_of_their_law() -> None:
    articles = [Article("甲法", "a.md", "", f"第{n}条", f"内容{n}") for n in "一二三"]
    articles.append(Article("乙法", "b.md", "", "第一条", "别的"))
    pairs = prepare.law_pairs(articles, [LabelledQuestion("问", (1,), ("甲法",), ("又问",))])
    assert [text for _, _, text in pairs.articles] == ["内容一", "内容二", "内容三"]
    assert pairs.questions == [(["问", "又问"], [1], [0, 2])]
    assert prepare.law_texts(articles)[0] == "甲法 内容一 内容二 内容三"


def test_general_texts_are_read_line_by_line(tmp_path: Path) -> None:
    with lzma.open(tmp_path / "news.txt.xz", "wt", encoding="utf-8") as file:
        file.write("一\n二\n")
    assert prepare.read_texts(tmp_path / "news.txt.xz") == ["一", "二"]


def ranked_examples(count: int = 60) -> list[Example]:
    rng = np.random.default_rng(1)
    found = []
    for number in range(count):
        rows = rng.normal(size=(5, FEATURES)).astype(np.float32) * 0.3
        right = np.zeros(5, dtype=bool)
        if number % 3:
            right[number % 5] = True
        texts = [Said("标题", "", f"第{number}件事的第{row}句。") for row in range(5)]
        found.append(Example(number, Kind.NUMBER, rows, right, 1.0, f"第{number}件事有多少", texts))
    return found


def test_the_sentences_that_are_read_are_the_best_by_the_ranking() -> None:
    example, ranking = ranked_examples(1)[0], shipped_ranking()
    order = prepare.best_of(example, ranking)
    odds = ranking.order(example.rows)
    assert sorted(order) == list(range(5))
    assert odds[order].tolist() == sorted(odds.tolist(), reverse=True)
    strings, asked = prepare.asked_of([example], [ranking])
    assert [strings[row[2]] for row in asked[0].sentences] == [example.texts[row][2] for row in order]


def test_the_confidence_learns_from_what_was_read(tmp_path: Path, monkeypatch) -> None:
    examples, ranking = ranked_examples(), shipped_ranking()
    with (tmp_path / "examples.pkl").open("wb") as file:
        pickle.dump(examples, file)
    for fold in range(4):
        Ranking(ranking.order, ranking.sure).save(tmp_path / f"{fold}.npz")
        scores = {}
        for number, example in enumerate(examples):
            if example.place % 4 == fold:
                order = prepare.best_of(example, ranking)
                scores[str(number)] = np.where(example.answers[order], 4.0, -4.0).astype(np.float32)
        np.savez_compressed(tmp_path / f"{fold}_scores.npz", **scores)
    monkeypatch.setattr(settle, "due", lambda odds, confidence: True)
    monkeypatch.setattr(settle, "SURE", Plan(hidden=8, epochs=20, batches=4, decay=0.1, dropped=0.0, seeds=1))
    run(
        monkeypatch,
        settle,
        str(tmp_path),
        "--examples",
        str(tmp_path / "examples.pkl"),
        "--rankings",
        str(tmp_path),
        "--out",
        str(tmp_path / "settled.npz"),
    )
    learned = load_network(tmp_path / "settled.npz")
    found = [
        settle.settled_of(one, ranking, np.where(one.answers[prepare.best_of(one, ranking)], 4.0, -4.0))
        for one in examples
    ]
    told = np.array([learned(one.features[np.newaxis])[0] > 0 for one in found])
    right = np.array([one.right for one in found])
    assert 0 < right.mean() < 1
    assert (told == right).mean() > 0.9
    assert (tmp_path / "3_settled.npz").is_file()
