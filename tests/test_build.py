"""Building: from files to a snapshot, again only where something changed."""

from pathlib import Path

import pytest

from index import build
from index.build import EmptyCorpusError, build_snapshot, ensure_snapshot, hash_documents, rebuild
from index.embedder import load_embedder
from index.store import current_folder, load_snapshot
from tests.toys import save_model

POLICY = """问答县人民政府文件

问政发〔2024〕2号

关于支持小企业融资的通知

一、主要目标

到2025年，培育小企业60家。

二、重点任务

（一）设立基金。给予贷款担保和贴息。
"""


class Counting:
    """An embedder that remembers what it was asked to embed."""

    def __init__(self, inner):
        self.inner, self.name, self.fingerprint = inner, inner.name, inner.fingerprint
        self.family = inner.family
        self.texts: list[str] = []

    def encode_query(self, inputs):
        return self.inner.encode_query(inputs)

    def encode_document(self, inputs):
        self.texts += inputs
        return self.inner.encode_document(inputs)


@pytest.fixture
def roots(tmp_path) -> list[Path]:
    root = tmp_path / "documents"
    root.mkdir()
    (root / "policy.txt").write_text(POLICY, "utf-8")
    return [root]


def test_a_snapshot_counts_what_it_holds(toy_snapshot, toy_embedder):
    manifest = toy_snapshot.manifest
    assert (manifest.documents, manifest.clauses, manifest.passages) == (2, 10, 10)
    assert (manifest.model, manifest.model_hash) == (toy_embedder.name, toy_embedder.fingerprint)
    assert manifest.documents_hash == "toy"


def test_nothing_to_index(toy_embedder, tmp_path):
    with pytest.raises(EmptyCorpusError, match="没有可以建立索引的政策文件"):
        build_snapshot([], toy_embedder)
    with pytest.raises(EmptyCorpusError, match="TIAOWEN_DOCUMENTS"):
        ensure_snapshot(tmp_path / "index", [tmp_path], toy_embedder)


def test_files_become_an_index_that_answers(roots, toy_embedder, tmp_path):
    snapshot = ensure_snapshot(tmp_path / "index", roots, toy_embedder)
    assert [d.number for d in snapshot.documents] == ["问政发〔2024〕2号"]
    best = snapshot.index.search("基金贴息")[0]
    assert "给予贷款担保和贴息。" in best.passage.text
    assert best.passage.clause.document is snapshot.documents[0]


def test_an_index_that_fits_is_taken_as_it_is(roots, toy_embedder, tmp_path):
    ensure_snapshot(tmp_path / "index", roots, toy_embedder)
    place = current_folder(tmp_path / "index")
    embedder = Counting(toy_embedder)
    ensure_snapshot(tmp_path / "index", roots, embedder)
    assert current_folder(tmp_path / "index") == place
    assert embedder.texts == []


def test_only_changed_passages_are_embedded_again(roots, toy_embedder, tmp_path):
    ensure_snapshot(tmp_path / "index", roots, toy_embedder)
    (roots[0] / "policy.txt").write_text(POLICY.replace("60家", "80家"), "utf-8")
    embedder = Counting(toy_embedder)
    snapshot = ensure_snapshot(tmp_path / "index", roots, embedder)
    assert len(embedder.texts) == 1
    assert "80家" in embedder.texts[0]
    scratch = build_snapshot(snapshot.documents, toy_embedder)
    assert (snapshot.index.vectors.vectors() == scratch.index.vectors.vectors()).all(), "as if built anew"


def test_a_document_that_is_gone_is_not_found(roots, toy_embedder, tmp_path):
    (roots[0] / "other.txt").write_text(POLICY.replace("2号", "3号").replace("小企业", "渔业"), "utf-8")
    first = ensure_snapshot(tmp_path / "index", roots, toy_embedder)
    assert len(first.documents) == 2
    (roots[0] / "other.txt").unlink()
    second = ensure_snapshot(tmp_path / "index", roots, toy_embedder)
    assert [d.file for d in second.documents] == ["policy.txt"]
    assert len(second.index.passages) == len(first.index.passages) / 2


def test_another_model_embeds_everything_again(roots, toy_embedder, tmp_path):
    ensure_snapshot(tmp_path / "index", roots, toy_embedder)
    other = Counting(load_embedder(str(save_model(tmp_path / "other", "基金贴息"))))
    snapshot = ensure_snapshot(tmp_path / "index", roots, other)
    assert len(other.texts) == snapshot.manifest.passages
    assert load_snapshot(tmp_path / "index", other).manifest.model == other.name


def test_a_damaged_index_is_built_anew(roots, toy_embedder, tmp_path):
    ensure_snapshot(tmp_path / "index", roots, toy_embedder)
    (current_folder(tmp_path / "index") / "documents.json").write_text("[", "utf-8")
    assert ensure_snapshot(tmp_path / "index", roots, toy_embedder).manifest.documents == 1


def test_an_interrupted_build_leaves_the_old_index(roots, toy_embedder, tmp_path, monkeypatch):
    old = ensure_snapshot(tmp_path / "index", roots, toy_embedder)
    (roots[0] / "policy.txt").write_text(POLICY.replace("60家", "80家"), "utf-8")
    monkeypatch.setattr(build, "calibrate", lambda index: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        rebuild(tmp_path / "index", roots, toy_embedder)
    assert load_snapshot(tmp_path / "index", toy_embedder, old.manifest.documents_hash).manifest.passages


def test_problems_of_single_files_are_kept_in_the_manifest(roots, toy_embedder, tmp_path):
    (roots[0] / "empty.txt").write_text("", "utf-8")
    snapshot = ensure_snapshot(tmp_path / "index", roots, toy_embedder)
    assert list(snapshot.manifest.problems) == ["empty.txt"]
    assert load_snapshot(tmp_path / "index", toy_embedder).manifest.problems == snapshot.manifest.problems


def test_the_hash_follows_names_contents_and_program(roots, tmp_path, monkeypatch):
    before = hash_documents(roots)
    assert before == hash_documents(roots)
    (roots[0] / ".hidden").write_text("x", "utf-8")
    assert hash_documents(roots) == before
    (roots[0] / "policy.txt").rename(roots[0] / "renamed.txt")
    renamed = hash_documents(roots)
    assert renamed != before
    (roots[0] / "renamed.txt").write_text(POLICY + " ", "utf-8")
    assert hash_documents(roots) not in (before, renamed)
    changed = hash_documents(roots)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "clauses.py").write_text("# a better parser", "utf-8")
    monkeypatch.setattr(build, "PROGRAM", tmp_path)
    assert hash_documents(roots) != changed


def test_progress_is_reported_step_by_step(toy_corpus, toy_embedder):
    steps: list[tuple[str, int, int]] = []
    build_snapshot(toy_corpus, toy_embedder, report=lambda *step: steps.append(step))
    assert list(dict.fromkeys(step for step, _, _ in steps)) == [
        "切分条款",
        "词语索引",
        "计算句向量",
        "校准阈值",
    ]
    assert all(done <= total for _, done, total in steps)
    last = {step: (done, total) for step, done, total in steps}
    assert all(done == total for done, total in last.values())


def test_the_command_builds_reports_and_fails_with_a_message(roots, tmp_path, capsys):
    model = save_model(tmp_path / "model", {c for c in POLICY if c.isalnum()})
    (roots[0] / "empty.txt").write_text("", "utf-8")
    arguments = ["--model", str(model), "--out", str(tmp_path / "index"), "--documents", str(roots[0])]
    assert build.main(arguments) == 0
    shown = "".join(capsys.readouterr().out.split())
    assert "已收录1份文件、" in shown
    assert "empty.txt：" in shown
    (roots[0] / "policy.txt").unlink()
    assert build.main(arguments) == 1
    assert "没有可以建立索引的政策文件" in "".join(capsys.readouterr().err.split())
    assert load_snapshot(tmp_path / "index", load_embedder(str(model))).manifest.documents == 1
    assert build.main(["--model", str(tmp_path / "none"), *arguments[2:]]) == 1
    assert "找不到句向量模型" in "".join(capsys.readouterr().err.split())


def test_same_corpus_same_index(toy_corpus, toy_embedder, toy_snapshot):
    again = build_snapshot(toy_corpus, toy_embedder)
    assert (again.index.vectors.vectors() == toy_snapshot.index.vectors.vectors()).all()
    assert again.manifest.calibration == toy_snapshot.manifest.calibration
    assert (again.index.words.scores("基金") == toy_snapshot.index.words.scores("基金")).all()
