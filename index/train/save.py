"""Write a trained model in sentence-transformers' own layout, in half precision, with its model card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer
from torch import Tensor


def save_model(weights: Tensor, tokenizer: Tokenizer, folder: Path, card: str) -> None:
    """Save to `folder`, replacing it as a whole: written beside first, so that no half model is ever read."""
    beside = folder.with_name(folder.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    embedding = StaticEmbedding(tokenizer, embedding_weights=weights.detach().to(torch.float16))
    model = SentenceTransformer(modules=[embedding, Normalize()], device="cpu", similarity_fn_name="cosine")
    model.save_pretrained(str(beside), create_model_card=False)
    (beside / "model.safetensors").chmod(0o644)  # safetensors writes it for its owner alone
    (beside / "README.md").write_text(card, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    beside.replace(folder)


def load_weights(folder: Path) -> tuple[Tensor, Tokenizer]:
    """The token vectors, float32 (vocabulary, d), and the tokenizer of a saved static model.

    Raises:
        ValueError: if the first module of the model is no static embedding, which alone is trained here.
    """
    first = json.loads((folder / "modules.json").read_text(encoding="utf-8"))[0]
    if not first["type"].endswith("StaticEmbedding"):
        raise ValueError(f"{folder} 不是静态词向量模型，无法在此基础上训练")
    embedding = StaticEmbedding.load(str(folder), subfolder=first["path"])
    return embedding.embedding.weight.detach().float(), embedding.tokenizer
