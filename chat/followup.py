"""Follow-ups: what a turn leaves unsaid, taken from the turns before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from chat.naming import Catalog
from chat.places import NATIONAL
from chat.question import Kind, Question
from chat.spans import blank
from chat.terms import Term
from corpus.regions import find_regions
from corpus.script import simplify

_SWITCH = re.compile(r"^(那么?|那|还有|另外|再问|换成|如果是|要是|至于|其中|然后|接着|而)[，,]?")
_ASKS_BACK = re.compile(r"^.{1,12}呢[？?。！!]*$")
_ASKS_ITSELF = re.compile(r"多少|几|谁|哪|什么|啥|怎|如何|吗|多[久长大高]|能不能|是不是|有没有|何时")
_SAYS = re.compile(r"(?:怎么|如何|咋)(?:说|讲|写|规定|安排|样)的?")  # asks of a document the same as before
_TAIL = re.compile(r"(怎么样|如何|怎样)?(呢|呀|啊|吗)?[？?。!！]*$")
# Said when a new matter begins: nothing of the earlier turns holds on.
_NEW_MATTER = re.compile(
    r"^(换|改)(个|一个)?(话题|问题|别的)|^(再|另外?|还)(问|请教)(个|一个|一下)?(别的|其他|另一)|不(聊|说|谈|问|讲|管)(这|那|它|.{1,6}了)|先不(说|聊|谈|问)|说(点|个)别的|另一(个|件)事"
)
# These words themselves, with the matter that is left: 不聊征信了。
NEW_MATTER_SAID = re.compile(
    r"^(?:不(?:聊|说|谈|问|讲)[^，,。！!？?]{1,8}了|先不(?:说|聊|谈|问)[^，,。！!？?]{1,8}|(?:换|改)(?:个|一个)?(?:话题|问题|事儿?)(?:问问|说说|问一下)?)[，,。！!\s]+"
)
_COMPARES = re.compile(
    r"相比|比较|对比|比起来|[和跟与同].{1,12}比|区别|不同|差别|(谁|哪个|哪边).{0,6}(更|多|高|大)|一样"
)
_THIN = 6.0  # weight of a topic that is too little to stand alone
_NONE = 4.0  # weight of one that says nothing of its own: 山东自己定的又是多少
_FULL = 12.0  # weight of one beside which the earlier topic is but the setting
_SETTING = 0.35  # of their weight that the words of an earlier topic keep beside a full one,
_BESIDE = 0.8  # and beside a thin one
_SHORT = 12  # characters of a question about a document that names none


def opens(text: str) -> bool:
    """Whether a turn begins a new matter in so many words (换个话题)."""
    return bool(_NEW_MATTER.search(text))


def switches(text: str) -> bool:
    """Whether a turn replaces a part of the one before (那湖北呢)."""
    return _SWITCH.sub("", text) != text or bool(_ASKS_BACK.search(text))


def without_switch(topic: str) -> str:
    """The topic of a turn without the words that tie it to the one before."""
    return _TAIL.sub("", _SWITCH.sub("", topic))


def complete(own: Question, previous: Question, catalog: Catalog) -> Question:
    """A turn, read by itself, completed with what the turns before it said."""
    if opens(own.text):
        return own
    placed = bool(own.regions or own.missing_regions or own.national)
    named = bool(own.named or own.missing)
    open_kind = own.kind is Kind.OPEN
    if (
        placed
        and previous.regions
        and own.kind in (Kind.COMPARISON, Kind.OPEN)
        and _COMPARES.search(own.text)
    ):
        # 和佛山市的相比呢: the region of the turn before is one side of the comparison.
        regions = tuple(dict.fromkeys((*previous.regions, *own.regions)))
        carried = _carry(own, previous, catalog, topic=True, kind=True)
        return replace(
            carried, regions=regions, national=own.national or previous.national, kind=Kind.COMPARISON
        )
    # A question about a document itself (什么时候到期) has its topic in the document, not in words.
    about = own.kind is Kind.DOCUMENT and not own.named and len(own.text) <= _SHORT
    if not own.terms or about:
        switched = switches(own.text)
        instead = named and switched and not _ASKS_ITSELF.search(_SAYS.sub("", own.text))  # 那三年行动计划呢
        same = open_kind or (placed and switched) or instead
        return _carry(own, previous, catalog, topic=True, kind=same, instead=instead)
    if named or (placed and not switches(own.text) and not _empty(own)):
        return own
    asks_back = bool(_ASKS_BACK.search(own.text))
    same = asks_back and not _ASKS_ITSELF.search(own.text)  # 那单项冠军企业呢: of it the same is asked
    carried = _carry(own, previous, catalog, topic=False, kind=open_kind or same)
    return _added(carried, previous) if _thin(own) and not asks_back else _with_setting(carried, previous)


def in_full(question: Question) -> Question | None:
    """A follow-up as one text with the question that it goes on from; None where it goes on from none.

    What this turn replaces of that one (another region, 省级 for 国家级) is left out.
    """
    previous = question.earlier
    if previous is None or not question.follows:
        return None
    before = previous.standalone
    if question.regions != previous.regions or question.national != previous.national:
        before = _without_places(before)
    for term in previous.terms:
        if _replaced(term, question.terms):
            before = before.replace(term.word, "")
    before = before.strip("，,。？?！! ")
    if not before or before in question.standalone:
        return None
    return replace(question, standalone=f"{before}，{question.standalone}")


def refer(previous: Question, answer: str, catalog: Catalog) -> Question:
    """The document that an earlier answer cited is what 它 and 该政策 refer to, if the question named none."""
    if previous.named or previous.regions:
        return previous
    cited = catalog.find_documents(simplify(answer)).documents
    return replace(previous, named=cited) if len(cited) == 1 else previous


def is_whole(question: Question) -> bool:
    """Whether a question has so much of a topic that the turn before adds but a setting."""
    return sum(term.weight for term in question.terms) >= _FULL


def _without_places(text: str) -> str:
    """A text without the regions and the level that it names."""
    spans = [(mention.start, mention.end) for mention in find_regions(text)]
    return re.sub(r"\s+", " ", NATIONAL.sub(" ", blank(text, spans))).strip()


def _empty(question: Question) -> bool:
    """山东的叫什么: no topic at all."""
    return sum(term.weight for term in question.terms) < _NONE


def _thin(question: Question) -> bool:
    return sum(term.weight for term in question.terms) < _THIN


def _carry(
    own: Question, previous: Question, catalog: Catalog, *, topic: bool, kind: bool, instead: bool = False
) -> Question:
    """Take from the turn before what this turn leaves out. instead: a document is named in the place of another."""
    changes: dict[str, object] = {"follows": True, "earlier": previous}
    placed = bool(own.regions or own.missing_regions or own.national)
    named = bool(own.named or own.missing)
    if not placed and not named:
        changes |= {
            "regions": previous.regions,
            "national": previous.national,
            "missing_regions": previous.missing_regions,
            "narrowed": previous.narrowed,
        }
    if not named and (not placed or _fits(previous.named, own, catalog)):
        changes |= {"named": previous.named, "missing": previous.missing if not placed else ()}
    if topic and (instead or not named):
        changes |= {"topic": previous.topic, "terms": previous.terms}
        changes["departments"] = own.departments or previous.departments
    if kind:
        changes["roles"] = own.roles or previous.roles
        changes |= {"kind": previous.kind, "aspects": previous.aspects, "wording": previous.wording}
    if not own.years and (topic or kind):
        changes["years"] = previous.years
    merged = replace(own, **changes)  # type: ignore[arg-type]
    said = " ".join(dict.fromkeys((*merged.regions, *([merged.topic] if topic else []), own.text)))
    return replace(merged, standalone=said)


def _added(question: Question, previous: Question) -> Question:
    """那最高能补多少: too little to be a topic of its own, but more of the one before."""
    terms = tuple(dict.fromkeys((*previous.terms, *question.terms)))
    return replace(
        question, terms=terms, focus=previous.focus, topic=f"{question.topic} {previous.topic}".strip()
    )


def _with_setting(question: Question, previous: Question) -> Question:
    """那独角兽企业呢: the new words are the topic, the earlier ones remain as its setting."""
    own = {term.word for term in question.terms}
    weight = sum(term.weight for term in question.terms)
    share = _SETTING if weight >= _FULL else _BESIDE
    if question.terms and all(any(_replaces(t, term) for term in previous.terms) for t in question.terms):
        share = 1.0  # 省级的呢 for 国家级水产良种场: the rest is asked as before
    earlier = [
        term for term in previous.terms if term.word not in own and not _replaced(term, question.terms)
    ]
    if share == _BESIDE and weight:
        # However little is asked now, it weighs as much as what was asked before.
        share = min(share, max(_SETTING, weight / max(sum(term.weight for term in earlier), 1.0)))
    setting = tuple(replace(term, weight=term.weight * share) for term in earlier)
    topic = f"{question.topic} {previous.topic}".strip()
    merged = replace(question, terms=(*question.terms, *setting), focus=tuple(own), topic=topic)
    return in_full(merged) or merged if share == 1.0 else merged


def _replaced(term: Term, own: Sequence[Term]) -> bool:
    """Whether a word of the new turn stands in the place of an earlier one: 市级 for 国家级, 第二年 for 第一年."""
    return any(_replaces(other, term) for other in own)


def _replaces(own: Term, earlier: Term) -> bool:
    alike = own.word[-1] == earlier.word[-1] and own.word != earlier.word
    return alike and len(own.word) >= 2 and len(earlier.word) >= 2


def _fits(ids: Sequence[str], question: Question, catalog: Catalog) -> bool:
    """Whether the documents are of the regions that the question names."""
    allowed = set(catalog.places.within(question.regions, national=False))
    return bool(ids) and set(ids) <= allowed and not question.missing_regions
