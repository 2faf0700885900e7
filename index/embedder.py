"""The sentence model: ours, or any that sentence-transformers loads, by path or hub name."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from huggingface_hub import snapshot_download
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Array = NDArray[np.float32]
Span = tuple[int, int]  # start and end in a text
STATIC_BATCH = 512  # texts of a static model at once: more takes memory and no less time
# Texts up to which the tokenizer's threads, woken for every batch, take longer than they save. So few are mostly the
# words and parts of a question, which are looked at again and again, so that their vectors are kept.
_FEW = 12
_REMEMBERED = 8192
HUB_NAME = re.compile(r"[a-zA-Z0-9][\w.-]*/[a-zA-Z0-9][\w.-]*", re.ASCII)

# What the makers of these models prescribe in their model cards but leave out of the models' settings:
# a pattern of the name, the prompt of questions, the prompt of passages.
DOCUMENTED_PROMPTS = (
    (r"bge-(small|base|large)-zh", "为这个句子生成表示以用于检索相关文章：", ""),
    (r"e5-(small|base|large)(?!.*instruct)", "query: ", "passage: "),
)


class ModelError(RuntimeError):
    """The sentence model cannot be loaded. The message is for users."""


class Embedder(Protocol):
    """Turns texts into unit vectors, float32 (n, d)."""

    name: str  # as it was asked for
    fingerprint: str  # of everything that decides the vectors: weights, tokenizer, prompts
    family: str  # of models with the same tokens, whose cosines are on one scale; "" for those of no family

    def encode_query(self, inputs: list[str]) -> Array:
        """Vectors of questions, float32 (n, d)."""

    def encode_document(self, inputs: list[str]) -> Array:
        """Vectors of passages, float32 (n, d)."""

    def encode_parted(self, inputs: list[str], parts: Sequence[Sequence[Span]]) -> tuple[Array, list[Array]]:
        """Vectors of passages, float32 (n, d), and of stretches of each, a list of n arrays (stretches, d)."""


class StaticEmbedder:
    """A static embedding, read and run without torch: it loads in .1 s instead of 5 and takes 400 MB less.

    Gives what `SentenceTransformer(folder)` gives: the mean of the token vectors, normalised.
    """

    def __init__(self, name: str, folder: Path, layer: Path) -> None:
        self.name = name
        self._prompts = _prompts(name, folder)
        self.fingerprint = _fingerprint(folder, self._prompts)
        tokenizer = (layer / "tokenizer.json").read_text("utf-8")
        json.loads(tokenizer)  # a file cut short: a ValueError, where the tokenizer raises a bare Exception
        self.family = hashlib.sha256(tokenizer.encode()).hexdigest()[:16]
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_padding()
        self._weights = load_file(layer / "model.safetensors")["embedding.weight"].astype(np.float32)
        self._vector = lru_cache(maxsize=_REMEMBERED)(self._encode_one)

    def encode_query(self, inputs: list[str]) -> Array:
        """Vectors of questions, float32 (n, d); zero for a text without any known token."""
        return self._encode(self._prompts["query"], inputs)

    def encode_document(self, inputs: list[str]) -> Array:
        """Vectors of passages, float32 (n, d); zero for a text without any known token."""
        return self._encode(self._prompts["document"], inputs)

    def encode_parted(self, inputs: list[str], parts: Sequence[Sequence[Span]]) -> tuple[Array, list[Array]]:
        """As `encode_document`, and of each text the vectors of stretches of it, from the tokens that begin in them.

        Nothing is read twice, so that it takes little longer than `encode_document` alone.
        """
        prompt = self._tokenizer.encode(self._prompts["document"], add_special_tokens=False).ids
        sums = np.zeros((len(inputs) + sum(map(len, parts)), self._weights.shape[1]), dtype=np.float32)
        encoded = self._tokenizer.encode_batch(inputs, add_special_tokens=False)
        at = len(inputs)
        for row, (each, spans) in enumerate(zip(encoded, parts, strict=True)):
            tokens = self._weights[each.ids]
            sums[row] = tokens.sum(axis=0)
            if spans:
                starts = [start for start, _ in each.offsets]
                for start, end in spans:
                    sums[at] = tokens[bisect_left(starts, start) : bisect_left(starts, end)].sum(axis=0)
                    at += 1
        if prompt:
            sums += self._weights[prompt].sum(axis=0)
        return _divided(_unit(sums), parts)

    def _encode(self, prompt: str, texts: Sequence[str]) -> Array:
        if 0 < len(texts) <= _FEW:
            return np.stack([self._vector(prompt + text) for text in texts])
        sums = np.zeros((len(texts), self._weights.shape[1]), dtype=np.float32)
        for begin in range(0, len(texts), STATIC_BATCH):
            batch = [prompt + text for text in texts[begin : begin + STATIC_BATCH]]
            encoded = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            for row, each in enumerate(encoded, begin):
                if tokens := each.ids:
                    sums[row] = self._weights[tokens].sum(axis=0)  # the direction is that of the mean
        return _unit(sums)

    def _encode_one(self, text: str) -> Array:
        tokens = self._tokenizer.encode(text, add_special_tokens=False).ids
        vector = _unit(self._weights[tokens].sum(axis=0, keepdims=True))[0]
        vector.setflags(write=False)  # it is kept
        return vector


def _divided(vectors: Array, parts: Sequence[Sequence[Span]]) -> tuple[Array, list[Array]]:
    """The vectors of texts, and those of the stretches of each, which follow one after the other."""
    ends = (len(parts) + np.cumsum([0, *map(len, parts)])).tolist()
    return vectors[: len(parts)], [vectors[start:end] for start, end in pairwise(ends)]


def _unit(rows: Array) -> Array:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


class TransformerEmbedder:
    """Any other model, run by sentence-transformers."""

    family = ""

    def __init__(self, name: str, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer  # with torch: 5 s, and only needed here

        self.name = name
        self._prompts = _prompts(name, folder)
        self.fingerprint = _fingerprint(folder, self._prompts)
        self._model: SentenceTransformer = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            prompts=dict(self._prompts),
            model_kwargs={"dtype": "float32"},  # half precision is slower on a CPU, where it works at all
        )

    def encode_query(self, inputs: list[str]) -> Array:
        """Vectors of questions, float32 (n, d)."""
        return self._model.encode_query(inputs, normalize_embeddings=True, show_progress_bar=False)

    def encode_document(self, inputs: list[str]) -> Array:
        """Vectors of passages, float32 (n, d)."""
        return self._model.encode_document(inputs, normalize_embeddings=True, show_progress_bar=False)

    def encode_parted(self, inputs: list[str], parts: Sequence[Sequence[Span]]) -> tuple[Array, list[Array]]:
        """As `encode_document`, and of each text the vectors of stretches of it, each read by itself."""
        read = (text[start:end] for text, spans in zip(inputs, parts, strict=True) for start, end in spans)
        return _divided(self.encode_document([*inputs, *read]), parts)


def load_embedder(model: str) -> Embedder:
    """Load the model at a path, or of a hub name. Looks on this machine first, then on the hub.

    Raises `ModelError` with what to do about it.
    """
    folder = _folder(model)
    try:
        layer = _static_layer(folder)
        return TransformerEmbedder(model, folder) if layer is None else StaticEmbedder(model, folder, layer)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(
            f"句向量模型 {model} 的文件不完整或已损坏（{error}）。请重新训练或重新下载该模型。"
        ) from error


def _folder(model: str) -> Path:
    """The folder of a model on this machine, fetched from the hub when it is not here yet."""
    path = Path(model).expanduser()
    if path.is_dir():
        if (path / "modules.json").is_file() or (path / "config.json").is_file():
            return path
        raise ModelError(
            f"文件夹 {model} 中没有句向量模型。请先运行 python -m index.train，或在 TIAOWEN_MODEL 中填写正确的路径。"
        )
    if not HUB_NAME.fullmatch(model):
        raise ModelError(f"找不到句向量模型：{model} 不存在。请检查 TIAOWEN_MODEL。")
    try:
        return Path(snapshot_download(model, local_files_only=True))
    except OSError:
        return _fetch(model)


def _fetch(model: str) -> Path:
    from sentence_transformers import SentenceTransformer

    try:
        SentenceTransformer(model, device="cpu")  # fetches the files that it needs and no others
        return Path(snapshot_download(model, local_files_only=True))
    except OSError as error:  # all errors of the hub, of the network and of the offline mode are OSErrors
        raise ModelError(
            f"本机没有句向量模型 {model}，也无法下载。请在可联网的机器上运行 hf download {model}，"
            "把得到的文件夹拷贝到本机，再把 TIAOWEN_MODEL 设为它的路径。"
        ) from error


def _static_layer(folder: Path) -> Path | None:
    """The folder of the token vectors if the model is a static embedding and nothing more, else None."""
    modules = folder / "modules.json"
    if not modules.is_file():
        return None
    layers = [(m["type"].rsplit(".", 1)[-1], m["path"]) for m in json.loads(modules.read_text("utf-8"))]
    if not layers or layers[0][0] != "StaticEmbedding" or any(kind != "Normalize" for kind, _ in layers[1:]):
        return None
    return folder / layers[0][1]


def _prompts(name: str, folder: Path) -> dict[str, str]:
    """What stands before questions and passages: from the model's settings, else as its makers document it."""
    found = {"query": "", "document": ""}
    settings = folder / "config_sentence_transformers.json"
    if settings.is_file():
        given = json.loads(settings.read_text("utf-8")).get("prompts") or {}
        found |= {key: given.get(key) or "" for key in found}
    if any(found.values()):
        return found
    for pattern, query, document in DOCUMENTED_PROMPTS:
        if re.search(pattern, Path(name).name, re.IGNORECASE):
            return {"query": query, "document": document}
    return found


def _fingerprint(folder: Path, prompts: dict[str, str]) -> str:
    """A hash over the model's files and its prompts, 16 hexadecimal digits."""
    digest = hashlib.sha256(json.dumps(prompts, sort_keys=True).encode())
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        relative = file.relative_to(folder)
        if file.suffix == ".md" or any(part.startswith(".") for part in relative.parts):
            continue  # the model card and what tools leave behind
        digest.update(str(relative).encode())
        # The hub's cache names a file by the hash of its content: no need to read gigabytes again.
        stored = file.resolve()
        if file.is_symlink() and stored.parent.name == "blobs":
            digest.update(stored.name.encode())
        else:
            with stored.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:16]
