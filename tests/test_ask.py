"""The terminal: one question, one answer."""

import json
from io import StringIO

from rich.console import Console

from chat import ask
from chat.contract import AskRequest
from tests.standin import StandIn, corpus


def shown(question, width=100):
    out = StringIO()
    body = ask.answer(StandIn(corpus()), AskRequest(question=question))
    ask.show(body, Console(file=out, width=width))
    return out.getvalue()


def test_an_answer_is_shown_with_its_citations():
    text = shown("东海省的目标？")
    assert "60家左右[1]" in text
    assert "[2] 《关于支持机器人产业发展的若干意见》（东工信发〔2023〕7号）二、（一）" in text
    assert "责任部门：省科技厅（牵头）、省财政厅（配合）" in text
    assert "注意：《关于支持机器人产业发展的若干意见》行动期2023—2024年已结束" in text
    assert text.rstrip().endswith("以政策原文为准")


def test_a_refusal_is_shown_with_the_closest_clauses():
    text = shown("天气？")
    assert "因此不作回答" in text
    assert "相近条款，不构成回答" in text
    assert "引用条款" not in text


def test_markup_in_a_document_does_not_colour_the_terminal():
    assert '<img src="http://evil.example/x.png"' in shown("场景？", width=400)


def test_a_blank_question_is_refused_before_anything_is_loaded(capsys):
    assert ask.main(["  "]) == 2
    assert capsys.readouterr().err.strip() == "请输入要查询的问题。"


def test_a_day_that_is_none_is_refused(capsys):
    assert ask.main(["问", "--as-of", "昨天"]) == 2
    assert capsys.readouterr().err.strip() == "as_of：日期应写成 YYYY-MM-DD。"


def test_the_command_answers_from_the_bundled_policies(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("TIAOWEN_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert ask.main(["到2025年要培育多少家单项冠军企业？", "--region", "山东", "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert "400家" in body["answer"]
    assert {citation["document_number"] for citation in body["citations"]} == {"鲁工信发〔2021〕5号"}


def test_documents_that_are_not_there_are_told(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("TIAOWEN_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("TIAOWEN_DOCUMENTS", str(tmp_path))
    assert ask.main(["问题"]) == 1
    assert "TIAOWEN_DOCUMENTS" in capsys.readouterr().err
