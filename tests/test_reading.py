"""The second reading: the network, what is read again, and what the assistant makes of it."""

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx.numpy_helper import to_array

from chat.question import Kind
from chat.ranking.features import FEATURES
from chat.ranking.model import Network as Odds
from chat.ranking.model import load_network, save_network
from chat.ranking.model import shipped as shipped_ranking
from chat.reading import network, second
from chat.reading.reader import Reader, Said, load_reader
from chat.reading.second import Held, SecondReading, asks, chosen, combined, due, settled_features, shipped
from chat.reading.tokens import (
    FIRST,
    LONGEST_QUESTION,
    LONGEST_SENTENCE,
    SAID,
    SEPARATOR,
    SURROUNDING,
    TOKENIZER,
    ids_of,
    load_tokenizer,
    padded,
    question_ids,
    sentence_ids,
)
from chat.reading.train.arrays import load, save
from chat.reading.train.export import export
from chat.reading.train.network import Network, Shape, arrays_of
from chat.reading.train.steps import Batch, scores_of
from chat.select import Selector

TITLE, HEADINGS = "甲市促进智能制造若干措施", "二、支持上云"
SENTENCES = [
    Said(TITLE, HEADINGS, "对中小企业上云的，按年度服务费的50%给予补助，单个企业每年最高5万元。"),
    Said(TITLE, "三、支持人才", "对企业新引进的博士，每人给予安家补贴20万元。"),
    Said(TITLE, "", "企业骗取补助资金的，追回全部资金。"),
]
SMALL = Shape(60, width=16, heads=2, alone=2, together=2, compared=8)


def small(seed: int = 0) -> Network:
    torch.manual_seed(seed)
    made = Network(SMALL).eval()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
    return made


def test_a_sentence_stands_below_its_title_and_headings_and_each_token_tells_which() -> None:
    ids, belongs = sentence_ids(np.arange(5, 30), np.arange(30, 60), np.arange(60, 70))
    assert ids.tolist() == [SEPARATOR, *range(5, 21), *range(36, 60), SEPARATOR, *range(60, 70)]
    assert belongs.tolist() == [SURROUNDING] * 42 + [SAID] * 10
    ids, belongs = sentence_ids(np.arange(0), np.arange(0), np.arange(5, 205))
    assert len(ids) == len(belongs) == 2 + LONGEST_SENTENCE
    assert question_ids(np.arange(5, 205)).tolist() == [FIRST, *range(5, 5 + LONGEST_QUESTION)]


def test_rows_are_padded_to_a_common_multiple() -> None:
    assert padded([np.array([1, 2]), np.array([3])]).tolist() == [[1, 2] + [0] * 6, [3] + [0] * 7]
    assert padded([np.arange(1, 10)]).shape == (1, 16)


def test_what_answers_says_what_torch_says(tmp_path: Path) -> None:
    trained = small()
    export(trained, tmp_path)
    stored = network.load(tmp_path)
    rng = np.random.default_rng(3)
    asked = question_ids(rng.integers(5, 60, 9))
    said = [sentence_ids(*(rng.integers(5, 60, n) for n in (3, 4, size))) for size in (20, 1, 11)]
    batch = Batch(3)
    batch.add(asked, said, [False] * 3)
    with torch.inference_mode():
        expected = scores_of(trained, batch)[0].numpy()
    told = stored.score(stored.ask(asked), [stored.read(*one) for one in said])
    assert np.ptp(expected) > 0.05
    assert told == pytest.approx(expected, abs=0.1 * float(np.ptp(expected)))  # a byte a number


def test_no_processor_loses_what_two_products_add_up_to() -> None:
    for name in (network.READ, network.SCORE):
        weights = [
            to_array(one)
            for one in onnx.load(second.WEIGHTS / name).graph.initializer
            if one.name.endswith("_quantized")
        ]
        assert len(weights) > 10
        for one in weights:
            assert one.dtype == np.int8
            pairs = np.abs(one[0::2].astype(int)) + np.abs(one[1::2].astype(int))
            assert 255 * pairs.max() <= 32767
            assert pairs.max() > 100  # and no finer than need be


def test_what_is_stored_is_near_to_what_was_learned(tmp_path: Path) -> None:
    arrays = arrays_of(small())
    save(SMALL, arrays, tmp_path / "small.npz")
    shape, stored = load(tmp_path / "small.npz")
    assert shape == SMALL
    assert set(stored) == set(arrays)
    for name, value in arrays.items():
        assert stored[name].shape == value.shape
        step = np.abs(value).max(axis=-1, keepdims=True) / 127 if value.ndim > 1 else 0.0
        assert (np.abs(stored[name] - value) <= step / 2 + 1e-7).all()


def test_the_shipped_network_tells_what_answers() -> None:
    reader = shipped().reader
    for question, right in (
        ("企业用云服务能补多少钱", 0),
        ("引进一个博士给多少安家费", 1),
        ("造假拿了钱会怎样", 2),
    ):
        assert int(np.argmax(reader.read(question, SENTENCES))) == right


def test_what_was_read_is_kept_and_no_more_than_that() -> None:
    class Counting:
        def __init__(self) -> None:
            self.read_alone = 0
            self.inner = shipped().reader._network

        def read(self, ids, belongs):
            self.read_alone += 1
            return self.inner.read(ids, belongs)

        def __getattr__(self, name: str):
            return getattr(self.inner, name)

    counting = Counting()
    reader = Reader(counting, load_tokenizer(), kept=2)
    first = reader.read("怎么上云", SENTENCES[:2])
    assert counting.read_alone == 2
    again = reader.read("怎么上云", [SENTENCES[1], SENTENCES[0]])
    assert counting.read_alone == 2
    assert again[::-1] == pytest.approx(first, abs=1e-5)
    reader.read("怎么上云", [SENTENCES[2]])
    reader.read("怎么上云", [SENTENCES[1]])  # the oldest of two was left out
    assert counting.read_alone == 4


def test_what_was_learned_is_not_read_again_and_two_threads_keep_the_order() -> None:
    network_ = shipped().reader._network
    alone = [
        float(Reader(network_, load_tokenizer()).read("怎么上云", [sentence])[0]) for sentence in SENTENCES
    ]
    reader = Reader(network_, load_tokenizer())
    reader.learn(SENTENCES)
    held = {sentence: id(reader._read[sentence]) for sentence in SENTENCES}
    assert reader.read("怎么上云", SENTENCES) == pytest.approx(alone, abs=1e-5)
    assert reader.read("怎么上云", SENTENCES[::-1]) == pytest.approx(alone[::-1], abs=1e-5)
    assert {sentence: id(reader._read[sentence]) for sentence in SENTENCES} == held


def test_nobody_waits_for_a_second_thread_that_is_busy() -> None:
    reader = load_reader()
    expected = reader.read("怎么上云", SENTENCES)
    busy, gate = load_reader(), threading.Event()
    busy._second.start(lambda: gate.wait(60))
    try:
        assert busy.read("怎么上云", SENTENCES) == pytest.approx(expected, abs=1e-5)
    finally:
        gate.set()


def test_an_empty_question_and_an_unknown_character_are_read() -> None:
    odds = shipped().reader.read("", [*SENTENCES, Said("", "", "𠮷")])
    assert odds.shape == (4,)
    assert np.isfinite(odds).all()


@pytest.mark.parametrize(
    ("odds", "confidence", "wanted"),
    [
        ([5.0, 1.0], 0.9, False),  # sure, and far ahead
        ([5.0, 4.0], 0.9, True),  # a second is near
        ([5.0, 1.0], 0.5, True),  # not sure
        ([5.0], 0.9, False),
        ([5.0, 4.0], 0.01, False),  # hopeless
    ],
)
def test_where_the_ranking_is_sure_nothing_is_read_again(odds, confidence, wanted) -> None:
    assert due(np.array(odds, dtype=np.float32), confidence) is wanted


@pytest.mark.parametrize(
    "words",
    ["山东小巨人数量", "湖北科技人才", "新能源汽车补贴", "委员会成员单位", "主要目标", "几何量检测补助"],
)
def test_words_that_ask_nothing_are_no_question(words) -> None:
    assert not asks(words)


@pytest.mark.parametrize(
    "words",
    ["小巨人有多少家", "奖几块", "能报不", "中不中", "谁来管", "有没有补贴", "目标？", "如何申报", "行吗"],
)
def test_what_asks_is_a_question(words) -> None:
    assert asks(words)


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("根据《甲市促进智能制造若干措施》，上云补多少？", "上云补多少？"),
        ("《甲市促进智能制造若干措施》里上云补多少？", "上云补多少？"),
        ("甲政办发〔2026〕3号的上云补助是多少？", "上云补助是多少？"),
        ("上云补多少？", "上云补多少？"),
        ("《甲市促进智能制造若干措施》是什么？", "《甲市促进智能制造若干措施》是什么？"),
    ],
)
def test_the_names_of_documents_are_not_read(assistant_of, asked, read) -> None:
    policy = "甲市促进智能制造若干措施\n甲政办发〔2026〕3号\n\n一、支持上云。按服务费的50%给予补助。\n\n甲市人民政府办公室\n2026年1月20日\n"
    assert assistant_of(policy).understand(asked).unnamed == read


def test_the_best_are_read_and_the_others_stand_as_the_worst_of_them() -> None:
    odds = np.array([1.0, 4.0, 3.0, 0.5, 3.9], dtype=np.float32)
    which = chosen(odds)
    assert which.tolist() == [1, 4, 2]
    read = np.array([-1.0, 3.0, 2.0], dtype=np.float32)
    whole = combined(odds, which, read)
    assert whole == pytest.approx(odds + second.WEIGHT * np.array([-1.0, -1.0, 2.0, -1.0, 3.0]), abs=1e-6)
    assert len(chosen(np.zeros(30, dtype=np.float32))) == second.READ


def test_features_after_reading_are_finite_for_one_sentence_and_a_certain_confidence() -> None:
    rows, odds = np.zeros((1, FEATURES), dtype=np.float32), np.array([2.0], dtype=np.float32)
    found = settled_features(Kind.NUMBER, rows, odds, chosen(odds), np.array([1.0], np.float32), 0.0, 1.0)
    assert np.isfinite(found).all()
    assert found.shape == shipped().settled.mean.shape


def constant(value: float) -> Odds:
    like = shipped().settled
    zero = {name: np.zeros_like(getattr(like, name)) for name in ("linear", "inner", "inner_bias", "outer")}
    return replace(like, **zero, bias=np.asarray(value, dtype=np.float32))


class Favouring:
    """Reads as if sentences answered that hold a word."""

    def __init__(self, word: str) -> None:
        self.word, self.asked = word, []

    def begin(self, question: str) -> None:
        self.begun = question

    def read(self, question, sentences):
        self.asked.append(question)
        return np.array([9.0 if self.word in one.sentence else -9.0 for one in sentences], dtype=np.float32)


def test_reading_again_changes_what_ranks_first_and_the_confidence(assistant_of, embedder) -> None:
    assistant = assistant_of(
        "甲市促进智能制造若干措施\n甲政办发〔2026〕3号\n\n"
        "一、支持设备。对企业购置智能设备的，按投资额的10%给予补助，最高200万元。\n"
        "二、支持软件。对企业购置智能软件的，按投资额的20%给予补助，最高50万元。\n\n甲市人民政府办公室\n2026年1月20日\n"
    )
    question, evidence = assistant.find("企業購置智能裝備補助多少")
    for word in ("智能设备", "智能软件"):
        reader = Favouring(word)
        reading = SecondReading(reader, constant(1.0))
        found, confidence = Selector(embedder, shipped_ranking(), reading).choose(question, evidence, 5.0)
        assert reader.asked == ["企业购置智能装备补助多少"]  # in the script of the sentences
        assert reader.begun == reader.asked[0]
        assert word in next(c.sentence.text for c in found if c.behind == 0 and c.sentence.role == "body")
        assert confidence == pytest.approx(1 / (1 + np.exp(-1.0)), abs=1e-6)


def test_where_nothing_is_due_all_stays_as_it_was() -> None:
    reader = Favouring("")
    rows, odds = np.zeros((2, FEATURES), dtype=np.float32), np.array([5.0, 0.0], dtype=np.float32)
    held = Held(None, rows, 0.0, lambda row: SENTENCES[row])
    same, confidence = SecondReading(reader, constant(-3.0)).read(held, odds, 0.9)
    assert same is odds
    assert confidence == 0.9
    assert not reader.asked


def test_the_shipped_confidence_belongs_to_the_shipped_networks() -> None:
    with np.load(second.SETTLED) as stored:
        assert stored["digest"].tobytes() == second.digest_of(), "run python -m chat.reading.train.settle"


def test_networks_are_read_from_files_as_they_were(tmp_path: Path) -> None:
    save_network(constant(0.5), tmp_path / "settled.npz", b"x")
    read = load_network(tmp_path / "settled.npz")
    assert read.bias == np.float32(0.5)
    whole = second.load(second.WEIGHTS, TOKENIZER, tmp_path / "settled.npz")
    assert whole.settled.bias == np.float32(0.5)
    told = load_reader().read("怎么上云", SENTENCES[:1])
    assert whole.reader.read("怎么上云", SENTENCES[:1]) == pytest.approx(told)


def test_token_ids_are_those_of_characters_and_short_words() -> None:
    tokenizer = load_tokenizer()
    assert tokenizer.encode("ＡＩ企业贷款").tokens == tokenizer.encode("ai企业贷款").tokens
    assert [len(ids) for ids in ids_of(tokenizer, ["", "2025"])] == [0, 4]  # digits one by one
    assert [len(ids) for ids in ids_of(tokenizer, ["[PAD] [MASK]"])] == [
        0
    ]  # what a text spells is no special token
