"""Loading sentence models: our static one, any other of sentence-transformers, and none."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.build import ensure_snapshot
from index.embedder import ModelError, StaticEmbedder, TransformerEmbedder, load_embedder
from index.store import MisfitError, load_snapshot
from tests.toys import save_model

CHARACTERS = "贷款贴息担保企业查询文档为这个句子生成表示以用于检索相关章："
BGE_PROMPT = "为这个句子生成表示以用于检索相关文章："


@pytest.fixture(scope="module")
def static_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    vectors = np.random.default_rng(5).standard_normal((len(set(CHARACTERS)) + 1, 24)).astype(np.float16)
    return save_model(tmp_path_factory.mktemp("static"), CHARACTERS, vectors)


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BERT with random weights, as sentence-transformers saves a model."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    torch.set_num_threads(1)  # of so small a model more threads only wait for each other
    plain = tmp_path_factory.mktemp("plain")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(CHARACTERS))]
    (plain / "vocab.txt").write_text("\n".join(vocabulary), "utf-8")
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(plain)
    BertTokenizerFast(str(plain / "vocab.txt")).save_pretrained(plain)
    word = Transformer(str(plain), max_seq_length=64)
    model = SentenceTransformer(modules=[word, Pooling(16, pooling_mode="cls"), Normalize()], device="cpu")
    folder = tmp_path_factory.mktemp("hub") / "bert"
    model.save_pretrained(str(folder), create_model_card=False)
    return folder


def copy(model: Path, to: Path, prompts: dict[str, str] | None = None) -> Path:
    shutil.copytree(model, to)
    if prompts is not None:
        (to / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}), "utf-8")
    return to


def test_the_static_model_gives_what_sentence_transformers_gives(static_model):
    from sentence_transformers import SentenceTransformer

    embedder = load_embedder(str(static_model))
    assert isinstance(embedder, StaticEmbedder)
    texts = ["贷款贴息", "企业", "贷款，贷款；担保", "企业" * 300]
    reference = SentenceTransformer(str(static_model), device="cpu")
    np.testing.assert_allclose(embedder.encode_query(texts), reference.encode_query(texts), atol=2e-3)
    np.testing.assert_allclose(embedder.encode_document(texts), reference.encode_document(texts), atol=2e-3)


PARTED = ("企业贷款，贷款贴息；担保", "", "！企业  查询", "贴息")
PARTS = (((0, 4), (5, 9), (10, 12)), (), ((0, 1), (3, 8)), ())


@pytest.mark.parametrize("prompts", [None, {"query": "", "document": BGE_PROMPT}])
def test_stretches_of_a_text_are_as_if_read_alone(static_model, tmp_path, prompts):
    embedder = load_embedder(str(copy(static_model, tmp_path / "model", prompts)))
    whole, parts = embedder.encode_parted(list(PARTED), PARTS)
    np.testing.assert_allclose(whole, embedder.encode_document(list(PARTED)), atol=1e-6)
    for text, spans, found in zip(PARTED, PARTS, parts, strict=True):
        assert found.shape == (len(spans), 24)
        if spans:
            alone = embedder.encode_document([text[start:end] for start, end in spans])
            np.testing.assert_allclose(found, alone, atol=1e-6)


def test_stretches_of_a_text_with_a_model_of_the_hub(bert):
    embedder = load_embedder(str(bert))
    whole, parts = embedder.encode_parted(list(PARTED), PARTS)
    assert [len(found) for found in parts] == [3, 0, 2, 0]
    np.testing.assert_allclose(whole, embedder.encode_document(list(PARTED)), atol=1e-5)
    np.testing.assert_allclose(
        parts[0], embedder.encode_document(["企业贷款", "贷款贴息", "担保"]), atol=1e-5
    )


def test_static_vectors_are_unit_float32_whatever_the_batch(static_model):
    embedder = load_embedder(str(static_model))
    texts = ["贷款", "贴息", "企业担保"] * 400
    vectors = embedder.encode_document(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (1200, 24)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert (vectors[:3] == embedder.encode_document(texts[:3])).all()
    assert (embedder.encode_query(["", "，！"]) == 0).all(), "no token: no direction"
    assert embedder.encode_query([]).shape == (0, 24)
    again = embedder.encode_query(["贷款"])
    again += 1  # what is kept of a text is not what is given away
    assert (embedder.encode_query(["贷款"]) == vectors[:1]).all()


def test_prompts_of_the_settings_stand_in_front(static_model, tmp_path):
    prompted = load_embedder(str(copy(static_model, tmp_path / "a", {"query": "查询", "document": "文档"})))
    plain = load_embedder(str(static_model))
    assert (prompted.encode_query(["贷款"]) == plain.encode_query(["查询贷款"])).all()
    assert (prompted.encode_document(["贷款"]) == plain.encode_document(["文档贷款"])).all()
    assert prompted.fingerprint != plain.fingerprint


def test_any_transformer_works_by_its_path(bert):
    embedder = load_embedder(str(bert))
    assert isinstance(embedder, TransformerEmbedder)
    vectors = embedder.encode_document(["贷款贴息", "企业担保"])
    assert vectors.dtype == np.float32
    assert vectors.shape == (2, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors[0] == embedder.encode_query(["贷款贴息"])[0]).all(), "no prompt is known for it"


def test_bge_gets_the_prompt_of_its_makers(bert, tmp_path):
    plain = load_embedder(str(bert))
    bge = load_embedder(str(copy(bert, tmp_path / "bge-small-zh-v1.5")))
    np.testing.assert_allclose(
        bge.encode_query(["贷款"]), plain.encode_document([f"{BGE_PROMPT}贷款"]), atol=1e-6
    )
    assert (bge.encode_document(["贷款"]) == plain.encode_document(["贷款"])).all()


def test_prompts_of_the_settings_go_before_documented_ones(bert, tmp_path):
    given = copy(bert, tmp_path / "bge-base-zh", {"query": "查询", "document": ""})
    expected = load_embedder(str(bert)).encode_document(["查询贷款"])
    np.testing.assert_allclose(load_embedder(str(given)).encode_query(["贷款"]), expected, atol=1e-6)


def test_a_hub_name_is_found_in_the_cache_without_network(bert, tmp_path, monkeypatch):
    revision = "0" * 40
    repository = tmp_path / "models--BAAI--bge-small-zh-v1.5"
    shutil.copytree(bert, repository / "snapshots" / revision)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(revision, "utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("index.embedder._fetch", lambda name: pytest.fail("asked the network"))
    embedder = load_embedder("BAAI/bge-small-zh-v1.5")
    expected = load_embedder(str(bert)).encode_document([f"{BGE_PROMPT}贷款"])
    np.testing.assert_allclose(embedder.encode_query(["贷款"]), expected, atol=1e-6)
    assert embedder.name == "BAAI/bge-small-zh-v1.5"


def test_a_hub_name_without_cache_and_network(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(
        ModelError, match=r"本机没有句向量模型 nobody/no-model，也无法下载.*hf download nobody/no-model"
    ):
        load_embedder("nobody/no-model")


@pytest.mark.parametrize("name", ["/no/such/folder", "./weights", "weights"])
def test_a_path_that_is_not_there(name):
    with pytest.raises(ModelError, match=f"找不到句向量模型：{name} 不存在"):
        load_embedder(name)


def test_an_empty_folder(tmp_path):
    with pytest.raises(ModelError, match=r"没有句向量模型.*python -m index\.train"):
        load_embedder(str(tmp_path))


@pytest.mark.parametrize("damaged", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_damaged_files_are_named_as_such(static_model, tmp_path, damaged):
    folder = copy(static_model, tmp_path / "damaged")
    whole = (folder / damaged).read_bytes()
    (folder / damaged).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="不完整或已损坏"):
        load_embedder(str(folder))


def test_the_fingerprint_follows_the_weights_and_not_the_card(static_model, tmp_path):
    same = copy(static_model, tmp_path / "same")
    (same / "README.md").write_text("another card", "utf-8")
    assert load_embedder(str(same)).fingerprint == load_embedder(str(static_model)).fingerprint
    other = save_model(tmp_path / "other", CHARACTERS)
    assert load_embedder(str(other)).fingerprint != load_embedder(str(static_model)).fingerprint


def test_another_model_by_the_setting_alone_builds_the_index_anew(static_model, bert, tmp_path):
    (tmp_path / "documents").mkdir()
    policy = "关于贷款的通知\n\n一、给予企业贷款贴息。\n\n二、给予企业担保。\n"
    (tmp_path / "documents" / "policy.txt").write_text(policy, "utf-8")
    place = (tmp_path / "index", [tmp_path / "documents"])
    ensure_snapshot(*place, load_embedder(str(static_model)))
    embedder = load_embedder(str(bert))
    with pytest.raises(MisfitError, match=f"由句向量模型 {static_model} 建立.*python -m index.build"):
        load_snapshot(place[0], embedder)
    snapshot = ensure_snapshot(*place, embedder)
    assert snapshot.manifest.model == str(bert)
    best = snapshot.index.search("贷款贴息")[0]
    assert best.passage.text == "一、给予企业贷款贴息。"
    expected = embedder.encode_query(["贷款贴息"])[0] @ embedder.encode_document([best.passage.searchable])[0]
    assert best.cosine == pytest.approx(expected, abs=2e-3)
