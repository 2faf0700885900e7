"""Answers about what the corpus holds: how many documents, of where, when, whom and what, the first and the last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.about_documents import PAPER, SPEAKS, asks_which_speak
from chat.answer import Citation, Statement
from chat.places import region_of
from chat.question import Question
from chat.quoting.selection import Selection, cite_clause, clause_at, in_order, name_of
from chat.quoting.times import cite_day, cite_head, repealed_by
from chat.validity import chinese_date, is_before, validity
from corpus.document import Document
from corpus.regions import find_regions
from corpus.sentences import split_sentences

_LISTED = 30  # documents that a list names before it points to the page of all
_SAID = "[^，。？?的几哪什啥多库收这那]"  # what a topic is made of: no question, no word for the corpus
_TOPIC = re.compile(
    rf"(?:关于|有关|涉及|跟|与|和)(?P<behind>{_SAID}{{2,14}}?)(?:的|有关|相关|沾边|方面|领域)"
    rf"|(?P<before>{_SAID}{{2,14}}?)(?:方面|领域|相关)的?{PAPER}"
    rf"|(?:有没有|有无|收录了?|收了|有)(?P<of>{_SAID}{{2,14}}?)的?{PAPER}(?:没有|没|吗|么|[？?]|$)"
)
_SPOKEN = re.compile(
    rf"{PAPER}{SPEAKS}(?:关于|有关)?[“\"]?(?P<told>{_SAID}{{2,14}}?)[”\"]?(?:的|没有|没|吗|么|呢|[，。？?]|$)"
)
_LEVELS = (
    ("国家", re.compile(r"国家级|中央|部委|全国性|国家层面")),
    ("省级", re.compile(r"省级|省一级|省里")),
    ("市级", re.compile(r"市级|市一级|地市|市里")),
    ("县级", re.compile(r"县级|县一级|区县|县里|区级")),
)
_WITHOUT_DE = ("国家", "省级", "市级", "县级")  # 国家政策文件, but 山东省的政策文件
_BACK = {"今年": 0, "去年": 1, "前年": 2}
_STATES = (
    (
        "现行",
        re.compile(
            r"(?:还|仍|现在|目前|现行).{0,4}有效(?!期)|没(?:有)?(?:过期|失效|废止)|未(?:过期|失效|废止)|现行"
        ),
    ),
    ("已失效", re.compile(r"过期|失效|过了(?:有效)?期|到期(?:了|的)|废止|作废|不再有效|没有?效")),
)
# The level or the state, with what stands behind it: 省里出台的.
_BY_WHOM = tuple(
    re.compile(rf"(?:{pattern.pattern})头?(?:发的?|出的?|出台的?|印发的?|发布的?)?")
    for _, pattern in (*_LEVELS, *_STATES)
)
_EARLIEST = re.compile(r"最早|最老|最旧|最先|第一[份个部]")
_LATEST = re.compile(r"最新|最近|最晚|更新(到|至|日期|时间)")
_OF_THE_SYSTEM = re.compile(
    r"你(们)?(都|还)?(能|会|可以).{0,4}(干|做|答|问|帮|查|写|懂|说)|(能|可以)(问|查|帮|上传|写|做什么|干什么)|怎么(问|用|提问|跟你)|你(们)?(是|叫)(谁|什么|啥|哪)|介绍.{0,4}(自己|你)|靠得?住|哪[里儿]来|支持按"
)


@dataclass(frozen=True)
class _Asked:
    """What of the corpus is asked for: the documents, and the words that describe them (empty for all)."""

    documents: tuple[Document, ...]
    words: str = ""
    said: str = ""  # what stands in the text of each of them


def write_holdings(selection: Selection) -> Iterator[Statement]:
    """Say how many documents there are of what is asked for, and name them: national ones first."""
    question = selection.question
    asked = _asked(selection)
    if not asked.documents:
        return
    if lacking := question.missing_regions:
        yield Statement(f"库内没有收录{'、'.join(lacking)}的政策。", kind="notice")
    if _OF_THE_SYSTEM.search(question.wording):
        yield Statement(
            "您可以就库内收录的文件提问，例如目标数字、时间节点、责任分工、支持措施和申报条件，以及文件的文号、"
            "发文机关、施行日期和有效期。每句回答都注明所依据的条款，文件没有写明的不作回答。",
            kind="notice",
        )
    for pattern, which in ((_EARLIEST, "早"), (_LATEST, "晚")):
        if pattern.search(question.wording):
            yield from _outermost(asked, which)
            return
    count = len(asked.documents)
    if asked.words or count == len(selection.held):
        yield Statement(f"库内收录的{asked.words}政策文件共{count}份：", kind="notice")
    else:  # documents that the question names, or that the asker chose
        yield Statement("库内收录的相符文件如下：", kind="notice")
    if not asked.words and count == len(selection.held) and (places := _places(asked.documents)):
        yield Statement(f"收录范围：{places}。", kind="notice")
    documents = in_order(asked.documents)
    for document in documents[:_LISTED]:
        issued = f"，{document.issued_on.year}年" if document.issued_on else ""
        said = _cite_sentence(document, asked.said) if asked.said else None
        yield _entry(document, issued, (said or cite_head(document),))
    if count > _LISTED:
        yield Statement("其余文件请在“政策文件”页查看。", kind="notice")


def _entry(document: Document, issued: str, citations: Sequence[Citation], lead: str = "") -> Statement:
    place = document.region or document.level
    text = f"{name_of(document)}{'，' if place else ''}{place}{issued}"
    return Statement(text, tuple(citations), "derived", lead=lead, form="sentence" if lead else "bullet")


def _cite_sentence(document: Document, word: str) -> Citation | None:
    """The first sentence of a document's clauses that holds a word."""
    start = document.text.find(word)
    clause = clause_at(document, start) if start >= 0 else None
    if clause is None:
        return None
    spans = split_sentences(document.text[clause.start : clause.end], clause.start)
    return next((cite_clause(clause, a, b) for a, b in spans if a <= start < b), None)


def _outermost(asked: _Asked, which: str) -> Iterator[Statement]:
    """The documents issued first or last: those that no other is known to precede or follow."""
    dated = [document for document in asked.documents if document.issued_on]
    first = which == "早"
    found = [d for d in in_order(dated) if all(is_before(other, d) is not first for other in dated)]
    if len(found) > 1:
        yield Statement("下列文件所载的日期不足以确定先后。", kind="notice")
    for document in found:
        assert document.issued_on is not None
        day = document.issued_on.day
        issued = chinese_date(day) if day else f"{document.issued_on.year}年"
        citations = (cite_head(document), *([cite_day(document, issued)] if day else []))
        yield _entry(
            document, f"，{issued}", citations, f"库内收录的{asked.words}政策文件中发布最{which}的："
        )


def _places(documents: Sequence[Document]) -> str:
    """How many documents there are of each province: 国家3份、山东省1份; empty where all are of one."""
    counts = Counter(
        "国家" if document.level == "国家" else _province(region_of(document)) for document in documents
    )
    named = [(place, count) for place, count in counts.items() if place]
    if len(named) < 2:
        return ""
    return "、".join(f"{place}{count}份" for place, count in sorted(named, key=_national_first))


def _national_first(entry: tuple[str, int]) -> tuple[bool, int, str]:
    return entry[0] != "国家", -entry[1], entry[0]


def _province(region: str) -> str:
    found = find_regions(region)
    return found[0].province if found and region.startswith(found[0].province) else region


def _asked(selection: Selection) -> _Asked:
    """Narrow the documents down by what the question says of place, level, issuer, year and topic, and say so."""
    question = selection.question
    documents = selection.documents
    places = [*question.regions, *(["国家"] if question.national else [])]
    level = next((name for name, pattern in _LEVELS if pattern.search(question.wording)), "")
    if level and not places:
        places = [level]
        documents = tuple(d for d in documents if d.level == level.removesuffix("级"))
    words = f"{'、'.join(places)}{'的' if places[-1] not in _WITHOUT_DE else ''}" if places else ""
    if state := next((state for state, pattern in _STATES if pattern.search(question.wording)), ""):
        gone = {d.id for d in documents if _is_gone(d, selection)}
        documents = tuple(d for d in documents if (d.id in gone) == (state == "已失效"))
        words += f"{state}的"
    year = _year(question)
    if year:
        documents = tuple(d for d in documents if d.issued_on and d.issued_on.year == year)
        words += f"{year}年发布的"
    if issuer := _issuer(question, selection.held):
        documents = tuple(d for d in documents if issuer in "、".join(d.issuers))
        words += f"发文机关含“{issuer}”的"
    elif asks_which_speak(question.wording) and (spoken := _spoken_of(question)):
        holding = tuple(d for d in documents if spoken in d.text)
        return _Asked(holding, f"{words}正文提到“{spoken}”的", spoken)
    elif topic := _topic(question, documents):
        return _about(topic, documents, words)
    return _Asked(documents, words)


def _is_gone(document: Document, selection: Selection) -> bool:
    """Whether a document has expired, or another one that is held has repealed it by its number."""
    if validity(document, selection.question.as_of).state == "expired":
        return True
    # Without a number every other text would have to be searched for the title.
    return bool(document.number) and repealed_by(document, selection.held) is not None


def _year(question: Question) -> int:
    """The one year of issue that is asked about; 0 where there is none."""
    back = [question.as_of.year - years for word, years in _BACK.items() if word in question.wording]
    years = [*question.years, *back]
    return years[0] if len(years) == 1 else 0


def _issuer(question: Question, held: Sequence[Document]) -> str:
    """The longest name of an issuer, or its usual end (农业农村部 of 中华人民共和国农业农村部), that the question names."""
    names = {name.removeprefix("中华人民共和国") for document in held for name in document.issuers}
    asked = re.sub(r"\s", "", question.wording)
    return max((name for name in names if len(name) > 2 and name in asked), key=len, default="")


def _spoken_of(question: Question) -> str:
    """What documents are asked to speak of (哪些文件提到了工业互联网); empty where that is no name."""
    found = _SPOKEN.search(question.wording)
    return found["told"] if found else ""


def _topic(question: Question, documents: Sequence[Document]) -> tuple[str, ...]:
    """The words of the topic that documents are asked for by: what stands where a topic does, if any says it so.

    Otherwise those of the question's terms that stand there.
    """
    wording = question.wording
    for pattern in _BY_WHOM:
        wording = pattern.sub("", wording)
    stretches = [part for match in _TOPIC.finditer(wording) for part in match.groups() if part]
    words = [term.word for term in question.terms if any(term.word in stretch for stretch in stretches)]
    whole = [part for part in stretches if any(word in part for word in words)]
    said = [part for part in whole if any(part in document.text for document in documents)]
    return tuple(said or words)


def _about(topic: Sequence[str], documents: Sequence[Document], words: str) -> _Asked:
    """The documents with these words in the title; where there are none, those with them in the text."""
    quoted = "".join(f"“{word}”" for word in topic)
    titled = tuple(d for d in documents if all(word in d.title for word in topic))
    if titled:
        return _Asked(titled, f"{words}标题含{quoted}的")
    mentioning = tuple(d for d in documents if all(word in d.text for word in topic))
    return _Asked(mentioning, f"{words}正文提到{quoted}的", topic[0] if len(topic) == 1 else "")
