"""What `python -m corpus.show` prints."""

from pathlib import Path

import pytest

from corpus.show import main

DOCUMENTS = Path(__file__).parents[1] / "corpus" / "documents"


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


def shown(capsys, *paths) -> tuple[int, str]:
    status = main([str(path) for path in paths])
    return status, capsys.readouterr().out


def test_metadata_tree_and_what_was_removed(capsys):
    status, out = shown(capsys, DOCUMENTS / "004_29b46e140de23d6c.txt")
    assert status == 0
    for words in (
        "工信部联企业〔2018〕248号",
        "2018-11-21",
        "2018—2021",
        "国发〔2018〕32号",
        "37 个条款",
        "附件（annex）",
        "二、行动五（十四） 深化对外合作",
        "网页导航（当前位置）",
        "您当前的位置:首页",
        "友情链接",
    ):
        assert words in out, words


def test_departments_and_rules(capsys):
    _, out = shown(capsys, DOCUMENTS / "002_e97d5b73eaf5ca4f.txt")
    assert "负责 科技部；负责 工业和信息化部；负责 国资委；负责 全国工商联" in out
    assert "二、（一）1 的规定适用于其后各条：以下均需各地相关部门落实,不再列出" in out
    assert "是（已转为简体）" in out


def test_a_file_that_cannot_be_read(capsys, tmp_path):
    (tmp_path / "空.txt").write_bytes(b"")
    status, out = shown(
        capsys, tmp_path / "空.txt", tmp_path / "无.txt", DOCUMENTS / "003_e93829da0d073851.txt"
    )
    assert status == 1
    assert "文件是空的。" in out
    assert "无法打开" in out
    assert "鄂经信产业〔2022〕13号" in out


def test_marks_of_the_console_in_a_text_are_printed_as_they_are(capsys, tmp_path):
    (tmp_path / "甲.txt").write_text(
        "关于支持[red]企业[/red]的通知\n一、支持[bold]企业[/bold]发展。\n二、落实[/]政策。", encoding="utf-8"
    )
    status, out = shown(capsys, tmp_path / "甲.txt")
    assert status == 0
    assert "关于支持[red]企业[/red]的通知" in out
    assert "[bold]企业[/bold]" in out
