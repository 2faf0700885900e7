"""The things that a question compares, each as a question of its own: A和B各是多少 → A是多少, B是多少."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import rjieba

# Words at which what is compared ends and what is asked of it begins.
_ASKS = re.compile(
    r"[，,]?(?:的)?(?:之间|相比|比起来|比较|对比|两者|两个|二者)?(?:到底|究竟|都)?"
    r"(?:各自|各(?!类|种|级|项|地|省|市|方|界|部门|单位)|分别|有(?:什么|何|啥|哪些)?(?:区别|不同|不一样|差别|差异)|区别|差别|差异|差距|差(?:多少|几)|(?<!最)(?:多|高|少|低|长|短)(?:出)?(?:多少|几)"
    r"|哪(?:个|种|类|一个|一种|项|家|边|方)|谁|一样|相同|一致|不一样|相比|比起来|比较|对比|怎么(?:区分|区别)).*$"
)
_MARK = re.compile(r"[，,。；;：:？?！!]")
_CONJUNCTION = re.compile(
    r"和|与|跟|同(?!意|时|样|一)|以及|还有(?!哪|什么|啥|谁|没|多|几|别|其)|还是|比起来?|比(?!例|较|重|如|率|赛|上|照)|、"
)
_JOINED = re.compile(r"[，,](?=(?:和|与|跟|以及|还有(?!哪|什么|啥|谁|没|多|几|别|其))(?!其中|其他|其它))")
_HEAD = re.compile(
    r"^.*?(?:里面?|中|上|对于?|给|把|在|为(?!主)|向|由|关于|(?<!按)规定的?|要求|请问|想问(?:一下)?|(?<![㐀-鿿])那么?(?![只个些种家项笔款类]))(?=[㐀-鿿]{2})"
)
_MEASURED = re.compile(r"(?:哪|谁|更|比).*[多高大少低]|差多少|差几|[多高少低]出?多少")
_ALL = re.compile(r"^(?:都|各|分别|又|还)")
# The same asked of each of several: 各是多少, 分别由谁负责.
_EACH = re.compile(
    r"各(?!有关|需求|归口|能源|要素|写字|为农)(?=自|是|由|归|有|要|为|能|给|定|需|得|按|补|奖|罚|收|在|从|何|多少|几|叫|啥|什么|怎|写|说)|分别(?!于|从)"
)
_ABOUT = re.compile(r"(?:对于?|在|就|关于)(?=[㐀-鿿]{2})")  # 工业设计企业对从业人员数量的要求
# What may be asked of each of several things.
_ASPECT = re.compile(
    r"(?:奖励|补贴|补助|奖补|贴息|资金|钱|比[例列率]|率|标准|金额|额度?|幅度|条件|门槛|期限?|时限|时间|日期|天数|次数|人数|户数|数量?|目标"
    r"|材料|资料|流程|程序|部门|单位|要求|待遇|罚款|处罚|上限|下限|封顶|最高|最低|最多|最少|最长|范围|对象|方式|办法|内容|规定)的?$"
)
# 这两项任务 behind the things sums them up.
_SUMMED = re.compile(
    r"这?(?:[两二三几]|两者)[项件类种个样](?:任务|事情?|工作|措施|政策|企业|项目|情况)?(?:的)?$"
)
_MODAL = re.compile(r"(?:能够|(?<![职性智节功产动效核可])能|可以)$")  # 小微企业和个体户能分别拿多少
_BOTH = re.compile(r"都(?=[说要有是能可会不没写提讲规])")
_ALIKE = 2  # characters by which things of a sort differ in length, where words follow the last
_LONGEST = 12  # characters of the first of them
_ASKS_FIRST = re.compile(r"多少|几|哪|什么|谁|怎|如何|吗")
_LONGER = 6  # characters by which the second of two things of one sort may be longer
_MOST = 6  # things compared
_LEAST = 2  # characters of a thing compared


@dataclass(frozen=True)
class Side:
    """One thing compared: its name as asked, and the question about it alone."""

    name: str
    text: str


def sides_of(text: str, kept: Sequence[tuple[int, int]] = ()) -> tuple[Side, ...]:
    """The two or more things that a question compares; none where it does not say them side by side.

    text: in simplified script. kept: spans that hold names (of regions, documents); no conjunction within them counts.
    """
    text = _JOINED.sub(" ", text)  # A，和B，分别…: as if no mark stood between them
    ask = _ASKS.search(text)
    if ask is None:
        return ()
    found = _stretch(text, ask.start(), kept)
    if found is None:
        return ()
    left_mark, end, places = found
    between = text[end : ask.start()]
    if all(match[0] == "、" for match in places) and len(places) > 3:
        return ()
    parts = _parts(text[left_mark:end], places)
    if len(parts) > _MOST:
        return ()
    head = _shared_head(parts[0])
    parts[0] = parts[0][len(head) :]
    if modal := _MODAL.search(parts[-1]):
        parts[-1], between = parts[-1][: modal.start()], modal[0] + between
    parts, tail = _shared_tail(parts, apart=bool(between))
    if any(len(part.strip()) < _LEAST for part in parts):
        return ()
    before, after = text[:left_mark] + head, between + text[ask.start() :]
    after = re.sub(r"各自|各(?!类|种|级|项|地|省|市)|分别|还是|(?:两者|二者|这?两个)的", "", after)
    if re.search(r"区别|不同|不一样|差别|差异|差距|哪|谁|一样|相同|一致|比(?!例|率|重)", after):
        after = _what_is_asked(after)
    return tuple(Side(part.strip("的 "), f"{before}{part}{tail}{after}") for part in parts)


def coordinated(text: str, kept: Sequence[tuple[int, int]] = ()) -> tuple[Side, ...]:
    """Two things of one sort of which the same is asked without saying so: A类人才和B类人才的补贴标准是多少.

    Both end in the same word. None where there is no such pair. text, kept: as for `sides_of`.
    """
    for match in _conjunctions(text, 0, kept):
        start = max((m.end() for m in _MARK.finditer(text, 0, match.start())), default=0)
        head = _shared_head(text[start : match.start()])
        first = text[start + len(head) : match.start()]
        words = list(rjieba.cut(first, False))
        sort = words[-1] if words else ""
        end = text.find(sort, match.end(), match.end() + len(first) + _LONGER)
        second = text[match.end() : end + len(sort)]
        if len(sort) < _LEAST or len(words) < _LEAST or end <= match.end() or _MARK.search(second):
            continue
        if len(first) > _LONGEST or _ASKS_FIRST.search(first):
            continue
        before, after = text[: start + len(head)], text[end + len(sort) :]
        return tuple(Side(part, f"{before}{part}{after}") for part in (first, second))
    return ()


def asks_each(text: str) -> bool:
    """Whether a question asks the same of each of several."""
    return bool(_EACH.search(text))


def _stretch(
    text: str, end: int, kept: Sequence[tuple[int, int]]
) -> tuple[int, int, list[re.Match[str]]] | None:
    """Where the things compared stand: the nearest stretch between marks that has conjunctions, and these.

    A stretch that only lists what is asked of each (，比例和封顶各是多少) counts where no other has any.
    """
    asked = None
    while True:
        start = max((m.end() for m in _MARK.finditer(text, 0, end)), default=0)
        listed = text[start:end]
        places = _of_things(listed, _conjunctions(listed, start, kept))
        if places and (asked or not all(map(_ASPECT.search, _between(listed, places)))):
            return start, end, places
        asked = asked or ((start, end, places) if places else None)
        if not start:
            return asked
        end = start - 1  # A和B，期限各是多少: the things stand before what is asked of them


def _of_things(listed: str, places: list[re.Match[str]]) -> list[re.Match[str]]:
    """The conjunctions between things, without those between what is asked of each: A和B的比例、上限."""
    kept = list(places)
    while len(kept) > 1 and "的" in listed[kept[-2].end() : kept[-1].start() - 1]:
        if "的" in listed[kept[-1].end() :]:
            break
        kept.pop()
    return kept


def _conjunctions(listed: str, offset: int, kept: Sequence[tuple[int, int]]) -> list[re.Match[str]]:
    """The conjunctions in a stretch of the question that begins at `offset`, none of them part of a name or word."""
    free = [
        match
        for match in _CONJUNCTION.finditer(listed)
        if not any(start < offset + match.end() and offset + match.start() < end for start, end in kept)
    ]
    edges = _edges(listed) if free else set()
    return [match for match in free if {match.start(), match.end()} <= edges]


def _edges(text: str) -> set[int]:
    """Where words begin and end: a conjunction is a word of its own, 和 in 和解 and 与 in 参与 are not."""
    return {0, *accumulate(len(word) for word in rjieba.cut(text, False))}


def _parts(listed: str, places: Sequence[re.Match[str]]) -> list[str]:
    """The text between the conjunctions. Where 和 stands, 、 lists within one side unless all are short."""
    strong = [match for match in places if match[0] != "、"]
    chosen = list(places)
    if strong and len(strong) < len(places):
        pieces = _between(listed, places)
        if max(len(piece) for piece in pieces[1:]) > 8 or "的" in pieces[-1][:-1]:
            chosen = strong
    return _between(listed, chosen)


def _between(text: str, places: Sequence[re.Match[str]]) -> list[str]:
    starts = [0, *(match.end() for match in places)]
    ends = [*(match.start() for match in places), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _shared_head(first: str) -> str:
    """What stands before the first thing and holds for all: 湖北对 in 湖北对小巨人和单项冠军."""
    match = _HEAD.match(first)
    if match is None or len(first) - match.end() < _LEAST:
        return ""
    return match[0] if match.end() in _edges(first) else ""


def _shared_tail(parts: list[str], apart: bool) -> tuple[list[str], str]:
    """What the last thing adds and holds for all: 奖励 in 首次认定和复核通过的奖励.

    apart: whether a mark stands between the things and what is asked of them, so that each is whole.
    """
    *firsts, last = parts
    if summed := _SUMMED.search(last):
        return [*firsts, last[: summed.start()]], last[summed.end() :]
    if last.endswith(firsts[-1][-2:]) or ("的" in last and all("的" in part[1:-1] for part in firsts)):
        return parts, ""  # 生产者的记录和经营者的记录: each is whole
    if (both := _BOTH.search(last)) and both.start() >= _LEAST:
        return [*firsts, last[: both.start()]], last[both.end() :]  # A和B都说七日内能退
    if not any("的" in part for part in parts) and (end := _end_of_like(last, firsts[-1])):
        return [*firsts, last[:end]], last[end:]  # 加盟店和直营店交增值税
    about = _ABOUT.search(last, _LEAST)
    if about and not any(_ABOUT.search(part) for part in firsts):
        return [*firsts, last[: about.start()]], last[about.start() :]
    if "的" in last[1:-1] and not any("的" in part for part in firsts):
        cut = last.index("的", 1)
        cut = _end_of_like(last[:cut], firsts[-1]) or cut  # 独立法人和非独立法人申请认定的条件
        return [*firsts, last[:cut]], last[cut:]
    if apart:
        return parts, ""
    words, own = list(rjieba.cut(last, False)), [list(rjieba.cut(part, False)) for part in firsts]
    length = max(len(part) for part in own)
    if len(words) > length:
        kept = "".join(words[:length])
        if _ASPECT.search(last):
            return [*firsts, kept], last[len(kept) :]
    return parts, ""


def _end_of_like(text: str, thing: str) -> int:
    """Where a thing of the same sort ends that a text begins with: about as long as the other, with the same last word.

    0 where it begins with none, or nothing follows.
    """
    words = list(rjieba.cut(thing, False))
    for sort in (words[-1] if words else "", thing[-1:]):
        end = text.find(sort) + len(sort)
        if sort and abs(end - len(thing)) <= _ALIKE and len(text) - end >= _LEAST and end in _edges(text):
            return end
    return 0


def _what_is_asked(after: str) -> str:
    """What is asked of each side: 奖励 in 哪个奖励更高; the words of comparing themselves are left out."""
    bare = _MARK.sub("", after)
    bare = re.sub(
        r"(?<!最)[多高少低长短]出?(?:多少|几\w?)|之间|相比|比起来|比较|对比|两者|二者|到底|究竟|有?(?:什么|何|啥|哪些)?(?:区别|不同|不一样|差别|差异|差距)|差多少|差几"
        r"|哪(?:个|种|类|一个|一种|项|家|边|方)|谁|(?:是不是|是否)?(?:一样|相同|一致)(?:[多高大少低长短早晚严重宽])?|更?(?:划算|合算|多|高|大|少|低|长|短|早|晚|严|重|宽)(?:一?些|一?点)?(?![㐀-鿿])|[吗呢呀啊么]$|在哪里?$|^是",
        "",
        bare,
    )
    measured = "是多久" if re.search(r"[长短早晚久]", after) else "是多少" if _MEASURED.search(after) else ""
    return _ALL.sub("", bare) + measured
