"""Clause trees of invented policies in many layouts, and the finding of single clauses."""

import json
from pathlib import Path

import pytest

from corpus.clauses import find_clauses
from corpus.load import load_document, parse

LAYOUTS = Path(__file__).parent / "expected" / "layouts"
FILES = sorted(path for path in LAYOUTS.iterdir() if path.suffix != ".json")


def duties(clause) -> str:
    by_role: dict[str, list[str]] = {}
    for department in clause.departments:
        by_role.setdefault(department.role, []).append(department.name)
    return ";".join(f"{role}:{'、'.join(names)}" for role, names in by_role.items())


def tree(source: str) -> list[tuple[str, str, str]]:
    return [(clause.part, clause.label, clause.heading) for clause in parse("x.txt", source).clauses]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_layout(path):
    document = load_document(path)
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = [[c.part, c.label, c.heading, duties(c)] for c in document.clauses]
    assert found == [row[:4] for row in wanted["clauses"]]
    for clause, row in zip(document.clauses, wanted["clauses"], strict=True):
        assert clause.text.startswith(row[4]), clause.id
        assert clause.text.endswith(row[5]), clause.id
    for words in wanted["gone"]:
        assert words not in document.text
    for field in ("title", "number", "level", "region", "traditional"):
        assert getattr(document, field) == wanted[field], field
    assert list(document.issuers) == wanted["issuers"]
    assert list(document.cites) == wanted["cites"]
    for field in ("issued_on", "valid_from", "valid_until", "period"):
        value = getattr(document, field)
        assert (None if value is None else str(value)) == wanted[field], field


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_layout_keeps_every_character(path):
    document = load_document(path)
    assert "".join(document.text[c.start : c.end] for c in document.clauses) == document.text
    places = [*map(int, document.offsets), *(i for r in document.removed for i in range(r.start, r.end))]
    assert sorted(places) == list(range(len(document.source)))


def test_there_are_more_than_a_dozen_layouts():
    assert len(FILES) == len(list(LAYOUTS.glob("*.json"))) == 19
