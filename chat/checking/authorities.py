"""Departments: named exactly as in the source (人民银行 is not 人民银行济南分行), and in the role it gives them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.regions import find_regions

# Long and short names of one department, in the order in which they are shortened.
_SHORT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(long), short)
    for long, short in (
        (r"发展(?:和)?改革委员会|发展(?:和)?改革委", "发改委"),
        (r"发展(?:和)?改革(?=[局厅部主])", "发改"),
        (r"科学技术(?=[部厅局委])", "科技"),
        (r"工业和信息化(?=[部厅局委])", "工信"),
        (r"经济和信息化(?=[部厅局委])", "经信"),
        (r"人力资源(?:和)?社会保障(?=[部厅局])", "人社"),
        (r"国有资产监督管理委员会", "国资委"),
        (r"(?:国务院|人民政府)国资委", "国资委"),
        (r"(?:中国)?证券监督管理委员会", "证监会"),
        (r"证监会([\u4e00-\u9fff]{2,3})监管局", r"\1证监局"),
        (r"(?:中国)?银行保险监督管理委员会", "银保监会"),
        (r"市场监督管理(?=[总局厅委])", "市场监管"),
        (r"金融监督管理(?=[总局])", "金融监管"),
        (r"卫生健康委员会|卫生健康委", "卫健委"),
        (r"(?:中华)?全国工商业联合会", "全国工商联"),
        (r"工商业联合会", "工商联"),
        (r"中国人民银行", "人民银行"),
        (r"国家(?=发改委|卫健委|市场监管总局|税务总局|金融监管总局)", ""),
        (r"委员会", "委"),
    )
)
_LONG = re.compile(r"委员会|改革|科学技术|信息化|社会保障|监督管理|卫生健康|工商业|中国人民银行|国资委|国家")
_STOP = re.compile(r"[。；;\n]")
_HAN = r"\u4e00-\u9fff"
# Where a name ends. Single characters are excluded where they end or begin another word (干部, 格局, 部分).
_NAME_END = re.compile(
    r"(?:人民政府|国务院|人民法院|检察院|办公[厅室]|工商联|证监会|银保监会|海关"
    rf"|人民银行(?:[{_HAN}]{{2,6}}?(?:分行|支行|营业管理部))?"
    r"|(?<=[\u4e00-\u9fff]{2})(?<!发文|发布|印发|制定|国家|行政|司法|立法|有关|相关|各级|党政)机关"
    r"|(?<=[\u4e00-\u9fff]{2})(?<!责任|牵头|负责|配合|哪些|什么)(?<![各等多跨个一几些该本两三四五六七八九十级])部门"
    r"|(?<![全内外总干西东中北南局零一分本俱])部(?![分署门队位件落长级内外委])"
    r"|(?<![格布结全大开僵时战邮当])局(?![面部限势域长中])|厅(?![堂长局])|(?<![部签])署(?!名)"
    r"|(?<=[\u4e00-\u9fff])(?<![党团常])委(?![托员派任会书内]))"
)
_GENERIC = re.compile(
    r"(?:各地区?|各级|当地|地方)?(?:有关|相关|各有关|主管|行政|职能|业务|监管|管理|其他|行业|政府|工作)+(?:部门|机关)$"
)
_BEFORE_NAME = "由和与及同向经报对将为是合给从让需在并等或者把被请送按照据交到各：、，。；（(,;:)）\0"

_ROLE_BEHIND = re.compile(r"牵头|负责|配合|协助|参与|会同")
_ROLE_BEFORE = re.compile(
    r"(?P<role>牵头|责任|负责|配合|主办|协办|主管)(?:单位|部门|机构)?(?:[：:]|为|是|有|包括)"
)
_ISSUE_BEHIND = re.compile(r"(?:联合|共同)?(?:印发|发布|发文|制定|出台|颁布|下发)")
_ISSUE_BEFORE = re.compile(
    r"(?:发文|发布|印发|制定|联合发文)(?:机关|单位|部门|机构)(?:[：:]|为|是|有|包括|共\S{1,6}[：:])"
)
_SAME_ROLE = {
    "责任": "负责",
    "主管": "负责",
    "主办": "牵头",
    "协办": "配合",
    "协助": "配合",
    "参与": "配合",
    "会同": "牵头",
}
ISSUES = "印发"


@dataclass(frozen=True)
class Mention:
    """A department that a text names: `run` is its name with whatever characters stand before it."""

    run: str
    roles: frozenset[str]


def shorten(text: str, region: str = "") -> str:
    """The text with every department in its short form; the own province of a document becomes 省."""
    if _LONG.search(text):
        for long, short in _SHORT:
            text = long.sub(short, text)
    if region.endswith(("省", "市")):
        text = re.sub(rf"{region}(?=[{_HAN}]{{1,12}}[厅局委办])", region[-1], text)
    return text


def find_mentions(text: str) -> list[Mention]:
    """The departments in shortened text, each with the roles that the text gives it."""
    mentions = []
    for match in _NAME_END.finditer(text):
        begin = match.end()
        while begin > 0 and match.end() - begin < 20 and "\u4e00" <= text[begin - 1] <= "\u9fff":
            begin -= 1
        run = text[begin : match.end()]
        generic = _GENERIC.search(run)
        if len(run) < 2 or generic and (not generic.start() or run[generic.start() - 1] in _BEFORE_NAME):
            continue
        mentions.append(Mention(run, roles_at(text, match.end())))
    return mentions


def roles_at(text: str, end: int) -> frozenset[str]:
    """The roles of a name that ends at `end`: by the role word behind its list, or by a heading before it."""
    stop = _STOP.search(text, end)
    limit = stop.start() if stop else len(text)
    start = max(text.rfind(mark, 0, end) for mark in "。；;\n") + 1
    roles = set()
    headings = list(_ROLE_BEFORE.finditer(text, start, end))
    behind = _ROLE_BEHIND.search(text, end, limit)
    if headings:
        roles.add(_role(headings[-1]["role"]))
    elif behind and not re.search(r"[，,]\S{8,}", text[end : behind.start()]):
        roles.add(_role(behind[0]))
    if _ISSUE_BEFORE.search(text, start, end) or (
        (issued := _ISSUE_BEHIND.search(text, end, limit))
        and not re.search(r"[，,《]", text[end : issued.start()])
    ):
        roles.add(ISSUES)
    return frozenset(roles)


def gives_role(lead: str) -> bool:
    """Whether a lead says what the departments after it do: 牵头单位：, 发文机关："""
    return bool(_ROLE_BEFORE.search(lead) or _ISSUE_BEFORE.search(lead))


def known_names(text: str, names: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Every name of a source with its roles: those of its lists, and those that its sentences mention."""
    known: dict[str, set[str]] = defaultdict(set)
    for name, roles in names.items():
        known[name] |= roles
    for mention in find_mentions(text):
        known[mention.run] |= mention.roles
    return {name: frozenset(roles) for name, roles in known.items()}


def match_name(run: str, known: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    """The roles that a source gives to the department at the end of `run`; None where it does not name it.

    The name must be whole on both sides: nothing of it may be missing, nothing be added.
    """
    found: set[str] | None = None
    for name, roles in known.items():
        length = _shared_ending(run, name)
        if length < _least(name):
            continue
        own, other = _before(run, length), _before(name, length)
        if (_parts(own) and not _extends(other)) or (_parts(other) and not _extends(own)):
            found = (found or set()) | roles
    return frozenset(found) if found is not None else None


def allows(role: str, roles: frozenset[str]) -> bool:
    """Whether a source that gives these roles lets a statement speak of this one; who leads is also responsible."""
    return role in roles or (role == "负责" and "牵头" in roles)


def _shared_ending(one: str, other: str) -> int:
    length = 0
    while length < min(len(one), len(other)) and one[-1 - length] == other[-1 - length]:
        length += 1
    return length


def _least(name: str) -> int:
    """How many characters two names must share to be one: more than the kind of organ."""
    if name.endswith(("部门", "机关", "政府", "法院")):
        return 4
    return min(3, len(name))


def _before(run: str, length: int) -> str:
    return run[: len(run) - length]


def _parts(before: str) -> bool:
    """Whether a name plainly begins behind these characters: at the start, or behind 由, 和, 、 and the like."""
    return not before or before[-1] in _BEFORE_NAME


def _extends(before: str) -> bool:
    """Whether these characters belong to the name and make it another: 省, 济南."""
    return bool(before) and (before[-1] in "省市县区州国总副原级" or bool(find_regions(before[-4:])))


def _role(word: str) -> str:
    return _SAME_ROLE.get(word, word)
