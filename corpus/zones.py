"""The parts of a policy (the notice, what it wraps) and in each the title block, body and signature.

The order of GB/T 9704: title block with addressees, body, list of annexes, issuers, date, notes, annexes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.dates import DAY
from corpus.issuers import split_names
from corpus.labels import Kind, label_at
from corpus.titles import announces, find_title

_ONLY_DAY = re.compile(rf"\s*(?:{DAY.pattern})\s*")
_SIGNED_DAY = re.compile(rf"[^。；：]{{2,60}}?\s*{DAY.pattern}")
_ANNEX = re.compile(
    r"附\s*[件录表]\s*(?:[一二三四五六七八九十]{1,2}|\d{1,2})?\s*(?P<mark>[:：．.、]?)\s*|附\s*(?P<short>[:：])\s*"
)
_NO_ANNEX = re.compile(
    r"[则加近属注带议有设着]|所|中|的|规定|以|和|与|及|为|由|等|[一二三四五六七八九十\d]*[（(《]?.*(?:。|；|规定)$"
)
_ANNEX_LIST = re.compile(r"附\s*件?\s*[:：]\s*\S|附\s*件\s*[:：]$")
_ADDRESSEE = re.compile(r"[^。；]{2,500}[：:]")
_ADDRESSED = re.compile(
    r"^(?:各|全[省市县区国]|有关|市[直属]|省[直属]|区[直属]|县[直属]|驻|机关|相关|国务院|党中央|中央|军委|你|本|[\u4e00-\u9fff]{2,14}(?:人民政府|委员会|[局厅委办部院校会]))"
    r"|各[市县区省镇乡部有直相]"
)
_NOT_ADDRESSED = re.compile(r"如下|现[将就对]|为了|为进一步|根据|制定|下列|以下|按照|通知|[“”\d]")
_SIGNER = re.compile(
    r"[^。，；：、！？\d]{2,80}(?:[部委局厅办院会行署社团室府处联盟]|部门|中心|公司|集团|大学|学院)(?:[（(][^（）()]{1,20}[）)])?"
)
_TRAILING = re.compile(
    r"[（(]?\s*(?:此件|此页|信息公开|公开(?:属性|方式|范围|选项)|依申请公开|主动公开|（?公章|（?盖章)[^。]{0,60}|抄\s*[送报]\s*[:：].*"
    r"|[^。]{0,40}(?:办公室|办公厅|办|局|委|室|厅)\s*(?:\S*\s*)?[^。]{0,4}印发|[（(]?(?:联系人|联系电话|联系单位)[^。]{0,80}"
    r"|[（(][^。（）()]{1,40}[）)]|附\s*件\s*\d*\s*[:：].{0,80}|.{1,80}\.(?:docx?|xlsx?|pdf|wps|zip|rar|et|ofd|jpg|png)"
)
_NOTES = re.compile(r"[（(]?\s*(?:此件|此页|附|公开|信息公开|主动公开|依申请)|抄\s*[送报]|.*印发$")
_WRAPS = re.compile(
    r"(?:印发|发布|公布|转发|颁布)(?:[^《》]{0,20}《(?P<marked>.+)》|(?P<plain>[^《》]{6,}))的(?:通知|公告|函|通告|决定|令)"
)
_LONG_LINE = 60  # characters; a longer line in the title block is a paragraph
_MOST_HEADER = 40  # lines
_TITLE_WITHIN = 20  # lines
_REPORT_WITHIN = 6  # lines; a news report stands at the very top
_LEAST_ANNEX = 150  # characters behind a signature, less is a note


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the document, as places in its list of lines: title block, body, signature."""

    name: str
    first: int
    body: int
    signature: int
    end: int


def find_parts(words: Sequence[str]) -> list[Part]:
    """The notice, then each annex, in reading order; together they hold every line."""
    bounds = _part_bounds(words)
    parts = []
    for index, (first, end) in enumerate(zip(bounds, [*bounds[1:], len(words)], strict=True)):
        name = "notice" if index == 0 else "annex" if index == 1 else f"annex{index}"
        body = _body_start(words, first, end) if index == 0 else _annex_body(words, first, end)
        parts.append(Part(name, first, body, _signature_start(words, body, end), end))
    return parts


def _part_bounds(words: Sequence[str]) -> list[int]:
    """Where each part begins."""
    bounds = [0]
    behind_signature = _behind_signature(words)
    wrapped = _wrapped_title(words)
    for index in range(2, len(words)):
        line = words[index]
        opens = line[0] == "附" and _is_annex_head(words, index)
        if not opens and wrapped and len(bounds) == 1 and _bare(line) and wrapped.startswith(_bare(line)):
            opens = _is_wrapped_title(words, index, wrapped)
        if opens or (index == behind_signature and len(bounds) == 1):
            bounds.append(index)
    return bounds


def _is_annex_head(words: Sequence[str], index: int) -> bool:
    """附件 on a line of its own or with a title, that is no list of annexes above the signature."""
    line = words[index]
    match = _ANNEX.match(line)
    if not match or len(line) > 60 or line[-1] in "。；":
        return False
    rest = line[match.end() :]
    if rest and (_NO_ANNEX.match(rest) or label_at(rest)):
        return False
    marked = bool(match["mark"] or match["short"])
    if rest and marked and (index + 1 == len(words) or label_at(words[index + 1])):
        return not match["short"] and index + 3 < len(words) and not _signed_behind(words, index)
    return not _signed_behind(words, index) and (bool(rest) or index + 1 < len(words))


def _signed_behind(words: Sequence[str], index: int) -> bool:
    """Whether a signature follows closely and none stands closely before: then 附件 opens a list."""
    before = any(_ONLY_DAY.fullmatch(word) for word in words[max(0, index - 15) : index])
    return not before and any(_ONLY_DAY.fullmatch(word) for word in words[index + 1 : index + 15])


def _wrapped_title(words: Sequence[str]) -> str:
    """The title that a notice of the form 关于印发《…》的通知 wraps."""
    if not _WRAPS.search("".join(words[:_TITLE_WITHIN])):
        return ""
    title = find_title(words[:_TITLE_WITHIN])
    match = _WRAPS.search(title.text) if title else None
    return _bare(match["marked"] or match["plain"]) if match else ""


def _is_wrapped_title(words: Sequence[str], index: int, wrapped: str) -> bool:
    """Whether the wrapped title stands here, on one line or over several, behind a paragraph of the notice."""
    joined = ""
    for line in words[index : index + 4]:
        joined += _bare(line)
        if joined == wrapped:
            return not (words[index - 1][0] == "附" and len(words[index - 1]) < 8) and any(
                "。" in word for word in words[:index]
            )
    return False


def _behind_signature(words: Sequence[str]) -> int:
    """The line behind the first signature with a date, if a text of some length follows it; else 0."""
    prose = False
    for index, line in enumerate(words):
        prose = prose or "。" in line
        if not prose or line[-1] != "日" or not (_ONLY_DAY.fullmatch(line) or _is_signed_day(line)):
            continue
        following = index + 1
        while following < len(words) and _TRAILING.fullmatch(words[following]):
            following += 1
        rest = words[following:]
        enough = sum(map(len, rest)) > _LEAST_ANNEX and any("。" in word or label_at(word) for word in rest)
        return following if enough else 0
    return 0


def _is_signed_day(line: str) -> bool:
    """Issuers and the day on one line."""
    names = DAY.sub("", line)
    return bool(_SIGNED_DAY.fullmatch(line)) and "".join(split_names(names)) == "".join(names.split())


def _bare(line: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff0-9A-Za-z]", "", line)


def _body_start(words: Sequence[str], first: int, end: int) -> int:
    """The first line that is text: a clause, a paragraph, or what follows the addressees."""
    for index in range(first, min(end, first + _MOST_HEADER)):
        line = words[index]
        if label_at(line) or _opens_table(words, index) or _opens_decimals(words, index):
            return index
        if _ADDRESSEE.fullmatch(line) and _ADDRESSED.search(line) and not _NOT_ADDRESSED.search(line):
            return index + 1
        report = index - first <= _REPORT_WITHIN and announces(line)
        if _is_prose(line) and not _is_note(line) and not report:
            return index
    return min(end, first + _MOST_HEADER)


def _annex_body(words: Sequence[str], first: int, end: int) -> int:
    """The line behind the annex's mark, its title and the notes below it."""
    start = first + (1 if _ANNEX.match(words[first]) else 0)
    title = find_title([word for word in words[start : min(end, start + 4)]])
    if title and not any(label_at(word) or _is_prose(word) for word in words[start : start + title.first]):
        start += title.last + 1
    elif (
        start < end
        and not label_at(words[start])
        and not _is_prose(words[start])
        and not _is_row(words[start])
    ):
        start += 1
    while start < end and _is_note(words[start]) and not label_at(words[start]):
        start += 1
    return start


def _opens_decimals(words: Sequence[str], index: int) -> bool:
    """Whether 1 总则 opens a text numbered 1.1, 1.2."""
    below = label_at(words[index + 1]) if index + 1 < len(words) else None
    return (
        below is not None and below.kind == Kind.DECIMAL and bool(re.match(r"\d{1,2}[ \u3000]", words[index]))
    )


def _opens_table(words: Sequence[str], index: int) -> bool:
    """Whether two rows stand here: one line with bars may be the page's."""
    return _is_row(words[index]) and index + 1 < len(words) and _is_row(words[index + 1])


def _is_row(line: str) -> bool:
    return line[0] == "|" or " | " in line


def _is_prose(line: str) -> bool:
    if "。" in line or line[-1] in "；：:;":
        return True
    return len(line) > _LONG_LINE and ("，" in line or "," in line)


def _is_note(line: str) -> bool:
    """A note below the title: who passed it and when, (2021年…通过), and amendments."""
    if line[0] in "（(〔" and line[-1] in "）)〕":
        return bool(
            re.search(
                r"通过|公布|发布|修订|修正|施行|印发|批准|号|\d日|试行|稿|\d{4}年?[-—–－至]+\d{4}年?", line
            )
        )
    if _ONLY_DAY.fullmatch(line):
        return True
    return (
        len(line) < 200
        and bool(re.match(r"(?:根据|[（(]?\d{4}\s*年|经|自)", line))
        and bool(re.search(r"(?:通过|公布|发布|修订|修正|施行|执行|批准|废止)[）)。]*$", line))
    )


def _signature_start(words: Sequence[str], body: int, end: int) -> int:
    """The line where the list of annexes, the issuers, the date and the notes behind it begin."""
    start = end
    dated = False
    for index in range(end - 1, body - 1, -1):
        line = words[index]
        if line[-1] == "日" and (_ONLY_DAY.fullmatch(line) or _is_signed_day(line)):
            dated = True
        elif not (not dated and _TRAILING.fullmatch(line)) and not (dated and _is_signer(line)):
            break
        start = index
    if not dated:
        start = _undated_signature(words, body, end, start)
    return _with_annex_list(words, body, start)


def _is_signer(line: str) -> bool:
    return bool(_SIGNER.fullmatch(line)) and label_at(line) is None


def _undated_signature(words: Sequence[str], body: int, end: int, start: int) -> int:
    """Without a date: issuers that end the text, or a note such as （此件公开发布）."""
    while (
        start - 1 > body
        and len(words[start - 1]) >= 5
        and "".join(split_names(words[start - 1])) == words[start - 1]
    ):
        start -= 1
    notes = all(_NOTES.match(word) or _is_signer(word) for word in words[start:end])
    return start if notes else end


def _with_annex_list(words: Sequence[str], body: int, start: int) -> int:
    """Take in the lines 附件：1.… 2.… right above the signature."""
    for index in range(start - 1, max(body, start - 15), -1):
        line = words[index]
        if _ANNEX_LIST.match(line):
            return index
        label = label_at(line)
        if not (label and label.kind == Kind.DIGIT) or line[-1] == "。":
            break
    return start
