"""The departments that a clause makes responsible, and in what role."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.document import Department, Role

_ORGAN = (
    r"(?:部|委|局|厅|办|行|会|院|署|处|联|社|团|所|站|校|中心|政府|部门|单位|机关|机构|公司|集团|企业|协会|学会|商会|委员会|办公室|兵团|园区|开发区|高新区|新区|管委会"
    r"|法院|检察院|银行|分行|工会|妇联|残联|科协|工商联|税务|海关|大学|学院|街道|乡镇|镇|乡|县|市|区|州|省|各地|指挥部|领导小组|专班|法庭|支队|大队|总队)"
)
_NAME = re.compile(rf"[\u4e00-\u9fff·]{{0,24}}{_ORGAN}(?:[（(][^（()）]{{1,16}}[）)])?")
_SURE = re.compile(
    r"[\u4e00-\u9fff·]{1,30}(?:部|委|局|厅|办|署|人民政府|管委会|委员会|办公室|银行|分行|法院|检察院|工商联|总工会|海关|中心|部门|单位|公司|集团|协会|人行)"
    r"(?:[（(][^（）()]{1,16}[）)])?"
)
_NO_ORGAN = re.compile(
    r"^(?:包括|含|如|即|指|下称|以下|简称|不含|其中)|全部|内部|干部|外部|局部|总部|俱乐部|门店|经办|主办|举办|承办|开办"
)
_DUTY = (
    r"(?:(?:按照?|依据?|根据|依照)(?:各自|部门|工作|有关)*的?(?:职责|职能|任务|分工|工作|权限)*(?:范围内?)?|各司其职)?"
    r"(?:共同|分别|具体|联合|负总责|总)?"
)
_LEAD = re.compile(
    rf"(?:{_DUTY})?(?:共同|联合|总)?牵头(?:负责|落实|组织实施|组织|推进|实施|单位|部门)?(?:相关工作)?$"
)
_HELP = re.compile(
    rf"(?:{_DUTY})?(?:共同|积极|协同|协助)?(?:配合|协助|参与|参加|协同|支持)(?:落实|实施|推进|做好)?(?:有关|相关)?(?:工作)?$"
)
_DO = re.compile(
    rf"(?:{_DUTY})?(?:抓好|组织|推进|贯彻)?(?:负责|落实|组织实施|实施|承担|推进)(?:落实|实施)?(?:有关|相关)?(?:工作)?$|按照?(?:各自)?(?:职责|职能)(?:任务)?分工$"
)
_PREFIX = re.compile(
    r"(?P<role>牵头|责任|配合|负责|主办|协办|参与|落实|参加|实施|主责|协同|承办|完成)\s*(?P<unit>单位|部门|处室|科室|机构|主体|领导)?\s*(?P<and>及|和|与)?(?:分工)?\s*[:：]"
)
_ROLE_OF: dict[str, Role] = {
    "牵头": "牵头",
    "主办": "牵头",
    "主责": "牵头",
    "配合": "配合",
    "协办": "配合",
    "参与": "配合",
    "参加": "配合",
    "协同": "配合",
}
_ETC = re.compile(r"等(?:有关|相关|各)?(?:部门|单位|机构|各部门|各单位)?$")
_GROUP = re.compile(r"[（(【\[]([^（()）【】\[\]]*(?:[（(][^（()）]*[）)][^（()）【】\[\]]*)*)[）)】\]]")
_RULE = re.compile(r"以下|下同|下列|不再列出|不再一一列出|均需|均由")
_OWN_LINE = re.compile(
    r"^\s*(?:[（(【\[])?\s*(?:牵头|责任|配合|负责|主办|协办|落实|参与|主责)(?:单位|部门|处室|科室|主体)\s*[:：].*$",
    re.MULTILINE,
)
_QUICK = re.compile(r"负责|牵头|配合|落实|单位|部门|[委局厅办部会行][）)】]")


@dataclass(frozen=True)
class Duties:
    """What a clause says of departments; `rule` is the stretch that speaks of all that follow, if any."""

    departments: tuple[Department, ...]
    rule: tuple[int, int] | None = None
    rule_departments: tuple[Department, ...] = ()


def find_duties(text: str) -> Duties:
    """The departments in the lists of a clause: in brackets behind a sentence, or on a line of their own."""
    if not _QUICK.search(text):
        return Duties(())
    found: dict[Department, None] = {}
    rule: tuple[int, int] | None = None
    ruled: tuple[Department, ...] = ()
    covered = 0
    for match in sorted(
        (*_GROUP.finditer(text), *_OWN_LINE.finditer(text)), key=lambda m: (m.start(), -m.end())
    ):
        if match.start() < covered:
            continue
        inner = match[1] if match.re is _GROUP else match[0].strip(" \t\n（()）【】[]。")
        if match.re is _GROUP and not _may_list(text, match):
            continue
        departments, rule_place, rule_departments = read_list(inner, bare=_at_end(text, match.end()))
        if departments:
            covered = match.end()
            found.update(dict.fromkeys(departments))
        if rule_place and departments:
            begin = match.start(1) if match.re is _GROUP else match.start()
            rule, ruled = (begin + rule_place[0], begin + rule_place[1]), rule_departments
    return Duties(tuple(found), rule, ruled)


def _may_list(text: str, match: re.Match[str]) -> bool:
    """A list stands behind a finished sentence, on a line of its own, or at the end of a paragraph."""
    before = text[: match.start()].rstrip(" \t\u3000\u00a0")
    return not before or before[-1] in "。；;！\n”）)" or _at_end(text, match.end())


def _at_end(text: str, place: int) -> bool:
    """Whether nothing follows in the paragraph."""
    return not text[place:].split("\n", 1)[0].strip(" \t\u3000\u00a0。；;.")


def read_list(
    text: str, bare: bool = False
) -> tuple[tuple[Department, ...], tuple[int, int] | None, tuple[Department, ...]]:
    """Departments of one list, the stretch of a rule for what follows, and the departments of that rule.

    `bare`: also accept a list that says no role, if every item is the name of an organ.
    """
    text_start = len(text) - len(text.lstrip())
    found: list[Department] = []
    pending: list[str] = []
    rule: tuple[int, int] | None = None
    ruled: list[Department] = []
    prefix_role: Role | None = None
    said = False
    for start, piece in _pieces(text, text_start):
        words = piece.strip()
        prefix = _PREFIX.match(words)
        if prefix:
            if prefix_role:
                found += [Department(name, prefix_role) for name in pending]
                pending = []
            prefix_role = _ROLE_OF.get(prefix["role"], "负责")
            said = True
            words = words[prefix.end() :].strip()
        if not words:
            continue
        if _RULE.search(words):
            rule = (rule[0] if rule else start, start + len(piece))
            named = re.search(r"(?:均需|均由|由|需)([\u4e00-\u9fff]+?)(?:负责|落实|配合|牵头)", words)
            if named:
                ruled.append(Department(named[1], "负责"))
            continue
        name, role = _role_of(words)
        if name:
            pending += _split_names(name)
        if role:
            said = True
            found += [Department(item, role) for item in pending]
            pending = []
    if pending:
        if prefix_role:
            found += [Department(item, prefix_role) for item in pending]
        elif bare and not said and all(_is_organ(item) for item in pending):
            found += [Department(item, "负责") for item in pending]
        elif said and all(_is_organ(item) for item in pending):
            found += [Department(item, "负责") for item in pending]
    if not said and len(found) == 1 and len(found[0].name) < 3:
        return (), None, ()
    if any(not _plausible(item.name) for item in found):
        return (), None, ()
    return tuple(dict.fromkeys(found)), rule, tuple(ruled)


def _pieces(text: str, begin: int) -> list[tuple[int, str]]:
    """The items between marks, with their offsets; marks inside brackets do not divide."""
    pieces = []
    depth = 0
    start = begin
    for place in range(begin, len(text)):
        char = text[place]
        depth += (char in "（(") - (char in "）)")
        if char in "、，,；;。\n" and depth <= 0:
            pieces.append((start, text[start:place]))
            start = place + 1
    pieces.append((start, text[start:]))
    return pieces


def _role_of(words: str) -> tuple[str, Role | None]:
    """Part an item into the names and the role behind them."""
    for pattern, role in ((_LEAD, "牵头"), (_HELP, "配合"), (_DO, "负责")):
        match = _earliest(pattern, words)
        if match is not None:
            return words[:match], role  # type: ignore[return-value]
    return words, None


def _earliest(pattern: re.Pattern[str], words: str) -> int | None:
    match = pattern.search(words)
    return match.start() if match else None


def _split_names(words: str) -> list[str]:
    words = _ETC.sub("", words.strip())
    words = re.sub(r"^(?:由|以及|及|和|与|会同|联合)", "", words)
    names = []
    for part in re.split(r"会同|联合(?=[省市国])", words):
        names += _split_and(part)
    return [name for name in names if name]


def _split_and(words: str) -> list[str]:
    """Split at 和, 及, 与 where a whole name stands on the left: never inside 工业和信息化部."""
    for match in re.finditer(r"以及|及|和|与", words):
        left, right = words[: match.start()], words[match.end() :]
        if (
            left
            and right
            and re.search(rf"{_ORGAN}(?:[）)])?$", left)
            and not re.match(r"(?:其|社会保障|委员会|化)", right)
        ):
            return [_ETC.sub("", left), *_split_and(_ETC.sub("", right))]
    return [words]


def _is_organ(name: str) -> bool:
    """Whether a name that no role follows is beyond doubt that of an organ."""
    return len(name) >= 3 and bool(_SURE.fullmatch(name)) and not _NO_ORGAN.search(name)


def _plausible(name: str) -> bool:
    """A name is short and holds no sentence."""
    return 2 <= len(name) <= 40 and not re.search(
        r"[。！？：:“”《》\d%％〔〕]|[一二三四五六七八九十]+[年月日]", name
    )
