"""Line ends and blanks that come from the page and not from the policy."""

from __future__ import annotations

import re
from collections import Counter

from corpus.draft import Edit, line_spans
from corpus.labels import label_at

HARD_BREAK = "行内硬换行"
BLANK = "空白"
BLANK_LINE = "空行"
INNER_BLANK = "文字间的空白"

_BLANKS = " \t\r\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000"
_EDGE = re.compile(rf"^[{_BLANKS}]+|[{_BLANKS}]+$", re.MULTILINE)
_EMPTY = re.compile(r"\A\n+|\n+\Z|(?<=\n)\n+")
_ENDS = "。！？；：!?;:…”’」）)》】"
_PAIRS = {"《": "》", "（": "）", "(": ")", "“": "”", "〔": "〕", "【": "】", "「": "」"}
_LINE_KIND = re.compile(
    r"附\s*件|附\s*[:：表录]|抄送|（?此件|联系人|联系电话|第[一二三四五六七八九十\d]+[，,]|[一二三四五六七八九十]是|[①-⑳●•·■◆▪➢✓☑□★※*]"
    r"|[\d二〇○零一三四五六七八九]{4}\s*年.{1,6}月.{1,4}日\s*$|\||(?:牵头|责任|配合|主办|协办)(?:单位|部门)[:：]|[（(][^（）()]*(?:负责|牵头|配合)[）)]"
)
_SENTENCE = re.compile(r"[，。；、：,;]")


def hard_breaks(text: str) -> list[Edit]:
    """Line and page breaks in the middle of a sentence, a title in 《》 or a word."""
    lines = [(start, end) for start, end in line_spans(text) if text[start:end].strip()]
    width = _wrap_width([text[start:end] for start, end in lines])
    edits = []
    opened = ""  # what the joined lines so far have left open
    for (start, end), (following, following_end) in zip(lines, lines[1:], strict=False):
        first, second = text[start:end].rstrip(), text[following:following_end]
        opened = _left_open(opened, first)
        if _runs_on(first, second, width, opened):
            begin = start + len(first)
            stop = following + len(second) - len(second.lstrip())
            latin = first[-1].isascii() and second.lstrip()[0].isascii() and first[-1] not in "-"
            edits.append(Edit(begin, stop, HARD_BREAK, " " if latin else ""))
        else:
            opened = ""
    return edits


def _wrap_width(lines: list[str]) -> int:
    """The width at which the lines are broken by hand, in characters; 0 where they are not."""
    if len(lines) < 8:
        return 0
    lengths = Counter(len(line.rstrip()) for line in lines)
    longest = max(lengths)
    if not 15 <= longest <= 70:
        return 0
    near = sum(count for length, count in lengths.items() if length >= longest - 3)
    return longest if near >= 0.3 * len(lines) else 0


def _left_open(before: str, line: str) -> str:
    """The bracket that is still open behind the line, or nothing."""
    for opening, closing in _PAIRS.items():
        count = line.count(opening) - line.count(closing) + (opening == before)
        if count > 0:
            return opening
    return ""


def _runs_on(first: str, second: str, width: int, opened: str) -> bool:
    start = second.lstrip()
    if _LINE_KIND.match(start) or first.lstrip().startswith("|"):
        return False
    last = first[-1]
    label = label_at(start)
    if opened and opened in "《（(〔【「" and len(first) >= 4:
        # An open bracket runs on unless a clause begins: then the bracket was never closed.
        return not (label and last in _ENDS)
    if label and (label.spaced or last in _ENDS or not _SENTENCE.search(first)):
        return False
    if last in "，、,":
        return label is None
    if width and len(first) >= width - 3 and last not in _ENDS and not label:
        return True
    if width and second[:1] not in (" ", "\u3000", "\u00a0", "\t") and first[:1] in (" ", "\u3000"):
        return len(first) >= width - 3 and not label
    return bool(
        last not in _ENDS and _SENTENCE.search(first) and len(first) >= 15 and not label and len(start) > 1
    ) and (not _is_list_line(first, second))


def _is_list_line(first: str, second: str) -> bool:
    """Lines of names and captions, which hold no sentence: they stand on their own."""
    return (
        "。" not in first and "，" not in first and "、" not in first or second.strip().endswith(("：", ":"))
    )


def blanks(text: str) -> list[Edit]:
    """Blanks at the edges of lines, and empty lines."""
    edits = [Edit(m.start(), m.end(), BLANK) for m in _EDGE.finditer(text)]
    bare = _EDGE.sub(lambda m: "\x00" * len(m[0]), text)
    return edits + [
        Edit(m.start(), m.end(), BLANK_LINE)
        for m in re.finditer(r"\A[\n\x00]*\n|\n[\n\x00]*\Z|(?<=\n)[\n\x00]*\n", bare)
    ]


_WIDE = r"\u3001-\u301b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u2018-\u201d\u2026"
_AFTER_WIDE = re.compile(
    rf"(?<=[，。；：、！？（《“‘〔【])[{_BLANKS}]+(?=[^\s|])|(?<=[\u4e00-\u9fff])[{_BLANKS}]+(?=[，。；：、！？）》”’〕】])"
)
_BEFORE_NUMBER = re.compile(
    rf"(?<=[\u4e00-\u9fff])[{_BLANKS}]+(?=\d+(?:[.．]\d+)?[{_BLANKS}]*[\u4e00-\u9fff％%])"
)
_AFTER_NUMBER = re.compile(
    rf"(?<=\d)[{_BLANKS}]+(?=[年月日号家个万亿元项条款件户名人次批类级种套台亩吨倍％%‰天周岁届期])"
)
_IN_LABEL = re.compile(
    rf"^(?P<open>[（(])(?P<a>[{_BLANKS}]*)(?P<number>[一二三四五六七八九十百零〇]{{1,4}}|\d{{1,3}})(?P<b>[{_BLANKS}]*)(?=[)）])"
    rf"|^(?P<ordinal>第)(?P<c>[{_BLANKS}]*)(?P<law>[一二三四五六七八九十百千零〇]+)(?P<d>[{_BLANKS}]*)(?=[编章节条])"
    rf"|^(?P<item>[一二三四五六七八九十]{{1,3}})(?P<e>[{_BLANKS}]+)(?=、)",
    re.MULTILINE,
)
_COLUMNS = re.compile(rf"\t|\|[{_BLANKS}]|\S[ \u00a0\u3000]{{2,}}\S+[ \u00a0\u3000]{{2,}}\S")


def inner_blanks(text: str) -> list[Edit]:
    """Blanks inside labels, beside full-width marks and between a word and its figure (到 2025年)."""
    edits = []
    for match in _IN_LABEL.finditer(text):
        edits += [Edit(match.start(name), match.end(name), INNER_BLANK) for name in "abcde" if match[name]]
    for pattern in (_AFTER_WIDE, _BEFORE_NUMBER, _AFTER_NUMBER):
        edits += [
            Edit(m.start(), m.end(), INNER_BLANK)
            for m in pattern.finditer(text)
            if not _in_columns(text, m.start())
        ]
    return edits


def _in_columns(text: str, place: int) -> bool:
    """Whether the line is a row of a table, whose blanks part the columns."""
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    line = text[start : end if end >= 0 else len(text)]
    return bool(_COLUMNS.search(line)) and not re.search(r"。", line)
