"""A small corpus and an assistant with canned answers, for the tests of what people see and programs call."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from chat.answer import Answer, Citation, Reason, Statement
from chat.question import Filters, Question, Turn
from corpus.document import Clause, Department, Document, IssueDate, Period, Removed
from corpus.script import is_traditional
from index.passage import Evidence, Passage

HOSTILE = '<img src="http://evil.example/x.png" onerror="alert(1)"><script>alert(2)</script>'


@dataclass(frozen=True)
class Manifest:
    created: str = "2025-03-01T08:00:00+08:00"


@dataclass(frozen=True)
class Shelf:
    documents: tuple[Document, ...]
    manifest: Manifest = field(default_factory=Manifest)


@dataclass(frozen=True)
class Part:
    """A clause to be: its path and label, its heading, the rest of its text."""

    path: tuple[str, ...]
    label: str
    heading: str
    body: str = ""
    departments: tuple[Department, ...] = ()
    part: str = "notice"


def make(document: Document, parts: Sequence[Part]) -> Document:
    """The document with text and clauses made of `parts`, which tile the text."""
    text, spans = "", []
    labels = {part.path: part.label for part in parts if part.label not in ("前言", "结语")}
    for part in parts:
        start = len(text)
        if part.path and part.label == labels[part.path]:
            text += part.label.removeprefix(labels.get(part.path[:-1], ""))
        body_start = len(text)
        text += f"{part.heading}。" if part.heading and part.body else part.heading
        text += f"{part.body}\n"
        spans.append((start, body_start, len(text)))
    made = replace(document, text=text)
    for number, (part, (start, body_start, end)) in enumerate(zip(parts, spans, strict=True)):
        identity = f"{part.part}-{'-'.join(part.path) or part.label}-{number}"
        clause = Clause(
            made,
            identity,
            part.part,
            part.path,
            part.label,
            part.heading,
            start,
            end,
            body_start,
            part.departments,
        )
        object.__setattr__(made, "clauses", (*made.clauses, clause))
    return made


def corpus(folder: Path | None = None) -> tuple[Document, ...]:
    """Three policies of two provinces and the state. Their files are written to `folder`, where given."""
    science, finance = Department("省科技厅", "牵头"), Department("省财政厅", "配合")
    east = make(
        Document(
            "东工信发〔2023〕7号",
            "关于支持机器人产业发展的若干意见",
            "",
            number="东工信发〔2023〕7号",
            issuers=("东海省工业和信息化厅", "东海省财政厅"),
            level="省",
            region="东海省",
            issued_on=IssueDate(2023, date(2023, 5, 6)),
            period=Period(2023, 2024),
            cites=("国工发〔2022〕1号", "国发〔2020〕9号"),
            source_url="https://example.gov.cn/7.html",
        ),
        [
            Part(
                (), "版头", "", "东海省工业和信息化厅\n东工信发〔2023〕7号\n关于支持机器人产业发展的若干意见"
            ),
            Part(("一",), "一、", "主要目标"),
            Part(("一",), "前言", "", "到2024年，全省培育机器人骨干企业60家左右，产业规模达到400亿元。"),
            Part(("二",), "二、", "重点任务"),
            Part(
                ("二", "（一）"),
                "二、（一）",
                "提高机器人自主创新能力",
                "支持企业建设创新平台。",
                (science, finance),
            ),
            Part(("二", "（一）", "1"), "二、（一）1", "", "．对新认定的平台，给予资金支持。"),
            Part(("二", "（二）"), "二、（二）", "拓展应用场景", f"每年发布应用场景清单。{HOSTILE}"),
            Part((), "落款", "", "东海省工业和信息化厅\n2023年5月6日"),
        ],
    )
    west = make(
        Document(
            "西经信〔2022〕3号",
            "关于支持机器人产业发展的实施意见",
            "",
            number="西经信〔2022〕3号",
            issuers=("西岭省经济和信息化厅",),
            level="省",
            region="西岭省",
            issued_on=IssueDate(2022),
            valid_until=date(2024, 12, 31),
        ),
        [
            Part(("一",), "一、", "主要目标", "到2024年，培育机器人骨干企业40家。"),
            Part(("二",), "二、", "财政支持", "省级财政安排专项资金。"),
        ],
    )
    state = make(
        Document(
            "国工发〔2022〕1号",
            "机器人产业发展行动计划",
            "",
            number="国工发〔2022〕1号",
            issuers=("工业和信息化部",),
            level="国家",
            issued_on=IssueDate(2022, date(2022, 1, 2)),
            traditional=True,
            source="广告位\n机器人",
            removed=(Removed(0, 3, "网页导航"),),
        ),
        [Part((str(n),), f"{n}．", f"任务{n}", "推动机器人应用。" * 8, part="annex") for n in range(1, 9)],
    )
    documents = (state, east, west)
    if folder is None:
        return documents
    named = []
    for number, document in enumerate(documents):
        file = folder / f"{number}.html"
        file.write_text(f"<script>alert(3)</script>{document.text}", encoding="utf-8")
        named.append(_filed(document, file))
    return tuple(named)


def _filed(document: Document, file: Path) -> Document:
    object.__setattr__(document, "file", file.name)
    object.__setattr__(document, "sha256", hashlib.sha256(file.read_bytes()).hexdigest())
    return document


def evidence(document: Document, quote: str) -> Evidence:
    """The clause that holds `quote`, found with a perfect score."""
    start = document.text.index(quote)
    clause = next(each for each in document.clauses if each.start <= start < each.end)
    return Evidence(Passage(clause, clause.start, clause.start + len(clause.text)), 1.0, 1.0, 1.0)


def citation(document: Document, quote: str) -> Citation:
    start = document.text.index(quote)
    return Citation(evidence(document, quote), start, start + len(quote))


class StandIn:
    """Answers by the words of the question; remembers what it was asked with."""

    def __init__(self, documents: tuple[Document, ...]) -> None:
        self.snapshot = Shelf(documents)
        self.asked: list[tuple[str, tuple[Turn, ...], Filters | None, date | None]] = []
        self.gate = threading.Event()  # a question with 慢 waits for it after its first statement
        self._count = 0
        self._lock = threading.Lock()

    def ask(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        as_of: date | None = None,
    ) -> Answer:
        *_, last = self.stream(text, history, filters, as_of)
        assert isinstance(last, Answer)
        return last

    def stream(
        self,
        text: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        as_of: date | None = None,
    ) -> Iterator[Statement | Answer]:
        with self._lock:
            self._count += 1
            number = self._count
        self.asked.append((text, tuple(history), filters, as_of))
        if "崩溃" in text:
            raise RuntimeError("secret detail")
        script = "traditional" if is_traditional(text) else "simplified"
        question = Question(text, tuple(history), filters or Filters(), as_of or date.today(), script=script)
        answer = replace(self._answer(question), id=f"a{number}")
        for position, statement in enumerate(answer.statements):
            if position and "慢" in text:
                self.gate.wait(20)
            if position and "中断" in text:
                raise RuntimeError("secret detail")
            yield statement
        yield answer

    def _answer(self, question: Question) -> Answer:
        state, east, west = self.snapshot.documents
        goal = citation(east, "到2024年，全省培育机器人骨干企业60家左右，产业规模达到400亿元。")
        other = citation(west, "到2024年，培育机器人骨干企业40家。")
        if "天气" in question.text:
            notice = Statement("在收录的政策中没有找到与“天气”相符的规定，因此不作回答。", kind="notice")
            closest = (evidence(east, "支持企业建设创新平台。"), evidence(state, "推动机器人应用。"))
            return Answer("", question, (notice,), True, Reason.OFF_TOPIC, closest=closest)
        if "比较" in question.text:
            rows = (
                Statement("60家左右", (goal,), lead="东海省", form="row"),
                Statement("40家", (other,), lead="西岭省", form="row"),
            )
            return Answer("", question, rows, warnings=("《关于支持机器人产业发展的实施意见》已失效",))
        if "场景" in question.text:
            scene = citation(east, f"每年发布应用场景清单。{HOSTILE}")
            return Answer("", question, (Statement(scene.quote, (scene,)),))
        bullets = (
            Statement("60家左右", (goal,), kind="derived", form="figure"),
            Statement(goal.quote, (goal,), form="bullet"),
            Statement(
                "支持企业建设创新平台。",
                (citation(east, "支持企业建设创新平台。"),),
                lead="东海省：",
                form="bullet",
            ),
        )
        return Answer(
            "", question, bullets, warnings=("《关于支持机器人产业发展的若干意见》行动期2023—2024年已结束",)
        )
