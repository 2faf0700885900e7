"""The title of a policy among the lines above its first paragraph, and headlines that are none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.draft import Edit
from corpus.issuers import split_names
from corpus.numbers import find_numbers

HEADLINE = "网页新闻标题，不是文件标题"
TITLE_AGAIN = "标题重复"

_KINDS = (
    "通知 通告 公告 公报 决定 决议 命令 意见 办法 条例 规定 细则 规则 方案 规划 计划 措施 政策 纲要 要点 指引 指南 指导目录 目录 批复 复函 函 解释 章程 准则"
    " 规程 制度 标准 预案 清单 行动 若干条 十条 法 法典 修正案 答复 倡议书 说明 报告 请示 解读 实施意见 暂行规定 名单 要求 协议 宪法 问答 答问"
).split()
_TAIL = r"(?:\s*[（(〔\[][^（()）]{1,30}[）)〕\]])*"
_TITLE = re.compile(rf"[^。！？；|]{{2,150}}?(?:{'|'.join(_KINDS)})[”》〉]?{_TAIL}$")
_ABOUT = re.compile(rf"关于[^。！？；|]{{2,150}}?(?:{'|'.join(_KINDS)})[”》〉]?{_TAIL}$")
_KIND_AT_END = re.compile(rf"(?:{'|'.join(_KINDS)})[”》〉]?{_TAIL}$")
# A verb of news before any 关于: 四部委印发…行动计划; or a speaker before a colon: 六部门：提高…
_NEWS = re.compile(
    r"(?:(?!关于)[^《》]){0,24}?(?:印发|发布|出台|下发|公布|推出|部署|制定|召开|举行|解读)(?!.*的通知)|[^《》：]{2,14}：(?!.*关于)"
)
# A news report in front of a policy, the only place that names its title: 据…消息，…联合发布《…》.
_REPORT = re.compile(
    r"(?:据|近日|日前|昨日|今日|本报|本网|新华社|记者|[\u4e00-\u9fff]{2,10}(?:网|社|报)\s*\d|\d{1,2}月\d{1,2}日|[（(]记者).{0,160}"
    r"(?:发布|印发|公布|出台|下发|获悉|消息|讯)",
    re.DOTALL,
)
_NOTE = re.compile(r"通过$|公布$|施行$|\d日|》$")  # a line that speaks of the title and is none
_LETTERHEAD = re.compile(r".*文件$|.*[部委局厅办院会行署社]$")
_MOST_LINES = 4
_LEAST = 8  # ideographs; less is no title that could be told again
_NAMED = 3  # rank of a title without 关于
# Whose acts are known by their full names, issuer included.
_FULL_NAME = re.compile(r"人民代表大会|人大常委会|最高人民|法院|检察院")
_FULL_KIND = re.compile(r"(?:规定|决定|决议|命令|解释|条例)(?:[（(].{1,20}[）)])?$")


@dataclass(frozen=True)
class Title:
    """The title as printed: the lines `first` to `last`, and the words without issuers in front."""

    text: str
    first: int
    last: int
    before: str = ""  # what stands in front of 关于: issuers


def find_title(lines: Sequence[str]) -> Title | None:
    """The title among the lines of a title block. A line that begins with or holds 关于 goes first."""
    best: tuple[int, Title] | None = None
    for first in range(len(lines)):
        joined = ""
        for last in range(first, min(len(lines), first + _MOST_LINES)):
            joined += _glue(joined, lines[last].strip())
            rank = _rank(joined, first == last)
            if rank and (best is None or rank < best[0]):
                begin = _name_start(lines, first) if rank == _NAMED else first
                best = rank, _title("".join(lines[begin:first]) + joined, begin, last)
            if rank or _ends(lines[last]):
                break
    return best[1] if best else None


def _name_start(lines: Sequence[str], place: int) -> int:
    """The line above, if a name such as 某某市…工程 | 三年行动方案 begins there."""
    above = lines[place - 1].strip() if place else ""
    if len(above) < 6 or len(above) > 50 or _ends(above) or ends_title(above) or _LETTERHEAD.fullmatch(above):
        return place
    if re.search(r"[\s，。；：、|]", above) or _NEWS.match(above) or above[-1] in "”》）)":
        return place
    return place - 1


def announces(line: str) -> bool:
    """Whether the line is a news report that names a policy by title or number."""
    return bool(_REPORT.match(line)) and ("《" in line or bool(find_numbers(line)))


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
    if len(bare) > 150 or is_number(bare):
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
        return _NAMED
    return 0


def is_number(text: str) -> bool:
    """Whether a line is a document number and hardly anything else."""
    numbers = find_numbers(text)
    return bool(numbers) and numbers[0][1] - numbers[0][0] > 0.8 * len(text)


def _title(text: str, first: int, last: int) -> Title:
    bare = re.sub(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])", "", text)
    about = _ABOUT.search(bare)
    if about and about.start() and "《" not in bare[: about.start()]:
        before = text[: text.find("关于")]
        own = _FULL_NAME.search(before) or _FULL_KIND.search(bare)
        if split_names(before) and not own:
            return Title(about[0], first, last, before)
        return Title(bare, first, last, before)
    return Title(bare, first, last)


def headline_edits(lines: Sequence[tuple[int, str]], announced: int | None) -> list[Edit]:
    """Headlines above the real title, and the title where the page prints it before the document does.

    `lines` are the lines of the title block with their offsets, `announced` the place among them of a
    news report that names the title.
    """
    title = find_title([line for _, line in lines])
    if announced is not None and (title is None or title.first > announced):
        return [_edit(line, HEADLINE) for line in lines[:announced] if _is_headline(line[1])]
    if title is None:
        return []
    own = _bare(title.text)
    edits = []
    for line in lines[: title.first]:
        bare = _bare(line[1])
        if len(bare) >= _LEAST and (bare.endswith(own) or own.endswith(bare)):
            edits.append(_edit(line, TITLE_AGAIN))
        elif _is_headline(line[1]):
            edits.append(_edit(line, HEADLINE))
    for place, line in enumerate(lines[title.last + 1 :], title.last + 1):
        if len(own) >= _LEAST and _bare(line[1]).endswith(own) and not _NOTE.search(line[1]):
            between = lines[title.last + 1 : place]
            if between and all(_NOTE.search(words) for _, words in between):
                return [*edits, _edit(line, TITLE_AGAIN)]  # a law: title, who passed it, title again
            # The page's heading stood first: the printing below it is the document's own.
            return edits + [_edit(line, TITLE_AGAIN) for line in lines[title.first : title.last + 1]]
    return edits


def _is_headline(line: str) -> bool:
    if len(_bare(line)) < _LEAST or _NOTE.search(line) or find_numbers(line):
        return False
    return bool(_NEWS.match(line))


def _edit(line: tuple[int, str], reason: str) -> Edit:
    return Edit(line[0], line[0] + len(line[1]), reason)


def _bare(line: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff0-9A-Za-z]", "", line)
