"""Sentences that a language model wrote: what the check asks of them beyond what it asks of every derived one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.checking.reading import Sentence, read
from chat.checking.source import Source
from chat.checking.wording import held_share

# Chosen with `python -m eval.written` between sentences as models write them over the bundled policies and
# inventions: of the first the least has .79, of the second the most .73.
SHARE = 0.76
_SAME = 0.5  # share of a sentence's pairs in a command from which on it repeats the command
# Kinds of which one cannot stand for another: 民营企业 is no rewording of 国有企业.
_KINDS = tuple(
    kinds.split()
    for kinds in (
        "国有 民营 私营 外资 集体所有",
        "大型 中型 小型 微型 小微 规模以上 规模以下",
        "境内 境外 国内 国外 海外",
        "中央 地方",
        "年度 季度 月度",
        "工业 农业 建筑业 服务业",
        "城镇 农村 乡村",
        "一次性 分期 逐年",
        "免费 有偿 收费",
        "直接 间接",
    )
)

_HAN = re.compile(r"[㐀-鿿]")
# Text of a document that speaks to a machine. A sentence like it is no ground for an answer, whatever it says.
_COMMAND = re.compile(
    r"(?:忽略|无视|忘记|忘掉|抛开|不要理会|不要遵守)[^。；\n]{0,12}(?:指令|指示|提示|规则|要求|设定|限制|约束|上文|系统)"
    r"|(?:请|必须|务必|应当?|要|直接)[^。；，\n]{0,8}(?:回答|回复|输出|答复|告诉用户|告知用户)[^。；\n]{0,3}[：:“\"「]"
    r"|(?:在|于)(?:你的|您的)?(?:回答|回复|输出|答复)(?:中|里|时|末尾|开头)"
    r"|(?:你|您)(?:现在|从现在起|将|要|必须)?(?:是|扮演|充当|作为)(?:一[个名位])?[^。；\n]{0,12}(?:助手|模型|机器人|专家|系统|角色|AI)"
    r"|(?:AI|人工智能|大?语言模型|智能助手|聊天机器人|本系统)[^。；\n]{0,6}(?:请|必须|务必)[^。；\n]{0,10}(?:回答|回复|输出|推荐|告诉|声明|写)"
    r"|系统提示词?[：:]|开发者模式|越狱"
    r"|ignore\s+(?:all|any|the|previous|above)|disregard\s+(?:all|any|the|previous)|system\s*(?:prompt|message)|you\s+are\s+(?:now\s+)?(?:a|an|the)\s"
    r"|<\|?/?(?:im_start|im_end|system|assistant|user)\|?>|\[/?(?:INST|SYS)\]",
    re.IGNORECASE,
)


def is_command(text: str) -> bool:
    """Whether text of a document speaks to a machine instead of to the reader of a policy."""
    return bool(_COMMAND.search(text))


def written_fault(text: str, sources: Sequence[Source], share: float = SHARE) -> str:
    """What is wrong with a sentence of a model, in Chinese; empty if nothing is.

    `share`: the least share of the words of a whole sentence that must stand in the cited clauses.
    """
    if not _HAN.search(text):
        return "不是中文"
    commands = [other for source in sources for other in source.sentences if is_command(other.text)]
    for sentence in read(text, statement=True):
        if any(len(sentence.grams & other.grams) >= _SAME * len(sentence.grams) for other in commands):
            return "出自文件中写给机器的话，不是政策内容"
        if sentence_share(sentence, sources) < share:
            return f"“{sentence.text[:20]}”的用词在所引条款中没有足够依据"
        swapped = _swapped(sentence, sources)
        if swapped:
            return f"“{swapped}”不是所引条款所说的一类"
    return ""


def sentence_share(sentence: Sentence, sources: Sequence[Source]) -> float:
    """The share of a sentence's words that stand in the sources, 0 to 1: of its segments, by their length."""
    sizes = [len(segment.grams) for segment in sentence.segments]
    if not any(sizes):
        return 1.0
    held = (
        held_share(segment, sources) * size for segment, size in zip(sentence.segments, sizes, strict=True)
    )
    return sum(held) / sum(sizes)


def _swapped(sentence: Sentence, sources: Sequence[Source]) -> str:
    """A word for one kind of thing where the sources have only a word for another kind."""
    text = "".join(source.vocabulary for source in sources)
    for kinds in _KINDS:
        if any(kind in text for kind in kinds):
            strange = next((kind for kind in kinds if kind in sentence.text and kind not in text), "")
            if strange:
                return strange
    return ""
