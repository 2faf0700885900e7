"""The title of a policy among the lines above its first paragraph, and headlines that are none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.draft import Edit
from corpus.numbers import find_numbers

HEADLINE = "网页新闻标题，不是文件标题"
TITLE_AGAIN = "标题重复"

_KINDS = (
    "通知 通告 公告 公报 决定 决议 命令 意见 办法 条例 规定 细则 规则 方案 规划 计划 措施 政策 纲要 要点 指引 指南 指导目录 目录 批复 复函 函 解释 章程 准则"
    " 规程 制度 标准 预案 清单 行动 若干条 十条 法 法典 修正案 答复 倡议书 说明 报告 请示 解读 实施意见 暂行规定 名单 要求 协议 宪法"
).split()
_TAIL = r"(?:\s*[（(〔\[][^（()）]{1,30}[）)〕\]])*"
_TITLE = re.compile(rf"[^。！？；|]{{2,150}}?(?:{'|'.join(_KINDS)})[”》〉]?{_TAIL}$")
_ABOUT = re.compile(rf"关于[^。！？；|]{{2,150}}?(?:{'|'.join(_KINDS)})[”》〉]?{_TAIL}$")
_KIND_AT_END = re.compile(rf"(?:{'|'.join(_KINDS)})[”》〉]?{_TAIL}$")
_NEWS = re.compile(
    r"^(?!关于)[^《》]{0,24}?(?:联合)?(?:印发|发布|出台|下发|公布|推出|部署|制定|召开|举行|解读)(?!.*的通知)|^[^《》：]{2,14}：(?!.*关于)"
)
_NOTE = re.compile(r"通过|公布|发布|施行|\d日|》$")  # a line that speaks of the title and is none
_LETTERHEAD = re.compile(r".*文件$|.*[部委局厅办院会行署社]$")
_MOST_LINES = 4


@dataclass(frozen=True)
class Title:
    """The title as printed: the lines `first` to `last`, and the words without issuers in front."""

    text: str
    first: int
    last: int
    before: str = ""  # what stands in front of 关于: issuers


def find_title(lines: list[str]) -> Title | None:
    """The title among the lines of a title block. A line that begins with or holds 关于 goes first."""
    best: tuple[int, Title] | None = None
    for first in range(len(lines)):
        joined = ""
        for last in range(first, min(len(lines), first + _MOST_LINES)):
            joined += _glue(joined, lines[last].strip())
            rank = _rank(joined, first == last)
            if rank and (best is None or rank < best[0]):
                best = rank, _title(joined, first, last)
            if rank or _ends(lines[last]):
                break
    return best[1] if best else None


def ends_title(line: str) -> bool:
    """Whether the line ends as titles do, with 通知, 意见 and the like."""
    return bool(_KIND_AT_END.search(line))


def _glue(before: str, line: str) -> str:
    return f" {line}" if before[-1:].isascii() and before[-1:].isalnum() and line[:1].isascii() else line


def _ends(line: str) -> bool:
    """Whether no title runs on behind this line."""
    line = line.strip()
    return bool(
        line.endswith(("。", "：", ":", "；", "文件"))
        or find_numbers(line)
        or re.fullmatch(r"[（(].*[）)]|.*\d日", line)
    )


def _rank(text: str, one_line: bool) -> int:
    """1 for 关于…的通知, 2 for 某某关于…的通知, 3 for a name such as 某某办法; 0 for no title."""
    bare = re.sub(r"\s+", "", text)
    if len(bare) > 150 or _is_number(bare):
        return 0
    about = _ABOUT.search(bare)
    if about:
        if not one_line and "关于" not in bare[:40] or _NEWS.match(bare):
            return 0
        return 1 if about.start() == 0 else 2
    if (
        one_line
        and len(bare) >= 4
        and _TITLE.fullmatch(bare)
        and not _NEWS.match(bare)
        and not _LETTERHEAD.fullmatch(bare)
    ):
        return 3
    return 0


def _is_number(text: str) -> bool:
    numbers = find_numbers(text)
    return bool(numbers) and numbers[0][1] - numbers[0][0] > 0.8 * len(text)


def _title(text: str, first: int, last: int) -> Title:
    bare = re.sub(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])", "", text)
    place = bare.find("关于")
    about = _ABOUT.search(bare)
    if place > 0 and about and about.start() == place and "《" not in bare[:place]:
        return Title(bare[place:], first, last, bare[:place])
    return Title(bare, first, last)


def headline_edits(lines: list[tuple[int, str]]) -> list[Edit]:
    """Headlines above the real title, and the title where the page prints it before the document does.

    `lines` are the lines of the title block with their offsets.
    """
    words = [line for _, line in lines]
    title = find_title(words)
    if title is None:
        return []
    edits = []
    own = _bare(title.text)
    for start, line in lines[: title.first]:
        bare = _bare(line)
        if len(bare) >= 8 and (bare == own or bare.endswith(own) or own.endswith(bare)):
            edits.append(Edit(start, start + len(line), TITLE_AGAIN))
        elif len(bare) >= 8 and _NEWS.match(line) and not find_numbers(line):
            edits.append(Edit(start, start + len(line), HEADLINE))
    for start, line in lines[title.last + 1 :]:
        if len(own) >= 8 and _bare(line).endswith(own) and not _NOTE.search(line):
            # The page's heading stood first: the printing with issuers and number behind it is the document's.
            first = lines[title.first][0]
            end = lines[title.last][0] + len(lines[title.last][1])
            edits.append(Edit(first, end, TITLE_AGAIN))
            break
    return edits


def _bare(line: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff0-9A-Za-z]", "", line)
