"""Read PDF files: the text layer page by page, ruled tables row by row."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pdfplumber
import pdfplumber.page
import pypdfium2
import pypdfium2.raw

from corpus.read_text import UnreadableError

PAGE_END = "\f"
_LEAST_PER_PAGE = 15  # characters; below that a page is a picture
_LEAST_RULES = 6  # drawn lines on a page before it is searched for tables


@dataclass(frozen=True)
class PdfText:
    """The text of all pages, parted by page ends, and the offset at which each page begins."""

    text: str
    pages: tuple[int, ...]


def read_pdf(data: bytes) -> PdfText:
    """Read the text layer. Raises `UnreadableError` for scans, passwords and broken files."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        secret = "password" in str(problem).lower()
        reason = "PDF 文件加了密码，请解除密码后重试。" if secret else "无法打开 PDF 文件：文件已损坏。"
        raise UnreadableError(reason) from problem
    try:
        texts = [_page_text(page) for page in pdf]
        ruled = [index for index, page in enumerate(pdf) if _has_rules(page)]
    finally:
        pdf.close()
    if sum(len("".join(text.split())) for text in texts) < _LEAST_PER_PAGE * max(1, len(texts)):
        raise UnreadableError("PDF 没有文字层（多半是扫描件），请先做文字识别（OCR）再导入。")
    if ruled:
        with pdfplumber.open(io.BytesIO(data)) as plumbed:
            for index in ruled:
                texts[index] = _with_tables(plumbed.pages[index], texts[index])
    pages, length = [], 0
    for text in texts:
        pages.append(length)
        length += len(text) + len(PAGE_END)
    return PdfText(PAGE_END.join(texts), tuple(pages))


def _page_text(page: pypdfium2.PdfPage) -> str:
    textpage = page.get_textpage()
    try:
        # PDFium writes line ends as \r\n and the hyphen of a broken word as U+FFFE.
        return textpage.get_text_bounded().replace("\r\n", "\n").replace("\ufffe", "")
    finally:
        textpage.close()


def _has_rules(page: pypdfium2.PdfPage) -> bool:
    paths = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH], max_depth=2)
    return sum(1 for _, _ in zip(paths, range(_LEAST_RULES), strict=False)) >= _LEAST_RULES


def _with_tables(page: pdfplumber.page.Page, text: str) -> str:
    """The page with its ruled tables as rows between the text above and below; as it was without any."""
    tables = [table for table in page.find_tables() if len(table.rows) > 1 and len(table.rows[0].cells) > 1]
    if not tables:
        return text
    pieces = []
    top = page.bbox[1]
    for table in sorted(tables, key=lambda table: table.bbox[1]):
        if table.bbox[1] > top:
            pieces.append(page.crop((page.bbox[0], top, page.bbox[2], table.bbox[1])).extract_text() or "")
        for row in table.extract():
            cells = ["".join((cell or "").split("\n")).strip() for cell in row]
            if any(cells):
                pieces.append(" | ".join(cells))
        top = max(top, table.bbox[3])
    if top < page.bbox[3]:
        pieces.append(page.crop((page.bbox[0], top, page.bbox[2], page.bbox[3])).extract_text() or "")
    return "\n".join(piece for piece in pieces if piece)
