"""Snapshots: what is loaded is what was saved, whole or not at all."""

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

import index.store as store
from corpus.document import Clause, Department, Document, IssueDate, Period, Removed, Rule
from index.build import build_snapshot
from index.embedder import load_embedder
from index.store import BuildRunningError, MisfitError, Snapshot, current_folder, load_snapshot, save_snapshot
from tests.toys import make_document, save_model

MEND = r"请运行 python -m index\.build 重建索引"


def full_document() -> Document:
    """A document in which no field is left at its default."""
    document = replace(
        make_document("问政发〔2024〕2号", "问答县行动计划", [(("一",), "一、", "融资", "融资。贴息。\n")]),
        number="问政发〔2024〕2号",
        issuers=("问答县人民政府",),
        level="县",
        region="条问省问答市",
        issued_on=IssueDate(2024, date(2024, 5, 6)),
        valid_from=date(2024, 6, 1),
        valid_until=date(2026, 5, 31),
        period=Period(2024, 2026),
        cites=("条政发〔2025〕1号",),
        source_url="https://example.gov.cn/2",
        traditional=True,
        added={"联系电话": "12345"},
        sha256="ab" * 32,
        source="source",
        offsets=(0, 1, 2),
        removed=(Removed(0, 4, "导航"),),
        pages=(0, 9),
        copies=("副本.txt",),
    )
    clause = Clause(
        document, "notice.一", "notice", ("一",), "一、", "融资", 0, 9, 2, (Department("县财政局", "牵头"),)
    )
    object.__setattr__(document, "clauses", (clause,))
    object.__setattr__(document, "rules", (Rule(clause, (Department("县工信局", "配合"),), 5, 8),))
    return document


def test_documents_come_back_as_they_were(toy_embedder, tmp_path):
    document = full_document()
    save_snapshot(build_snapshot([document], toy_embedder), tmp_path)
    loaded = load_snapshot(tmp_path, toy_embedder).documents[0]
    for field in fields(Document):
        value = getattr(document, field.name)
        default = getattr(Document("", "", ""), field.name)
        assert value != default, f"{field.name} must not stand at its default here"
        if field.name in ("source", "offsets"):
            assert getattr(loaded, field.name) == default, "left out on purpose"
        elif field.name not in ("clauses", "rules"):
            assert getattr(loaded, field.name) == value, field.name
    clause, rule = loaded.clauses[0], loaded.rules[0]
    for field in fields(Clause):
        if field.name != "document":
            assert getattr(clause, field.name) == getattr(document.clauses[0], field.name), field.name
    assert clause.document is loaded
    assert rule.clause is clause
    assert (rule.departments, rule.start, rule.end) == ((Department("县工信局", "配合"),), 5, 8)


def test_the_loaded_index_finds_the_same(toy_snapshot: Snapshot, toy_embedder, tmp_path):
    save_snapshot(toy_snapshot, tmp_path)
    loaded = load_snapshot(tmp_path, toy_embedder, "toy")
    assert [p.searchable for p in loaded.index.passages] == [
        p.searchable for p in toy_snapshot.index.passages
    ]
    for question in ("小企业的基金怎么贴息", "第一千二百六十条", "融资担保"):
        expected = [
            (e.passage.text, e.score, e.cosine, e.coverage) for e in toy_snapshot.index.search(question)
        ]
        found = [(e.passage.text, e.score, e.cosine, e.coverage) for e in loaded.index.search(question)]
        assert found == expected
    assert replace(loaded.manifest, files={}) == toy_snapshot.manifest
    assert loaded.manifest.calibration.threshold == toy_snapshot.manifest.calibration.threshold
    clause = loaded.index.passages[0].clause
    assert clause is loaded.documents[0].clauses[0]


def test_no_snapshot(toy_embedder, tmp_path):
    with pytest.raises(MisfitError, match=f"还没有建立索引.*{MEND}"):
        load_snapshot(tmp_path / "nothing", toy_embedder)


def test_another_model_is_refused(toy_snapshot, tmp_path):
    save_snapshot(toy_snapshot, tmp_path / "index")
    other = load_embedder(str(save_model(tmp_path / "other", "另一个模型")))
    with pytest.raises(MisfitError, match=f"与现在的模型 {tmp_path}/other 不一致。{MEND}"):
        load_snapshot(tmp_path / "index", other)


def test_other_documents_are_refused(toy_snapshot, toy_embedder, tmp_path):
    save_snapshot(toy_snapshot, tmp_path)
    with pytest.raises(MisfitError, match=f"政策文件或程序在建立索引.*之后有改动。{MEND}"):
        load_snapshot(tmp_path, toy_embedder, "others")


def test_another_format_is_refused(toy_snapshot, toy_embedder, tmp_path, monkeypatch):
    save_snapshot(toy_snapshot, tmp_path)
    message = f"索引的格式是第 {store.FORMAT} 版，程序需要第 99 版。{MEND}"
    monkeypatch.setattr(store, "FORMAT", 99)
    with pytest.raises(MisfitError, match=message):
        load_snapshot(tmp_path, toy_embedder)


def test_a_file_cut_short_is_refused_by_name(toy_snapshot, toy_embedder, tmp_path):
    place = save_snapshot(toy_snapshot, tmp_path)
    for name in ("documents.json", "vectors.faiss", "terms_rows.npy", "passages.npy"):
        whole = (place / name).read_bytes()
        (place / name).write_bytes(whole[:-20])
        with pytest.raises(MisfitError, match=f"不完整（{name}）。{MEND}"):
            load_snapshot(tmp_path, toy_embedder)
        (place / name).unlink()
        with pytest.raises(MisfitError, match=f"已损坏.*{name}.*{MEND}"):
            load_snapshot(tmp_path, toy_embedder)
        (place / name).write_bytes(whole)
    assert load_snapshot(tmp_path, toy_embedder)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 3}', "未完"])
def test_a_manifest_that_is_none(toy_snapshot, toy_embedder, tmp_path, content):
    place = save_snapshot(toy_snapshot, tmp_path)
    (place / "manifest.json").write_text(content, "utf-8")
    with pytest.raises(MisfitError, match=f"已损坏.*{MEND}"):
        load_snapshot(tmp_path, toy_embedder)


def test_a_manifest_of_a_later_version_with_more_in_it(toy_snapshot, toy_embedder, tmp_path):
    place = save_snapshot(toy_snapshot, tmp_path)
    record = json.loads((place / "manifest.json").read_text("utf-8"))
    (place / "manifest.json").write_text(json.dumps(record | {"new": 1}), "utf-8")
    assert load_snapshot(tmp_path, toy_embedder).manifest.passages == 10


def test_a_crash_while_writing_leaves_the_old_snapshot(toy_snapshot, toy_embedder, tmp_path, monkeypatch):
    first = save_snapshot(toy_snapshot, tmp_path)
    for step in ("write_passages", "_sync"):
        with monkeypatch.context() as patch:
            patch.setattr(store, step, lambda *_: (_ for _ in ()).throw(OSError("disk full")))
            with pytest.raises(OSError, match="disk full"):
                save_snapshot(toy_snapshot, tmp_path)
        assert current_folder(tmp_path) == first
        assert load_snapshot(tmp_path, toy_embedder).manifest.passages == 10
    second = save_snapshot(toy_snapshot, tmp_path)
    assert current_folder(tmp_path) == second
    assert {p.name for p in tmp_path.iterdir() if p.is_dir()} == {first.name, second.name}, (
        "leftovers are gone"
    )


def test_only_the_snapshot_before_is_kept(toy_snapshot, tmp_path):
    places = [save_snapshot(toy_snapshot, tmp_path) for _ in range(4)]
    assert sorted(p for p in tmp_path.iterdir() if p.is_dir()) == places[2:]


def test_one_writer_at_a_time(toy_snapshot, tmp_path):
    tmp_path.joinpath("x").mkdir()
    with store._only_writer(tmp_path / "x"), pytest.raises(BuildRunningError, match="另一个进程正在写入索引"):
        save_snapshot(toy_snapshot, tmp_path / "x")
    assert save_snapshot(toy_snapshot, tmp_path / "x").is_dir()


def test_the_pointer_is_all_that_decides(toy_snapshot, toy_embedder, tmp_path):
    save_snapshot(toy_snapshot, tmp_path)
    (tmp_path / "CURRENT").write_text("gone", "utf-8")
    assert current_folder(tmp_path) is None
    with pytest.raises(MisfitError, match="还没有建立索引"):
        load_snapshot(tmp_path, toy_embedder)
    assert isinstance(tmp_path, Path)
