"""Units of measurement and counting words, each with the unit it is compared in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class QuantityKind(StrEnum):
    """What a quantity measures. Only quantities of one kind can be compared."""

    COUNT = "count"  # things, with their counting word: 家, 个, 项, 部门
    SHARE = "share"  # parts of a whole, as a fraction of one: 30%, 百分之三十, 三成
    POINTS = "points"  # percentage points, a difference of shares
    MONEY = "money"  # in the currency's unit: 元
    MEASURE = "measure"  # 亩, 吨, 平方米
    DURATION = "duration"  # in months, days, working days or hours
    DATE = "date"  # a day, a month, a year, or part of one
    PERIOD = "period"  # from one date to another


@dataclass(frozen=True)
class Unit:
    """A unit as compared: one of `word` is `factor` of `name`."""

    kind: QuantityKind
    name: str
    factor: Fraction = Fraction(1)


_COUNTING = (
    "人次 家次 台次 班次 课时 学时 部门 部委 个 家 户 项 名 人 位 所 座 处 种 类 条 件 次 场 批 支 只 台 套 辆 艘 架 份 篇 期 届 轮 款 "
    "间 栋 幢 宗 笔 单 张 幅 本 册 级 层 倍 番 省 市 县 头 株 颗 枚 把 门 页 字 票 股 点 章 节"
).split()
# People are counted as 名, 人 or 位; the rest keeps its word.
_SAME_COUNT = {"人": "名", "位": "名", "部委": "部门"}
_MEASURES = (
    "平方公里 平方千米 平方米 立方米 公里 千米 厘米 毫米 公顷 公斤 千克 千瓦时 兆瓦时 千瓦 兆瓦 吉瓦 摄氏度 分贝 标准煤 吨 亩 米 克 升 度 伏"
).split()
_CURRENCIES = ("元", "美元", "欧元", "日元", "港元", "英镑")

_UNITS: dict[str, Unit] = {
    **{word: Unit(QuantityKind.COUNT, _SAME_COUNT.get(word, word)) for word in _COUNTING},
    **{word: Unit(QuantityKind.MEASURE, word) for word in _MEASURES},
    **{word: Unit(QuantityKind.MONEY, word) for word in _CURRENCIES},
    "千克": Unit(QuantityKind.MEASURE, "公斤"),
    "千米": Unit(QuantityKind.MEASURE, "公里"),
    "平方千米": Unit(QuantityKind.MEASURE, "平方公里"),
    "个部门": Unit(QuantityKind.COUNT, "部门"),
    "个部委": Unit(QuantityKind.COUNT, "部门"),
    "家部门": Unit(QuantityKind.COUNT, "部门"),
    "块钱": Unit(QuantityKind.MONEY, "元"),
    "%": Unit(QuantityKind.SHARE, "", Fraction(1, 100)),
    "‰": Unit(QuantityKind.SHARE, "", Fraction(1, 1000)),
    "成": Unit(QuantityKind.SHARE, "", Fraction(1, 10)),
    "折": Unit(QuantityKind.SHARE, "", Fraction(1, 10)),
    "百分点": Unit(QuantityKind.POINTS, "百分点"),
    "个百分点": Unit(QuantityKind.POINTS, "百分点"),
    "年": Unit(QuantityKind.DURATION, "个月", Fraction(12)),
    "周年": Unit(QuantityKind.DURATION, "个月", Fraction(12)),
    "季度": Unit(QuantityKind.DURATION, "个月", Fraction(3)),
    "个季度": Unit(QuantityKind.DURATION, "个月", Fraction(3)),
    "个月": Unit(QuantityKind.DURATION, "个月"),
    "日": Unit(QuantityKind.DURATION, "日"),
    "天": Unit(QuantityKind.DURATION, "日"),
    "周": Unit(QuantityKind.DURATION, "日", Fraction(7)),
    "个星期": Unit(QuantityKind.DURATION, "日", Fraction(7)),
    "工作日": Unit(QuantityKind.DURATION, "工作日"),
    "个工作日": Unit(QuantityKind.DURATION, "工作日"),
    "小时": Unit(QuantityKind.DURATION, "小时"),
    "个小时": Unit(QuantityKind.DURATION, "小时"),
    "分钟": Unit(QuantityKind.DURATION, "分钟"),
}

# What follows a one-character unit where it is no unit but the beginning of a word: 3条件, 5项目, 三成立.
_NOT_BEFORE = {
    "条": "件款例约",
    "项": "目",
    "人": "才员工力口民均类",
    "家": "庭具电禽畜",
    "成": "立长效员本果为功熟就都交品分套",
    "折": "扣旧合算射叠中断返价现本股抵成腾",
    "年": "级代均限轻终薪报度",
    "位": "一置于",
    "名": "称单义录牌",
    "件": "套",
    "期": "间限货",
    "处": "理罚置室长",
    "所": "有需在属得谓",
    "种": "植子养业",
    "类": "似型别",
    "次": "要数日新",
    "场": "所地景",
    "级": "别",
    "层": "面次级",
    "点": "击名",
    "单": "位项一元独",
    "本": "地市省级区县法条例办",
    "份": "额",
    "支": "持付撑部出",
    "市": "场级",
    "省": "级",
    "县": "级域",
    "门": "类",
    "章": "程",
    "节": "约能",
    "字": "号第",
    "股": "东权份",
    "台": "账湾",
    "把": "握",
    "头": "部",
    "升": "级",
    "米": "面",
    "克": "服",
    "度": "过假",
    "周": "边期岁",
    "日": "常前",
    "天": "津然",
    "张": "贴",
    "元": "器宇素",
    "幅": "度",
    "轮": "换动",
    "座": "谈",
    "架": "构",
    "页": "面",
    "票": "据",
    "户": "籍",
    "笔": "试",
    "间": "接隔",
    "套": "餐",
    "款": "项",
    "只": "有能要",
    "批": "准发复",
}


def _pattern() -> str:
    words = sorted(_UNITS, key=len, reverse=True)
    return "|".join(
        rf"{word}(?![{_NOT_BEFORE[word]}])" if word in _NOT_BEFORE else re.escape(word) for word in words
    )


UNIT = rf"(?:{_pattern()})"

# 一个, 一批, 一家 are articles: they count nothing unless a bound (至少一家) stands before them.
_ARTICLE_KINDS = (QuantityKind.COUNT,)
_COUNTS_EVEN_ONE = ("倍", "番", "部门")

# 个 counts anything that these count.
_THINGS = frozenset(("家", "户", "项", "所", "座", "处", "个", "名", "条", "件", "支", "间", "台", "套"))


def unit_of(word: str) -> Unit:
    """The unit that a word stands for; an empty word stands for a bare number."""
    return _UNITS.get(word, Unit(QuantityKind.COUNT, word))


def is_article(unit: Unit) -> bool:
    """Whether 一 before this unit is an article."""
    return unit.kind in _ARTICLE_KINDS and unit.name not in _COUNTS_EVEN_ONE


def comparable(source: str, claim: str) -> bool:
    """Whether a count in the claim's unit can restate one in the source's: 家 as 个, 家 as a bare number."""
    if source == claim or not claim:
        return True
    return "个" in (source, claim) and source in _THINGS and claim in _THINGS
