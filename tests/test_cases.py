"""Reading case files, with errors that name line and field; and the bundled sets kept apart."""

import json
import os
import tomllib
from datetime import date
from pathlib import Path

import pytest

from chat.question import Filters, Kind, Turn
from eval.cases import Case, CaseError, load_cases, parse_case
from eval.overlap import bigrams, near_duplicates, whole_question

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = sorted((ROOT / "eval" / "cases").glob("*.jsonl"))
TRAINING = "TIAOWEN_TRAINING_QUESTIONS"  # files of training questions that are not in the repository
MINIMAL = {"id": "a", "question": "多少家？", "kind": "number", "answerable": True, "facts": [["400家"]]}


def write(path: Path, *lines: object) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_all_fields_are_read():
    case = parse_case(
        {
            "id": "x-1",
            "question": "那湖北呢？",
            "history": [{"role": "user", "content": "山东呢？"}, {"role": "assistant", "content": "400家"}],
            "filters": {"regions": ["湖北"], "documents": ["鄂经信产业〔2022〕13号"]},
            "as_of": "2026-11-21",
            "kind": "number",
            "style": "colloquial",
            "documents": ["鄂经信产业〔2022〕13号"],
            "quotes": [["甲", "乙"], ["丙"]],
            "facts": [["1000家"]],
            "forbidden": ["400家"],
            "answerable": True,
            "note": "追问",
        }
    )
    assert case == Case(
        id="x-1",
        question="那湖北呢？",
        kind=Kind.NUMBER,
        answerable=True,
        history=(Turn("user", "山东呢？"), Turn("assistant", "400家")),
        filters=Filters(("湖北",), ("鄂经信产业〔2022〕13号",)),
        as_of=date(2026, 11, 21),
        style="colloquial",
        documents=("鄂经信产业〔2022〕13号",),
        quotes=(("甲", "乙"), ("丙",)),
        facts=(("1000家",),),
        forbidden=("400家",),
        note="追问",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": ""}, "缺少字段“id”"),
        ({"question": 3}, "字段“question”应为字符串"),
        ({"question": " "}, "字段“question”为空，而“answerable”为 true；空问题只能是应拒答的案例"),
        (
            {"kind": "amount"},
            "字段“kind”应为以下之一：number、date、who、measures、definition、yes_no、comparison、document、"
            "corpus、open；现为“amount”",
        ),
        (
            {"style": "rude"},
            "字段“style”应为以下之一：plain、colloquial、traditional、typo、abbreviation；现为“rude”",
        ),
        ({"answerable": "yes"}, "字段“answerable”应为 true 或 false"),
        ({"facts": ["400家"]}, '字段“facts”第1组应为非空字符串的列表，例如 ["甲", "乙"]'),
        ({"quotes": [["甲"], []]}, '字段“quotes”第2组应为非空字符串的列表，例如 ["甲", "乙"]'),
        ({"forbidden": "400家"}, '字段“forbidden”应为非空字符串的列表，例如 ["甲", "乙"]'),
        ({"as_of": "2026年"}, "字段“as_of”应为日期，例如 2025-06-30；现为“2026年”"),
        (
            {"history": [{"role": "me", "content": ""}]},
            '字段“history”第1项应为 {"role": "user" 或 "assistant", "content": 字符串}',
        ),
        ({"filters": {"region": []}}, '字段“filters”应为 {"regions": [...], "documents": [...]}'),
        ({"facts": []}, "可回答的案例须至少给出 documents、quotes、facts 之一，否则无从评判"),
    ],
)
def test_a_wrong_field_is_named(change, message):
    with pytest.raises(CaseError) as error:
        parse_case({**MINIMAL, **change})
    assert str(error.value) == message


def test_an_unknown_field_is_named():
    with pytest.raises(CaseError, match="未知字段“fact”；可用字段：id、question、"):
        parse_case({**MINIMAL, "fact": []})


def test_a_blank_question_is_a_case_when_it_is_to_be_refused():
    assert parse_case({"id": "a", "question": "", "kind": "open", "answerable": False}).question == ""


def test_problems_name_file_and_line(tmp_path):
    path = write(tmp_path / "mine.jsonl", MINIMAL, "", "{broken", MINIMAL, [1], {**MINIMAL, "id": "b"})
    loaded = load_cases(path)
    assert [case.id for case in loaded.cases] == ["a", "b"]
    assert loaded.lines == {"a": 1, "b": 6}
    assert [str(problem) for problem in loaded.problems] == [
        "mine.jsonl 第3行：不是合法的 JSON（第2列附近）",
        "mine.jsonl 第4行：字段“id”重复：“a”已见于第1行",
        "mine.jsonl 第5行：应为一个 JSON 对象（以 { 开头）",
    ]


def test_a_missing_file_and_a_file_in_another_encoding_are_told(tmp_path):
    with pytest.raises(CaseError, match="找不到案例文件"):
        load_cases(tmp_path / "none.jsonl")
    (tmp_path / "gbk.jsonl").write_bytes("案例".encode("gbk"))
    with pytest.raises(CaseError, match="不是 UTF-8 编码"):
        load_cases(tmp_path / "gbk.jsonl")


def test_a_set_is_locked_by_its_name(tmp_path):
    assert load_cases(write(tmp_path / "policies_locked.jsonl", MINIMAL)).locked
    assert not load_cases(write(tmp_path / "policies_dev.jsonl", MINIMAL)).locked


def test_the_fingerprint_changes_with_the_content_and_not_with_the_note():
    case = parse_case(MINIMAL)
    assert parse_case({**MINIMAL, "note": "为何"}).fingerprint == case.fingerprint
    assert parse_case({**MINIMAL, "facts": [["401家"]]}).fingerprint != case.fingerprint


def test_bigrams_look_past_script_and_punctuation():
    assert bigrams("產業鏈？") == {"产业", "业链"}
    assert bigrams("？") == frozenset()
    assert bigrams("谁") == {"谁"}


def test_near_duplicates_share_most_bigrams():
    # 由谁 谁负 负责 / 谁负 负责 责呢: 2 of 4
    assert near_duplicates(["由谁负责"], ["谁负责呢？", "多少家"], near=0.5) == [
        ("由谁负责", "谁负责呢？", 0.5)
    ]
    assert near_duplicates(["由谁负责"], ["谁负责呢？"], near=0.51) == []


# What is bundled -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bundled():
    if not BUNDLED:
        pytest.skip("no bundled cases")
    return {path.stem: load_cases(path) for path in BUNDLED}


def test_the_bundled_cases_can_be_read(bundled):
    assert [str(problem) for case_set in bundled.values() for problem in case_set.problems] == []
    ids = [case.id for case_set in bundled.values() for case in case_set.cases]
    assert len(ids) == len(set(ids))


def test_no_question_stands_in_two_sets(bundled):
    questions = {name: [whole_question(case) for case in cases.cases] for name, cases in bundled.items()}
    names = sorted(questions)
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    same = {(a, b): len(near_duplicates(questions[a], questions[b])) for a, b in pairs}
    assert {pair: count for pair, count in same.items() if count} == {}


def training_records() -> list[dict]:
    named = [Path(name) for name in os.environ.get(TRAINING, "").split(os.pathsep) if name]
    files = [*sorted((ROOT / "index" / "train").rglob("*.jsonl")), *named]
    if not files:
        pytest.skip(f"no training questions here; name their files in {TRAINING}")
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def test_no_training_question_is_a_case(bundled):
    cases = [whole_question(case) for case_set in bundled.values() for case in case_set.cases]
    assert len(near_duplicates(cases, [record["question"] for record in training_records()])) == 0


def law_halves() -> dict[str, set[str]]:
    from index.train.articles import law_name

    table = ROOT / "eval" / "cases" / "laws.toml"
    if not table.exists():
        pytest.skip("no cases over laws")
    laws = tomllib.loads(table.read_text(encoding="utf-8"))["law"]
    halves: dict[str, set[str]] = {"dev": set(), "locked": set()}
    for law in laws:
        halves[law["half"]].add(law_name(law["title"]))
    return halves


def test_no_law_stands_in_both_halves_nor_among_the_held_out_ones():
    from index.train.split import EVALUATION_LAWS

    halves = law_halves()
    assert halves["dev"] & halves["locked"] == set()
    assert (halves["dev"] | halves["locked"]) & EVALUATION_LAWS == set()


def test_no_law_of_the_cases_is_asked_about_in_training():
    from index.train.articles import law_name

    records = training_records()
    trained = {law_name(record["law"]) for record in records if "law" in record}
    trained |= {
        law_name(article["name"].split("第")[0]) for r in records for article in r.get("articles", ())
    }
    halves = law_halves()
    assert trained
    assert (halves["dev"] | halves["locked"]) & trained == set()
