"""Words that exclude one another: what a question says of 国家级 is not answered by a sentence on 市级.

A sentence may share all other words with the question and still speak of the thing beside the one that is meant:
of another level, another year, another degree. Each class below holds words of which people mean one. They are
the vocabulary of the genre and its spoken forms, not of any document; what each of them weighs is learned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from chat.numerals import CHINESE, parse_numeral

# Name of the class, and per value what says it.
_CLASSES: dict[str, tuple[str, ...]] = {
    "level": (
        r"国家级|国字号|部级",
        r"省级|自治区级|省部级",
        r"市级|州级|盟级|市一级|地级",
        r"县级|区级|旗级|县一级",
        r"乡镇|镇街|村级|街道",
    ),
    "degree": (
        r"博士",
        r"硕士|研究生|研[一二三究]",
        r"本科|(?<!重)大学生|学士",
        r"大专|专科|高职",
        r"中专|技校|职高|高中",
    ),
    "skill": (r"初级", r"中级", r"高级(?!别)", r"(?<!高级)技师(?!学)", r"高级技师|正高"),
    "size": (
        r"大型|大企业|大厂|大公司|大集团",
        r"中型",
        r"小型|小微|微型|小企业|小厂|小公司|小作坊",
        r"个体工商户|个体户|小店|摊贩",
    ),
    "scale": (
        r"规上|(?<!以下)规模以上|上了规模|升规|小升规",
        r"规下|规模以下|没上规|未上规|够不上规|没到规上",
    ),
    "abroad": (r"境外|国外|海外|外国|出国|国际(?!标准)", r"境内|国内|内地"),
    "outside": (r"省外|外省|市外|外地|区外|州外|异地", r"省内|市内|本地|本市|本省|当地|区内|州内"),
    "time": (
        r"首次|头一次|头一回|第一次|首个|首家|头回",
        r"再次|第二次|第二回|又一次|复审|复核|续",
    ),
    "grade": (
        r"优秀|优等|(?<![质改])优(?![先化惠势待质良])",
        r"良好|考核是?良|(?<![改优])良(?![种性])",
        r"(?<!不)合格|一般(?!不)|达标",
        r"不合格|较差|不达标|没过关|不过关|没通过|未通过|过不了",
    ),
    "standard": (
        r"国际标准",
        r"国家标准|国标",
        r"行业标准|行标",
        r"地方标准|地标",
        r"团体标准|团标",
        r"企业标准|企标",
    ),
    "patent": (r"发明(?!人)", r"实用新型", r"外观设计"),
    "newness": (
        r"二手|旧设备|旧机器|别人用过",
        r"新购|全新|新买|新设备",
    ),
    "works": (
        r"新建|新盖|新开|新办",
        r"改造|改建|翻新|扩建|技改",
        r"迁入|搬来|引进|落户",
        r"迁出|搬走|搬到|迁离",
    ),
    "tenure": (r"租赁|租用|租金|租(?![赁用金])|承租", r"购买|购置|自购|买|自有|自建"),
    "role": (r"牵头|主导|主持|第一起草|为主", r"参与|参加制定|跟着|配合"),
    "owner": (
        r"国有|国企|央企",
        r"民营|民企|私营",
        r"外资|外商|外企|港澳|台资",
    ),
    "honour": (
        r"小巨人",
        r"单项冠军",
        r"领航|链主|龙头",
        r"专精特新(?![“\"”]?小巨人)",
        r"创新型中小|创新型企业",
        r"高新技术企业|高企(?!业)",
        r"科技型中小|科小",
        r"瞪羚",
        r"独角兽",
    ),
    "half": (r"上半年", r"下半年"),
}
_FOLLOWS = re.compile(r"[“”\"「」『』]")
_YEAR = re.compile(r"(?<!\d)(?:20)?([12]\d)\s*年(?!以|内|期|限|来)")
_LETTER = re.compile(r"(?<![A-Za-z])([A-D])(?:类|级|档|等|型|款)")
_LETTERS = re.compile(r"(?<![A-Za-z])([A-D])、([A-D])(?:、([A-D]))?(?:类|级|档|等)")
_ORDINAL = re.compile(rf"第([{CHINESE}\d]{{1,3}})(?=[年类批档次名等季阶])(年|类|批|档|次|名|等|季|阶)")
_FIRST_YEAR = re.compile(r"首年|头一年|当年(?!度)|头年")
_NEXT_YEAR = re.compile(r"次年(?!\d|[一二三四五六七八九十]+月)|转年")
_RANK = re.compile(rf"(?<![{CHINESE}])([一二三四五六])(级|星级?|等奖|档|类)")

CLASSES = (*_CLASSES, "year", "letter", "ordinal", "rank")
NAMES = (
    *(f"contrast_{name}" for name in CLASSES),
    "agrees",
    "conflicts",
    "agrees_around",
    "conflicts_around",
)
Values = tuple[frozenset[str], ...]  # per class: which of its values a text names


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(tuple(map(re.compile, values)) for values in _CLASSES.values())


@lru_cache(maxsize=20_000)
def values_of(text: str) -> Values:
    """What a text names of each class, in the order of CLASSES."""
    bare = _FOLLOWS.sub("", text)
    return tuple(_named(place, bare) for place in range(len(CLASSES)))


@lru_cache(maxsize=200_000)
def value_of(place: int, text: str) -> frozenset[str]:
    """As `values_of`, of the class with that number in CLASSES; a question names few of them."""
    return _named(place, _FOLLOWS.sub("", text))


def _named(place: int, bare: str) -> frozenset[str]:
    name = CLASSES[place]
    if name in _CLASSES:
        values = _patterns()[place]
        return frozenset(str(value) for value, pattern in enumerate(values) if pattern.search(bare))
    if name == "year":
        return frozenset(m[1] for m in _YEAR.finditer(bare))
    if name == "letter":
        letters = {m[1] for m in _LETTER.finditer(bare)}
        return frozenset(letters | {one for m in _LETTERS.finditer(bare) for one in m.groups() if one})
    if name == "ordinal":
        ordinals = {f"{int(parse_numeral(m[1]) or 0)}{m[2]}" for m in _ORDINAL.finditer(bare)}
        ordinals |= {"1年"} if _FIRST_YEAR.search(bare) else set()
        return frozenset(ordinals | ({"2年"} if _NEXT_YEAR.search(bare) else set()))
    return frozenset(f"{m[1]}{m[2][0]}" for m in _RANK.finditer(bare))


def contrast_features(asked: Values, sentences: Sequence[str], around: Sequence[str]) -> NDArray[np.float32]:
    """How sentences stand to what a question names (`values_of`), shape (sentences, len(NAMES)).

    Per class 1 where a sentence names what is asked, -1 where it names another value alone, else 0; then the shares
    of the asked classes that agree and that conflict, in the sentence and in it with what stands around (`around`).
    """
    rows = np.zeros((len(sentences), len(NAMES)), dtype=np.float32)
    named = [place for place, values in enumerate(asked) if values]
    if not named:
        return rows
    for row, (own, near) in enumerate(zip(sentences, around, strict=True)):
        agrees = conflicts = agrees_near = conflicts_near = 0
        for place in named:
            values, wanted, beside = value_of(place, own), asked[place], value_of(place, near)
            if values & wanted:
                rows[row, place] = 1
                agrees += 1
                agrees_near += 1
                continue
            if values:
                rows[row, place] = -1
                conflicts += 1
            if beside & wanted:
                agrees_near += 1
            elif values or beside:
                conflicts_near += 1
        rows[row, len(CLASSES) :] = np.array([agrees, conflicts, agrees_near, conflicts_near]) / len(named)
    return rows
