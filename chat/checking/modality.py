"""What a stretch of policy text does to what it names: forbids, allows, encourages, aims at, limits."""

from __future__ import annotations

import re
from enum import StrEnum


class Modal(StrEnum):
    """The force of a segment. The values are what staff read when one was lost or added."""

    PROHIBIT = "不得"
    NEGATE = "不/未"
    EXEMPT = "免/无需"
    OBLIGE = "应当"
    PERMIT = "可以"
    AIM = "力争"
    ENCOURAGE = "鼓励"
    PROMOTE = "支持/引导"
    PRINCIPLE = "原则上"
    PRIORITY = "优先"
    EXPLORE = "探索"
    GRADUAL = "逐步"
    ONLY = "仅"
    CONDITION = "符合条件"
    EXCEPT = "除外"
    AVOID = "防止"
    ALL = "全部/一律"
    FLOOR = "不少于"
    CEILING = "不超过"
    UP = "增加"
    DOWN = "减少"


_NOT = r"(?:不得|不应|不能|不宜|不可|未|没有|不)"
# Bounds (不得超过) do not forbid the act; 不断, 不仅 and the like negate nothing.
_BOUND = re.compile(rf"{_NOT}(?:少于|低于|小于|短于|早于|超过|超出|高于|多于|大于|长于|晚于|迟于)")
_NO_NEGATION = re.compile(
    r"不(?:断|仅|但|光|只|单|同|管|论|久|懈|日|妨|愧|动产|锈|定期|特定|一(?!定)|等|少|可抗力|可或缺|可分割|得不|折不扣|足|限)"
    r"|(?:永|毫|从)不|未来|未必|未成年|无论|无人|无线|无缝|无形|无偿|无障碍|无害|无抵押|无废|无纸|除非|非常|并非不|非公"
)
# Qualities: they do not negate the act, but their opposite is another thing (不合理 → 合理).
_QUALITY = re.compile(r"不(?:合理|正当|公平|平衡|充分|利|良|实|当|必要|法|规范|稳定|确定|明(?!确)|善)")
_MODALS: tuple[tuple[Modal, str], ...] = (
    (Modal.PROHIBIT, r"不得|不准|不许|不允许|禁止|严禁|不可(?!以)|不能|不应|不宜|切勿|杜绝"),
    (Modal.EXEMPT, r"无需|无须|毋须|不需|不必|不用|免[予于除征收缴交]|豁免"),
    (Modal.NEGATE, r"不(?!得|准|许|允许|可|能|应|宜|需|必|用)|未|没有|并非|尚无"),
    (
        Modal.OBLIGE,
        r"应当|必须|务必|务求|须(?!知)|(?<![对适相响效反感供])应(?![用急收付对税届变邀聘力链商战])|有义务",
    ),
    (
        Modal.PERMIT,
        r"可以|有权|(?<![许认不宁尽])可(?![获享领得持靠控行再复推能信视见观比用追操选研溯感读及执支交接穿编调分])|允许|准许",
    ),
    (
        Modal.AIM,
        r"力争|争取(?!到)|力求|努力(?!的)|拟(?=[培新建到在于推打实形])|预计|有望|目标|计划(?=[培建到在新实打支])",
    ),
    (Modal.ENCOURAGE, r"鼓励|倡导|提倡"),
    (Modal.PROMOTE, r"支持|引导|推动|促进|帮助|助力|推进|扶持"),
    (Modal.PRINCIPLE, r"原则上|一般(?=[不应为在按可由])|通常"),
    (Modal.PRIORITY, r"优先"),
    (Modal.EXPLORE, r"探索|研究(?=制定|制订|出台|设立|建立|推出|完善)|试行|先行先试"),
    (Modal.GRADUAL, r"逐步|分步|适时|适度|适当|酌情|视情"),
    (Modal.ONLY, r"(?<!不)仅|只[能限有]|唯一"),
    (
        Modal.CONDITION,
        r"(?:符合|具备|满足)\S{0,8}条件|有条件|同等条件|条件成熟|确有(?:必要|需要)|(?:根据|按照|视)\S{0,4}(?:需要|实际|情况)"
        r"|经\S{1,12}(?:批准|同意|审核|审批|认定)",
    ),
    (Modal.EXCEPT, r"除外|除\S{1,20}(?:以?外|之外)|另有规定"),
    (Modal.AVOID, r"防止|避免|防范|严防|制止|遏制|惩戒|处罚|打击"),
    (Modal.ALL, r"全部|所有|一律|全额|一定|必然|确保|保证(?!金)|均(?![衡等匀价值])|(?<!以)任何"),
    (Modal.UP, r"增加|增长|提高|上升|提升|扩大|加大|新增|增至|放宽"),
    (Modal.DOWN, r"减少|降低|下降|压减|缩减|削减|减轻|收窄|收紧|降至|减免|缩短"),
)
_PATTERN = re.compile("|".join(f"(?P<m{place}>{pattern})" for place, (_, pattern) in enumerate(_MODALS)))
_OPENING = re.compile(
    r"^(?:[积极大力重点着力优先继续充分进一步加强切实和并同时也还将要]{1,6})?(?P<verb>鼓励|倡导|提倡|支持|引导|推动|促进|帮助|助力|推进|扶持)"
)
_NEGATED_WORD = re.compile(r"[不未无非免](?P<word>[\u4e00-\u9fff]{2})")

# Forces that last to the end of the sentence; the rest hold for their own segment.
LASTING = frozenset((Modal.AIM, Modal.PRINCIPLE, Modal.CONDITION))
# Of these, what holds across ；as well.
ACROSS = frozenset((Modal.AIM,))
# What a rewording may not lose: without them it says more than its source.
KEPT = frozenset(
    (
        Modal.PROHIBIT,
        Modal.NEGATE,
        Modal.EXEMPT,
        Modal.PERMIT,
        Modal.AIM,
        Modal.ENCOURAGE,
        Modal.PROMOTE,
        Modal.PRINCIPLE,
        Modal.PRIORITY,
        Modal.EXPLORE,
        Modal.GRADUAL,
        Modal.ONLY,
        Modal.CONDITION,
        Modal.AVOID,
        Modal.EXCEPT,
        Modal.FLOOR,
        Modal.CEILING,
    )
)
# What a rewording may add: both only soften.
MAY_ADD = frozenset((Modal.AIM, Modal.PROMOTE))


_BARE_FORCE = re.compile(
    r"不得|不准|不许|不允许|禁止|严禁|不可以?|不能|不应|不予|无需|无须|不需|应当|必须|可以|力争|争取|努力|鼓励|倡导|提倡|支持|引导|原则上|优先|逐步|探索"
)


def without_force(text: str) -> str:
    """The text without the words that only give it its force, for finding what it restates."""
    return _BARE_FORCE.sub("\n", text)


def modals_of(segment: str) -> frozenset[Modal]:
    """The forces that a segment itself names."""
    plain = _BOUND.sub("\0", segment)
    plain = _QUALITY.sub("\0", _NO_NEGATION.sub("\0", plain))
    return frozenset(
        _MODALS[int(match.lastgroup[1:])][0] for match in _PATTERN.finditer(plain) if match.lastgroup
    )


_FLOOR = re.compile(rf"{_NOT}(?:少于|低于|小于|短于|早于)|至少")
_CEILING = re.compile(rf"{_NOT}(?:超过|超出|高于|多于|大于|长于|晚于|迟于)|至多")


def bounds_of(words: str) -> frozenset[Modal]:
    """Bounds whose measure is no number (不低于国家标准); those of numbers are parts of their quantities."""
    found = set()
    if _FLOOR.search(words):
        found.add(Modal.FLOOR)
    if _CEILING.search(words):
        found.add(Modal.CEILING)
    return frozenset(found)


_DIRECTION = re.compile(
    r"(?P<up>增加|增长|提高|上升|提升|扩大|加大|放宽|延长)|(?P<down>减少|降低|下降|压减|缩减|削减|减轻|收紧|缩短)"
)
_OBJECT = re.compile(r"(?:了|其)?(?P<what>[\u4e00-\u9fff]{2})")


def turned_direction(source: str, claim: str) -> str:
    """A direction that a claim turns round (降低保费 where the source has 提高保费), or an empty string."""
    stated: dict[str, set[str]] = {}
    for match in _DIRECTION.finditer(source):
        what = _OBJECT.match(source, match.end())
        if what and match.lastgroup:
            stated.setdefault(what["what"], set()).add(match.lastgroup)
    for match in _DIRECTION.finditer(claim):
        what = _OBJECT.match(claim, match.end())
        if what and what["what"] in stated and match.lastgroup not in stated[what["what"]]:
            return match[0] + what["what"]
    return ""


def opening_force(segment: str) -> Modal | None:
    """The force of the verb that opens a segment (鼓励…, 积极支持…), which also governs the segments after it."""
    match = _OPENING.match(segment)
    if not match:
        return None
    return Modal.ENCOURAGE if match["verb"] in ("鼓励", "倡导", "提倡") else Modal.PROMOTE


def flipped_word(source: str, claim: str) -> str:
    """A word that one text negates and the other does not (不合理 → 合理), or an empty string."""
    for one, other in ((source, claim), (claim, source)):
        one, other = _BOUND.sub("\0", one), _BOUND.sub("\0", other)
        for match in _NEGATED_WORD.finditer(_NO_NEGATION.sub("\0\0", one)):
            word = match["word"]
            if match[0] not in other and _affirms(other, word) and not _affirms(one, word):
                return match[0]
    return ""


def _affirms(text: str, word: str) -> bool:
    """Whether the word stands somewhere without a negation before it."""
    place = text.find(word)
    while place >= 0:
        if not place or text[place - 1] not in "不未无非免":
            return True
        place = text.find(word, place + 1)
    return False
