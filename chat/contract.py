"""The bodies of the HTTP API: what a program sends and what it gets back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from chat.answer import GENERATED_LABEL, Answer, Citation, to_markdown
from chat.outline import label_of
from chat.question import Filters, Turn
from chat.validity import validity
from corpus.document import Clause, Department, Document

QUESTION_CHARACTERS = 1_000  # a question, not a document; longer ones are pasted texts
TURN_CHARACTERS = 20_000  # an earlier answer with a long table
HISTORY_TURNS = 40  # messages; the understanding of a follow-up looks at the last few
REASON_CHARACTERS = 1_000
FILTER_NAMES = 200


def day_of(value: object) -> object:
    """A date as programs send it: text, and no number that would be taken for seconds."""
    if value is None or isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return value
    raise ValueError("日期应写成 YYYY-MM-DD")


def _asked(text: str) -> str:
    # Zero-width and control characters ask nothing, and would hide a blank question.
    visible = "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )
    if not visible.strip():
        raise ValueError("请输入要查询的问题")
    return visible.strip()


Name = Annotated[str, Field(min_length=1, max_length=200)]


class TurnBody(BaseModel):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=TURN_CHARACTERS)


class FiltersBody(BaseModel):
    """Restricts the search before anything is ranked."""

    regions: list[Name] = Field(
        default=[], max_length=FILTER_NAMES, description="地区全称，如 山东省；国家 指国家政策"
    )
    documents: list[Name] = Field(
        default=[], max_length=FILTER_NAMES, description="文件编号（GET /api/documents 的 id）"
    )


class AskRequest(BaseModel):
    """A question."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "question": "到2025年要培育多少家单项冠军企业？",
                "history": [],
                "filters": {"regions": ["山东省"], "documents": []},
                "as_of": "2025-06-30",
            }
        }
    )

    question: Annotated[str, AfterValidator(_asked)] = Field(max_length=QUESTION_CHARACTERS)
    history: list[TurnBody] = Field(default=[], max_length=HISTORY_TURNS, description="此前的对话，由早到晚")
    filters: FiltersBody = FiltersBody()
    as_of: Annotated[date | None, BeforeValidator(day_of)] = Field(
        default=None, description="以哪一天判断文件是否有效，默认今天"
    )

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The history as the assistant takes it."""
        return tuple(Turn(turn.role, turn.content) for turn in self.history)

    @property
    def constraints(self) -> Filters:
        """The filters as the assistant takes them."""
        return Filters(tuple(self.filters.regions), tuple(self.filters.documents))

    @property
    def circumstances(self) -> dict[str, Any]:
        """What the question was asked with, for the records: only what was given."""
        return self.model_dump(mode="json", exclude={"question"}, exclude_defaults=True)


class DepartmentBody(BaseModel):
    """A department that a clause makes responsible."""

    name: str
    role: Literal["牵头", "负责", "配合"]


class CitationBody(BaseModel):
    """Where a sentence of the answer stands. `clause_text` and `quote` are exact slices of the document."""

    marker: int = Field(description="回答中 [1] 这样的标记")
    document_id: str
    document_number: str = Field(description="文号；没有文号时为空")
    document_title: str
    clause_id: str
    clause_path: str = Field(description="条款位置，如 二、（一）1 或 第十二条")
    clause_text: str
    quote: str
    url: str = Field(description="打开文件并定位到该条款")
    departments: list[DepartmentBody]
    validity: str = Field(description="文件的有效期或行动期，以 as_of 判断")


class AskResponse(BaseModel):
    """An answer, or a refusal with the closest clauses."""

    id: str
    answer: str = Field(description="Markdown，句后 [1] 对应 citations")
    refused: bool
    reason: str | None = Field(description="未回答的原因代码")
    origin: Literal["quote", "model", "curated"]
    generated: bool = Field(description="是否由语言模型生成")
    label: str = Field(default="", description="生成内容须随文展示的标识；非生成内容为空")
    aigc: dict[str, str] | None = Field(
        default=None, description="生成内容的元数据标识（GB 45438—2025 的字段）；非生成内容为 null"
    )
    notes: list[str] = Field(default=[], description="回答如何得来的说明，例如略去了几句")
    warnings: list[str]
    citations: list[CitationBody]
    closest: list[CitationBody] = Field(description="未回答时最接近的条款，不构成回答")
    took_ms: float


class StatementBody(BaseModel):
    """One statement of a streamed answer: it passed the check."""

    text: str
    kind: Literal["quoted", "derived", "written", "notice"]
    generated: bool = Field(default=False, description="本句是否由语言模型生成")
    citations: list[CitationBody]
    answer: str = Field(description="至此为止的回答（Markdown）")


class FeedbackRequest(BaseModel):
    """A vote on an answer."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"answer_id": "…", "vote": 1, "reason": "引用准确"}},
    )

    answer_id: Name
    vote: Literal[1, -1]
    reason: str = Field(default="", max_length=REASON_CHARACTERS)


class FeedbackResponse(BaseModel):
    """The vote is on record."""

    recorded: Literal[True] = True


class ClauseBody(BaseModel):
    """One clause, in reading order."""

    id: str
    part: str
    label: str
    path: list[str]
    heading: str
    text: str = Field(description="不含编号的条文")
    departments: list[DepartmentBody]


class _DocumentFields(BaseModel):
    id: str
    number: str
    title: str
    issuers: list[str]
    level: str
    region: str
    issued_on: str | None = Field(description="成文日期；只知道年份时为四位年份")
    valid_from: str | None
    valid_until: str | None
    period: str | None = Field(description="行动计划的年份，如 2022—2025")
    cites: list[str]
    source_url: str
    page_url: str


class DocumentBody(_DocumentFields):
    """What is known about a document."""

    clauses: int = Field(description="条款数")


class DocumentWithClauses(_DocumentFields):
    """A document with all its clauses."""

    clauses: list[ClauseBody]


class Problem(BaseModel):
    """What went wrong, in a sentence for people."""

    detail: str


def answer_body(answer: Answer, took_ms: float, root: str = "") -> AskResponse:
    """The response to a question. `root` is the path prefix of the site."""
    day = answer.question.as_of
    return AskResponse(
        id=answer.id,
        answer=to_markdown(answer),
        refused=answer.refused,
        reason=answer.reason.value if answer.reason else None,
        origin=answer.origin,
        generated=answer.generated,
        label=GENERATED_LABEL if answer.generated else "",
        aigc=generated_metadata(answer) if answer.generated else None,
        notes=list(answer.notes),
        warnings=list(answer.warnings),
        citations=citation_bodies(answer.citations, day, root),
        closest=citation_bodies(
            [Citation(found, found.passage.start, found.passage.end) for found in answer.closest], day, root
        ),
        took_ms=round(took_ms, 1),
    )


def generated_metadata(answer: Answer) -> dict[str, str]:
    """The implicit label of generated content, with the field names of GB 45438-2025. Label 1: it is generated."""
    return {"Label": "1", "ContentProducer": "条问 Tiaowen", "ProduceID": answer.id}


def citation_bodies(citations: Sequence[Citation], as_of: date, root: str = "") -> list[CitationBody]:
    """The citations in the order of their markers, from 1."""
    bodies = []
    for marker, citation in enumerate(citations, 1):
        clause = citation.evidence.passage.clause
        document = clause.document
        bodies.append(
            CitationBody(
                marker=marker,
                document_id=document.id,
                document_number=document.number,
                document_title=document.title,
                clause_id=clause.id,
                clause_path=clause_path(clause),
                clause_text=clause.text,
                quote=citation.quote,
                url=clause_url(clause, root),
                departments=_departments(responsible(clause)),
                validity=validity(document, as_of).note,
            )
        )
    return bodies


def document_body(document: Document, root: str = "") -> DocumentBody:
    """A document as the list gives it."""
    return DocumentBody(clauses=len(document.clauses), **_fields(document, root))


def document_with_clauses(document: Document, root: str = "") -> DocumentWithClauses:
    """A document with its clauses."""
    clauses = [
        ClauseBody(
            id=clause.id,
            part=clause.part,
            label=clause.label,
            path=list(clause.path),
            heading=clause.heading,
            text=clause.body,
            departments=_departments(clause.departments),
        )
        for clause in document.clauses
    ]
    return DocumentWithClauses(clauses=clauses, **_fields(document, root))


def clause_path(clause: Clause) -> str:
    """Where a clause stands, as one would say it: 二、（一）; 第十二条; 附件 一; 二、前言."""
    place = label_of(clause)
    return f"附件{clause.part.removeprefix('annex')} {place}" if clause.part.startswith("annex") else place


def responsible(clause: Clause) -> list[Department]:
    """The departments that the clause names, then those that a rule stated earlier adds to all such clauses."""
    by_rule = (department for rule in clause.document.rules_for(clause) for department in rule.departments)
    return list(dict.fromkeys((*clause.departments, *by_rule)))


def named(document: Document) -> str:
    """The title in 《》."""
    return document.title if document.title.startswith("《") else f"《{document.title}》"


def document_url(document: Document, root: str = "") -> str:
    """The page of a document."""
    return f"{root}/documents/{quote(document.id, safe='/')}"


def clause_url(clause: Clause, root: str = "") -> str:
    """The page of a document, opened at a clause."""
    return f"{document_url(clause.document, root)}#{quote(clause.id, safe='')}"


def _departments(departments: Iterable[Department]) -> list[DepartmentBody]:
    return [DepartmentBody(name=each.name, role=each.role) for each in departments]


def _fields(document: Document, root: str) -> dict[str, Any]:
    return {
        "id": document.id,
        "number": document.number,
        "title": document.title,
        "issuers": list(document.issuers),
        "level": document.level,
        "region": document.region,
        "issued_on": str(document.issued_on) if document.issued_on else None,
        "valid_from": document.valid_from.isoformat() if document.valid_from else None,
        "valid_until": document.valid_until.isoformat() if document.valid_until else None,
        "period": str(document.period) if document.period else None,
        "cites": list(document.cites),
        "source_url": document.source_url,
        "page_url": document_url(document, root),
    }
