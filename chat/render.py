"""Answers and pages as HTML. Whatever comes from documents, people or models is escaped here."""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from chat.contract import AskResponse, CitationBody

FOLDER = Path(__file__).parent
_MARKER = re.compile(r"\[(\d{1,3})\]")


@functools.cache
def environment() -> Environment:
    """The templates, every value escaped."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["highlighted"] = _highlighted
    made.filters["one_line"] = lambda text: " ".join(text.split())
    made.tests["titled"] = lambda title: title.startswith("《")
    made.globals["version"] = static_version()
    return made


@functools.cache
def static_version() -> str:
    """Changes with the style sheets and scripts, so that browsers fetch them anew."""
    digest = hashlib.sha256()
    for file in sorted((FOLDER / "static").iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


@functools.cache
def _markdown() -> MarkdownIt:
    # No HTML, images, links or code: an answer needs none, and a document could bring hostile ones.
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    return made.disable(["image", "link", "autolink", "reference", "code", "fence", "backticks", "entity"])


def page(template: str, **values: Any) -> str:  # noqa: ANN401 — templates take what they take
    """A whole page."""
    return environment().get_template(template).render(**values)


def answer_html(body: AskResponse, root: str = "", vote: int = 0, *, tools: bool = True) -> str:
    """An answer with its citation cards, on one line: the chat takes it for one block of HTML."""
    template = environment().get_template("answer.html")
    text = markdown_html(body.answer, f"tw-{body.id}", len(body.citations))
    return one_block(template.render(body=body, text=text, root=root, vote=vote, tools=tools))


def partial_html(answer: str, label: str = "") -> str:
    """An answer that is still being written; its markers have no cards yet. `label`: of generated text."""
    text = markdown_html(answer, "", 999)
    labelled = f'<p class="tw-generated">{escape(label)}</p>' if label else ""
    return f'<div class="tw-answer tw-pending"><div class="tw-text">{text}</div>{labelled}</div>'


def note_html(text: str, kind: str = "") -> str:
    """A message of the chat itself, such as a failure."""
    return f'<div class="tw-note {escape(kind)}">{_with_breaks(text)}</div>'


def asked_html(question: str) -> str:
    """What the user asked, exactly as typed."""
    return f'<div class="tw-asked">{_with_breaks(question)}</div>'


def markdown_html(text: str, prefix: str, citations: int) -> Markup:
    """Markdown as safe HTML; markers up to the number of citations become links to their cards."""

    def link(match: re.Match[str]) -> str:
        number = int(match[1])
        if not 1 <= number <= citations:
            return match[0]
        if not prefix:
            return f'<sup class="tw-marker">{match[0]}</sup>'
        return f'<sup><a class="tw-marker" href="#{escape(prefix)}-{number}" title="引用 {number}">{match[0]}</a></sup>'

    return Markup(one_block(_MARKER.sub(link, _markdown().render(text))))  # markdown-it has escaped it


def one_block(html: str) -> str:
    """HTML without line breaks: in Markdown a blank line would end the block."""
    return " ".join(line.strip() for line in html.splitlines() if line.strip())


def _highlighted(card: CitationBody) -> Markup:
    """The clause with the quotation marked."""
    before, quoted, after = card.clause_text.strip().partition(card.quote.strip())
    if not quoted:
        return _with_breaks(card.clause_text.strip())
    return (
        _with_breaks(before)
        + Markup("<mark>")
        + _with_breaks(quoted)
        + Markup("</mark>")
        + _with_breaks(after)
    )


def _with_breaks(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))  # join escapes the lines
