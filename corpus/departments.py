"""The departments that a clause makes responsible, and in what role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.document import Department, Role

# How names of organs end. 工业和信息化部, 省国资委, 各县（市、区）人民政府, 有关行业协会.
_ENDING = (
    r"(?:部|委|局|厅|办|行|会|院|署|联|社|团|所|站|校|中心|政府|部门|单位|机关|机构|公司|集团|企业|银行|海关|大学|兵团|园区|开发区|高新区|新区"
    r"|街道|镇|乡|县|市|区|州|省|旗|盟|各地|地方|指挥部|领导小组|专班|大队|支队|总队|银监|证监|税务|人行|处)"
)
_ORGAN = re.compile(rf"[^\s。，；：]{{0,40}}{_ENDING}(?:[（(][^（）()]{{1,20}}[）)])?")
# Beyond doubt an organ, even where no role is said: 市工信局, 人行成都分行.
_SURE = re.compile(
    r"[\u4e00-\u9fff·]{1,30}(?:部|委|局|厅|办|署|人民政府|管委会|委员会|办公室|银行|分行|法院|检察院|工商联|总工会|海关|中心|部门|单位|公司|集团|协会|人行)"
    r"(?:[（(][^（）()]{1,20}[）)])?"
)
_NO_ORGAN = re.compile(
    r"^(?:包括|含|如|即|指|下称|以下|简称|不含|其中)|全部|内部|干部|外部|局部|总部|俱乐部|经办|主办|举办|承办|开办|创办"
)
_DUTY = (
    r"(?:(?:按照?|依据?|根据|依照)(?:各自|部门|工作|有关)*的?(?:职责|职能|任务|分工|工作|权限)*(?:范围内?)?|各司其职)?"
    r"(?:共同|分别|具体|联合|负总责|总)?"
)
_END = r"(?:有关|相关)?(?:工作)?$"
_ROLES: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(rf"{_DUTY}牵头(?:负责|落实|组织实施|组织|推进|实施)?{_END}"), "牵头"),
    (
        re.compile(
            rf"{_DUTY}(?:共同|积极|协同|协助)?(?:配合|协助|参与|参加|协同|支持)(?:落实|实施|推进|做好)?{_END}"
        ),
        "配合",
    ),
    (
        re.compile(
            rf"{_DUTY}(?:抓好|组织|推进|贯彻)?(?:负责|落实|实施|承担|推进)(?:落实|实施)?{_END}|按照?(?:各自)?(?:职责|职能)(?:任务)?分工$"
        ),
        "负责",
    ),
)
_PREFIX = re.compile(
    r"(?P<role>牵头|责任|配合|负责|主办|协办|参与|落实|参加|实施|主责|协同|承办|完成)(?:单位|部门|处室|科室|机构|主体)(?:及分工)?\s*[:：]"
)
_PREFIX_ROLE: dict[str, Role] = {
    "牵头": "牵头",
    "主办": "牵头",
    "主责": "牵头",
    "配合": "配合",
    "协办": "配合",
    "参与": "配合",
    "参加": "配合",
    "协同": "配合",
}
_ETC = re.compile(r"(.+)等([\u4e00-\u9fff]{0,12}(?:部门|单位|机构)|各方)?")
_LONGEST_ETC = 4  # characters; 有关部门 and 单位 say nothing of whom
_GROUP = re.compile(r"[（(【\[]((?:[^（）()【】\[\]]|[（(][^（）()]*[）)])*)[）)】\]]")
_OWN_LINE = re.compile(rf"(?:^|(?<=[。；]))[ \t\u3000]*({_PREFIX.pattern}[^\n]*)$", re.MULTILINE)
_QUICK = re.compile(r"负责|牵头|配合|落实|(?:单位|部门)[:：]|[委局厅办部会行）)][）)】\]]")
# 以下均需各地相关部门落实，不再列出
_RULE = re.compile(
    r"以下(?!简称)(?P<what>[^，。；、]{0,10}?)(?:均需|均由|均须|都由|都需|需|由)(?P<who>[^。；，,]+?)(?:负责|落实|配合|牵头)[^。；，,]*"
    r"(?:[，,；;]?不再[\u4e00-\u9fff]{0,6}列出?)?|[，,；;]?不再[\u4e00-\u9fff]{0,4}列出"
)
_NO_NAME = re.compile(
    r"下同|长期|持续|常态化|(?:完成)?时限|.*(?:\d年|\d月|底前|前完成|前启动)"
)  # when, not who
_PLACE = re.compile(r"各?(?:设区)?(?:市|县|区|州|盟|旗|乡|镇|街道|区县|县区)(?:[（(][^（）()]*[）)])?")


@dataclass(frozen=True)
class Duties:
    """What a clause says of departments; `rule` is the stretch that speaks of all that follow, if any."""

    departments: tuple[Department, ...] = ()
    rule: tuple[int, int] | None = None
    rule_departments: tuple[Department, ...] = ()


def find_duties(text: str) -> Duties:
    """The departments in the lists of a clause: in brackets behind a sentence, or on a line of their own."""
    if not _QUICK.search(text):
        return Duties()
    found: dict[Department, None] = {}
    rule: tuple[int, int] | None = None
    ruled: tuple[Department, ...] = ()
    covered = 0
    for match in sorted((*_GROUP.finditer(text), *_OWN_LINE.finditer(text)), key=lambda m: m.start()):
        if match.start() < covered or (match.re is _GROUP and not _may_list(text, match)):
            continue
        duties = read_list(match[1], bare=_at_end(text, match.end()))
        if duties.departments:
            covered = match.end()
            found.update(dict.fromkeys(duties.departments))
        if duties.rule:
            begin = match.start(1)
            rule, ruled = (begin + duties.rule[0], begin + duties.rule[1]), duties.rule_departments
    return Duties(tuple(found), rule, ruled)


def _may_list(text: str, match: re.Match[str]) -> bool:
    """A list stands behind a finished sentence, on a line of its own, or at the end of a paragraph."""
    before = text[: match.start()].rstrip(" \t\u3000\u00a0")
    return not before or before[-1] in "。；;！\n”）)" or _at_end(text, match.end())


def _at_end(text: str, place: int) -> bool:
    """Whether nothing follows in the paragraph."""
    end = text.find("\n", place)
    return not text[place : end if end >= 0 else len(text)].strip(" \t\u3000\u00a0。；;.")


def read_list(text: str, *, bare: bool = False) -> Duties:
    """Read one list, given without its brackets. `bare`: names without any role count too, if beyond doubt."""
    rule = _RULE.search(text)
    ruled: tuple[Department, ...] = ()
    listed = text
    if rule:
        ruled = tuple(Department(name, "负责") for name in _names(rule["who"])) if rule["who"] else ()
        listed = text[: rule.start()] + text[rule.end() :]
    found: list[Department] = []
    said = rule is not None
    for role, stretch in _segments(listed):
        departments, rest = _read_segment(stretch)
        said = said or bool(departments) or role is not None
        found += departments
        if role or (rest and all(_is_sure(name) for name in rest)):
            found += [Department(name, role or "负责") for name in rest]
        elif rest:
            return Duties()
    if not found or not (said or bare) or not all(_plausible(item.name) for item in found):
        return Duties()
    return Duties(tuple(dict.fromkeys(found)), rule.span() if rule and ruled else None, ruled)


def _segments(text: str) -> Iterator[tuple[Role | None, str]]:
    """The stretches behind 牵头单位： and the like with their roles; what stands before has none."""
    role: Role | None = None
    begin = 0
    for match in _PREFIX.finditer(text):
        if text[begin : match.start()].strip(" \t，,；;。、"):
            yield role, text[begin : match.start()]
        role, begin = _PREFIX_ROLE.get(match["role"], "负责"), match.end()
    yield role, text[begin:]


def _read_segment(text: str) -> tuple[list[Department], list[str]]:
    """The departments whose role follows them, and the names behind which no role stands."""
    found: list[Department] = []
    pending: list[str] = []
    for piece in _pieces(text):
        words, role = _part_role(piece)
        pending += _names(words)
        if role:
            found += [Department(name, role) for name in pending]
            pending = []
    return found, pending


def _pieces(text: str) -> list[str]:
    """The items between marks; marks inside brackets do not divide, nor does 各市、县人民政府."""
    pieces: list[str] = []
    depth = start = 0
    for place, char in enumerate(f"{text}、"):
        depth += (char in "（(〈") - (char in "）)〉")
        if char not in "、，,；;。\n" or (depth > 0 and place < len(text)):
            continue
        piece = text[start:place].strip()
        start = place + 1
        if pieces and _PLACE.fullmatch(pieces[-1]) and re.match(r"[市县区州盟旗乡镇街]", piece):
            pieces[-1] += f"、{piece}"
        elif piece and not _NO_NAME.match(piece):
            pieces.append(piece)
    return pieces


def _part_role(words: str) -> tuple[str, Role | None]:
    """Part an item into the names and the role behind them."""
    for pattern, role in _ROLES:
        match = pattern.search(words)
        if match:
            return words[: match.start()], role
    return words, None


def _names(words: str) -> list[str]:
    """The names in an item: parted at 、, and at 和, 及, 会同 where a whole name stands on the left."""
    words = re.sub(r"^(?:由|以及|及|和|与|会同|联合)", "", words.strip())
    names: list[str] = []
    for piece in _pieces(words) if "、" in words else [words]:
        for part in re.split(r"会同|联合(?=[省市国])", piece):
            for whole in _split_etc(part.strip()):
                for name in _split_and(whole):
                    names += _unstick(name)
    return [name for name in names if name]


def _split_etc(words: str) -> list[str]:
    """省国资委等单位 names 省国资委; 工业和信息化部等国务院相关部门 names both."""
    match = _ETC.fullmatch(words)
    if not match:
        return [words]
    left, others = match[1], match[2] or ""
    return [left, others] if len(others) > _LONGEST_ETC else [left]


def _split_and(words: str) -> list[str]:
    """Never inside a name such as 工业和信息化部 or 人力资源和社会保障局."""
    for match in re.finditer(r"以及|及|和|与", words):
        left, right = words[: match.start()], words[match.end() :]
        if len(left) > 1 and right and _ORGAN.fullmatch(left) and not re.match(r"其(?!他)", right):
            return [left, *_split_and(right)]
    return [words]


def _unstick(words: str) -> list[str]:
    """Part names with a blank or nothing between them: 市发改委 市财政局, 市经信局市新经济委."""
    parts = [part for part in re.split(r"\s+|(?<=[局委厅办部])(?=[省县区]|市(?!场))", words) if part]
    return parts if len(parts) > 1 and all(_is_sure(part) for part in parts) else [words]


def _is_sure(name: str) -> bool:
    return len(name) >= 3 and bool(_SURE.fullmatch(name)) and not _NO_ORGAN.search(name)


def _plausible(name: str) -> bool:
    """Whether a name in a list can be that of an organ: short, no sentence, no figure."""
    if not 2 <= len(name) <= 40 or re.search(r"[。！？：:“”《》\d%％〔〕]|^(?:加快|进一步|积极|以下)", name):
        return False
    return bool(_ORGAN.fullmatch(name)) or len(name) <= 6
