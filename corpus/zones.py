"""The parts of a policy (the notice, what it wraps) and in each the title block, body and signature."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.labels import Kind, label_at
from corpus.numbers import find_numbers

_DAY = re.compile(
    r"\s*(?:(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[二一][〇○零Ｏ0O九][〇○零Ｏ0O一二三四五六七八九]{2}\s*年\s*[一二三四五六七八九十]{1,2}\s*月\s*[一二三四五六七八九十]{1,3}\s*日)\s*"
)
_ANNEX = re.compile(r"附\s*[件錄录表]\s*[:：]?\s*(?:[一二三四五六七八九十]{1,2}|\d{1,2})?\s*[:：．.、]?\s*")
_ANNEX_LIST = re.compile(r"附\s*件\s*[:：]\s*\S|附\s*[:：]\s*\S")
_ADDRESSEE = re.compile(r"[^。；]{2,400}[：:]")
_ADDRESSED = re.compile(
    r"^(?:各|全[省市县区国]|有关|市[直属]|省[直属]|区[直属]|县[直属]|驻|局|厅|机关|相关|国务院|党中央|中央|军委|你|[\u4e00-\u9fff]{2,14}(?:人民政府|委员会|[局厅委办部院校]))|各[市县区省镇乡部有]|单位"
)
_NEWS_LEAD = re.compile(
    r"^(?:据|近日|日前|昨日|今日|本报|本网|新华社|记者|[\u4e00-\u9fff]{2,10}(?:网|社|报)\s*\d|\d{1,2}月\d{1,2}日|[（(]记者).{0,160}(?:发布|印发|公布|出台|下发|获悉|消息|讯)",
    re.DOTALL,
)
_SIGNER = re.compile(
    r"[^。，；：、！？]{2,60}[部委局厅办院会行署社团室府处联部门中心公司集团](?:[（(][^（）()]{1,20}[）)])?"
)
_TRAILING = re.compile(
    r"[（(]?\s*(?:此件|此页|联系人|联系电话|联系单位|抄送|主送|印发|公开|信息公开|依申请).*|.{0,40}(?:办公室|办公厅)\s*\d{4}年.{2,8}印发"
)
_LINE_OF_TITLE = 60  # characters; a longer line in the title block is a paragraph


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the document, as places in its list of lines: title block, body, signature."""

    name: str
    first: int
    body: int
    signature: int
    end: int


def find_parts(text: str, lines: list[tuple[int, int]]) -> list[Part]:
    """The notice, then each annex, in reading order; together they hold every line."""
    words = [text[start:end] for start, end in lines]
    bounds = _part_bounds(words)
    parts = []
    for index, (first, end) in enumerate(zip(bounds, [*bounds[1:], len(words)], strict=True)):
        name = "notice" if index == 0 else "annex" if index == 1 else f"annex{index}"
        body = _body_start(words, first, end, annex=index > 0)
        parts.append(Part(name, first, body, _signature_start(words, body, end), end))
    return parts


def _part_bounds(words: list[str]) -> list[int]:
    """Where each part begins."""
    bounds = [0]
    signed = _first_signature(words)
    wrapped = _wrapped_title(words)
    for index in range(1, len(words)):
        line = words[index]
        if index - bounds[-1] < 2:
            continue
        if _is_annex_head(words, index) or (wrapped and _bare(line) == wrapped and label_at(line) is None):
            bounds.append(index)
        elif signed is not None and index == signed and len(bounds) == 1:
            bounds.append(index)
    return bounds


def _is_annex_head(words: list[str], index: int) -> bool:
    """附件 on a line of its own or with a title, that is no list of annexes above the signature."""
    line = words[index].strip()
    match = _ANNEX.match(line)
    if not match or len(line) > 50 or line.endswith(("。", "；")):
        return False
    rest = line[match.end() :]
    if re.match(r"[则加表]|注|属|近|带|议", rest) or re.match(r"附\s*[录表]", line) and rest:
        return False
    listed = "：" in match[0] or ":" in match[0]
    if not any(_DAY.fullmatch(word) for word in words[max(0, index - 15) : index]) and any(
        _DAY.fullmatch(word) for word in words[index + 1 : index + 15]
    ):
        return False
    return not listed or not rest


def _wrapped_title(words: list[str]) -> str:
    """The title that a notice of the form 关于印发《…》的通知 wraps."""
    head = "".join(words[:12])
    match = re.search(r"(?:印发|发布|公布|转发)[^《》]{0,20}《(.+?)》的(?:通知|公告|函|通告|决定)", head)
    return _bare(match[1]) if match else ""


def _first_signature(words: list[str]) -> int | None:
    """The line behind the first signature with a date, if a further text of some length follows it."""
    for index, line in enumerate(words):
        if _DAY.fullmatch(line) and index > 2 and any("。" in word for word in words[:index]):
            following = index + 1
            while following < len(words) and (_TRAILING.fullmatch(words[following].strip())):
                following += 1
            rest = words[following:]
            if sum(map(len, rest)) > 150 and any(label_at(word) or "。" in word for word in rest):
                return following
            return None
    return None


def _bare(line: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff0-9A-Za-z]", "", line)


def _body_start(words: list[str], first: int, end: int, annex: bool) -> int:
    """The first line that is text: a clause, a paragraph, or what follows the addressees."""
    for index in range(first, end):
        line = words[index].strip()
        label = label_at(line)
        if label and not (annex and index == first):
            return index
        if _ADDRESSEE.fullmatch(line) and _ADDRESSED.search(line) and not annex:
            return index + 1
        if _is_prose(line) and not _is_note(line):
            if index - first <= 6 and _NEWS_LEAD.match(line) and (find_numbers(line) or "《" in line):
                continue
            return index
    return end


def _is_prose(line: str) -> bool:
    if "。" in line or line.endswith(("；", "：", ":")):
        return True
    return len(line) > _LINE_OF_TITLE and "，" in line


def _is_note(line: str) -> bool:
    """A note below the title: who passed it and when, (2021年…通过), and amendments."""
    if re.fullmatch(r"[（(〔].*[）)〕]", line, re.DOTALL):
        return bool(re.search(r"通过|公布|发布|修订|修正|施行|印发|批准|号|\d日", line))
    return (
        bool(
            re.match(r"(?:根据|\d{4}年|经)", line)
            and re.search(r"(?:通过|公布|发布|修订|修正|施行|批准|废止)[）)。]*$", line)
        )
        and len(line) < 160
    )


def _signature_start(words: list[str], body: int, end: int) -> int:
    """The line where the list of annexes, the issuers, the date and the notes behind it begin."""
    start = end
    dated = False
    for index in range(end - 1, body, -1):
        line = words[index].strip()
        if _DAY.fullmatch(line):
            dated = True
        elif _TRAILING.fullmatch(line) and not dated:
            pass
        elif dated and _SIGNER.fullmatch(line) and (label_at(line) is None):
            pass
        else:
            break
        start = index
    if not dated:
        trailing = start < end and all(
            re.match(r"[（(]?\s*(?:此件|此页)", words[i].strip()) for i in range(start, end)
        )
        start = start if trailing else end
    return _with_annex_list(words, body, start)


def _with_annex_list(words: list[str], body: int, start: int) -> int:
    """Take in the lines 附件：1.… 2.… right above the signature."""
    for index in range(start - 1, max(body, start - 15), -1):
        line = words[index].strip()
        if _ANNEX_LIST.match(line) or re.fullmatch(r"附\s*件\s*[:：]", line):
            return index
        label = label_at(line)
        if not (label and label.kind == Kind.DIGIT) or line.endswith("。"):
            break
    return start
