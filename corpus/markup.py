"""Marks that are not text: front matter, HTML and Markdown. Each function returns edits of the text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from corpus.draft import Edit

FRONT_MATTER = "网页文件头"
TAG = "网页标签"
COMMENT = "网页注释"
PROGRAM = "网页脚本与样式"
ENTITY = "网页字符编码"
OUTSIDE = "正文区以外的网页内容"
MARKDOWN = "Markdown 标记"
IMAGE = "图片"

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(?:[^\n]*\n){0,200}?---[ \t]*(?:\n|\Z)")

_INLINE = (
    "a abbr acronym b basefont bdo bgsound big cite code del dfn em embed font i img ins kbd label map mark"
    " marquee meta object param q s samp small source span strike strong sub sup tt u var wbr o:p st1:[a-z]+"
).split()
_BLOCK = (
    "html body head title div p br hr h[1-6] ul ol li dl dt dd table thead tbody tfoot tr td th caption col"
    " colgroup section article header footer nav aside main form fieldset legend figure figcaption blockquote"
    " pre center address details summary link base input button select option textarea iframe video audio"
    " canvas svg script style noscript template ucapcontent founder-content"
).split()
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!DOCTYPE[^>]*>|<\?xml[^>]*>"
    rf"|</?(?P<name>{'|'.join(sorted(_INLINE + _BLOCK, key=len, reverse=True))})"
    r"(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*/?>",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(r"</?[a-zA-Z][\w:.-]*(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?/?>")
_INLINE_NAME = re.compile("|".join(_INLINE), re.IGNORECASE)
_PROGRAM = re.compile(
    r"<(script|style|noscript|template|iframe|svg|select|button|textarea|title)\b.*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,10});")
_ROW = re.compile(r"<tr\b(?:(?!<table\b|<tr\b).)*?</tr\s*>", re.IGNORECASE | re.DOTALL)
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\s*>\s*(?=<t[dh]\b)", re.IGNORECASE)
_IN_TEXT_BREAK = re.compile(r"(?<=[^\s>])[ \t\r\u3000]*\n\s*(?=[^\s<])")

# Containers of the article in the page systems that government sites use most.
_CONTAINER = re.compile(
    r"<(?P<name>div|td|article|section|ucapcontent|founder-content)\b[^<>]*?\b(?:id|class)\s*=\s*[\"']?[^\"'<>]*?"
    r"(?<![\w-])(?:UCAP-CONTENT|TRS_Editor|TRS_UEDITOR|trs_editor_view|pages_content|zoom(?:con)?|vsb_content[_\d]*"
    r"|wp_articlecontent|Custom_UnionStyle|article[-_]?(?:con(?:tent)?|body|main)?|news[-_]?(?:con(?:tent)?|body|text)"
    r"|xxgk[-_]?con(?:tent)?|gov[-_]?content|detail[-_]?con(?:tent)?|main[-_]?(?:text|content)|con(?:tent)?[-_]?"
    r"(?:text|body|main|box|txt)|content|BodyLabel|ContentRegion|bt-?content|view)(?![\w-])[^<>]*>",
    re.IGNORECASE,
)
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_LEAST_LINE = 15  # characters
_TITLE_LIKE = re.compile(
    r"关于.{4,}|.{4,}(?:通知|意见|办法|措施|条例|规定|方案|规划|细则|公告|决定|计划|批复|政策)$|[〔\[（(]\d{4}[〕\]）)]\s*\d+\s*号"
)
_META_LIKE = re.compile(
    r"(?:发\s*文\s*[机字]|文\s*号|成\s*文|索\s*引\s*号|发\s*布\s*[日机]|生\s*成\s*日|主\s*题\s*分|有\s*效|标\s*题|名\s*称)"
)

_MD_SIGN = re.compile(r"^#{1,6}\s|\*\*[^*\n]+\*\*|^\s*\|?\s*:?-{3,}:?\s*\|", re.MULTILINE)
_MD_HEAD = re.compile(r"^#{1,6}[ \t\u3000\u2002]+", re.MULTILINE)
_MD_BOLD = re.compile(r"(\*\*|__)(?=\S)([^\n]+?)(?<=\S)\1")
_MD_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_MD_LINK = re.compile(r"(?<!!)(\[)([^\]\n]+)(\]\((?:https?:|/|\.|#|mailto:|javascript:)[^)\n]*\))")
_MD_RULE = re.compile(
    r"^[ \t]*(?:[-*_=][ \t]*){3,}$|^[ \t]*\|?[ \t]*(?::?-{2,}:?[ \t]*\|[ \t]*)+:?-*:?[ \t]*$", re.MULTILINE
)
_MD_QUOTE = re.compile(r"^>[ \t]+", re.MULTILINE)


def front_matter(text: str) -> list[Edit]:
    """The YAML block that site generators put in front."""
    match = _FRONT_MATTER.match(text)
    return [Edit(0, match.end(), FRONT_MATTER)] if match else []


def has_html(text: str) -> bool:
    """Whether the text carries HTML tags (a comment alone does not count)."""
    return any(match["name"] for match in _TAG.finditer(text))


def html_outside(text: str) -> list[Edit]:
    """What stands in the page outside the container of the article, titles and metadata left in."""
    best = max(_containers(text), key=lambda span: _ideographs(text[span[0] : span[1]]), default=None)
    if best is None or _ideographs(text[best[0] : best[1]]) < 0.5 * _ideographs(_PROGRAM.sub("", text)):
        return []
    edits = []
    behind_key = False
    for start, end in _texts(text):
        words = text[start:end].strip()
        if start < best[0]:
            key = bool(_META_LIKE.search(words))
            titled = len(words) >= 10 and _TITLE_LIKE.search(words)
            if not (key or behind_key or titled):
                edits.append(Edit(start, end, OUTSIDE))
            behind_key = key and len(words) < 12  # the value stands in the next cell
        elif start >= best[1] and not words.startswith("附件"):
            edits.append(Edit(start, end, OUTSIDE))
    return edits


def _containers(text: str) -> Iterator[tuple[int, int]]:
    for match in _CONTAINER.finditer(text):
        depth = 1
        for tag in re.finditer(rf"<(/?){match['name']}\b[^<>]*>", text[match.end() :], re.IGNORECASE):
            depth += -1 if tag[1] else 1
            if depth == 0:
                yield match.end(), match.end() + tag.start()
                break


def _ideographs(text: str) -> int:
    """The ideographs in lines of some length: menus and lists of links have short ones."""
    shown = _TAG.sub(lambda tag: "" if _INLINE_NAME.fullmatch(tag["name"] or "a") else "\n", text)
    return sum(
        len(_IDEOGRAPH.findall(line)) for line in shown.split("\n") if len(line.strip()) >= _LEAST_LINE
    )


def _texts(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between tags that hold something."""
    done = 0
    for match in _PROGRAM_OR_TAG.finditer(text):
        if text[done : match.start()].strip():
            yield done, match.start()
        done = match.end()
    if text[done:].strip():
        yield done, len(text)


_PROGRAM_OR_TAG = re.compile(f"{_PROGRAM.pattern}|{_TAG.pattern}", re.IGNORECASE | re.DOTALL)


def html_tags(text: str) -> list[Edit]:
    """Tags, comments, scripts and entities; a block leaves a line end, a table cell a bar."""
    edits = [Edit(m.start(), m.end(), PROGRAM, "\n") for m in _PROGRAM.finditer(text)]
    inside_rows: list[tuple[int, int]] = []
    for row in _ROW.finditer(text):
        if len(_CELL.findall(row[0])) > 1 and len(_TAG.sub("", row[0])) < 1000:
            inside_rows.append((row.start(), row.end()))
            edits += [
                Edit(row.start() + m.start(), row.start() + m.end(), TAG, " | ")
                for m in _CELL_END.finditer(row[0])
            ]
            edits += [
                Edit(row.start() + m.start(), row.start() + m.end(), TAG, " ")
                for m in re.finditer(r"(?<=[^\s>])\s*\n\s*", row[0])
            ]
    page = bool(re.search(r"<(?:html|body|!DOCTYPE)\b", text, re.IGNORECASE))
    for match in _TAG.finditer(text):
        if match[0].startswith("<!--"):
            edits.append(Edit(match.start(), match.end(), COMMENT))
            continue
        inline = match["name"] is not None and _INLINE_NAME.fullmatch(match["name"])
        in_row = any(start < match.start() < end for start, end in inside_rows)
        edits.append(Edit(match.start(), match.end(), TAG, "" if inline or in_row else "\n"))
    if page:
        edits += [Edit(m.start(), m.end(), TAG) for m in _ANY_TAG.finditer(text) if not _TAG.fullmatch(m[0])]
    edits += [
        Edit(m.start(), m.end(), ENTITY, char)
        for m in _ENTITY.finditer(text)
        if (char := html.unescape(m[0])) != m[0] and len(char) == 1
    ]
    return edits + _source_breaks(text)


def _source_breaks(text: str) -> list[Edit]:
    """Line ends in the page's source that a browser shows as a blank, where tags mark the paragraphs."""
    breaks = list(_IN_TEXT_BREAK.finditer(text))
    blocks = len(re.findall(r"</p\s*>|<br\b|</li\s*>|</div\s*>", text, re.IGNORECASE))
    if not breaks or len(breaks) > blocks:
        return []
    return [
        Edit(
            m.start(),
            m.end(),
            "网页源码中的换行",
            " " if text[m.start() - 1].isascii() and text[m.end()].isascii() else "",
        )
        for m in breaks
    ]


def markdown(text: str) -> list[Edit]:
    """Heading signs, bold, links, images and rules of Markdown; the words stay."""
    edits = [Edit(m.start(), m.end(), COMMENT) for m in re.finditer(r"<!--.*?-->", text, re.DOTALL)]
    edits += [Edit(m.start(), m.end(), IMAGE) for m in _MD_IMAGE.finditer(text)]
    for match in _MD_LINK.finditer(text):
        edits += [Edit(match.start(1), match.end(1), MARKDOWN), Edit(match.start(3), match.end(3), MARKDOWN)]
    if not _MD_SIGN.search(text):
        return edits
    edits += [Edit(m.start(), m.end(), MARKDOWN) for m in _MD_HEAD.finditer(text)]
    edits += [Edit(m.start(), m.end(), MARKDOWN) for m in _MD_RULE.finditer(text)]
    edits += [Edit(m.start(), m.end(), MARKDOWN) for m in _MD_QUOTE.finditer(text)]
    for match in _MD_BOLD.finditer(text):
        edits += [Edit(match.start(), match.start(2), MARKDOWN), Edit(match.end(2), match.end(), MARKDOWN)]
    return edits
