"""Read training texts: the articles of laws in Markdown, and general texts of one piece a line."""

from __future__ import annotations

import lzma
import re
from dataclasses import dataclass
from pathlib import Path

NUMERAL = "一二三四五六七八九十百千零〇0-9"
ARTICLE = re.compile(rf"^(第[{NUMERAL}]+条(?:之[{NUMERAL}]+)?)[\s　]*")
ITEM = re.compile(rf"^([{NUMERAL}]+)、[\s　]*")  # decisions and replies count 一、 二、 instead of 第一条
HEADING = re.compile(rf"^#{{2,}}\s*(?:第[{NUMERAL}]+[编章节][\s　]*)?")
STAMP = re.compile(r"^[\d\-: ，]*正文：")
END_OF_INFO = "<!-- INFO END -->"
SENTENCE_END = re.compile(r"(?<=[。！？；])(?![”’」』）)])")


@dataclass(frozen=True)
class Article:
    """One article of a law: what is retrieved, and the smallest text that a question points to."""

    law: str  # the title without 中华人民共和国
    path: str  # of the file, under the folder of texts
    heading: str  # of the chapter or section, without its number
    label: str  # 第十二条
    text: str  # without the label

    @property
    def searchable(self) -> str:
        """What is embedded: the title and the heading stand in front of the text."""
        return f"{self.law} {self.heading} {self.text}"

    @property
    def local(self) -> bool:
        """Whether the article is of a local rule; the national ones make up the measured corpus."""
        return self.path.startswith("DLC/")


def law_name(title: str) -> str:
    """The plain name of a law: without the date of its version, 中华人民共和国 and stray spaces."""
    name = re.sub(r"[（(]\d{4}-\d\d-\d\d[）)]$", "", re.sub(r"[\s　]+", "", title))
    return name.removeprefix("中华人民共和国")


def read_articles(folder: Path) -> list[Article]:
    """All distinct articles of the Markdown files under `folder`, in the order of their paths.

    Old and new versions of one law stand side by side; an article that did not change is kept once.
    """
    found: dict[tuple[str, str], Article] = {}
    for file in sorted(folder.rglob("*.md")):
        for article in parse_law(file.read_text(encoding="utf-8"), str(file.relative_to(folder))):
            found.setdefault((article.law, article.text), article)
    return list(found.values())


def parse_law(markdown: str, path: str) -> list[Article]:
    """The articles of one law. A law without any 第…条 is divided at 一、 二、 …, else by paragraphs."""
    head, mark, body = markdown.partition(END_OF_INFO)
    title = law_name(head.lstrip("﻿# \n").split("\n", 1)[0]) or law_name(Path(path).stem)
    lines = [line.strip() for line in (body if mark else head).splitlines()]
    start = ARTICLE if any(ARTICLE.match(line) for line in lines) else ITEM
    articles: list[Article] = []
    heading, label = "", ""
    text: list[str] = []

    def close() -> None:
        if label and (joined := "".join(text)):
            articles.append(Article(title, path, heading, label, joined))

    for line in lines:
        if match := start.match(line):
            close()
            label, text = match.group(1), [line[match.end() :]]
        elif line.startswith("##"):
            close()
            heading, label, text = re.sub(r"[\s　]+", "", HEADING.sub("", line)), "", []
        elif line and not line.startswith("#"):
            text.append(line)
    close()
    if not articles:  # a resolution in plain paragraphs
        plain = [line for line in lines if line and not line.startswith("#")]
        articles = [Article(title, path, "", f"段{n}", line) for n, line in enumerate(plain, start=1)]
    return articles


def read_lines(file: Path) -> list[str]:
    """General texts, one a line, from a plain or xz-packed file; a leading time stamp is cut off."""
    data = file.read_bytes()
    lines = (lzma.decompress(data) if file.suffix == ".xz" else data).decode("utf-8").splitlines()
    return [STAMP.sub("", line.strip()) for line in lines if line.strip()]


def sentences(text: str) -> list[str]:
    """Cut at 。！？； for training pairs. Spans and quotation are no concern here (see corpus.sentences)."""
    return [part.strip() for part in SENTENCE_END.split(text) if part.strip()]
