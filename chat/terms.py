"""The words of a question that carry its topic, each with a weight."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from chat.dictionary import dictionary

# Words that say what kind of answer is wanted, or nothing at all; they never name a topic.
_FRAME = frozenset(
    """
    的 地 得 了 着 过 是 有 在 和 与 及 或 跟 同 对 对于 关于 把 被 让 给 从 向 到 至 由 为 以 于 而 且 但 也 都 就 才 又 还 再 很 太 最 更 比
    之 其 该 此 这 那 这个 那个 这些 那些 这样 那样 这里 那里 这边 那边 哪 哪个 哪些 哪儿 哪里 哪家 哪几 哪几个 哪年 什么 什么样 啥 谁 怎么 怎么样 怎样 如何 咋 咋样 为什么
    多少 几 几个 几家 几项 多大 多长 多久 多高 吗 呢 吧 啊 呀 嘛 么 哦 哈 呗 啦 哎 嗯 喂 请 请问 想 想要 想问 问 问下 问一下 一下 知道 告诉 了解 咨询 打听 看看 说说 讲讲 介绍 列出 列举 概括 总结
    我 我们 咱 咱们 你 你们 您 他 他们 她 它 它们 自己 大家 人家 本人 本 能 能不能 能否 可以 可不可以 可否 会 会不会 要 要不要 需要 需不需要 应 应该 应当 必须 得
    是否 是不是 有没有 有无 没有 没 不 别 算 算不算 行 行不行 好 好不好 对不对 负责 牵头 配合 由谁 归谁 部门 单位 机构 哪些部门 责任 主管 管
    时候 时间 何时 何 日期 年 月 日 号 个 家 项 条 件 种 类 位 名 份 些 点 方面 情况 问题 事情 事 东西 内容 具体 主要 包括 包含 分别 各 各自 一共 总共 共 大概 大约 左右
    政策 文件 规定 措施 办法 支持 里 里面 中 上 下 内 外 前 后 时 其中 另外 此外 还有 然后 那么 所以 因为 如果 的话 比如 例如 就是 只是 只 已经 曾 将 正在
    多 少 大 一个 一些 有些 来 去 做 搞 弄 叫 叫做 说 讲 指 指的 意思 现在 目前 如今 今年 明年 去年 请教 老师 谢谢 您好 你好 麻烦 帮忙 帮我 查 查下 查询 找 看 给出 回答
    什么时候 多长时间 哪一年 到底 究竟 真的 其实 相关 有关 方向 提到 写 写明 写到 明确 提出 规定了 要求 计划 打算 准备 数量 数 比例 金额 是多少 达到 完成 实现 力争 确定 定
    一次性 每年 每家 每户 每人 首次 单个 年度 条款 文号 省里 市里 县里 文 一份 进一步 所说 几成 几点 几回 几份 几月份 几次 晚 最晚 最迟 天 次 钱 能报 网上 任务 工作 职责 事项 职能 分工 讲 怎样 申请加入 不能 事儿 问问 换个 换 归 这块 那块 那边 这份 那份 文里 提起 说法 讲法 处 该怎么 往 交 说是 听说 据说 我怕 琢磨 正琢磨 能延 最少 最多 至少 至多 帮助
    由谁来 谁来 管谁 老板 县里 区里 厂里 厂子 店里 我司 顶天 起码 评个 撑死 百分之几 顶多能 老办法 旧办法 新办法 以前 原来 过去 按规定 哪一条 哪条 第几条 几倍 多少倍
    封顶 上限 下限 顶多 起步 两者 二者 相差 差多少 啥意思 词儿 哪样 哪一天 哪条 几栋 几块钱 几公斤 几号 几月 这词儿 老听人说 块儿 里头 这家 那家 划算 红头文件
    干嘛 干嘛的 干啥 干啥的 干吗 干什么 做什么 做啥 哪几种 哪几类 哪类 哪种 哪份 哪部 哪项 啥样 咋办 咋弄 咋说 咋算 怎么说 怎么算 怎么回事 咋回事
    不同 区别 差别 差异 比较 对比 相比 异同 哪边 更多 更高 谁更
    """.split()
)
# Frame words that are a topic after all when the question has no other.
_WEAK = frozenset("支持 措施 要求 计划 政策 规定 办法 责任 内容 时间".split())
_WORDLIKE = re.compile(r"[㐀-鿿A-Za-z0-9]")
_FLOOR = 6.0  # −ln(frequency) of words so common that they say nothing
_CEILING = 8.0  # beyond this a word is not the more of a topic for being rarer
_SHORT = 0.5  # of its rarity that a single character keeps: it may mean many things
_UNKNOWN = 15.0  # −ln(frequency) given to a word that the dictionary lacks
_HAN = re.compile(r"[㐀-鿿]+|[A-Za-z0-9][A-Za-z0-9.+&-]*")
_WON = re.compile(r"(?<=[评拿获])上(?=市级)")  # 评上市级: nobody is listed on an exchange
_LONGEST = 10  # characters of a corpus word
# How much of its rarity a word keeps, by jieba's tag: topics are nouns, the rest colours them.
_BY_TAG = {
    "v": 0.65,
    "a": 0.5,
    "z": 0.4,
    "b": 0.8,
    "i": 0.5,
    "l": 0.7,
    "m": 0.4,
    "t": 0.4,
    "f": 0.3,
    "s": 0.6,
}
_NO_TOPIC = frozenset("d p c u r q y e o k h ad zg g ug ul uj uv uz ud mq rz rr df dg vd x".split())
_NUMERAL = re.compile(r"(?:[\d.]+|[一二三四五六七八九十百千万亿两几]+)[个家项条名种类位次]?$")
_YEAR = re.compile(r"(?:19|20)\d{2}年?$")


@dataclass(frozen=True)
class Term:
    """A word of the question with its weight: how rare it is in general language.

    `alternatives` are official words that mean the same as a colloquial one (贷款难: 融资, 信贷).
    """

    word: str
    weight: float
    alternatives: tuple[str, ...] = ()


def _factor(word: str) -> float:
    """What part of its rarity a word keeps by its part of speech: nouns all of it."""
    tag = dictionary().tag(word)
    return 0.25 if tag in _NO_TOPIC else _BY_TAG.get(tag, 1.0)


@lru_cache(maxsize=65536)
def weight_of(word: str) -> float:
    """Rarity of a word in general language, from jieba's dictionary; 0.3 for the commonest, about 9 for rare ones.

    Words that are no nouns keep a part of it.
    """
    known = dictionary()
    if frequency := known.frequency(word):
        rarity = -math.log(frequency / known.total)
    else:
        rarity = _UNKNOWN - 2.5 if all(map(known.frequency, word)) else _UNKNOWN
    short = _SHORT if len(word) == 1 and not word.isascii() else 1.0
    return min(max(rarity - _FLOOR, 0.3), _CEILING) * _factor(word) * short


def is_noun(word: str) -> bool:
    """Whether a word names something: jieba's dictionary has it as a noun, or does not have it."""
    return _factor(word) == 1


class TermReader:
    """Reads the topic words of a question. Words of the corpus stay whole (专精特新), the rest is cut by jieba."""

    def __init__(self, corpus_words: Collection[str] = ()) -> None:
        self._words = frozenset(corpus_words)

    def read(self, text: str, weak: bool = False) -> tuple[Term, ...]:
        """The topic words of `text` in order, each once; with `weak`, also words such as 措施 that seldom are one."""
        words: dict[str, None] = {}
        for run in _HAN.findall(_WON.sub("上 ", text.lower())):
            for word in self._cut(run):
                if not _WORDLIKE.search(word) or _YEAR.match(word) or _NUMERAL.match(word):
                    continue
                if word in _FRAME and not (weak and word in _WEAK):
                    continue
                words[word] = None
        return tuple(Term(word, weight_of(word)) for word in words)

    def _cut(self, run: str) -> Iterator[str]:
        """Corpus words first, the longest that fits; what lies between is cut without guessing new words."""
        begin = position = 0
        while position < len(run):
            length = next(
                (
                    n
                    for n in range(min(_LONGEST, len(run) - position), 1, -1)
                    if run[position : position + n] in self._words
                ),
                0,
            )
            if not length:
                position += 1
                continue
            yield from rjieba.cut(run[begin:position], False)
            yield run[position : position + length]
            begin = position = position + length
        yield from rjieba.cut(run[begin:], False)
