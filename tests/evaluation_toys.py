"""A toy corpus of three policies, and answers over it, for the tests of the evaluation."""

from __future__ import annotations

from chat.answer import Answer, Citation, Reason, Statement
from chat.question import Question
from corpus.document import Clause, Document
from index.passage import Evidence, Passage


def document(id_: str, title: str, region: str, *bodies: str) -> Document:
    """A document with one clause per body: 一、 二、 …"""
    labels = "一二三四五"
    texts = [f"{label}、{body}\n" for label, body in zip(labels, bodies, strict=False)]
    made = Document(id=id_, title=title, text="".join(texts), number=id_, region=region)
    clauses, start = [], 0
    for label, text in zip(labels, texts, strict=False):
        path = (label,)
        clauses.append(
            Clause(made, f"notice-{label}", "notice", path, label, "", start, start + len(text), start + 2)
        )
        start += len(text)
    object.__setattr__(made, "clauses", tuple(clauses))  # clauses and document hold each other
    return made


NATIONAL = document(
    "工信部联政法〔2021〕70号",
    "关于优质企业的指导意见",
    "",
    "发展万家小巨人企业。",
    "完善金融\n政策。由工业和信息化部负责。",
)
SHANDONG = document(
    "鲁工信发〔2021〕5号",
    "山东省关于优质企业的实施意见",
    "山东省",
    "新培育单项冠军企业400家。",
    "完善金融政策。由省财政厅负责。",
)
HUBEI = document(
    "鄂经信产业〔2022〕13号",
    "湖北省关于优质企业的实施意见",
    "湖北省",
    "培育单项冠军企业1000家。",
    "完善金融政策。由省经信厅负责。",
)
CORPUS = (NATIONAL, SHANDONG, HUBEI)


def evidence(clause: Clause) -> Evidence:
    """The clause as a search would find it."""
    return Evidence(Passage(clause, clause.start, clause.end), score=0.5, cosine=0.4, coverage=0.3)


def answer(*said: tuple[str, Clause], ranked: tuple[Clause, ...] = ()) -> Answer:
    """An answer of statements, each citing one clause whole."""
    found = {clause: evidence(clause) for clause in (*ranked, *(clause for _, clause in said))}
    statements = tuple(
        Statement(text, (Citation(found[clause], clause.start, clause.end),)) for text, clause in said
    )
    return Answer("a1", Question("问"), statements, evidence=tuple(found.values()))


def refusal(text: str) -> Answer:
    """A refusal with its words."""
    statements = (Statement(text, kind="notice"),)
    return Answer("a2", Question("问"), statements, refused=True, reason=Reason.NO_REGION)
