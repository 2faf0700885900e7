"""Line ends and blanks that come from the page and not from the policy."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.draft import Edit, lines
from corpus.labels import label_at
from corpus.titles import ends_title, is_number

HARD_BREAK = "行内硬换行"
BLANK = "空白与空行"
INNER_BLANK = "文字间的空白"

_B = " \t\r\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000"
_STOPS = "。！？；：!?;:…"
_CLOSES = "”’」）)》】〉"
_PAIRS = {"《": "》", "（": "）", "(": ")", "〔": "〕", "【": "】", "「": "」"}
_RUN_ON = re.compile(r"[的和与及，、。；）》”,;)]")  # no line of its own begins so
_OWN_LINE = re.compile(
    r"附\s*件|附\s*[:：表录]|抄送|[（(]?此件|联系人|联系电话|第[一二三四五六七八九十\d]+[，,]|[一二三四五六七八九十]是|[①-⑳●•·■◆▪➢✓☑□★※*|]"
    r"|(?:牵头|责任|配合|主办|协办)(?:单位|部门)[:：]|[（(][^（）()]*(?:负责|牵头|配合)[）)]|目\s*录$"
    r"|[\d二〇○零一三四五六七八九]{4}\s*年.{1,6}月.{1,4}日$"
)
_MARK = re.compile(r"[，。；、：,;]")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百千零〇\d]+条")
_ENDED = re.compile(r"[。；：]")
_LEAST_PROSE = 15  # characters; a shorter line is a heading or a name rather than half a sentence
_INDENT = 4  # columns; two characters at the beginning of a paragraph
_NEAR = 6  # columns; so far a full line may fall short of the widest
_REACH = 400  # characters in which a bracket left open must close


def hard_breaks(text: str) -> list[Edit]:
    """Line and page breaks in the middle of a sentence, a title in 《》 or a word."""
    spans = lines(text)
    width = _wrap_width([text[start:end] for start, end in spans])
    indented = width > 0 and _share_indented(text, spans) > 0.1
    edits = []
    running = False  # the line is itself the continuation of another
    for (start, end), (following, following_end) in zip(spans, spans[1:], strict=False):
        first, last = text[start:end], text[end - 1]
        if last in "。；" and not width and "（" not in first[-60:] and "《" not in first[-60:]:
            running = False
            continue
        second = text[following:following_end]
        if _is_row(first) or _is_row(second):
            running = False
            continue
        joins = _runs_on(first, second, running) or _left_open(text, first, following, second)
        if not joins and width:
            new_paragraph = indented and text[following - 1] != "\n"
            indent = min(start - text.rfind("\n", 0, start) - 1, _INDENT) if indented else 0
            joins = not new_paragraph and _fills_line(first, second, width - indent, indented)
        running = joins
        if joins:
            latin = last.isascii() and last.isalnum() and second[0].isascii() and second[0].isalnum()
            edits.append(Edit(end, following, HARD_BREAK, " " if latin else ""))
    return edits


def _is_row(line: str) -> bool:
    """Whether the line is a row of a table, set with tabs, bars or wide blanks."""
    return "。" not in line and bool(_COLUMNS.search(line))


def _columns(line: str) -> int:
    """The width of a line, ideographs counted twice."""
    return len(line.encode("gb18030", "replace"))


def _wrap_width(texts: list[str]) -> int:
    """The columns at which the lines are broken by hand; 0 where they are not."""
    if len(texts) < 6 or max(map(len, texts)) > 200:
        return 0
    widths = sorted(map(_columns, texts))
    widest = widths[int(0.95 * (len(widths) - 1))]
    if not 30 <= widest <= 140:
        return 0
    full = sum(width >= widest - _NEAR for width in widths)
    return widest if full >= 0.35 * len(widths) else 0


def _share_indented(text: str, spans: Sequence[tuple[int, int]]) -> float:
    return sum(start > 0 and text[start - 1] != "\n" for start, _ in spans) / max(1, len(spans))


def _runs_on(first: str, second: str, running: bool) -> bool:
    """Whether a sentence or a title runs from one line into the next, by their words alone."""
    last = first[-1]
    if last in _STOPS or _OWN_LINE.match(second) or first[0] == "|" or "\t" in first or " | " in first:
        return False
    if label_at(second):
        return False
    if _title_runs_on(first, second):
        return True
    if last in _CLOSES:
        return bool(_RUN_ON.match(second)) and bool(_MARK.search(first))
    if last in "，、,":
        return True
    if _RUN_ON.match(second):
        return bool(_MARK.search(first) or "关于" in first)
    return _half_sentence(first, second, running)


def _half_sentence(first: str, second: str, running: bool) -> bool:
    """Whether a line without an end mark is prose that goes on, and no heading or name."""
    if len(first) < _LEAST_PROSE and not running:
        return False
    if "。" in first or (running and _MARK.search(first)):
        return len(second) > 1
    if _ARTICLE.match(first):
        # An article's own line holds text, not a heading: without a stop it goes on in the next line.
        return bool(_MARK.search(first)) and bool(_ENDED.search(second))
    if first[0] == "各" and second[-1] in "：:":
        return True  # addressees
    return label_at(first) is None and "，" in first and "。" in second


def _title_runs_on(first: str, second: str) -> bool:
    """A title over two lines: 关于加快培育…企业 | 的实施意见."""
    if "关于" not in first or "关于" in second or _MARK.search(second) or len(first) > 60 or len(second) > 60:
        return False
    return not ends_title(first) and ends_title(second) and "。" not in first


def _left_open(text: str, first: str, following: int, second: str) -> bool:
    """Whether a bracket opens in the line and closes behind its end, within reach."""
    for opening, closing in _PAIRS.items():
        place = first.rfind(opening)
        if place < 0 or closing in first[place:] or first.count(opening) <= first.count(closing):
            continue
        close = text.find(closing, following, following + _REACH)
        if close < 0 or text.find(opening, following, close) >= 0:
            continue
        between = text[following:close]
        if between.count("\n") <= 6 and not (label_at(second) and first[-1] in _STOPS):
            return opening == "《" or not re.search(
                r"\n\s*\n?\s*(?:[一二三四五六七八九十]+、|第.{1,6}条)", between
            )
    return False


def _fills_line(first: str, second: str, width: int, indented: bool) -> bool:
    """In a text broken at a fixed width: whether the line is full and the next one goes on with it."""
    if _OWN_LINE.match(second) or label_at(second) or _columns(first) < width - _NEAR:
        return False
    if is_number(first) or is_number(second):
        return False
    return indented or first[-1] not in _STOPS


_MARGIN = re.compile(rf"[{_B}]+\n[{_B}\n]*|\n[{_B}\n]+")


def blanks(text: str) -> list[Edit]:
    """Blanks at the edges of lines, and empty lines."""
    first = len(text) - len(text.lstrip())
    last = max(first, len(text.rstrip()))
    edits = [Edit(0, first, BLANK), Edit(last, len(text), BLANK)]
    for match in _MARGIN.finditer(text, first, last):
        line_end = text.index("\n", match.start())
        edits += (Edit(match.start(), line_end, BLANK), Edit(line_end + 1, match.end(), BLANK))
    return edits


_INNER = re.compile(rf"(?<=\S)[{_B}]+(?=\S)")
_AFTER = "，。；：、！？（《“‘〔【("
_BEFORE = "，。；：、！？）》”’〕】)"
_UNITS = "年月日号家个万亿元项条款件户名人次批类级种套台亩吨倍％%‰天周岁届期"
_FIGURE = re.compile(rf"\d[\d.．,，]*[{_B}]*[\u4e00-\u9fff％%]")
_IN_LABEL = re.compile(
    rf"(?:[（(][{_B}]*(?:[一二三四五六七八九十百零〇]{{1,4}}|\d{{1,3}})[{_B}]*[)）]"
    rf"|第[{_B}]*[一二三四五六七八九十百千零〇\d]+[{_B}]*[编章节条]|[一二三四五六七八九十]{{1,3}}[{_B}]+、)"
)
_LABEL_LENGTH = 12  # characters
_COLUMNS = re.compile(r"\t|\||\S[ \u00a0\u3000]{2,}\S+[ \u00a0\u3000]{2,}\S")


def inner_blanks(text: str) -> list[Edit]:
    """Blanks inside labels, beside full-width marks and between a word and its figure (到 2025年)."""
    edits = []
    for match in _INNER.finditer(text):
        start, end = match.span()
        line = text.rfind("\n", 0, start) + 1
        if _superfluous(text, line, start, end):
            edits.append(Edit(start, end, INNER_BLANK))
    return edits


def _superfluous(text: str, line: int, start: int, end: int) -> bool:
    before, after = text[start - 1], text[end]
    if start - line <= _LABEL_LENGTH and (label := _IN_LABEL.match(text, line)) and start < label.end():
        return True
    beside_mark = before in _AFTER or after in _BEFORE
    before_figure = "\u4e00" <= before <= "\u9fff" and bool(_FIGURE.match(text, end))
    behind_figure = before.isdigit() and after in _UNITS
    if not (beside_mark or before_figure or behind_figure):
        return False
    if start - line <= _LABEL_LENGTH and _behind_label(text, line, start, end):
        return False
    line_end = text.find("\n", end)
    words = text[line : line_end if line_end >= 0 else len(text)]
    return "。" in words or not _COLUMNS.search(words)


def _behind_label(text: str, line: int, start: int, end: int) -> bool:
    """Whether the blank parts a label from its words."""
    label = label_at(text[line : end + 1])
    return label is not None and line + label.end == end
