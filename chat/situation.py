"""A message that tells an enterprise's situation and then asks: what asks, and what is but told.

我们厂在嘉兴，2009年建的，八十来人。今年换了一批设备，技改补助能补百分之几？ The year, the staff and what the factory makes are
no topic: searched with the question they lead away from it, and taken for constraints they refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from chat.parts import asks
from corpus.regions import find_regions
from index.words import QUESTION_WORDS, tokenize

_PIECE = re.compile(r"[^，,。！!？?；;：:\n]*[，,。！!？?；;：:\n]*")
_LEAST = 46  # characters of a message that is looked into
_LEAST_BRIEF = (
    30  # and of one that asks at once, so that what follows is told, or says much of the enterprise
)
_MOST = 600  # characters; no message of a firm is longer
_LEAST_PIECES = 3
_LEAST_TOLD = 8  # characters of the profile
_LONG = 36  # characters left without the profile, from which also what else is told is taken out
_CURT = 9  # characters of a question that leaves out what it is about
_SHORT = 18  # characters of a stretch that names a kind of enterprise and hardly anything else
_NEAREST = 10  # stretches around a question that are looked at
_WHOLE = 14.0  # weight of words that make a topic; less needs some of what stands before it
_NUMBER = r"[\d一二三四五六七八九十百千万两几．.]+"
_GREETING = re.compile(
    r"^(?:(?:各位|领导|老师|您|你|大家|客服)*(?:好|早)[啊呀]?|(?:老师|领导|同志)|(?:麻烦|打扰|请教|请问|咨询|问)(?:一?下|您|了|老师|个事|个问题|你们)*|(?:多|先|万分)?谢+谢?.{0,4}|感谢.{0,4}|辛苦.{0,3}|情况是这样|是这样的?|麻烦告知)[，,。！!：:；;～~\s]*$"
)
# What an enterprise says of itself: where it is and what it makes, how old and how large it is.
_PROFILE = re.compile(
    rf"{_NUMBER}(?:来|多|余|几)?(?:个|号|名|位)?(?:人|员工|职工|口子)(?![才民均以])|{_NUMBER}年(?:就)?(?:\d{{1,2}}月)?(?:份)?(?:成立|创办|创立|建|办(?!理)|开(?![的具票])|注册|设立|落户|改|搬|来|投产|起家)"
    rf"|开了?{_NUMBER}(?:来|多|几)?年|(?:营收|产值|营业额|营业收入|总?收入|销售额|流水|出口额?|净?利润|注册资本|(?<!固定)资产(?!投资))[^，。]{{0,8}}{_NUMBER}(?:来|多|几)?[个]?[万亿]"
    rf"|^(?:我们?|咱们?|俺们?|我和[^，。]{{1,4}}|本)(?:[公厂园店社企单].{{0,3}})?(?:以前|原来|原先|本来|平时)?(?:是|在(?!建)|位于|做(?!了)|搞(?!了)|干|主要|给|主营|一直|开|跑|替)(?!不|否|想|申)"
    rf"|^(?:公司|厂子?|工厂|企业|店|单位|园区|总部)(?:是|在|位于|做|搞|主要|设在|{_NUMBER})|(?:一家|一个)[^，。]{{0,16}}(?:厂|公司|企业|店|合作社|工作室|园区?)(?:的)?(?:[^，。]{{0,8}}(?:老板|会计|财务|办事员|负责人|经理|文员))?[，,。]?$"
    rf"|^(?:主要|主营|专门|一直|平时)(?:做|搞|干|走|给|生产|经营|从事|替)"
)
# 漳州公司, 新乡做小麦种子的公司, 株洲的: who asks, at the head of a message.
_WHO = re.compile(
    r"(?:公司|企业|厂子?|店|合作社|集团|研究院|协会|队|户)(?:的)?[，,。]?$|做.{1,14}的?[，,。]$|开.{1,12}的[，,。]$|^.{2,8}的[，,]$"
)
_CHATTER = re.compile(
    r"打个?电话(?:问|咨询)|老板(?:天天|一直|老)?(?:催|问)|说不清|看晕|拿不准|怕错过|心里没底|一头雾水|看不(?:太)?懂|急用|在线等"
)
# What is wished for or was heard of says what the question is about.
_MATTER = re.compile(
    r"想(?!请教|问|知道|了解|咨询|打听)|打算|准备(?=申|报|去|把|在|走|投)|计划(?=申|报|去|在)|申请|申报|[要拟](?=申|报)|(?<![汇回上])报(?=名|省|市|国|区|县|今|这|去)|听说|据说|听.{1,6}(?:说|讲)|[按照](?=.{0,12}(?:办法|政策|规定|文件|意见|方案|细则))|关于|记得|规定|《|报(?=\d|.{0,8}(?:贴息|补贴|补助|奖|资金|项目))|走(?=.{0,14}(?:贷款|平台|渠道|通道))|(?:办法|意见|通知|方案|政策|文件)里|贴息|补贴|补助|奖补|奖励|专项资金|方案|计划|列[入进]|入选|选[进入]|评上|获评|认定为|纳入"
)
# Kinds of enterprise and people, and what was granted: policies give by them.
_GRADE = re.compile(
    r"小巨人|专精特新|单项冠军|领航|瞪羚|独角兽|雏鹰|高新技术企业|高企|科技型中小企业|创新型中小企业|中小企业|小微|微型企业|个体工商户|个体户|规上|规模以上|大型企业|上市公司|外资|台资|港资|国企|合作社|大学生|退役军人|残疾人|毕业生|农民工|首次|第一次|头一回|首台|脱贫县|非独立法人|重点企业|示范"
)
# Where an enterprise sits, said in passing.
SEATED = re.compile(
    r"(?:我们?|咱们?|公司|厂子?|企业|单位)(?:公司|厂子?|企业|单位)?(?:就|是|都)?(?:在|位于|注册(?:在|地(?:在|是))|地处|开在|设在)"
)
# Whose policy is asked about, where the asker only says where it sits.
OF_NATION = re.compile(r"国家级|国家的|国务院|中央|全国|部委|工信部")
OF_PLACE = re.compile(r"(?:[省市县区州]里|[我本咱](?:们)?[省市县区州]|当地|本地|我们?这[里边儿]|地方)")
_COMMON = frozenset(
    "企业 公司 我们 工厂 今年 去年 明年 现在 目前 自己 一家 已经 准备 打算 想要 政策 文件 规定 办法 情况 问题 要求 条件 项目 申请 申报 具体 一共 一年 国家 省里 市里 县里 区里".split()
)


@dataclass(frozen=True)
class Message:
    """What a message asks, and what it but tells; nothing told where it asks throughout."""

    asked: str
    told: str = ""
    profile: str = ""  # what the enterprise says of itself, asked with or not
    setting: str = ""  # of what is told, what is no profile of the enterprise and no greeting

    @property
    def grades(self) -> tuple[str, ...]:
        """The kinds of enterprise that are told and not asked about."""
        found = dict.fromkeys(match[0] for match in _GRADE.finditer(self.told))
        return tuple(grade for grade in found if grade not in self.asked)


def parted(text: str, weigh: Callable[[str], float]) -> Message:
    """Tell what a message asks from the situation that it tells; `text` in simplified script.

    weigh: how much of a topic some words make (`chat.terms`).
    """
    pieces = [piece for piece in _PIECE.findall(text) if piece.strip()]
    if len(pieces) < _LEAST_PIECES or len(text) > _MOST:
        return Message(text)
    bare = [piece.strip() for piece in pieces]
    greeting = [_GREETING.match(piece) is not None for piece in bare]
    profile = [_PROFILE.search(piece) is not None or _CHATTER.search(piece) is not None for piece in bare]
    for number in range(min(2, len(bare))):
        profile[number] = profile[number] or bool(_WHO.search(bare[number]) and find_regions(bare[number]))
    asking = [asks(piece) and not greeted for piece, greeted in zip(bare, greeting, strict=True)]
    brief = asking[0] or sum(profile) > 1
    if not any(asking) or len(text) < (_LEAST_BRIEF if brief else _LEAST):
        return Message(text)
    sought = _words("".join(piece for piece, keep in zip(pieces, asking, strict=True) if keep))
    matter = [
        bool(
            not _CHATTER.search(piece)
            and _MATTER.search(piece)
            or sought & _words(piece)
            or (len(piece) <= _SHORT and _GRADE.search(piece))
        )
        for piece in bare
    ]
    for number in range(1, len(bare)):
        # 就研发费用这一项，我们够吗？ What stands right before so short a question is of it.
        if (
            asking[number]
            and len(bare[number]) <= _CURT
            and not bare[number - 1].endswith(tuple("。！!？?；;"))
        ):
            matter[number - 1] = matter[number - 1] or not profile[number - 1]
    kept = [a or m or not (g or p) for a, m, g, p in zip(asking, matter, greeting, profile, strict=True)]
    if any(profile) and sum(len(piece) for piece, keep in zip(pieces, kept, strict=True) if keep) > _LONG:
        kept = [a or m for a, m in zip(asking, matter, strict=True)]
        _fill(pieces, kept, asking.index(True), weigh)
    if sum(len(piece) for piece, keep in zip(bare, kept, strict=True) if not keep) < _LEAST_TOLD:
        return Message(text)
    asked, told, whole, setting = (
        "".join(piece for piece, chosen in zip(pieces, which, strict=True) if chosen)
        for which in (
            kept,
            [not keep for keep in kept],
            profile,
            [not (k or g or p) for k, g, p in zip(kept, greeting, profile, strict=True)],
        )
    )
    return Message(asked.strip("，,；;：: \n"), told, whole, setting)


def _fill(pieces: list[str], kept: list[bool], first: int, weigh: Callable[[str], float]) -> None:
    """Keep what stands nearest to the question until it makes a topic, first what stands before it."""
    nearest = [*range(first - 1, -1, -1), *range(first + 1, len(pieces))]
    for number in nearest[:_NEAREST]:
        if weigh("".join(piece for piece, keep in zip(pieces, kept, strict=True) if keep)) >= _WHOLE:
            return
        bare = pieces[number].strip()
        if not kept[number] and not _PROFILE.search(bare) and not _GREETING.match(bare):
            kept[number] = True


@lru_cache(maxsize=256)
def _words(text: str) -> frozenset[str]:
    """The words that tell one matter from another."""
    return frozenset(
        word
        for word in tokenize(text)
        if len(word) > 1
        and word not in QUESTION_WORDS
        and word not in _COMMON
        and not any(c.isdigit() for c in word)
    )
