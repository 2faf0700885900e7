"""Several questions in one turn: 谁来审？多少天？ Each is asked after the one before it, as a follow-up would be."""

from __future__ import annotations

import re

_MARK = re.compile(
    r"(?<=[？?；;。])|(?<=[，,])|(?<=、)(?=[^，。、？?]{0,8}(?:哪(?!些|几)|谁|多少|几[天个年月份]|什么时候|啥时候|怎么|多久))"
)
_ASKS = re.compile(
    r"多少|(?<!了)(?<![好多前头这那近后])几(?!乎|百|千|万|十)|(?<!没有)(?<!没)(?:什么|啥(?!的))|何时|哪|多久|多长|多大|怎么|怎样|如何|谁"
    r"|[吗呢][？?，,。]?$|[么不没][？?，,]?$"
    r"|([收要用算给交报退补行能可会])不\1|有没有|能不能|是不是|要不要|会不会|可不可以|是否|行不行|算不算|管不管|[？?]$"
)
_ANEW = re.compile(r"^(?:然后|另外|还有|以及|并且|而且|同时|再|也|又|那么?)[，,]?")
# What follows such a word says the same again or belongs to the part before it.
_SAME = re.compile(
    r"^(?:对吗|对不对|是吗|是不是|行吗|行不行|可以吗|好吗|成吗|合法吗|违法吗|怎么办|谢谢|有没有|能不能)[？?。！!]*$"
)
_NAMES = re.compile(r"呢[，,]$")  # 老办法呢，一年几回: names what is then asked about
_LEAST = 3  # characters of a part
_MOST = 3  # parts
PART = re.compile(r"[，,；;。：:、？?！!\n]")  # what parts a sentence
SHORTEST_PART = 4  # characters of a part of one


def asks(piece: str) -> bool:
    """Whether a stretch between two marks asks something."""
    return bool(_ASKS.search(piece.strip()))


def asking_of(text: str) -> str:
    """The stretches of a text that ask something."""
    return "，".join(piece for piece in PART.split(text) if asks(piece))


def parts_of(text: str) -> tuple[str, ...]:
    """The questions that a turn asks one after the other; none where it asks but one.

    What asks nothing is the setting of the part that follows it, and stays with it.
    """
    parts: list[str] = []
    held = ""
    for piece in _MARK.split(text):
        held += piece
        if asks(piece) and not _NAMES.search(piece):
            parts.append(held.strip())
            held = ""
    if held.strip() and parts:
        parts[-1] += held
    whole: list[str] = []
    for part in parts:
        bare = _ANEW.sub("", part)
        if whole and (len(bare) < _LEAST or _SAME.match(bare)):
            whole[-1] += part
        else:
            whole.append(part)
    return tuple(whole) if 1 < len(whole) <= _MOST else ()


def ends_of(question: str) -> tuple[str, str]:
    """The last part of a question, which mostly asks, and what stands before it, which tells; both all where it has one."""
    parts = [part for part in PART.split(question) if len(part.strip()) >= SHORTEST_PART]
    return (parts[-1], "，".join(parts[:-1])) if len(parts) > 1 else (question, question)
