"""Sentences that a language model wrote: what the check asks of them beyond what it asks of every derived one.

A model swaps one word in a sentence that is otherwise the policy's (贷款 for 奖励, 独角兽企业 for 瞪羚企业), drops the
condition of a right, or repeats what somebody wrote into a document for it. No share of words tells these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chat.checking.authorities import shorten
from chat.checking.reading import Segment, Sentence, compact, grams, read
from chat.checking.source import Source, bare
from chat.checking.wording import aligned, held_share
from index.words import tokenize

# Chosen with `python -m eval.written` between sentences as models write them over the bundled policies and
# inventions: of the first the least has .79, of the second the most .73.
SHARE = 0.76
_SAME = 0.5  # share of a sentence's pairs in a command from which on it repeats the command
_KEPT = 0.5  # share of a condition's pairs that a sentence must have to state the condition

_HAN = re.compile(r"[㐀-鿿]")
# Words in which a sentence is put. They add nothing to what a policy says, so that a clause need not have them.
_NEUTRAL = re.compile(
    r"(?:根据|按照|依据|依照|规定|提出|明确|要求|指出|文件|政策|意见|通知|办法|方案|条款|以上|以下|上述|前述|如下|下列|该项?|此项?|这[一项些类]?|其中|主要|包括|包含|涵盖|涉及"
    r"|方面|情形|有关|相关|对于|关于|至于|针对|就|分别|各自|同时|此外|另外|并|并且|而且|以及|还|也|均|都|又|即|则|而|首先|其次|最后|一是|二是|三是|四是|五是"
    r"|通过|利用|借助|采取|采用|力度|工作|事项|进行|予以|给予|得到|获得|获取|拿到|遇到|面临|属于|作为|成为|实现|达到|占比|比达"
    r"|用于|用来|旨在|为了|以便|从而|进而|便于|可以|可|能够|能|会|要|应当|应|需要|需|须|必须|不得|不能|不可|禁止|严禁|不准|无须|无需|允许|力争|争取|努力|预计|原则上|优先|逐步|探索"
    r"|国家|全国|全省|我省|本省|当地|各地|共计|总共|合计|一共|已经?|正在|目前|现行|期间|之前|之后|以前|以后|截至|截止|左右|大约|至少|至多|最高|最低|最多|最少|最长|最短"
    r"|如果|只要|但是?|除外|之外|的|地|得|了|着|过|是|有|等|个|家|项|类|种|条|份|由|在|于|从|到|至|与|和|及|或|以)+"
)
_JOINT = re.compile(r"[由的和与及或在将为是]")  # words are cut here first, so that none is cut across them
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
_NATIONAL = re.compile(r"国家(?!级)")
# For whom or when something holds: 对首次认定的企业, 违法所得5万元以上的, 同等条件下.
_FOR_WHOM = re.compile(r"(?:凡|对|对于|针对|向|为)(?P<who>[^，。；]{2,30}?)的(?=[\u4e00-\u9fff“])")
_ABLE = re.compile(r"(?:有|符合|具备|经)[^，。；的]{1,12}的(?=(?P<whom>[\u4e00-\u9fff]{2}))")
_LEVEL_UP = re.compile(r"[家省市县]级以上")
_WHEN = re.compile(r"(?:的|下|后|时|之日起)$")
_RIGHT = re.compile(
    r"给予|奖励|补助|补贴|资助|贴息|减免|免征|免收|扣除|享受|优先|可以?(?=[给享获申优延免减])|应当|不得|必须|处[^理置分]|罚款|责令|认定为|纳入|延长|安排"
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
        fault = _new_word(sentence, sources) or _new_nation(sentence, sources)
        fault = fault or _lost_condition(sentence, sources)
        if fault:
            return fault
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


def _new_word(sentence: Sentence, sources: Sequence[Source]) -> str:
    """A word of content that the cited clauses do not have. Departments are checked by themselves, as names."""
    names = sorted({name for source in sources for name in _names(source)}, key=len, reverse=True)
    texts = [_without(names, _said(source)) for source in sources]
    vocabulary = "\n".join(bare(text) for text in texts).lower()
    pairs = frozenset().union(*(grams(text) for text in texts))
    for segment in sentence.segments:
        text = _without(names, shorten(segment.bare, sources[0].document.region))
        for word in tokenize(_JOINT.sub("\n", text)):
            if len(word) < 2 or word in vocabulary or _NEUTRAL.fullmatch(word):
                continue
            # A word cut otherwise than in the clause (产业链领航企业) is told by its pairs.
            if len(word) > 2 and (known := grams(word)) and known <= pairs:
                continue
            return f"“{word}”不在所引条款中"
    return ""


def _names(source: Source) -> Iterator[str]:
    """The departments of a clause and its document, in long and in short form."""
    yield from source.departments
    yield from source.department_names


def _without(names: Sequence[str], text: str) -> str:
    for name in names:
        text = text.replace(name, "\n")
    return text


def _said(source: Source) -> str:
    """What a clause and the headings above it say, and the place; not the document's title."""
    title = compact(source.document.title)
    said = f"{source.names}\n{source.authorities}".replace(title, "\n")
    return f"{said}\n{source.document.region}"


def _new_nation(sentence: Sentence, sources: Sequence[Source]) -> str:
    """国家 as the one who acts, where no cited document is national and no clause says so."""
    if any(source.document.level in ("国家", "") for source in sources):
        return ""
    for match in _NATIONAL.finditer(sentence.text):
        words = sentence.text[match.start() : match.end() + 2]
        if not any(words in source.names for source in sources):
            return f"“{words}”与所引文件的地区不符"
    return ""


def _lost_condition(sentence: Sentence, sources: Sequence[Source]) -> str:
    """A condition under which the source grants or demands what the sentence grants or demands without it."""
    places = {
        id(segment): (known.segments, place)
        for source in sources
        for known in source.sentences
        for place, segment in enumerate(known.segments)
    }
    pairs = grams(sentence.text)
    for segment in sentence.segments:
        meant = aligned(segment, sentence, sources)
        lost = [_lost(pairs, *places[id(known)]) or _narrower(segment, known) for known in meant]
        if lost and all(lost):
            return f"遗漏条件：{lost[0]}"
    return ""


def _lost(pairs: frozenset[str], segments: Sequence[Segment], place: int) -> str:
    """The first condition of a segment of a clause that words with these pairs do not state."""
    for condition in _conditions(segments, place):
        telling = grams(condition)
        if telling and len(telling & pairs) < _KEPT * len(telling):
            return condition
    return ""


def _narrower(segment: Segment, known: Segment) -> str:
    """What limits the things of which a segment of a clause speaks, and does not limit those of the sentence."""
    for match in _ABLE.finditer(known.text):
        telling = grams(match[0])
        if match["whom"] in segment.text and len(telling & grams(segment.text)) < _KEPT * len(telling):
            return match[0]
    for match in _LEVEL_UP.finditer(known.text):
        if match[0][:2] in segment.text and match[0] not in segment.text:
            return match[0]
    return ""


def _conditions(segments: Sequence[Segment], place: int) -> Iterator[str]:
    """For whom and when a segment grants or demands something; nothing where it does neither."""
    own = segments[place]
    if not _RIGHT.search(own.text):
        return
    if match := _FOR_WHOM.match(own.text):
        yield match["who"]
        return
    for before in reversed(segments[:place]):
        match = _FOR_WHOM.match(before.text)
        rest = before.text[match.end() :] if match else before.text
        grants = _RIGHT.search(rest) or "予以" in rest
        if before.part != own.part or grants or not (match or _WHEN.search(before.text)):
            return
        yield match["who"] if match else before.text
