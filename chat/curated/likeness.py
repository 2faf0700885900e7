"""Whether two questions ask the same: constraints that must agree, and words that must be shared.

Similarity alone never serves an answer: the goal of 山东 is worded like that of 湖北.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import rjieba

from chat.normal import normalise
from chat.quantities import find_quantities
from chat.question import Question
from chat.terms import weight_of

CLOSE = 0.85  # least share of the words' weight, either way, that the other question must have as well
# Words that ask, address or join; what they ask for is the kind of the question, which must agree anyway.
_EMPTY = frozenset(
    """
    的 地 得 了 着 过 是 为 在 和 与 及 或 对 对于 关于 把 被 将 之 其 该 此 这 那 这个 那个 也 都 就 才 又 再 并 而 以 于 由 从 向 按 按照 根据 里 中 方面 上 内
    吗 呢 吧 啊 呀 嘛 么 哦 哈 请 请问 想 想问 问 问下 一下 知道 想知道 告诉 了解 咨询 查 查询 查一下 看看 说说 介绍 帮 帮我 麻烦 您好 你好 谢谢 老师 我 我们 你 你们 您
    什么 哪些 哪个 哪几个 哪 哪里 多少 几 几个 几家 怎么 怎么样 怎样 如何 什么样 啥 谁 何 有 有没有 是否 能否 能不能 可以 可不可以 能 要 会 应 应当 应该 需要 计划 打算 准备 到 到底
    具体 主要 内容 情况 问题 规定 政策 文件 省 市 县 区 全省 全市 家 个 项 年 月 日 份
    """.split()
)
# 不: whether something may be done or may not; but 能不能, 是不是 ask.
_NEGATION = re.compile(r"不得|不能|不可|不准|不允许|禁止|无法|未|没有|没|无|非|不")
_ASKS = re.compile(
    r"(.)[不没]\1|有无|有没有|能不能|可不可以|能否|是否|(?:没有|不|没|未)[？?。]*$|不少于|不超过|不低于|不高于|不足"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)?\d{2}年")


@dataclass(frozen=True)
class Traits:
    """What must agree of two questions, each with its Chinese name, and their telling words with weights."""

    fixed: tuple[tuple[str, object], ...]
    words: dict[str, float]
    plain: str


def traits_of(question: Question) -> Traits:
    """The traits of a question that was understood."""
    wording = normalise(question.standalone or question.wording or question.text)
    # Years are compared by themselves: 25年 is 2025年.
    quantities = frozenset(
        (str(quantity), quantity.bounds)
        for quantity in find_quantities(_YEAR.sub(" ", wording))
        if not quantity.is_time or re.search(r"[月日季]", quantity.text)
    )
    negations = sorted(_NEGATION.findall(_ASKS.sub("", wording)))
    fixed = (
        ("地区", (frozenset(question.regions), frozenset(question.missing_regions), question.national)),
        ("文件", (frozenset(question.named), frozenset(question.missing), frozenset(question.labels))),
        ("年份", frozenset(question.years)),
        ("数量", quantities),
        ("问的类型", (question.kind, frozenset(question.aspects))),
        ("部门", frozenset(question.departments)),
        ("肯定或否定", tuple(negations)),
    )
    return Traits(fixed, _telling(question, wording), re.sub(r"[\W_]+", "", wording))


def difference(asked: Traits, known: Traits) -> str:
    """Why the questions are not the same, in Chinese; empty where they are."""
    for (name, mine), (_, theirs) in zip(asked.fixed, known.fixed, strict=True):
        if mine != theirs:
            return f"{name}不同"
    if asked.plain == known.plain:
        return ""
    for mine, theirs, said in ((asked, known, "多出"), (known, asked, "缺少")):
        alone = [word for word in mine.words if word not in theirs.words]
        if _share(mine.words, alone) < CLOSE:
            return f"{said}“{'、'.join(alone)}”"
    return ""


def closeness(asked: Traits, known: Traits) -> float:
    """0 to 1: the share of the words that both have."""
    shares = []
    for mine, theirs in ((asked, known), (known, asked)):
        shares.append(_share(mine.words, [word for word in mine.words if word not in theirs.words]))
    return min(shares)


def _telling(question: Question, wording: str) -> dict[str, float]:
    """Every word but the empty ones and those of the constraints, which are compared by themselves."""
    for name in (*question.regions, *question.departments):
        wording = wording.replace(name, " ").replace(re.sub(r"(?:省|市|自治区)$", "", name), " ")
    topics = {term.word: max(term.weight, 1.0) for term in question.terms if term.word in wording}
    for word in sorted(topics, key=len, reverse=True):
        wording = wording.replace(word, " ")
    rest = {
        word: max(weight_of(word), 1.0)
        for word in rjieba.cut(wording, False)
        if re.search(r"[一-鿿A-Za-z]", word) and word not in _EMPTY
    }
    return rest | topics


def _share(words: dict[str, float], alone: Sequence[str]) -> float:
    total = sum(words.values())
    return 1 - sum(words[word] for word in alone) / total if total else float(not alone)
