"""HTML: tags, comments, scripts and entities, and what stands in a page outside its article."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from corpus.draft import Edit
from corpus.markup import COMMENT
from corpus.webtable import Token, cell_bars, rows_of

TAG = "网页标签"
PROGRAM = "网页脚本与样式"
PAGE_TITLE = "网页窗口标题"
ENTITY = "网页字符编码"
OUTSIDE = "正文区以外的网页内容"
SOURCE_BREAK = "网页源码中的换行"

_INLINE = frozenset(
    "a abbr acronym b basefont bdo bgsound big cite code del dfn em embed font i img ins kbd label map mark marquee meta"
    " object param q s samp small source span strike strong sub sup tt u var wbr o:p st1".split()
)
_BLOCK = frozenset(
    "html body head title div p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr td th caption col"
    " colgroup section article header footer nav aside main form fieldset legend figure figcaption blockquote pre center"
    " address details summary link base input button select option textarea iframe video audio canvas svg script style"
    " noscript template ucapcontent founder-content".split()
)
_PROGRAMS = frozenset("script style noscript template iframe svg select button textarea title".split())
_TAG = re.compile(
    r"</?(?P<name>[a-zA-Z][\w:.-]*)(?P<rest>(?=[\s/>])(?>[^<>\"']+|\"[^\"]{0,1000}\"(?=[\s/>])|'[^']{0,1000}'(?=[\s/>])|[\"'])*+)>"
    r"|<!(?:DOCTYPE|doctype)[^<>]{0,300}>|<\?xml[^<>]{0,300}>"
)
_PAGE = re.compile(r"<(?:html|body|!doctype)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,10});")
_LAYOUT_BREAK = re.compile(r"[ \t\r\u3000]*\n\s*")
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")

# Containers of the article in the page systems that government sites use most.
_CONTAINER = re.compile(
    r"\b(?:id|class)\s*=\s*[\"']?[^\"'<>]*?(?<![\w-])(?:UCAP-CONTENT|TRS_Editor|TRS_UEDITOR|trs_editor_view|pages_content|zoom(?:con)?"
    r"|vsb_content[_\d]*|wp_articlecontent|Custom_UnionStyle|article[-_]?(?:con(?:tent)?|body|main)?|news[-_]?(?:con(?:tent)?|body|text)"
    r"|xxgk[-_]?con(?:tent)?|gov[-_]?content|detail[-_]?con(?:tent)?|main[-_]?(?:text|content)|con(?:tent)?[-_]?(?:text|body|main|box|txt)"
    r"|content|BodyLabel|ContentRegion|bt-?content|view)(?![\w-])",
    re.IGNORECASE,
)
_CONTAINERS = frozenset("div td article section ucapcontent founder-content".split())
_MOST_CONTAINERS = 30
_LEAST_LINE = 15  # characters; the lines of menus and lists of links are shorter
_TITLE_LIKE = re.compile(
    r"关于.{4,}|.{4,}(?:通知|意见|办法|措施|条例|规定|方案|规划|细则|公告|决定|计划|批复|政策|问答|答问|解读)[》”]?$|[〔\[（(]\d{4}[〕\]）)]\s*\d+\s*号"
)
_FIELD_LIKE = re.compile(
    r"发\s*文\s*[机字]|文\s*号|成\s*文|索\s*引\s*号|发\s*布\s*[日机]|生\s*成\s*日|主\s*题\s*分|有\s*效|标\s*题|名\s*称"
)


def has_html(text: str) -> bool:
    """Whether the text carries HTML tags (a comment alone does not count)."""
    return any(
        match["name"] and _known(match["name"].lower())
        for match in _TAG.finditer(text, max(0, text.find("<")))
    )


def _known(name: str) -> bool:
    return name in _INLINE or name in _BLOCK or name.startswith("st1:")


def html_edits(text: str) -> list[Edit]:
    """Take the tags out; a block leaves a line end, a cell of a table a bar, an entity its character."""
    tokens = list(_tokens(text))
    stretches = list(_stretches(text, tokens))
    rows = rows_of(tokens)
    edits = _outside(text, tokens, stretches)
    gone = {edit.start for edit in edits}
    bars = cell_bars(text, tokens, rows)
    edits += [_token_edit(token, place in rows, bars.get(place)) for place, token in enumerate(tokens)]
    edits += [
        Edit(match.start(), match.end(), ENTITY, char)
        for match in _ENTITY.finditer(text)
        if (char := html.unescape(match[0])) != match[0] and len(char) == 1
    ]
    kept = [(a, b) for a, b in stretches if a not in gone]
    return edits + _row_breaks(text, tokens, rows) + _source_breaks(text, kept, tokens)


def _tokens(text: str) -> Iterator[Token]:
    page = bool(_PAGE.search(text))
    open_ended: set[str] = set()  # scripts of which no end follows
    place = text.find("<")
    while place >= 0:
        token = _token_at(text, place, page, open_ended)
        if token:
            yield token
        place = text.find("<", token.end if token else place + 1)


def _token_at(text: str, place: int, page: bool, open_ended: set[str]) -> Token | None:
    if text.startswith("<!--", place):
        end = -1 if "!--" in open_ended else text.find("-->", place)
        if end < 0:
            open_ended.add("!--")  # a comment that never ends is only its sign
        return Token(place, end + 3 if end >= 0 else place + 4, "comment", "")
    match = _TAG.match(text, place)
    if not match:
        return None
    name = (match["name"] or "!").lower()
    if match["name"] and not page and not _known(name):
        return None
    if text[place + 1] == "/":
        return Token(place, match.end(), "close", name)
    if name in _PROGRAMS and name not in open_ended:
        close = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, match.end())
        if close:
            return Token(place, close.end(), "program", name)
        open_ended.add(name)
    return Token(place, match.end(), "tag", name)


def _token_edit(token: Token, in_row: bool, bars: str | None) -> Edit:
    if token.kind == "comment":
        return Edit(token.start, token.end, COMMENT)
    if token.kind == "program":
        return Edit(token.start, token.end, PAGE_TITLE if token.name == "title" else PROGRAM, "\n")
    if bars is not None or (in_row and token.name != "tr"):
        return Edit(token.start, token.end, TAG, (bars or "")[: token.end - token.start])
    inline = token.name in _INLINE or token.name.startswith("st1:") or token.name not in _BLOCK
    return Edit(token.start, token.end, TAG, "" if inline else "\n")


def _stretches(text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """What stands between tags and is not blank."""
    done = 0
    for token in tokens:
        if text[done : token.start].strip():
            yield done, token.start
        done = token.end
    if text[done:].strip():
        yield done, len(text)


def _row_breaks(text: str, tokens: Sequence[Token], rows: set[int]) -> list[Edit]:
    """Line ends in the source of a row: a blank inside a cell, nothing beside a tag."""
    edits = []
    for place in rows:
        if place + 1 not in rows:
            continue
        start, end = tokens[place].end, tokens[place + 1].start
        for match in _LAYOUT_BREAK.finditer(text, start, end):
            inside = start < match.start() and match.end() < end
            edits.append(Edit(match.start(), match.end(), SOURCE_BREAK, " " if inside else ""))
    return edits


def _source_breaks(text: str, kept: Sequence[tuple[int, int]], tokens: Sequence[Token]) -> list[Edit]:
    """Line ends in the page's source that a browser shows as a blank, where tags mark the paragraphs."""
    breaks = [
        match
        for start, end in kept
        for match in _LAYOUT_BREAK.finditer(text, start, end)
        if text[start : match.start()].strip() and text[match.end() : end].strip()
    ]
    blocks = sum(
        token.name == "br" or (token.kind == "close" and token.name in ("p", "li", "div", "td"))
        for token in tokens
    )
    if len(breaks) > blocks:
        return []
    return [
        Edit(
            match.start(),
            match.end(),
            SOURCE_BREAK,
            " " if text[match.start() - 1].isascii() and text[match.end()].isascii() else "",
        )
        for match in breaks
    ]


def _outside(text: str, tokens: Sequence[Token], stretches: Sequence[tuple[int, int]]) -> list[Edit]:
    """What stands in the page outside the container of the article, titles and metadata left in."""
    container = _container(text, tokens)
    if container is None:
        return []
    edits = []
    behind_key = False
    for start, end in stretches:
        words = text[start:end].strip()
        if start < container[0]:
            key = bool(_FIELD_LIKE.search(words))
            titled = len(words) >= 10 and _TITLE_LIKE.search(words)
            if not (key or behind_key or titled):
                edits.append(Edit(start, end, OUTSIDE))
            behind_key = key and len(words) < 12  # the value stands in the next cell
        elif start >= container[1] and not words.startswith("附件"):
            edits.append(Edit(start, end, OUTSIDE))
    return edits


def _container(text: str, tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The innermost known container that holds nearly all of the page's long lines; None if none holds half."""
    places = (
        place
        for place, token in enumerate(tokens)
        if token.kind == "tag"
        and token.name in _CONTAINERS
        and _CONTAINER.search(text, token.start, token.end)
    )
    ends = [(tokens[place].end, _end_of(tokens, place)) for place in islice(places, _MOST_CONTAINERS)]
    found = [(start, end) for start, end in ends if end is not None]
    if not found:
        return None
    long_lines = _long_lines(text, tokens)
    weights = [sum(count for start, count in long_lines if a <= start < b) for a, b in found]
    most = max(weights)
    if most == 0 or most < 0.5 * sum(count for _, count in long_lines):
        return None
    return min(
        (b - a, (a, b)) for (a, b), weight in zip(found, weights, strict=True) if weight >= 0.9 * most
    )[1]


def _end_of(tokens: Sequence[Token], place: int) -> int | None:
    """Where the element that opens at `place` ends."""
    depth = 0
    for token in tokens[place:]:
        if token.name == tokens[place].name:
            depth += {"tag": 1, "close": -1}.get(token.kind, 0)
            if depth == 0:
                return token.start
    return None


def _long_lines(text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Start and number of ideographs of each line of some length, inline tags disregarded."""
    lines: list[tuple[int, int]] = []
    start = done = count = length = 0
    for token in [*tokens, Token(len(text), len(text), "tag", "br")]:
        words = text[done : token.start].strip()
        length += len(words)
        count += len(_IDEOGRAPH.findall(words))
        if token.name not in _INLINE or token.kind in ("comment", "program"):
            if length >= _LEAST_LINE:
                lines.append((start, count))
            start, count, length = token.end, 0, 0
        done = token.end
    return lines
