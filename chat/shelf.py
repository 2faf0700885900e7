"""The list of documents: filters, search and what each row tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chat.contract import document_url
from chat.validity import validity
from corpus.document import Document
from corpus.numbers import normalize_number
from corpus.script import simplify

NATIONAL = "国家"
EXCERPT = 60  # characters on either side of a hit in the text


@dataclass(frozen=True)
class Wanted:
    """What the reader chose; empty means any."""

    q: str = ""
    region: str = ""
    level: str = ""
    year: str = ""

    def __bool__(self) -> bool:
        return any((self.q.strip(), self.region, self.level, self.year))

    def __getitem__(self, name: str) -> str:
        value: str = getattr(self, name)
        return value


@dataclass(frozen=True)
class Row:
    """A document in the list. `excerpt` shows the hit where only the text matched."""

    title: str
    number: str
    place: str
    issued_on: str
    issuers: str
    clauses: int
    state: str
    note: str
    url: str
    original: str
    source_url: str
    excerpt: str = ""


def place(document: Document) -> str:
    """Whose policy it is: 山东省, 国家."""
    return document.region or document.level or "地区不详"


def year(document: Document) -> str:
    """The year of issue, empty where unknown."""
    return str(document.issued_on.year) if document.issued_on else ""


def choices(documents: Iterable[Document]) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """The filters as (name, Chinese title, values with counts); a filter with one value is left out."""
    documents = list(documents)
    regions = Counter(place(document) for document in documents)
    levels = Counter(document.level for document in documents if document.level)
    years = Counter(year(document) for document in documents if year(document))
    filters: list[tuple[str, str, list[tuple[str, int]]]] = [
        (
            "region",
            "地区",
            sorted(regions.items(), key=lambda each: (each[0] != NATIONAL, -each[1], each[0])),
        ),
        ("level", "层级", sorted(levels.items(), key=lambda each: "国家省市县".find(each[0]))),
        ("year", "年份", sorted(years.items(), reverse=True)),
    ]
    return [each for each in filters if len(each[2]) > 1]


def search(documents: Sequence[Document], wanted: Wanted) -> list[tuple[Document, str]]:
    """Documents that match, with an excerpt where only their text does; hits in title, number or issuer first."""
    kept = [
        document
        for document in documents
        if wanted.region in ("", place(document))
        and wanted.level in ("", document.level)
        and wanted.year in ("", year(document))
    ]
    words = simplify(wanted.q).split()
    if not words:
        return [(document, "") for document in kept]
    number = normalize_number("".join(words))
    named, mentioned = [], []
    for document in kept:
        head = " ".join((document.title, document.number, document.region, *document.issuers))
        if all(word in head for word in words) or number and number in document.number:
            named.append((document, ""))
        elif all(word in document.text for word in words):
            mentioned.append((document, excerpt(document.text, words[0])))
    return named + mentioned


def excerpt(text: str, word: str) -> str:
    """The word with what stands around it, on one line."""
    at = text.find(word)
    start, end = max(0, at - EXCERPT), at + len(word) + EXCERPT
    middle = " ".join(text[start:end].split())
    return ("…" if start else "") + middle + ("…" if end < len(text) else "")


def row(document: Document, original: str, today: date, excerpt: str = "", root: str = "") -> Row:
    """What the list tells of a document. `original` is the address of its file, or empty."""
    judged = validity(document, today)
    return Row(
        title=document.title,
        number=document.number,
        place=place(document),
        issued_on=str(document.issued_on) if document.issued_on else "",
        issuers="、".join(document.issuers),
        clauses=len(document.clauses),
        state=judged.state,
        note=judged.note,
        url=document_url(document, root),
        original=original,
        source_url=document.source_url if is_web_address(document.source_url) else "",
        excerpt=excerpt,
    )


def is_web_address(address: str) -> bool:
    """Whether it may be linked; javascript: and the like may not."""
    return address.startswith(("https://", "http://"))
