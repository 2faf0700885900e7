"""The rules of the code base: imports point backwards, importing does nothing, files stay small."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from settings import ROOT, Settings

ORDER = ("corpus", "index", "chat", "eval")  # each may import itself and those before it
LONGEST = 400  # lines of a file
SOURCES = [
    *(path for name in ORDER for path in (ROOT / name).rglob("*.py")),
    ROOT / "app.py",
    ROOT / "settings.py",
]


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def imported(node):
    """The modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_point_backwards(path):
    package = path.relative_to(ROOT).parts[0]
    if package not in ORDER:
        return
    later = {*ORDER[ORDER.index(package) + 1 :], "app", "tests", "benchmarks"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for module in imported(node):
            assert module.split(".")[0] not in later, f"line {node.lineno}: {module}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_settings_are_read_only_where_a_program_begins(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    mains = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main"]
    within = {id(node) for main in mains for node in ast.walk(main)}
    for node in ast.walk(tree):
        if "settings" in imported(node):
            assert mains, f"line {node.lineno}: settings in a module that is not run"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Settings":
            assert id(node) in within, f"line {node.lineno}: settings read outside main()"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_module_acts_when_it_is_imported(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        assert not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)), f"line {node.lineno}"
        assert not isinstance(node, (ast.With, ast.For, ast.While)), f"line {node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_file_is_too_long(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_no_module_is_a_drawer():
    names = {path.stem for path in SOURCES} | {path.parent.name for path in SOURCES}
    assert not names & {"utils", "util", "common", "helpers", "helper", "core", "base", "misc", "manager"}


def test_importing_everything_writes_nothing_and_needs_no_folder(tmp_path):
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in SOURCES
        if path.name not in ("__init__.py", "__main__.py")
        and "train" not in path.parts  # torch takes its time
    ]
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.dont_write_bytecode = True\n"
        "import importlib, os, threading\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "assert os.listdir('.') == [], os.listdir('.')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout == ""


def test_every_setting_has_a_default_and_a_reason():
    for name, field in Settings.model_fields.items():
        assert not field.is_required(), name
        assert field.description, name
        assert re.search(r"[.;,] ?", field.description), f"{name}: what it is, and why that default"


def test_settings_come_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("TIAOWEN_PORT", "8000")
    monkeypatch.setenv("TIAOWEN_DATA", str(tmp_path))
    monkeypatch.setenv("TIAOWEN_DOCUMENTS", "/a:/b")
    settings = Settings(_env_file=None)
    assert settings.port == 8000
    assert settings.records_url == f"sqlite:///{tmp_path}/records.db"
    assert settings.document_folders == (Path("/a"), Path("/b"))
    assert not (tmp_path / "records.db").exists()
