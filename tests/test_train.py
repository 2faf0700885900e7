"""The training of the sentence model from toy texts to a saved model, and its adaptation to own documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from index.train.__main__ import arguments, command_line_recipe, measure_memory
from index.train.adapt import adapt, measure_sentences, read_passages
from index.train.card import model_card
from index.train.contrastive import StaticBag
from index.train.encoded import encode_texts
from index.train.recipe import Recipe, Trained, train
from index.train.save import load_weights, save_model
from index.train.split import is_held_out
from index.train.wordings import read_wordings

TOPICS = {
    "融资": ("贷款", "银行", "担保", "利率", "信贷"),
    "人才": ("招聘", "培训", "职称", "技能", "引进"),
    "创新": ("研发", "专利", "实验室", "成果", "技术"),
    "市场": ("采购", "展会", "出口", "品牌", "订单"),
    "用地": ("厂房", "租金", "园区", "规划", "土地"),
    "环保": ("排放", "节能", "废水", "监测", "绿色"),
}
EVERYDAY = {
    "融资": "缺钱",
    "人才": "没人干活",
    "创新": "搞发明",
    "市场": "没客户",
    "用地": "没地方",
    "环保": "冒黑烟",
}
CANDIDATES = [f"甲{number}市促进条例" for number in range(100)]
HIDDEN = [law for law in CANDIDATES if is_held_out(law)][:4]
LAWS = HIDDEN + [law for law in CANDIDATES if not is_held_out(law)][:12]


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sixteen laws of six articles and a file of questions about them."""
    folder = tmp_path_factory.mktemp("toy")
    (folder / "laws").mkdir()
    rng = np.random.default_rng(0)
    questions = []
    for law in LAWS:
        lines = [f"# {law}", "", "<!-- INFO END -->", ""]
        for label, (topic, words) in zip("一二三四五六", TOPICS.items(), strict=True):
            a, b, c, d = rng.choice(words, 4)
            lines += [
                f"## 第{label}章 {topic}",
                "",
                f"第{label}条 本市支持{topic}。鼓励{a}和{b}。应当加强{c}、{d}的服务。",
                "",
            ]
            record = {
                "question": f"{law[:-4]}{EVERYDAY[topic]}怎么办",
                "law": law,
                "article": f"第{label}条",
                "path": f"{law}.md",
            }
            questions.append(json.dumps(record, ensure_ascii=False))
        (folder / "laws" / f"{law}.md").write_text("\n".join(lines), encoding="utf-8")
    (folder / "asked.jsonl").write_text("\n".join(questions), encoding="utf-8")
    return folder


def recipe(folder: Path, **changes: object) -> Recipe:
    settings = {
        "dimension": 16,
        "vocabulary": 400,
        "steps": 30,
        "batch": 64,
        "rate": 0.02,
        "epochs": 20,
    } | changes
    return Recipe(folder / "laws", (folder / "asked.jsonl",), **settings)  # type: ignore[arg-type]


def silent(stage: str, step: int, steps: int, loss: float) -> None:
    pass


@pytest.fixture(scope="module", autouse=True)
def few_notions() -> Iterator[None]:
    """A hundred toy articles have room for some of the notions of everyday words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.train.recipe.read_wordings", lambda: read_wordings()[:760])
        yield


@pytest.fixture(scope="module")
def trained(toy: Path) -> Trained:
    torch.set_num_threads(1)
    return train(recipe(toy), toy / "work", silent)


def test_losses_fall_in_every_stage(trained: Trained) -> None:
    assert set(trained.losses) == {"unsupervised", "measured", "shipped"}
    for stage in ("measured", "shipped"):
        assert trained.losses[stage][-1] < trained.losses[stage][0]
    kinds_differ = trained.losses[
        "unsupervised"
    ]  # a batch holds one kind of pairs, so that means are compared
    assert np.mean(kinds_differ[-10:]) < np.mean(kinds_differ[:10])


def test_everyday_words_find_the_article_that_says_it_officially(trained: Trained) -> None:
    model = StaticBag(trained.weights)
    asked, right, wrong = model(
        encode_texts(trained.tokenizer, ["冒黑烟怎么办", "排放监测和废水", "银行贷款和担保"])
    ).detach()
    assert asked @ right > asked @ wrong + 0.2


def test_questions_teach_what_texts_alone_do_not(trained: Trained) -> None:
    before, after = (
        trained.figures["unsupervised/unseen laws/asked"],
        trained.figures["supervised/unseen laws/asked"],
    )
    assert after["MRR@10"] > before["MRR@10"] + 0.2
    assert after["R@10"] > 0.9


def test_the_saved_model_is_loaded_by_sentence_transformers_with_the_same_vectors(
    trained: Trained, toy: Path, tmp_path: Path
) -> None:
    card = model_card(recipe(toy), trained, date(2026, 11, 21))
    save_model(trained.weights, trained.tokenizer, tmp_path / "model", card)
    texts = ["缺钱怎么办", "本市支持融资。鼓励贷款和担保。"]
    expected = StaticBag(trained.weights)(encode_texts(trained.tokenizer, texts)).detach().numpy()
    loaded = SentenceTransformer(str(tmp_path / "model"), device="cpu").float()
    assert loaded.encode(texts) == pytest.approx(expected, abs=2e-3)  # half precision
    weights, tokenizer = load_weights(tmp_path / "model")
    assert weights == pytest.approx(trained.weights, abs=2e-3)
    assert tokenizer.get_vocab() == trained.tokenizer.get_vocab()
    assert "2026-11-21" in card
    assert "--questions asked.jsonl --seed 0" in card
    assert f"| supervised/unseen laws/asked | {6 * len(HIDDEN)} | " in card
    assert "jieba" not in (tmp_path / "model" / "modules.json").read_text(encoding="utf-8")


def test_a_stopped_run_goes_on_to_the_same_model(toy: Path, trained: Trained, tmp_path: Path) -> None:
    def stop(stage: str, step: int, steps: int, loss: float) -> None:
        if stage == "measured":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(recipe(toy), tmp_path, stop)
    stages: set[str] = set()
    again = train(recipe(toy), tmp_path, lambda stage, *_: stages.add(stage))
    assert stages == {"measured", "shipped"}  # the first stage was not repeated
    assert torch.equal(again.weights, trained.weights)
    assert again.losses == trained.losses


def test_held_out_laws_are_hidden_from_tokenizer_and_questions(toy: Path, tmp_path: Path) -> None:
    result = train(recipe(toy, hold_out=True), tmp_path, silent)
    assert result.counts["national_articles"] == result.counts["asked"] == 6 * (len(LAWS) - len(HIDDEN))
    assert set(result.losses) == {"unsupervised", "measured"}
    assert result.figures["supervised/unseen laws/asked"]["R@100"] == 1.0  # 96 articles in all


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy of thirty clauses. Each joins two words that the laws never put together; each pair comes twice."""
    folder = tmp_path_factory.mktemp("policies")
    words = [word for topic in TOPICS.values() for word in topic]
    lines = ["乙省关于促进企业发展的若干意见\n"]
    for part, clause in (("一", "{a}，加强{a}。{b}，加强{b}。"), ("二", "{b}，支持{b}。{a}，支持{a}。")):
        lines.append(f"{part}、任务\n")
        for number, (a, b) in enumerate(zip(words[:15], words[15:], strict=True), start=1):
            label = "十" * (number > 9) + "〇一二三四五六七八九"[number % 10].replace("〇", "")
            lines.append(f"（{label}）{clause.format(a=a, b=b)}")
    (folder / "policy.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_adaptation_draws_together_what_stands_together(trained: Trained, policies: Path) -> None:
    passages, problems = read_passages([policies])
    assert problems == {}
    assert len(passages) == 30
    adapted = adapt(trained.weights, trained.tokenizer, [policies])
    every = list(range(len(passages)))
    before = measure_sentences(trained.weights, trained.tokenizer, passages, every, 0)
    after = measure_sentences(adapted.weights, trained.tokenizer, passages, every, 0)
    assert after["R@5"] > before["R@5"] + 0.1
    assert adapted.before.keys() == adapted.after.keys() == before.keys()


def test_adaptation_leaves_words_alone_that_the_documents_do_not_use(
    trained: Trained, policies: Path
) -> None:
    adapted = adapt(trained.weights, trained.tokenizer, [policies], steps=5)
    unused = trained.tokenizer.token_to_id("冒")
    used = trained.tokenizer.token_to_id("支持")
    assert torch.equal(adapted.weights[unused], trained.weights[unused])
    assert not torch.equal(adapted.weights[used], trained.weights[used])


def test_what_adaptation_forgets_of_the_laws_is_measured(trained: Trained, toy: Path) -> None:
    models = {"before": trained.weights, "after": torch.zeros_like(trained.weights)}
    found = measure_memory(recipe(toy), models, trained.tokenizer)
    assert set(found) == {"before/unseen laws/asked", "after/unseen laws/asked"}
    assert found["before/unseen laws/asked"]["R@10"] == 1
    assert found["after/unseen laws/asked"]["MRR@10"] == 0  # nothing is known any more


def test_adaptation_refuses_a_handful_of_passages(trained: Trained, tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text(
        "关于做好工作的通知\n\n一、加强领导。\n二、抓好落实。", encoding="utf-8"
    )
    with pytest.raises(ValueError, match="至少需要 20 个"):
        adapt(trained.weights, trained.tokenizer, [tmp_path])


def test_the_command_line_names_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    for given, message in (([], "--texts"), (["--adapt"], "--documents")):
        with pytest.raises(SystemExit):
            arguments(given)
        assert message in capsys.readouterr().err


def test_the_command_line_makes_the_recipe() -> None:
    given = [
        "--texts",
        "laws",
        "--questions",
        "a.jsonl",
        "b.jsonl",
        "--hold-out",
        "--seed",
        "3",
        "--minutes",
        "4",
    ]
    made = command_line_recipe(arguments(given))
    assert (made.texts, made.hold_out, made.seed, made.minutes) == (Path("laws"), True, 3, 4.0)
    assert [file.name for file in made.questions] == [
        "a.jsonl",
        "b.jsonl",
        "policy_questions.jsonl",
        "life_questions.jsonl",
    ]
    assert made.news is None
