"""When not to answer, and what to say then. Decided on constraints and raw values, never on the fused score."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from chat.answer import Citation, Reason, Statement
from chat.conversation import courtesy_answered, is_courtesy
from chat.match import coverage
from chat.members import of_which, tells_members
from chat.naming import Catalog
from chat.normal import normalise
from chat.parts import asking_of
from chat.places import Gazetteer
from chat.question import Aspect, Kind, Question
from chat.quoting.section import asked_section, names_heading
from chat.quoting.selection import NEAR, Selection, name_of
from chat.quoting.times import repealed_by
from chat.roles import Role, states_contact
from chat.sides import asks_each
from chat.terms import is_noun
from chat.unsaid import unsaid
from corpus.document import Document
from corpus.regions import find_regions, short_name

# 浙江省落实…的实施方案: what the region made of it.
_OWN_RULES = re.compile(
    r"(?:落实|贯彻|实施|执行)[^，。？]{0,24}的(?:实施方案|实施意见|实施细则|细则|方案|办法|配套|措施)|配套(?:政策|文件|措施|办法)"
)
_HOW_MUCH = re.compile(r"(?<!差)(?:多少|几(?![乎年])|怎么[补奖罚])")
_OWN_NAME = re.compile(r"([㐀-鿿]{2,}?)(?:自治[区县州]|[省市县区])")
_PERIOD = re.compile(r"((?:19|20)\d\d)年?\s*[—–\-~～至到]+\s*((?:19|20)\d\d)年")
_END = re.compile(
    r"为止|收官|截止|截至|结束|到期|终止|期限|时限|收尾|完结"
)  # all that a period may be asked by
_STILL = re.compile(r"有效|失效|废止|作废|还(?:能|在)?[用执管]|取代|代替|新的")
_BY_DOCUMENT = (Kind.DOCUMENT, Kind.CORPUS, Kind.COMPARISON)
_WORD = re.compile(r"[㐀-鿿A-Za-z0-9]")
_SHOWN = 60  # characters of the question that a refusal repeats
_SHOWN_LEAST = 20  # of the one that a follow-up goes on from


# The less of the topic's words the best sentence and its surroundings hold, the nearer the evidence must be by
# meaning. Coverage is a weighted share, 0 to 1. Distance is in deviations of everyday questions from this corpus
# with this model, measured when the index was built, so that it means the same for any model and corpus.
_GATES = ((0.95, -0.6), (0.8, 0.0), (0.6, 0.5), (0.35, 1.2))
_SETTLED = 0.22  # share of the topic that must be spoken of to answer whether something is so
_LEAST = 0.1  # however near the evidence comes, a word of the topic must be like one of its words


_VERY_NEAR = 2.8  # for words that ask nothing in particular, nonsense among them
# The learned probability that the best sentence answers: from which the gates are not asked, and below which nothing
# is answered though they are passed.
_SURE = 0.5
_SPOKEN_OF, _CERTAIN = (
    0.3,
    0.5,
)  # share of the topic's words that must be held, or a confidence that needs none
_LOCATES, _LOCATED = (
    re.compile(r"哪一?条(?!路|街|件|船)|第几条"),
    0.6,
)  # which clause says so; share of the topic held
_AMONG = 2.0  # log odds behind the best of a sentence that ranks among the first
_DOUBTFUL = 0.2
# Who acts for the state; share of the topic's words in a sentence, from which its clause is the one on the matter.
_DEPARTMENTS, _WHOLE = re.compile(r"部门|单位|负责|牵头|归[^，。？]{1,8}[管推抓办]"), 0.8
# Weight of a noun that names something; share of a follow-up's own words that must be held.
_NAMING, _OWN = 2.5, 0.2


@dataclass(frozen=True)
class Refusal:
    """Why a question is not answered, and the notice that says so."""

    reason: Reason
    notice: Statement


def refuse_before_search(question: Question, catalog: Catalog) -> Refusal | None:
    """Refuse what no search can answer: nothing asked, a region or document that the corpus lacks."""
    if not _WORD.search(question.text):
        return _refusal(Reason.BLANK, "没有读到问题。请用一句话说明您想了解的政策内容。")
    if is_courtesy(question.text):
        return _refusal(Reason.BLANK, courtesy_answered(question.text))
    if not _WORD.search(normalise(question.text)):
        return _refusal(
            Reason.OFF_TOPIC,
            "这段话里没有读到关于政策的问题，因此不作回答。请用一句话说明您想了解的政策内容。",
        )
    if question.missing_regions and _needs_region(question):
        return _no_region(question.missing_regions, catalog.documents, catalog.places.regions)
    if other := _other_period(question, catalog):
        return _refusal(Reason.NO_DOCUMENT, f"库内没有收录{other}的这份文件，因此不能回答它的内容。")
    if question.missing and not question.named and not says_of_missing(question, catalog.documents):
        names = "、".join(question.missing)
        return _refusal(Reason.NO_DOCUMENT, f"库内没有收录{names}，因此不能回答它的内容。")
    if question.documents == () and question.kind is not Kind.CORPUS:
        return _refusal(
            Reason.NO_DOCUMENT, "所选范围内没有收录政策文件，因此不能回答。请放宽地区或文件的限制。"
        )
    return None


def _no_region(names: Iterable[str], documents: Iterable[Document], regions: Iterable[str]) -> Refusal:
    held = "、".join((*(["国家"] if any(not d.region for d in documents) else []), *regions))
    return _refusal(
        Reason.NO_REGION, f"库内没有收录{'、'.join(names)}的政策，因此不能回答。目前收录的范围：{held}。"
    )


def _other_period(question: Question, catalog: Catalog) -> str:
    """The years of a document that is named with them and is not held (2026—2028年新一轮“携手行动”); else nothing."""
    asked = _PERIOD.search(question.wording)
    named = [d for d in catalog.documents if d.id in question.named] if asked else []
    if not asked or not named:
        return ""
    first, last = int(asked[1]), int(asked[2])
    apart = all(d.period is not None and (d.period.last < first or d.period.first > last) for d in named)
    return f"{first}—{last}年" if apart else ""


def _needs_region(question: Question) -> bool:
    """Whether nothing can be said without the region that the corpus lacks: a national document holds there, too."""
    if question.named and not _OWN_RULES.search(question.wording):
        return question.kind is Kind.COMPARISON and bool(question.regions)
    if not question.regions or question.kind is Kind.COMPARISON:
        return not (question.regions and asks_of_each(question))
    # 黑龙江的客户说有奖，吉林省奖多少？
    asking = asking_of(question.wording)
    return _speaks_of(asking, question.missing_regions) and not _speaks_of(asking, question.regions)


def asks_of_each(question: Question) -> bool:
    """Whether what holds in each of several places is asked, so that one of them can be told without the others.

    Which of them gives more (哪个更高), or how much more (差多少), cannot.
    """
    return asks_each(question.wording) or len(_HOW_MUCH.findall(question.wording)) > 1


def _speaks_of(text: str, regions: Iterable[str]) -> bool:
    """Whether one of the regions is named by its own name (安吉 of 湖州市安吉县)."""
    named = {short_name(mention.city or mention.province) for mention in find_regions(text)}
    return any(
        ((own := _OWN_NAME.findall(region)) and own[-1] in text)
        or any(short_name(mention.city or mention.province) in named for mention in find_regions(region)[-1:])
        for region in regions
    )


def says_of_missing(question: Question, documents: Iterable[Document]) -> tuple[Citation, ...]:
    """Where a question asks whether a document that is not held still holds: the sentences of others that repeal it."""
    found = []
    for number in question.missing if _STILL.search(question.wording) else ():
        gone = Document(id=number, title="", text="", number=number)
        citation = repealed_by(gone, [d for d in documents if number in d.cites])
        found += [citation] if citation else []
    return tuple(found)


def refuse_after_search(selection: Selection) -> Refusal | None:
    """Refuse what the corpus does not speak of."""
    question = selection.question
    if question.kind is Kind.CORPUS or says_of_missing(question, selection.held):
        return None
    answered = [refuse_after_search(side) is None for _, side in selection.sides]
    if any(answered) and (question.kind is Kind.COMPARISON or all(answered)):
        return None  # of what is not found of one side, the comparison says so
    if any(refuse_after_search(part) is None for part in selection.parts):
        return None
    if question.documents and (
        question.kind is Kind.DOCUMENT or (question.kind is Kind.COMPARISON and question.aspects)
    ):
        return None
    if question.labels and question.documents is None and len(selection.documents) > 1:
        return _refusal(Reason.NO_DOCUMENT, f"请说明是哪一份文件的{'、'.join(question.labels)}。")
    if question.labels:
        return None if selection.candidates else not_stated(selection)
    if states_period(selection) or asked_section(selection):
        return None
    if not question.terms and question.kind not in (Kind.DOCUMENT, Kind.CORPUS):
        return not_stated(selection) if question.named or question.regions else off_topic(selection)
    return _refuse_evidence(selection)


def _refuse_evidence(selection: Selection) -> Refusal | None:
    """Refuse where what was found is not near enough to the question, or hardly answers it."""
    question = selection.question
    if not all(_speaks_of_year(selection, year) for year in question.years):
        return not_stated(selection)
    if not selection.candidates:
        return off_topic(selection)
    covered = max(candidate.coverage for candidate in selection.candidates)
    near = selection.near and (question.kind is not Kind.OPEN or selection.distance >= _VERY_NEAR)
    near = near or _passes(covered, selection.distance)
    if not is_sure(selection) and (covered < _LEAST or not near):
        return off_topic(selection)
    confidence = None if question.kind in _BY_DOCUMENT else selection.confidence
    doubtful = confidence is not None and confidence < _DOUBTFUL
    located = covered >= _LOCATED and bool(_LOCATES.search(question.wording))
    told = located or _names_departments(selection) or _states_contact(selection) or names_heading(selection)
    told = told or _tells_members(selection)
    return not_stated(selection) if doubtful and not told else None


def _tells_members(selection: Selection) -> bool:
    """Whether what belongs to a thing is asked, and a sentence of those that rank among the first counts it."""
    words = of_which(selection.question)
    return any(c.behind >= -_AMONG and tells_members(c.sentence.text, words) for c in selection.candidates)


def _states_contact(selection: Selection) -> bool:
    """Whether a contact is asked for and one that belongs to the matter ranks among the first."""
    question = selection.question
    return Role.CONTACT in question.roles and any(
        c.behind >= -_AMONG and c.coverage >= _LOCATED and states_contact(c.sentence.text, question.wording)
        for c in selection.candidates
    )


def states_period(selection: Selection) -> bool:
    """Whether how long a document holds is asked of it by name, or its title, which states its period, ranks first."""
    question = selection.question
    if question.kind is not Kind.DATE or not question.named:
        return False
    ends = all(_END.fullmatch(term.word) for term in question.terms)
    return (ends and (bool(question.terms) or Aspect.VALIDITY in question.aspects)) or any(
        c.behind == 0 and c.clause.label == "版头" and c.document.period and c.document.id in question.named
        for c in selection.candidates
    )


def _names_departments(selection: Selection) -> bool:
    """Whether who acts is asked, and the task that ranks first has its bracket of departments among the first.

    Or departments are asked for, and the sentence that ranks first holds nearly all the words of the matter.
    """
    question = selection.question
    first = [c for c in selection.candidates if c.behind == 0] if question.kind is Kind.WHO else []
    if _DEPARTMENTS.search(question.wording) and any(
        c.own_coverage >= _WHOLE and c.clause.departments for c in first
    ):
        return True
    tasks = {id(c.clause) for c in selection.candidates if c.coverage >= _SPOKEN_OF}
    tasks &= {id(c.clause) for c in first}
    return any(
        c.sentence.role == "duty" and c.behind >= -_AMONG and id(c.clause) in tasks
        for c in selection.candidates
    )


def is_sure(selection: Selection, least: float | None = None) -> bool:
    """Whether by the learned ranking the best sentence so likely answers that no threshold need be passed.

    least: another confidence that is enough.
    """
    covered = max((candidate.coverage for candidate in selection.candidates), default=0.0)
    enough = _SURE if least is None else least
    if selection.confidence is None or selection.confidence < enough:
        return False
    return covered >= _SPOKEN_OF or selection.confidence >= _CERTAIN


def _passes(covered: float, distance: float) -> bool:
    return any(covered >= coverage and distance >= least for coverage, least in _GATES)


def supported(selection: Selection, statements: Iterable[Statement]) -> bool:
    """Whether what is cited comes as near to the question as the best of the evidence had to.

    The best evidence may lack the form that is asked for, and what has that form may be about something else.
    """
    question = selection.question
    statements = list(statements)
    cited = [c for s in statements for c in s.citations]
    asked = [part.question.wording for part in selection.parts] or [question.wording]
    if question.kind not in _BY_DOCUMENT and cited and all(unsaid(each, cited) for each in asked):
        return False
    if (
        question.kind in _BY_DOCUMENT
        or question.labels
        or question.missing
        or question.departments
        or selection.sides
    ):
        return True
    if selection.calibration is None or Role.CONTACT in question.roles:
        return True  # a telephone number is like no question
    found = {id(item.passage): item for item in selection.evidence}
    evidence = [found[id(c.evidence.passage)] for c in cited if id(c.evidence.passage) in found]
    if not evidence or len(evidence) < len(cited):
        return True  # cited for what it is, such as the clause that names departments for all others
    clauses = {(c.document.id, c.clause.id) for c in cited}
    covered = max(
        (c.coverage for c in selection.candidates if (c.document.id, c.clause.id) in clauses), default=0.0
    )
    if is_sure(selection) or states_period(selection):
        return True
    distance = selection.calibration.distance(evidence)
    if question.kind is Kind.YES_NO and covered < _SETTLED:
        return False
    near = _VERY_NEAR if question.kind is Kind.OPEN else NEAR
    return distance >= near or _passes(covered, distance)


def off_topic(selection: Selection) -> Refusal:
    """The corpus does not speak of this."""
    if selection.question.seat:
        return _elsewhere(selection)
    return _refusal(
        Reason.OFF_TOPIC, f"在收录的政策中没有找到与“{_asked(selection.question)}”相符的规定，因此不作回答。"
    )


def not_stated(selection: Selection) -> Refusal:
    """The right policies are there, but do not state what is asked."""
    question = selection.question
    if question.seat:
        return _elsewhere(selection)
    if question.kind is Kind.CORPUS:
        return _refusal(Reason.NO_DOCUMENT, f"库内没有收录与“{_asked(question)}”相符的政策文件。")
    if question.documents is not None and 0 < len(selection.documents) <= 2:
        where = "、".join(name_of(document) for document in selection.documents)
    else:
        where = "收录的政策"
    return _refusal(Reason.NOT_STATED, f"{where}未写明“{_asked(question)}”的答案，因此不作回答。")


def _elsewhere(selection: Selection) -> Refusal:
    """The asker sits where the corpus has no policies, and what holds everywhere does not say."""
    regions = Gazetteer.of(selection.held).regions
    return _no_region(selection.question.seat, selection.held, regions)


def speaks_of_own(selection: Selection) -> bool:
    """Whether the sentence that ranks first holds some of what a follow-up itself names, if it names anything."""
    question = selection.question
    own = [place for place, term in enumerate(question.terms) if term.word in question.text.lower()]
    names = any(question.terms[p].weight >= _NAMING and is_noun(question.terms[p].word) for p in own)
    first = next((c for c in selection.candidates if c.behind == 0), None)
    if first is None or not names:
        return first is not None
    return coverage([question.terms[place] for place in own], first.own[own]) >= _OWN


def _speaks_of_year(selection: Selection, year: int) -> bool:
    """Whether a document that may answer was issued in, covers or names the year."""
    if year == selection.question.as_of.year:
        return True
    for document in selection.documents if len(selection.documents) <= 50 else []:
        named = [int(found) for found in re.findall(r"(?<!\d)((?:19|20)\d{2})\s*年", document.text)]
        issued = document.issued_on.year if document.issued_on else min(named, default=year)
        if year in named or issued <= year <= max([issued, *named]):
            return True
    return len(selection.documents) > 50 or not selection.documents


def _asked(question: Question) -> str:
    """What was asked, as a refusal repeats it: of a follow-up the question that it goes on from, too."""
    if question.told:
        return _brief(question.wording, _SHOWN)
    if question.earlier is None or not question.follows or question.topic != question.earlier.topic:
        return _brief(normalise(question.text) or question.standalone, _SHOWN)
    first = question.earlier
    while first.follows and first.earlier is not None:
        first = first.earlier
    own = _brief(normalise(question.text), _SHOWN)
    return f"{_brief(first.standalone or first.text, max(_SHOWN - len(own), _SHOWN_LEAST))}；{own}"


def _brief(text: str, most: int) -> str:
    text = re.sub(r"\s+", " ", text).strip("？?。！! ")
    return text if len(text) <= most else f"{text[:most]}…"


def _refusal(reason: Reason, text: str) -> Refusal:
    return Refusal(reason, Statement(text, kind="notice"))
