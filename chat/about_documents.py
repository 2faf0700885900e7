"""Questions about a document itself, told by words that leave no doubt; the rest is the classifier's (chat.kinds)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chat.question import Aspect, Kind, Question

# Words that say something of a document and never what it is about.
_WORDS = frozenset(
    "有效期 落款 文号 印发 发布 公布 施行 生效 失效 发文 机关 成文 日期 有效 期限 到期 颁布 出台".split()
)
_SLIGHT = 2.0  # weight of a word that is no topic
PAPER = "(?:政策|文件|法规|法律|条例|办法|规定|意见|通知|文|资料|文档)"
_PAPER = re.compile(PAPER)
# What asks for the contents of a document, and the words that such a question names it by.
_CONTENTS = re.compile(
    r"(?:讲|说|写|规定|介绍|谈|包含|涉及)(?:了|的)?(?:是|有)?(?:些|一些)?(?:什么|啥|哪些)(?:内容|方面|东西|事情?)?(?:[？?吗呢啊呀]|$)"
    r"|(?:主要|大致|核心|重点|具体)?内容(?:主要)?(?:是|有|包括)?(?:些)?(?:什么|啥|哪些)|(?:什么|啥|哪些)(?:主要|重点|核心)?内容"
    r"|(?:概括|介绍|总结|归纳|概述|讲讲|说说|解读|梳理)(?:一?下)?|大意|要点(?:是|有)|(?:文件|政策|办法)(?:的)?(?:框架|目录|结构)"
)
_REFERRED = re.compile(rf"它|(?:这|该|那)(?:一?[份个部])?{PAPER}")  # to the document of an earlier turn
# A document that is called by its matter (集成电路政策), and nothing asked but what it speaks of.
_CALLED = rf"(?:{PAPER}|方案|计划|措施|细则)"
_OF_ITSELF = re.compile(
    rf"{_CALLED}(?:里面?|中)?(?:都|主要|大致|大概|具体|究竟|到底|一共)*(?:讲|说|写|谈)(?:了|的)?(?:是|些|一些)?(?:什么|啥)(?:内容|东西|事情?)?[？?吗呢啊呀]*$"
    rf"|{_CALLED}(?:里面?|中)?(?:的|有)?(?:主要|大致|核心|重点|具体)?(?:内容(?:主要)?(?:是|有|包括)?(?:些)?(?:什么|啥|哪些)|(?:有)?(?:什么|哪些)(?:主要)?内容|要点(?:是|有)(?:什么|哪些))[？?吗呢啊呀]*$"
    rf"|^(?:请|帮我|帮忙|麻烦)?(?:你)?(?:概括|介绍|总结|归纳|概述|讲讲|说说|解读|梳理)(?:一?下)?[^，。？?]{{2,30}}{_CALLED}(?:的(?:主要|核心)?(?:内容|要点|精神))?[？?吗呢啊吧。]*$"
)
_OF_CONTENTS = re.compile(
    rf"^(?:.*{_CALLED}|内容|要点|大意|框架|目录|结构|概括|介绍|总结|归纳|概述|解读|梳理)$"
)
_TITLED = 0.6  # share of the words of its matter that the title holds of a document called by it
# The day of the document, not of something that it deals with.
_ITS_DAY = re.compile(
    r"(?:文件|政策|办法|通知|意见|方案|计划|条例|规定|细则|措施)(?:是|在)?(?:哪[年天日一]|什么时候|何时|几[月号])[^，。？?]{0,3}(?:印发|发布|出台|公布|下发|颁布|发)的?[？?]?$|落款"
    rf"|{PAPER}(?:现在|目前|如今|今年)?(?:还|仍|是否|是不是)+(?:有效|管用|算数|在用|能用|作数)(?:吗|没|不|么)?[？?]?$"
    rf"|{PAPER}(?:总共|一共)?能?管(?:几年|多久|多长|到(?:什么时候|啥时候|哪[年天]))"
)
# 十一部门是哪十一个
_WHICH = r"[一二三四五六七八九十几多]+个?(?:部门|部委|委办局|单位)[^，。？]{0,3}(?:是|指|有|包括|分别)[^，。？]{0,2}(?:哪|谁)"
_ASPECTS = (
    (Aspect.DATE, re.compile(r"落款|成文日期|印发日期|(?:哪[年天日一]|什么时候|何时|几[月号])[^，。？?]{0,3}(?:印发|发布|出台|公布|下发|颁布)")),
    (Aspect.BASIS, re.compile(r"(?:依据|根据|贯彻|照着).{0,4}(?:哪|什么|啥)[个份些]?(?:文件|政策|意见|规定|法)")),
    (Aspect.ISSUERS, re.compile(r"(?:哪|什么|啥)[个些几家]?(?:单位|部门|机关|厅局).{0,4}(?:发|印|出台|制定|颁)|谁(?:发|印发|出台|颁布)的|" + _WHICH)),
    (Aspect.NUMBER, re.compile(r"文号|多少号|几号文")),
    (Aspect.EFFECTIVE, re.compile(r"(?:从|自|打).{0,4}(?:什么时候|哪[天日]|何时|啥时候).{0,3}(?:起|开始|算|施行|生效)|施行日期")),
    (Aspect.VALIDITY, re.compile(r"有效期|管几年|管多久|管到|什么时候(?:到期|失效)")),
)  # fmt: skip


# Between a document and what it speaks of: 都提到了.
SPEAKS = r"(?:里面?|中|当中)?[都还是曾有]*(?:提到|提及|讲到|讲了|说到|说了|写到|写了|涉及|谈到)[了过]?"
_WHICH_SPEAK = re.compile(rf"(?:哪[些几一]*[份个部条]?|有没有|有无)的?{PAPER}{SPEAKS}")
_WHICHEVER = re.compile(_WHICH)


def asks_contents(question: Question, titles: Iterable[str]) -> bool:
    """Whether it is asked what a document speaks of, and of no matter within it: 携手行动主要讲了什么.

    A document may be called by its matter: 江苏的集成电路政策说了啥. titles: those of the documents there are.
    """
    if question.labels or not _CONTENTS.search(question.text):
        return False
    matter = [
        term for term in question.terms if term.weight >= _SLIGHT and not _OF_CONTENTS.search(term.word)
    ]
    if not matter:
        named = question.named or ((question.regions or question.national) and _PAPER.search(question.text))
        return bool(named) or bool(_REFERRED.search(question.text))
    if question.named or not _OF_ITSELF.search(question.text):
        return False
    least = _TITLED * sum(term.weight for term in matter)
    return any(sum(term.weight for term in matter if term.word in title) >= least for title in titles)


def about_itself(question: Question) -> bool:
    """Whether a question is about a document itself, by its words alone."""
    if _ITS_DAY.search(question.text) or (question.named and _WHICHEVER.search(question.text)):
        return True
    terms = question.terms if question.named else ()
    return bool(terms) and all(term.word in _WORDS or term.weight < _SLIGHT for term in terms)


def asks_which_speak(text: str) -> bool:
    """Whether it is asked which of the documents speak of something, or whether any does."""
    return bool(_WHICH_SPEAK.search(text))


def named_aspects(told: tuple[Aspect, ...], text: str, kind: Kind) -> tuple[Aspect, ...]:
    """What is asked of a document: what the classifier tells, and what the words name outright beside it."""
    if kind is not Kind.DOCUMENT:
        return told
    named = tuple(aspect for aspect, pattern in _ASPECTS if pattern.search(text))
    if Aspect.BASIS in named:
        return (Aspect.BASIS,)  # 依据哪个文件制定，文号是多少: the number is that of the other document
    return tuple(dict.fromkeys((*told, *named)))
