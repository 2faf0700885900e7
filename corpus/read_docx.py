"""Read Word files: paragraphs with their automatic numbers, text boxes and tables, in document order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.xmlchemy import BaseOxmlElement

from corpus.docx_numbers import Numbering
from corpus.read_text import UnreadableError
from corpus.tables import DITTO

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_docx(data: bytes) -> str:
    """The text, one paragraph or table row a line; cells are parted by ` | `."""
    try:
        document = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as problem:
        raise UnreadableError(
            "无法打开 Word 文件：文件损坏、加了密码，或其实是旧的 .doc 格式。请另存为 .docx 后重试。"
        ) from problem
    numbering = Numbering.of(document)
    return "\n".join(_blocks(document.element.body, numbering))


def _blocks(parent: BaseOxmlElement, numbering: Numbering) -> Iterator[str]:
    """The lines of a body, cell or content control."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, numbering)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                cells = [cell for child in row.findall(f"{_W}tc") for cell in _cell(child, numbering)]
                if any(cells):
                    yield " | ".join(" ".join(cell.split()) for cell in cells)
        elif child.tag in (f"{_W}sdt", f"{_W}ins", f"{_W}customXml", f"{_W}sdtContent"):
            yield from _blocks(child, numbering)


def _cell(cell: BaseOxmlElement, numbering: Numbering) -> list[str]:
    """The words of a cell, 〃 where one above spans it, and an empty cell for each on the right that it spans."""
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    below = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    width = int(span.get(f"{_W}val", "1")) if span is not None else 1
    words = " ".join(filter(None, _blocks(cell, numbering)))
    return [words or (DITTO if below else "")] + [""] * (width - 1)


def _paragraph(paragraph: BaseOxmlElement, numbering: Numbering) -> Iterator[str]:
    boxes: list[str] = []
    text = "".join(_texts(paragraph, boxes, numbering))
    yield from boxes
    label = numbering.label(paragraph) if text.strip() else ""
    yield label + text


def _texts(element: BaseOxmlElement, boxes: list[str], numbering: Numbering) -> Iterator[str]:
    """The words of a paragraph, insertions included; text boxes are put aside, for they stand apart."""
    for child in element:
        if child.tag == _FALLBACK:
            continue
        if child.tag == f"{_W}txbxContent":
            boxes += [line for line in _blocks(child, numbering) if line.strip()]
        elif child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        else:
            yield from _texts(child, boxes, numbering)
