"""Curated answers: whose question is the same, what the check says, and when they are not served."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chat.answer import to_markdown
from chat.assistant import Assistant
from chat.curated.drafting import changes, cite, clauses_of, statements_of
from chat.curated.entries import CuratedStore, Entry
from chat.curated.likeness import difference, traits_of
from chat.database import open_engine
from chat.question import Filters, Turn
from corpus.load import load_documents
from index.build import build_snapshot
from index.embedder import load_embedder
from index.store import Snapshot

ROOT = Path(__file__).parent
DAY = date(2026, 11, 21)
ASKED = "浙江到2027年要培育多少家瞪羚企业？"


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    documents = load_documents([ROOT / "policies"]).documents
    return build_snapshot(documents, load_embedder(str(ROOT.parent / "index" / "weights")))


@pytest.fixture
def store(tmp_path):
    return CuratedStore(open_engine(f"sqlite:///{tmp_path}/records.db"))


@pytest.fixture(scope="module")
def understand(snapshot):
    return Assistant(snapshot).understand


@pytest.fixture(scope="module")
def goal(snapshot):
    """The clause that states the goals of 浙江."""
    return next(c for d in snapshot.documents for c in d.clauses if "瞪羚企业800家" in c.text)


@pytest.fixture
def entry(goal):
    text = "浙江省到2027年新培育省级瞪羚企业800家。[1]\n- 新培育雏鹰企业1200家。[1]"
    return Entry(
        ASKED, text, (cite(goal, "到2027年，新培育省级瞪羚企业800家、雏鹰企业1200家和独角兽企业40家左右。"),)
    )


def served(snapshot, store, text, **how):
    return Assistant(snapshot, curated=store).ask(text, as_of=DAY, **how)


@pytest.mark.parametrize(
    "asked",
    [
        ASKED,
        "浙江省到2027年要培育多少家瞪羚企业",
        "請問浙江到2027年要培育多少家瞪羚企業？",
        "到27年浙江计划培育几家瞪羚企业？",
    ],
)
def test_the_same_question_in_other_words_is_the_same(understand, asked):
    assert difference(traits_of(understand(asked)), traits_of(understand(ASKED))) == ""


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("安徽到2027年要培育多少家瞪羚企业？", "地区不同"),
        ("江苏到2027年要培育多少家瞪羚企业？", "地区不同"),
        ("到2027年要培育多少家瞪羚企业？", "地区不同"),
        ("浙江到2026年要培育多少家瞪羚企业？", "年份不同"),
        ("浙江要培育多少家瞪羚企业？", "年份不同"),
        ("浙江到2027年由谁培育瞪羚企业？", "问的类型不同"),
        ("浙江到2027年要培育多少家雏鹰企业？", "多出“雏鹰”"),
        ("浙江到2027年要培育多少家瞪羚企业和雏鹰企业？", "多出“雏鹰”"),
        ("浙江到2027年要淘汰多少家瞪羚企业？", "多出“淘汰”"),
        ("浙江《培育瞪羚企业的实施意见》到2027年要培育多少家瞪羚企业？", "文件不同"),
        ("浙江到2027年不培育多少家瞪羚企业？", "肯定或否定不同"),
    ],
)
def test_another_question_is_not_however_alike(understand, asked, why):
    assert difference(traits_of(understand(asked)), traits_of(understand(ASKED))).startswith(why)


def test_figures_and_roles_must_agree(understand):
    def told(mine, theirs):
        return difference(traits_of(understand(mine)), traits_of(understand(theirs)))

    assert told("奖励60万元怎么申请？", "奖励80万元怎么申请？") == "数量不同"
    assert told("融资服务由谁配合？", "融资服务由谁牵头？").startswith(("多出", "缺少"))
    assert told("小企业可以申请吗？", "小企业不可以申请吗？") == "肯定或否定不同"
    assert told("小企业能不能申请？", "小企业可以申请吗？") == ""


def test_it_is_served_with_its_citations_and_its_origin(snapshot, store, entry):
    store.save(entry, "wang")
    answer = served(snapshot, store, "浙江省到2027年要培育多少家瞪羚企业")
    assert answer.origin == "curated"
    assert not answer.refused
    assert to_markdown(answer) == "浙江省到2027年新培育省级瞪羚企业800家。[1]\n\n- 新培育雏鹰企业1200家。[1]"
    assert answer.citations[0].quote.startswith("到2027年，新培育")
    assert answer.evidence  # what was found is told to the evaluation all the same


def test_a_follow_up_is_understood_before_it_is_compared(snapshot, store, entry):
    store.save(entry, "wang")
    history = (Turn("user", "安徽到2027年要培育多少家瞪羚企业？"), Turn("assistant", "…"))
    assert served(snapshot, store, "那浙江呢？", history=history).origin == "curated"
    assert served(snapshot, store, "那安徽呢？", history=history).origin == "quote"


def test_a_filter_on_another_region_keeps_it_back(snapshot, store, entry):
    store.save(replace(entry, question="到2027年要培育多少家瞪羚企业？"), "wang")
    assert served(snapshot, store, "到2027年要培育多少家瞪羚企业？").origin == "curated"
    anhui = Filters(regions=("安徽省",))
    assert served(snapshot, store, "到2027年要培育多少家瞪羚企业？", filters=anhui).origin == "quote"


@pytest.mark.parametrize(
    "changed",
    [
        {"enabled": False},
        {"valid_from": date(2027, 1, 1)},
        {"valid_until": date(2026, 11, 20)},
        {"text": "浙江省到2027年新培育省级瞪羚企业900家。"},
        {"text": "瞪羚企业一律免税。"},
        {"cites": ()},
    ],
    ids=str,
)
def test_it_is_not_served_when_it_does_not_hold(snapshot, store, entry, changed):
    store.save(replace(entry, **changed), "wang")
    assert served(snapshot, store, ASKED).origin == "quote"


def test_it_is_flagged_and_not_served_when_its_clause_changes(snapshot, store, entry, goal):
    clauses = clauses_of(snapshot.documents)
    assert changes(entry, clauses) == []
    stale = replace(entry, cites=(replace(entry.cites[0], digest="of another text"),))
    assert [str(fault) for fault in changes(stale, clauses)] == ["引用 [1]：条款内容已有变化"]
    gone = replace(entry, cites=(replace(entry.cites[0], clause_id="gone"),))
    assert [str(fault) for fault in changes(gone, clauses)] == ["引用 [1]：所引条款已不在库中"]
    store.save(stale, "wang")
    assistant = Assistant(snapshot, curated=store)
    assert assistant.ask(ASKED, as_of=DAY).origin == "quote"
    near = assistant.curated.near(assistant.understand(ASKED, as_of=DAY))
    assert near[0].why_not == "待复核：引用 [1]：条款内容已有变化"


def test_what_keeps_it_from_being_served_is_told_by_line(snapshot, store, entry):
    book = Assistant(snapshot, curated=store).curated
    assert book.faults(entry) == []
    wrong = replace(entry, text="浙江省到2027年新培育省级瞪羚企业800家。\n雏鹰企业1300家。[1]\n见[2]")
    assert [str(fault) for fault in book.faults(wrong)] == ["第 3 行：标记 [2] 没有对应的引用"]
    wrong = replace(entry, text="浙江省到2027年新培育省级瞪羚企业800家。\n雏鹰企业1300家。[1]")
    assert str(book.faults(wrong)[0]).startswith("第 2 行：数字：“1300家”")
    empty = Entry("", "", ())
    assert [str(fault) for fault in book.faults(empty)] == ["缺少问题", "至少要引用一个条款", "缺少回答"]


def test_a_line_cites_what_it_marks_or_all(snapshot, entry, goal):
    clauses = clauses_of(snapshot.documents)
    other = next(c for c in goal.document.clauses if "60万元" in c.text)
    both = replace(entry, cites=(cite(goal), cite(other)), text="甲[2]\n乙\n\n- 丙［1］")
    statements = statements_of(both, clauses)
    assert [line for line, _ in statements] == [1, 2, 4]
    cited = [[c.clause.id for c in statement.citations] for _, statement in statements]
    assert cited == [[other.id], [goal.id, other.id], [goal.id]]
    assert [(s.text, s.form) for _, s in statements] == [
        ("甲", "sentence"),
        ("乙", "sentence"),
        ("丙", "bullet"),
    ]


def test_a_quotation_is_a_slice_or_the_whole_clause(goal):
    assert cite(goal, "新培育省级瞪羚企业800家").quote == "新培育省级瞪羚企业800家"
    assert cite(goal, "不是原文").quote == goal.text.strip()


def test_changes_are_seen_without_a_restart(snapshot, store, entry, monkeypatch):
    assistant = Assistant(snapshot, curated=store)
    assert assistant.ask(ASKED, as_of=DAY).origin == "quote"
    kept = store.save(entry, "wang")
    assert assistant.ask(ASKED, as_of=DAY).origin == "quote"  # believed for a moment what was read
    assistant.curated.refresh()
    assert assistant.ask(ASKED, as_of=DAY).origin == "curated"
    monkeypatch.setattr("chat.curated.book.FRESH", 0.0)
    store.remove(kept.id)
    assert assistant.ask(ASKED, as_of=DAY).origin == "quote"
