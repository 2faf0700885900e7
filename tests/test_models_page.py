"""docs/models.md: what it tells to set can be set, and says what the code does."""

import re
from pathlib import Path

import pytest

from settings import ROOT, Settings

PAGE = (ROOT / "docs" / "models.md").read_text("utf-8")
BLOCKS = re.findall(r"```ini\n(.*?)```", PAGE, flags=re.S)


@pytest.mark.parametrize("block", BLOCKS, ids=[re.search(r"MODEL=(\S+)", block)[1] for block in BLOCKS])
def test_settings_of_the_page_are_understood(tmp_path: Path, block: str):
    (tmp_path / ".env").write_text(block, "utf-8")
    settings = Settings(_env_file=tmp_path / ".env")
    told = {line.partition("=")[0].removeprefix("TIAOWEN_").lower() for line in block.splitlines()}
    assert told <= set(Settings.model_fields)
    chosen = settings.language
    assert chosen.writer in ("openai", "local")
    assert chosen.model
    assert chosen.base_url.startswith("http") is (chosen.writer == "openai")
    assert bool(chosen.extra) is ("EXTRA" in block)


def test_the_page_names_every_setting_of_models():
    told = set(re.findall(r"TIAOWEN_[A-Z_]+", PAGE))
    every = {f"TIAOWEN_{name.upper()}" for name in Settings.model_fields}
    assert told <= every
    optional = {"TIAOWEN_LLM_MAX_TOKENS", "TIAOWEN_LLM_TEMPERATURE"}  # nothing to know beyond the README
    assert {name for name in every if "LLM" in name} - told == optional


def test_a_key_is_not_shown(monkeypatch):
    monkeypatch.setenv("TIAOWEN_LLM_API_KEY", "sk-geheim")
    settings = Settings(_env_file=None)
    assert settings.language.api_key == "sk-geheim"
    assert "geheim" not in f"{settings!r} {settings.model_dump_json()} {settings.language!r}"
