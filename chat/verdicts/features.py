"""What is seen of a question of yes or no and the sentence that decides it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from chat.checking.modality import Modal, modals_of
from chat.thresholds import figures_of, thresholds_of

# What a question is after, by its last part or as a whole; a sentence that forbids answers each of them its own way.
_ASKS = {
    name: re.compile(expression)
    for name, expression in {
        "spared": r"不用|不必|甭|无需|免|(?<![能行可得会要算])不(?!$|[？?]|成|行)",
        "punished": r"罚|违法|违规|犯法|犯规|坐牢|判|责任|追究|抓",
        "returned": r"退|吐|追|倒扣|收回|还(?:钱|上)",
        "lawful": r"规矩|合法|合规|允许|让不让|有这理|说得过去|对不对|站得住",
        "enough": r"够|达标|过得去|过关|门槛|线",
        "counts": r"算|属于|归|叫",
        "again": r"再|还能|两头|两份|一起|同时|叠加|一块|都",
        "there": r"有没有|有没|有份|有我",
        "surely": r"吧|是不是|对吧",
        "must": r"要不要|必须|非得|得先|一定|需要|用不用|还得|要(?!是)",
        "omit": r"(?:能|可以?|敢|准)(?:不|别)(?![能可行得]|\s*[?？]|$)",
        "may": r"能|可以|可否|行|成不|得唔得|中不中|准",
    }.items()
}
_SAYS = (
    "不予 不再 不得 除外 不纳入 不重复 可以 给予 应当 不计 不适用 不享受 处 罚款 视同 优先 无须 不追 不退 按剩余 补足差额 方可 "
    "只能 均可 就高 叠加 不超过 免费 不受"
).split()
_DENIES = frozenset((Modal.PROHIBIT, Modal.NEGATE, Modal.EXEMPT))
_BREAK = re.compile(r"[，,；;。：:？?！!\n]")
_LONGEST = 3  # characters of an n-gram of the part that asks
_TAIL = 2
_REACHED = 3  # times that it counts whether thresholds are reached


def features_of(question: str, said: str) -> frozenset[str]:
    """Names of the features of a question in simplified script and of what is said: the sentence with its lead."""
    parts = [part for part in _BREAK.split(question) if part.strip()] or [question]
    last, bare = parts[-1], question.rstrip("？?。 ")
    names = {f"l{gram}" for gram in _ngrams(last, _LONGEST)}
    names |= {f"q{question[i : i + 2]}" for i in range(len(question) - 1)}
    names |= {f"e{bare[-_TAIL:]}", f"E{bare[-1:]}"}
    segments = [segment for segment in _BREAK.split(said) if segment.strip()] or [said]
    pairs = set(_ngrams(question, 2))
    nearest = max(segments, key=lambda segment: len(pairs.intersection(_ngrams(segment, 2))))
    names |= {f"n{nearest[i : i + 2]}" for i in range(len(nearest) - 1)}
    whole = modals_of(said)
    force = {f"s{modal}" for modal in whole}
    force |= {f"b{modal}" for modal in modals_of(nearest)} | {
        f"z{modal}" for modal in modals_of(segments[-1])
    }
    denied, reached = denies(whole), reached_by(question, said)
    force |= {f"F{denied}", f"B{denies(modals_of(nearest))}", f"L{denies(modals_of(segments[-1]))}"}
    # Weighted more than a word is: it decides by itself.
    force |= {f"T{reached}", *(f"T{reached}{denied}{weight}" for weight in range(_REACHED))}
    words = {f"w{word}" for word in _SAYS if word in said}
    names |= force | words
    asks_last, asks = _asked(last), _asked(question)
    names |= {f"c{name}" for name in asks_last} | {f"C{name}" for name in asks}
    names |= {f"c{name}*{thing}" for name in asks_last for thing in force | words}
    names |= {f"C{name}*{thing}" for name in asks for thing in (f"F{denied}", f"T{reached}")}
    return frozenset(names)


def _ngrams(text: str, longest: int) -> Iterator[str]:
    for length in range(1, longest + 1):
        yield from (text[start : start + length] for start in range(len(text) - length + 1))


def _asked(text: str) -> list[str]:
    return [name for name, expression in _ASKS.items() if expression.search(text)]


def denies(modals: Iterable[Modal]) -> bool:
    """Whether one of the forces forbids, negates or exempts."""
    return not _DENIES.isdisjoint(modals)


def reached_by(question: str, said: str) -> str:
    """Whether the asker's figures lie within the thresholds of the sentence: in, out, both, or none to compare."""
    figures = figures_of(question)
    judged = [tier.admits(figure) for tier in thresholds_of(said) for figure in figures] if figures else []
    held, failed = any(judged), any(admits is False for admits in judged)
    return "both" if held and failed else "in" if held else "out" if failed else "none"
