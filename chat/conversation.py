"""What people say to keep a conversation going: thanks, corrections, and words that point back at earlier turns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.script import simplify

_COURTEOUS = re.compile(
    r"好|嗯|哦|噢|行|明白|知道|懂|了解|清楚|收到|谢|辛苦|麻烦|没事|在吗|再见|拜拜|ok", re.IGNORECASE
)
# Possessive, so that no text can be read in many ways.
_COURTESY = re.compile(
    r"(?:好|嗯|哦|噢|行|明白|知道|懂|了解|清楚|收到|多?谢|感谢|辛苦|麻烦|太好|没事|[您你]好|在吗|再见|拜拜|ok(?:ay)?"
    r"|[了啦啊呀吧哈您你的嘞👍🙏]|老师|耐心|回答|解答|[，,。．.！!～~、\s])++",
    re.IGNORECASE,
)
_LONGEST_COURTESY = 40  # characters
_INTERJECTION = r"(?:[哎诶唉啊哦呃嗯额噢呀][，,。！!\s]*)?"
_MISTAKEN = re.compile(
    rf"^{_INTERJECTION}(?:等等|等下|慢着|不对|不是(?=[，,。！!])|错了|(?:是?我)?(?:刚才?|刚刚)?(?:是?我)?(?:说|打|写|问|搞|弄|记)错了?)[啦哈啊]?(?:[，,。！!\s]+|$)"
)
_MEANT = re.compile(
    r"^(?:我(?:刚才?)?(?:问|说|要问|想问|指|想知道)的(?:其实)?(?:是|就是)|我是(?:说|问|想问|指)|应该是|是(?=[㐀-鿿]))[，,]?"
)
# 不是做食品的，是做塑料桶的: what it is not leads astray.
_NOT_THIS = re.compile(
    r"(?:我们|我|咱们?|它|这)?(?:不是|并非)[^，,。？?]{1,16}[，,](?:而是|是|就是)(?![不否吗吧嘛么])"
)
_NOR_THAT = re.compile(r"[，,]不是[^，,。？?]{1,12}(?=[，,。])")
_THING = r"(?:个|只|笔|项|条|数|份|家|种|次|段)?(?:数字?|比例|金额|标准|额度)?"
_SAID = r"(?:(?:你|您|咱们?|我们?)?(?:说|讲|报|提|答|问|聊)(?:到|过|起)?的?)?"
_BESIDE = re.compile(
    rf"[，,]?(?:跟|和|与|同|比起?)(?:你|您|咱们?|我们?)?(?:(?P<first>最(?:开始|初|早|先)|一开始|开头|起初|起先)|(?:刚才|刚刚|刚(?=说|讲|报|提|问)|前面|上面|之前|先前)(?=.{{0,2}}(?:说|讲|报|提|答|问|聊|那|这)))"
    rf"{_SAID}(?:[㐀-鿿]{{1,6}}?[那这]|[那这]?){_THING}(?:的)?(?:相比|对比|比较|比起来|比(?![例重率值]))[，,]?"
)
_RETURNS = re.compile(
    r"^(?:那|再)?(?:回到|回过头|说回|再说|再看|接着说|还是说|换回)(?:来)?(?:看|说|到)?"
    r"|(?:刚才|刚刚|前面|上面)(?:你|您|我|咱们?)?(?:说|讲|提|问|聊)?(?:到|过)?(?:的|那|这)+(?:个|份|笔|条(?![件款例])|项(?!目))?"
    r"|想问(?:得)?(?:详?细|具体)(?:一)?点(?:儿)?"
)
_SHORT = 18  # characters of a turn that names no matter of its own
_MORE = re.compile(
    r"还有(?:没有)?(?:别的|其他|其它|啥别的)|除了?(?:这|那|上面|前面|刚才)[^，。]{0,8}[，,]?(?:还|另外|其他|别的|也)|别的(?:还有|呢|没有)|就这些[吗么]|没别的了"
)
_LEVEL = re.compile(
    r"(?:^|[，,。；;？?\s到那])(?P<level>[省市县区])(?:里|级|上)(?:的)?(?:那|这)(?:份|个|边|部|项)?(?:文件|政策|办法|规定)?|回到(?P<back>[省市县区])(?:里|级|上)?"
    r"|(?:^|[，,。；;？?])\s*(?:那么?|换成|再问|要是|如果是)?(?P<head>[省市县区])(?:里|级|上)(?!别|升|划|面)"
)
# 佛山的先到这。合肥的清楚了，谢谢。 What is then asked has nothing to do with what was asked before.
_CLOSED = re.compile(
    r"^(?P<matter>[^，,。！!？?；;]{1,10}?(?:的|那边|这边|那个|这个|那块))?(?:先到这儿?|就到这儿?|就这样|先这样|(?:清楚|明白|知道|了解|搞懂|弄懂|懂|问完|聊完)了|不(?:问|聊|提)了|放一放|先放一边)[吧啦哈]?[，,。！!；;\s]+(?:(?:多?谢+谢?|感谢|辛苦)[了您你啦]*[，,。！!\s]*)?"
)
_ELSE = re.compile(
    r"^(?:那|再|我)?(?:另外|顺便|还想|另)[^，,。？?]{0,8}?(?:打听|问|请教|咨询|说)(?:一?下|个事儿?|件事|别的)?[，,。：:]\s*"
)
_GOES_ON = re.compile(r"那|这|它|其中|还有|然后|接着")
_ORDINAL = re.compile(
    r"(?:你说的|刚说的|上面的?|前面的?)?(?:第(?P<number>[一二三四五六1-6])[个种项](?![月季年工])"
    r"|(?<![目以之今当产售此先事空])(?:(?P<former>前(?:一[种个项]|者))|(?P<latter>最?后(?:一[种个项]|者)))(?![人体目植粮类子月]))"
)
_ITEMS = (
    re.compile(
        r"(?:^|[：:；;，,。\s])(?:[一二三四五六]是|[（(][一二三四五六1-6][)）]|[1-6][.、．](?!\d)|[①②③④⑤⑥])\s*(?:对)?([^；;。\n，,：:]{2,40})"
    ),
    re.compile(r"^\s*[-·•]\s*(?:[^：:\n]{0,24}条?[）)]?[：:]\s*)?([^；;。\n，,]{2,40})", re.MULTILINE),
)
_LEAST_RETURN = 3  # characters that are left without the words that go back
_LEAST_LEFT = 6  # characters of a question
_VALUES = {char: value for value, char in enumerate("一二三四五六", 1)}


def is_courtesy(text: str) -> bool:
    """Whether a turn only thanks, greets or says that it was understood."""
    bare = text.strip()
    if not bare or len(bare) > _LONGEST_COURTESY:
        return False
    plain = simplify(bare)
    return bool(_COURTESY.fullmatch(plain)) and bool(_COURTEOUS.search(plain))


def courtesy_answered(text: str) -> str:
    """What is said to thanks or a greeting."""
    if re.search(r"[谢謝]|辛苦|再[见見]|拜拜", text):
        return "不客气。还想了解哪项政策，请接着问。"
    if re.search(r"[您你]好|在吗", text):
        return "您好。请用一句话说明您想了解的政策内容。"
    return "好的。还想了解哪项政策，请接着问。"


def corrected(text: str) -> tuple[str, str]:
    """A turn that corrects an earlier one without the words that only say so, and what it says is not so.

    不是，我问的是房租 asks about 房租; 我们不是外县的，是本县的 has nothing to do with 外县 any more.
    """
    rest, mistaken = text, False
    while (found := _MISTAKEN.match(rest)) and found.end():
        rest, mistaken = rest[found.end() :], True
    meant = _MEANT.sub("", rest) if mistaken or _MEANT.match(rest) and rest.startswith("我") else rest
    denied = "".join(match[0] for match in _NOT_THIS.finditer(meant))
    meant = _NOT_THIS.sub("", meant)
    if mistaken:
        denied += "".join(match[0] for match in _NOR_THAT.finditer(meant))
        meant = _NOR_THAT.sub("", meant)
    return meant or text, denied


def level_returned_to(text: str) -> str:
    """省 where 省里那份 or 回到省里 goes back to the policy of the province; else nothing."""
    found = _LEVEL.search(text)
    return (found["level"] or found["back"] or found["head"] or "") if found else ""


def closed(text: str) -> str:
    """What a turn asks that says that it is done with what was asked before; empty where it does not say so."""
    found = _CLOSED.match(text)
    if not found:
        return ""
    rest = text[found.end() :]
    anew = _ELSE.sub("", rest)
    # 知道了，那由谁负责？ goes on with the same matter.
    if anew == rest and (not found["matter"] or _GOES_ON.match(rest)):
        return ""
    return anew if len(anew) >= _LEAST_LEFT else ""


def asks_for_more(text: str) -> bool:
    """Whether a turn asks what else there is beside what was told."""
    return len(text) <= _SHORT and bool(_MORE.search(text))


def without_return(text: str) -> str:
    """A turn without the words that go back: 回到湖北, 刚才那个."""
    rest = _RETURNS.sub("", text)
    return rest if len(rest) >= _LEAST_RETURN else text


def pointed_at(text: str) -> tuple[str, str]:
    """For 跟你一开始说的那个比，谁快 the turn meant (first, last), and the question without those words; else nothing."""
    found = _BESIDE.search(text)
    if not found:
        return "", text
    rest = f"{text[: found.start()]}，{text[found.end() :]}".strip("，, ")
    return ("first" if found["first"] else "last"), rest


def resolved(text: str, answers: Sequence[str]) -> str:
    """A turn in which 后一种, 第二个 are replaced by what the last answer that counted anything up named."""
    found = _ORDINAL.search(text)
    if not found:
        return text
    items = next((items for answer in reversed(answers) if (items := _items_of(answer))), [])
    place = 0 if found["former"] else len(items) - 1
    if found["number"]:
        place = _VALUES.get(found["number"]) or int(found["number"])
        place -= 1
    if not 0 <= place < len(items):
        return text
    return f"{text[: found.start()]}{items[place]}{text[found.end() :]}"


def _items_of(answer: str) -> Sequence[str]:
    """What an answer counts up, in its order."""
    for pattern in _ITEMS:
        items = [match[1].strip("*[] ") for match in pattern.finditer(answer)]
        if len(items) >= 2:
            return items
    return []
