"""Metadata blocks that pages print above a policy: 索引号, 发文机关, 发文字号, 成文日期, ….

Their fields are read, then the block is removed. A title, number, issuer or date that the document
itself does not print stays, so that it can be cited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.draft import Edit, lines
from corpus.furniture import WEB_INFO
from corpus.labels import label_at

METADATA = "网页元数据（已读入）"

_KEYS = {
    "title": "标题 名称 文件名称 文件标题 信息名称 公文名称 题名 题",
    "number": "发文字号 发文文号 文件编号 公文文号 发布文号 文号 发文号",
    "issuer": "发文机关 发布机构 发文机构 发文单位 制定机关 发布机关 公开机构 制发机关 发布单位 颁布单位 发文部门 印发机关",
    "date": "成文日期 生成日期 成文时间 发文日期 发文时间 印发日期 印发时间 制发日期 签发日期 形成日期 颁布日期 生成时间",
    "from": "实施日期 生效日期 施行日期 生效时间 实施时间 执行日期",
    "until": "失效日期 废止日期 失效时间 有效期至 截止日期 终止日期",
    "other": "索引号 信息索引号 索引 信息索引 索取号 主题分类 公文种类 体裁分类 信息分类 组配分类 服务对象 主题词 关键词 发布日期 发布时间 公开日期"
    " 公开方式 公开范围 公开时限 公开形式 公开类别 公开程序 有效性 效力状态 是否有效 时效性 时效 有效期 来源 信息来源 源 文件类型 文件分类 文件种类 内容概述 内容概况"
    " 概述 概要 摘要 分类 所属主题 所属机构 所属栏目 所属分类 语种 载体类型 审批程序 统一编号 统一登记号 登记号 规范性文件统一编号 规范性文件登记号 规范性文件编号 主题 信息类别"
    " 文种 主办单位 责任部门 信息状态 公文时效 效力级别 适用范围 点击数 更新日期 更新时间 作者 编号",
}
# Keys that alone tell a metadata block; the rest count beside another field.
_TELLING = frozenset(
    "索引号 信息索引号 索取号 发文字号 发文文号 公文文号 发布文号 发文机关 发布机构 发文机构 主题分类 公文种类 体裁分类 信息分类 组配分类 成文日期 生成日期"
    " 公开方式 公开范围 公开时限 有效性 效力状态 统一登记号 规范性文件统一编号 公文时效 信息索引 发布机关 制定机关 信息名称".split()
)
_KIND = {key: kind for kind, keys in _KEYS.items() for key in keys.split()}
_LOOSE = r"[ \t\u00a0\u2002\u2003\u3000]*"
_FIELD = re.compile(
    rf"(?:^|(?<=[\s|｜•·\[【（(；;]))[•·▪■◆]?{_LOOSE}[\[【]?(?P<key>"
    + "|".join(_LOOSE.join(key) for key in sorted(_KIND, key=len, reverse=True))
    + rf"){_LOOSE}[\]】]?{_LOOSE}(?:[:：]{_LOOSE}\|?|\|)"
)
_MOST_LINES = 80
_BODY_LENGTH = 200  # characters: a longer stretch without a field is text


@dataclass(frozen=True)
class Field:
    """One field of a metadata block: `start` and `end` span key and value."""

    kind: str
    key: str
    value: str
    start: int
    end: int


def fields(text: str) -> list[Field]:
    """The metadata fields above (or right below) the policy, in reading order."""
    blocks: list[list[Field]] = [[]]
    last = -1
    for place, (start, end) in enumerate(_zone(text)):
        line = text[start:end]
        found = _fields_of(line, start)
        if not found:
            continue
        if last >= 0 and place - last > 2:
            blocks.append([])
        blocks[-1] += found
        last = place
    return [item for block in blocks if _is_block(block) for item in block]


def _zone(text: str) -> list[tuple[int, int]]:
    """The lines before the first clause or paragraph, blank lines left out."""
    zone = []
    for start, end in lines(text)[:_MOST_LINES]:
        line = text[start:end]
        if not _FIELD.match(line) and (label_at(line) or (len(line) > _BODY_LENGTH) or line.endswith("。")):
            break
        zone.append((start, end))
    return zone


def _fields_of(line: str, start: int) -> list[Field]:
    matches = list(_FIELD.finditer(line))
    if not matches or line[: matches[0].start()].strip(" \t\u00a0\u3000|•·"):
        return []
    ends = [match.start() for match in matches[1:]] + [len(line)]
    return [
        Field(
            _KIND[key],
            key,
            line[match.end() : end].strip(" \t\u00a0\u2002\u2003\u3000|；;"),
            start + match.start(),
            start + end,
        )
        for match, end in zip(matches, ends, strict=True)
        for key in [re.sub(r"\s+", "", match["key"])]
    ]


def _is_block(block: list[Field]) -> bool:
    keys = {item.key for item in block}
    return bool(keys & _TELLING) and (len(block) > 1 or keys <= {"索引号", "发文字号", "信息索引号"})


def field_edits(text: str, found: Sequence[Field]) -> list[Edit]:
    """Take the blocks out, save what the document itself does not print."""
    if not found:
        return []
    rest = _bare("".join(_gaps(text, found)))
    edits = []
    kept: set[str] = set()
    for item in found:
        value = _bare(item.value)
        stays = (
            item.kind in ("title", "number", "date")
            and value
            and value not in kept
            and not _printed(item, value, rest)
        )
        if stays:
            kept.add(value)
        else:
            edits.append(
                Edit(
                    item.start,
                    item.end,
                    WEB_INFO if item.key in ("来源", "信息来源") and len(found) == 1 else METADATA,
                )
            )
    return edits


def _gaps(text: str, found: Sequence[Field]) -> list[str]:
    bounds = [0] + [place for item in found for place in (item.start, item.end)] + [len(text)]
    return [text[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True)]


def _bare(text: str) -> str:
    """Ideographs and digits alone, with zeros before month and day taken away."""
    return re.sub(r"(?<=[年月])0", "", re.sub(r"[^\u4e00-\u9fff\d]", "", text))


def _printed(item: Field, value: str, rest: str) -> bool:
    if item.kind == "date":
        day = re.match(r"(\d{4})年?(\d{1,2})月?(\d{1,2})日?$", value)
        if re.fullmatch(r"\d{8}", value):
            value = f"{value[:4]}年{int(value[4:6])}月{int(value[6:])}日"
        elif day:
            value = f"{day[1]}年{int(day[2])}月{int(day[3])}日"
    return value in rest
