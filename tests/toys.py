"""A toy law, a toy policy and a toy sentence model, small enough to work out every value by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from corpus.document import Clause, Document

# Of each clause: path, label, heading, text behind the label.
Parts = Sequence[tuple[tuple[str, ...], str, str, str]]

LAW: Parts = [
    ((), "版头", "", "条问市小企业促进办法\n"),
    (("第一章",), "第一章", "总则", " 总则\n"),
    (("第一章", "第一条"), "第一条", "", " 为了支持小企业，制定本办法。\n"),
    (("第一章", "第一百二十条之一"), "第一百二十条之一", "", " 依照第一条设立的基金，给予贷款贴息。\n"),
    (("第二章",), "第二章", "附则", " 附则\n"),
    (("第二章", "第一千二百六十条"), "第一千二百六十条", "", " 本办法自2025年1月1日起施行。\n"),
]
POLICY: Parts = [
    (("一",), "一、", "主要目标", "主要目标。到2025年，培育小巨人60家。\n"),
    (("二",), "二、", "重点任务", "重点任务\n"),
    (("二",), "前言", "", "各部门分工落实。\n"),
    (("二", "（一）"), "二、（一）", "融资", "融资。设立基金，给予贷款担保。\n"),
]


def make_document(identity: str, title: str, parts: Parts) -> Document:
    """A document whose clauses tile its text; a clause begins with the last part of its label."""
    text, spans = "", []
    for path, label, _, content in parts:
        start = len(text)
        text += "" if label in ("版头", "前言") else f"{path[-1]}、" if label.endswith("、") else path[-1]
        spans.append((start, len(text), len(text) + len(content)))
        text += content
    document = Document(id=identity, title=title, text=text, file=f"{identity}.md")
    clauses = tuple(
        Clause(document, f"notice.{number}", "notice", path, label, heading, start, end, body)
        for number, ((path, label, heading, _), (start, body, end)) in enumerate(
            zip(parts, spans, strict=True)
        )
    )
    object.__setattr__(document, "clauses", clauses)
    return document


def make_corpus() -> tuple[Document, Document]:
    """The toy law, then the toy policy."""
    return (
        make_document("条政发〔2025〕1号", "条问市小企业促进办法", LAW),
        make_document("问政发〔2024〕2号", "问答县行动计划", POLICY),
    )


def save_model(folder: Path, characters: Iterable[str], vectors: NDArray[np.float16] | None = None) -> Path:
    """A static model of one token a character. Without `vectors` each has an axis of its own, so that the
    cosine of two texts is that of their character counts.
    """
    vocabulary = {"[UNK]": 0} | {char: number for number, char in enumerate(sorted(set(characters)), 1)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed"),
            pre_tokenizers.Split(Regex("."), "isolated"),
        ]
    )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    if vectors is None:
        vectors = np.eye(len(vocabulary), dtype=np.float16)
        vectors[0] = 0
    save_file({"embedding.weight": vectors}, folder / "model.safetensors")
    library = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
    normalize = "sentence_transformers.base.modules.normalize.Normalize"
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": library},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": normalize},
    ]
    (folder / "modules.json").write_text(json.dumps(modules), "utf-8")
    (folder / "1_Normalize").mkdir(exist_ok=True)
    (folder / "1_Normalize" / "config.json").write_text("{}", "utf-8")
    return folder
