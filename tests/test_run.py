"""Running the cases: broken ones are set aside, locked texts stay unseen, corpora are found or skipped."""

import json
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from chat.answer import to_markdown
from chat.question import Filters, Turn
from eval import corpora, run
from eval.cases import load_cases
from eval.corpora import Corpora, CorpusMissingError, EvaluatedCorpus, law_files
from eval.gold import Reference
from eval.record import Line, read_run
from eval.run import Broken, evaluate
from settings import Settings
from tests.evaluation_toys import CORPUS, SHANDONG, answer, refusal
from tests.test_cases import write

REFERENCE = Reference(CORPUS)
ANSWERS = {
    "山东多少家？": answer(("新培育400家。", SHANDONG.clauses[0])),
    "湖北多少家？": refusal("没有找到。"),
    "江苏多少家？": refusal("库内没有江苏的政策。"),
}
RIGHT = {
    "id": "s-1",
    "question": "山东多少家？",
    "kind": "number",
    "answerable": True,
    "documents": ["鲁工信发〔2021〕5号"],
    "quotes": [["单项冠军企业400家"]],
    "facts": [["400家"]],
}
WRONG = {
    "id": "s-2",
    "question": "湖北多少家？",
    "kind": "number",
    "answerable": True,
    "documents": ["鄂经信产业〔2022〕13号"],
}
BROKEN = {"id": "s-3", "question": "问", "kind": "number", "answerable": True, "quotes": [["没有的文字"]]}
REFUSED = {
    "id": "s-4",
    "question": "江苏多少家？",
    "kind": "number",
    "answerable": False,
    "facts": [["江苏"]],
}


@dataclass(frozen=True)
class Made:
    """The part of a snapshot's manifest that a run is to keep."""

    model_hash: str = "modelhash"
    documents_hash: str = "corpushash"


class Standin:
    """Answers from a table, and remembers how it was asked."""

    def __init__(self):
        self.asked = []

    def ask(self, text, history=(), filters=None, as_of=None):
        self.asked.append((text, history, filters, as_of))
        return ANSWERS[text]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A place for a run whose corpora are the toys."""
    monkeypatch.setattr(Corpora, "of", lambda self, path: EvaluatedCorpus(Standin(), REFERENCE, Made()))
    return tmp_path


def test_each_case_is_asked_with_all_that_it_gives(tmp_path):
    asked = {
        **RIGHT,
        "history": [{"role": "user", "content": "先问"}],
        "filters": {"documents": ["鲁工信发[2021]5号"]},
        "as_of": "2026-11-21",
    }
    assistant = Standin()
    list(evaluate(load_cases(write(tmp_path / "a.jsonl", asked)), assistant, REFERENCE, show_texts=True))
    assert assistant.asked == [
        ("山东多少家？", (Turn("user", "先问"),), Filters(documents=(SHANDONG.id,)), date(2026, 11, 21))
    ]


def test_broken_cases_are_not_asked(tmp_path):
    cases = load_cases(write(tmp_path / "a.jsonl", RIGHT, BROKEN, WRONG))
    right, broken, wrong = evaluate(cases, Standin(), REFERENCE, show_texts=True)
    assert broken == Broken("a", "s-3", ("quotes第1组“没有的文字”：没有任何条款包含这段文字",))
    assert isinstance(right, Line)
    assert right.scores.right
    assert right.texts["answer"] == to_markdown(ANSWERS["山东多少家？"]) == "新培育400家。[1]"
    assert right.texts["citations"] == [
        {
            "document_id": SHANDONG.id,
            "clause_id": "notice-一",
            "label": "一",
            "title": SHANDONG.title,
            "gold": True,
            "quote": "一、新培育单项冠军企业400家。\n",
        }
    ]
    assert right.texts["evidence"][0]["cosine"] == 0.4
    assert right.texts["evidence"][0]["text"] == "一、新培育单项冠军企业400家。"
    assert wrong.misses == ("应回答而拒答：no_region",)


def test_a_run_writes_scores_and_manifest_and_prints_table_and_misses(folder, capsys):
    cases = write(folder / "mine_dev.jsonl", RIGHT, WRONG, REFUSED)
    assert run.main([str(cases), "--out", str(folder / "out")]) == 0
    printed = capsys.readouterr().out
    assert "mine_dev（3 个案例）" in printed
    assert "s-2［number］湖北多少家？" in printed
    assert "✗ 应回答而拒答：no_region" in printed
    manifest, lines = read_run(folder / "out")
    assert [(line.id, line.scores.right, line.scores.refusal_right) for line in lines] == [
        ("s-1", True, True),
        ("s-2", False, False),
        ("s-4", True, True),
    ]
    assert manifest["status"] == "finished"
    snapshot = {"model_hash": "modelhash", "documents_hash": "corpushash"}
    assert manifest["sets"] == {"mine_dev": {"locked": False, "snapshot": snapshot}}
    assert manifest["settings"]["port"] == 7860
    assert manifest["total"] == 3
    assert manifest["summary"]["mine_dev"]["right"] == pytest.approx(2 / 3)
    assert manifest["broken"] == manifest["problems"] == []


def test_of_a_locked_set_only_figures_are_seen(folder, capsys):
    cases = write(folder / "mine_locked.jsonl", RIGHT, WRONG, BROKEN)
    assert run.main([str(cases), "--out", str(folder / "out")]) == 1
    seen = capsys.readouterr().out + (folder / "out" / "results.jsonl").read_text(encoding="utf-8")
    assert "mine_locked（2 个案例）" in seen
    for text in ("多少家", "鄂经信", "400家", "没有的文字", "应回答而拒答：no_region"):
        assert text not in seen
    assert run.main([str(cases), "--out", str(folder / "again"), "--show-misses"]) == 1
    seen = capsys.readouterr().out
    assert "s-2［number］湖北多少家？" in seen
    assert "没有的文字" in seen


def test_broken_cases_and_unreadable_lines_are_told_by_line(folder, capsys):
    cases = write(folder / "a.jsonl", RIGHT, "{", BROKEN)
    assert run.main([str(cases), "--out", str(folder / "out")]) == 1
    printed = capsys.readouterr().out.replace("\n", "")
    assert "a.jsonl 第2行：不是合法的 JSON" in printed
    assert "a.jsonl 第3行（s-3）：quotes第1组“没有的文字”：没有任何条款包含这段文字" in printed
    assert read_run(folder / "out")[0]["broken"] == ["a/s-3"]


def test_a_corpus_that_is_not_here_skips_its_sets(folder, monkeypatch, capsys):
    def missing(self, path):
        raise CorpusMissingError("需要法律文本")

    monkeypatch.setattr(Corpora, "of", missing)
    cases = write(folder / "laws_dev.jsonl", RIGHT)
    assert run.main([str(cases), "--out", str(folder / "out")]) == 0
    assert "跳过 laws_dev：需要法律文本" in capsys.readouterr().out
    assert read_run(folder / "out")[0]["sets"] == {"laws_dev": {"skipped": "需要法律文本"}}


def test_without_cases_nothing_is_run(folder, capsys):
    assert run.main([str(folder / "none.jsonl"), "--out", str(folder / "out")]) == 2
    assert "找不到案例文件" in capsys.readouterr().out
    assert not (folder / "out").exists()


def test_the_manifest_keeps_no_secret(monkeypatch):
    monkeypatch.setenv("TIAOWEN_DATABASE_URL", "postgresql://u:geheim@host/db")
    described = run.describe(Settings())
    assert "geheim" not in json.dumps(described)
    assert described["workers"] == 2


def test_the_code_version_is_the_commit(tmp_path):
    assert run.code_version(tmp_path) == "未知"

    def git(*words):
        person = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
        return subprocess.run(
            ["git", *person, *words], cwd=tmp_path, check=True, capture_output=True, text=True
        )

    git("init", "-q")
    (tmp_path / "a").write_text("1")
    git("add", "a")
    git("commit", "-q", "-m", "a")
    commit = git("rev-parse", "--short=12", "HEAD").stdout.strip()
    assert run.code_version(tmp_path) == commit
    (tmp_path / "a").write_text("2")
    assert run.code_version(tmp_path) == commit + "+"


# The corpora ------------------------------------------------------------------------------------------------


LAWS = """
[[law]]
path = "a/甲法(2020-01-01).md"
title = "甲法"
half = "dev"
[[law]]
path = "b/乙法(2021-01-01).md"
title = "乙法"
half = "locked"
"""


def test_the_laws_of_a_half_are_those_that_the_table_lists(tmp_path):
    table = tmp_path / "laws.toml"
    table.write_text(LAWS, encoding="utf-8")
    assert law_files(table, "locked") == ["b/乙法(2021-01-01).md"]
    with pytest.raises(CorpusMissingError, match='没有列出 half = "other"'):
        law_files(table, "other")
    with pytest.raises(CorpusMissingError):
        law_files(tmp_path / "none.toml", "dev")


def test_laws_that_are_not_here_are_told(tmp_path):
    (tmp_path / "laws.toml").write_text(LAWS, encoding="utf-8")
    cases = tmp_path / "laws_dev.jsonl"
    with pytest.raises(CorpusMissingError, match="需要法律文本，请用 --laws DIR 或环境变量 TIAOWEN_LAWS"):
        Corpora(None, "", [], None).of(cases)
    with pytest.raises(CorpusMissingError, match="缺少 1 个法律文件，例如 a/甲法"):
        Corpora(None, "", [], tmp_path).of(cases)


def test_only_the_laws_of_the_half_are_indexed(tmp_path, monkeypatch):
    (tmp_path / "laws.toml").write_text(LAWS, encoding="utf-8")
    for file in ("a/甲法(2020-01-01).md", "b/乙法(2021-01-01).md"):
        (tmp_path / file).parent.mkdir()
        name = Path(file).stem[:2]
        (tmp_path / file).write_text(
            f"# {name}\n\n第一条 为了{name}，制定本法。\n\n第二条 应当守法。\n", encoding="utf-8"
        )
    seen = []

    def build(documents, embedder, documents_hash):
        seen.extend(documents)
        raise KeyboardInterrupt

    monkeypatch.setattr(corpora, "load_embedder", lambda model: None)
    monkeypatch.setattr(corpora, "build_snapshot", build)
    with pytest.raises(KeyboardInterrupt):
        Corpora(None, "", [], tmp_path).of(tmp_path / "laws_locked.jsonl")
    assert [(document.title, document.file) for document in seen] == [("乙法", "b/乙法(2021-01-01).md")]


def test_another_writer_answers_the_same_cases(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TIAOWEN_DATA", str(tmp_path / "data"))
    assert run.main(["--writer", "openai", "--out", str(tmp_path / "run")]) == 2
    assert "TIAOWEN_LLM_MODEL" in capsys.readouterr().out
