"""What a document says about the time in which it holds, judged at a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.document import Document


@dataclass(frozen=True)
class Validity:
    """`state` for the eye, `note` in Chinese for the reader."""

    state: Literal["expired", "over", "future", "dated", "unstated"]
    note: str

    @property
    def warns(self) -> bool:
        """Whether a reader must be told before relying on the document."""
        return self.state in ("expired", "over", "future")


def validity(document: Document, as_of: date) -> Validity:
    """Judge a document at a date. Only what it states counts; a target year is no expiry."""
    if document.valid_until and document.valid_until < as_of:
        return Validity("expired", f"已失效（有效期至{chinese_date(document.valid_until)}）")
    if document.valid_from and document.valid_from > as_of:
        return Validity("future", f"尚未施行（自{chinese_date(document.valid_from)}起施行）")
    if document.valid_until:
        return Validity("dated", f"有效期至{chinese_date(document.valid_until)}")
    if document.period and document.period.last < as_of.year:
        return Validity("over", f"行动期{document.period}年已结束，库内未见废止或延续文件")
    if document.period:
        return Validity("dated", f"行动期{document.period}年")
    if document.valid_from:
        return Validity("dated", f"自{chinese_date(document.valid_from)}起施行，文件未载明有效期")
    return Validity("unstated", "文件未载明有效期")


def chinese_date(day: date) -> str:
    """A date as documents write it: 2021年6月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def is_before(one: Document, other: Document) -> bool | None:
    """Whether one document was issued before another; None where their dates or numbers do not tell."""
    first, second = one.issued_on, other.issued_on
    if first is not None and second is not None:
        if first.day and second.day and first.day != second.day:
            return first.day < second.day
        if first.year != second.year:
            return first.year < second.year
    if one.number and one.number in other.cites:
        return True  # what cites a document is the later one
    if other.number and other.number in one.cites:
        return False
    return None
