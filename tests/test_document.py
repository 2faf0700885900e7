"""The records: what they say of themselves, and that they hold together."""

import dataclasses
import pickle
from datetime import date

import pytest

from corpus.document import Department, IssueDate, Period
from corpus.load import parse

DOCUMENT = parse(
    "甲.txt",
    "关于支持企业的通知\n甲财〔2022〕3号\n各县财政局：\n一、支持\n（一）奖励。每户10万元。（市财政局负责）\n（二）服务。\n甲州市财政局\n2022年3月1日",
)


def test_text_and_body_of_a_clause():
    clause = DOCUMENT.clauses[2]
    assert clause.label == "一、（一）"
    assert clause.text == "（一）奖励。每户10万元。（市财政局负责）"
    assert clause.body == "奖励。每户10万元。（市财政局负责）"
    assert clause.departments == (Department("市财政局", "负责"),)
    assert DOCUMENT.text[clause.start : clause.end] == clause.text + "\n"


def test_the_way_from_a_clause_to_its_document():
    assert all(clause.document is DOCUMENT for clause in DOCUMENT.clauses)


def test_records_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DOCUMENT.title = "乙"
    with pytest.raises(dataclasses.FrozenInstanceError):
        DOCUMENT.clauses[0].label = "乙"


def test_dates_and_periods_as_they_are_shown():
    assert str(IssueDate(2022)) == "2022"
    assert str(IssueDate(2022, date(2022, 5, 12))) == "2022-05-12"
    assert str(Period(2022, 2025)) == "2022—2025"


def test_clauses_are_told_apart_by_identity():
    other = parse("甲.txt", DOCUMENT.source)
    assert other.clauses[0] != DOCUMENT.clauses[0]
    assert [clause.id for clause in other.clauses] == [clause.id for clause in DOCUMENT.clauses]
    assert len(set(DOCUMENT.clauses)) == len(DOCUMENT.clauses)


def test_a_document_survives_pickling():
    copy = pickle.loads(pickle.dumps(DOCUMENT))
    assert copy.text == DOCUMENT.text
    assert all(clause.document is copy for clause in copy.clauses)
    assert [clause.text for clause in copy.clauses] == [clause.text for clause in DOCUMENT.clauses]


def test_pages_are_unknown_outside_pdf():
    assert DOCUMENT.page_of(0) == 0


def test_a_representation_does_not_print_the_whole_document():
    assert len(repr(DOCUMENT.clauses[2])) < 400
    assert DOCUMENT.text not in repr(DOCUMENT)
