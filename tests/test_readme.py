"""README.md and README.zh-CN.md say the same, and say what the code does."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from chat.answer import to_markdown
from chat.api import create_app
from chat.assistant import Assistant
from chat.records import Records
from corpus.load import load_documents
from index.build import build_snapshot
from index.embedder import load_embedder
from settings import Settings
from tests.serving import serve
from tests.standin import StandIn, corpus

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


def blocks(path: Path) -> list[str]:
    """The commands of the code blocks, comments left out."""
    found = re.findall(r"```(?:bash|console)\n(.*?)```", path.read_text("utf-8"), flags=re.S)
    return [
        re.sub(r"\s+#.*", "", line).rstrip() for block in found for line in block.splitlines() if line.strip()
    ]


def test_both_languages_show_the_same_commands() -> None:
    assert blocks(READMES[0]) == blocks(READMES[1])


def test_the_examples_for_programs_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, chinese = (path.read_text("utf-8") for path in READMES)
    example = re.search(r"```python\n(.*?)```", text, flags=re.S)
    command = re.search(r"curl -s \S+/api/ask .*?'\n", text, flags=re.S)
    assert example
    assert command
    assert example[0] in chinese
    app = create_app(StandIn(corpus()), Records(f"sqlite:///{tmp_path}/r.db"))
    with serve(app) as address:
        exec(example[1].replace("http://127.0.0.1:7860", address).replace("tw_…", "none"), {})  # noqa: S102
        printed = capsys.readouterr().out
        assert "60家左右" in printed
        assert "东工信发〔2023〕7号 二、（一） 支持企业建设创新平台。" in printed
        if shutil.which("curl"):
            shell = command[0].replace("http://127.0.0.1:7860", address)
            done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, timeout=30)
            assert json.loads(done.stdout)["citations"][0]["document_number"] == "东工信发〔2023〕7号"
        else:
            assert os.environ.get("CI") != "true", "curl is missing"


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_module_that_is_run_exists(readme: Path) -> None:
    modules = set(re.findall(r"python -m ([\w.]+)", readme.read_text("utf-8")))
    assert modules
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_setting_is_told_and_no_other(readme: Path) -> None:
    told = set(re.findall(r"TIAOWEN_[A-Z_]+", readme.read_text("utf-8")))
    assert told == {f"TIAOWEN_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_file_and_folder_named_exists(readme: Path) -> None:
    text = readme.read_text("utf-8")
    named = set(re.findall(r"`((?:corpus|index|chat|eval|benchmarks|tests|docs)/[\w./-]*)`", text))
    named |= set(re.findall(r"\]\(([\w./-]+)\)", text))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_package_is_on_the_map(readme: Path) -> None:
    text = readme.read_text("utf-8")
    assert [
        name
        for name in ("corpus", "index", "chat", "eval", "benchmarks", "tests")
        if f"`{name}/`" not in text
    ] == []


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_answer_shown_is_the_answer_given(readme: Path) -> None:
    shown = re.search(r'chat\.ask "(.+?)"\n(.*?)```', readme.read_text("utf-8"), flags=re.S)
    assert shown
    documents = load_documents([ROOT / "corpus" / "documents"]).documents
    assistant = Assistant(build_snapshot(documents, load_embedder(str(ROOT / "index" / "weights"))))
    answer = to_markdown(assistant.ask(shown[1])).replace("**", "")
    assert re.sub(r"\s", "", shown[2]) == re.sub(r"\s", "", answer)
