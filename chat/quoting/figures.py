"""Numbers, amounts, shares, dates and periods: the figure that is asked for, and the sentence that states it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chat.answer import Citation, Statement
from chat.candidate import Candidate
from chat.match import words_of
from chat.outline import label_of
from chat.quantities import Bound, Quantity, QuantityKind, find_quantities
from chat.question import Kind, Question
from chat.quoting.selection import Selection, covers_years, in_order, is_body, name_of
from chat.quoting.sentences import widened
from chat.quoting.wanted import SEGMENT, Wanted
from chat.select import Selector
from corpus.document import Document

_JOINT = re.compile(r"[、和及与]|以及|其中")
_SEVERAL = re.compile(r"[？?].+[？?]|以及|分别|各(是|要|需)?|还(能|要|可以)?.{0,8}(多少|多久|几)|或者多少")
_BARE, _SUBJECT_CHARACTERS = (
    0.3,
    70,
)  # share of the topic below which a figure is told with what stands before it
_NO_FIGURES = re.compile(
    r"^以.{2,80}为指导|[一二三四五六七八九十]+(次|中)全会"
)  # 九次、十次全会 count nothing asked for
_RANK = (
    re.compile(r"(?:排[名位]|位[列居])(?:[^，。；]{0,4}前)?\s*$|(?<![目当日此底之以])前\s*$"),
    re.compile(r"[名位强](?!额|次|度|化|制)"),
)  # 世界500强, 前10名
_ASKS_RANK = re.compile(r"前(?:几|多少)|第几|几强|排名|名次")
_BARE_DATE = 8  # characters of a segment that holds a date and nothing else
_EXTRA = re.compile(r"提高(到|至)|上浮|再(给予|增加|奖)|另(给予|行|外)|额外|属于.{2,16}的")
_PENALTY = re.compile(r"罚款|罚金|违法所得")
_BREACH = re.compile(r"罚|违|处分|后果|吊销|没收|责任|犯|会怎|怎么办|拒不|不改|怎样|如何处")
_COMPARED, _NAMED, _MOST_COMPARED = (
    3.0,
    0.75,
    4,
)  # weight of a thing compared, how well its figure must name it
_CLOSE = 0.93
_BEHIND = 0.4  # what a figure loses for each unit of log odds that its sentence is behind the best,
_FAR = -4.0  # counted down to here
_MOST_FIGURES, _MOST_SAID = 6, 4
_CELL_CHARACTERS, _WIDE = 120, 130


@dataclass(frozen=True, eq=False)
class Figure:
    """A quantity of a candidate sentence with the words that belong to it; a higher score is better."""

    candidate: Candidate
    quantity: Quantity
    named: NDArray[np.float32]  # per term: whether the words at the figure hold it, likeness left out
    strays: bool  # a weighty word of what is asked stands nowhere near it
    start: int  # offsets into the sentence's text of the words around the quantity that name what is counted
    end: int
    qualifier: str  # 左右 at the end of an enumeration holds for each of its figures
    head: float  # weighted share of the topic's words that stand right at the quantity
    score: float

    @property
    def text(self) -> str:
        """The figure with what it counts: 单项冠军企业400家左右."""
        return self.candidate.sentence.text[self.start : self.end].strip() + self.qualifier


def find_figures(selection: Selection, selector: Selector, document: Document) -> list[Figure]:
    """The quantities of one document that may answer, best first."""
    question = selection.question
    wanted = Wanted.by(question)
    figures: list[Figure] = []
    for candidate in selection.of(document)[:60]:
        if not is_body(candidate) or not covers_years(candidate, question):
            continue
        if _NO_FIGURES.search(candidate.sentence.text):
            continue
        quantities = find_quantities(candidate.sentence.text)
        figures += [
            _figure(candidate, quantities, place, selector, wanted)
            for place, quantity in enumerate(quantities)
            if wanted.fits(quantity)
            and (_ASKS_RANK.search(wanted.asked) or not _is_rank(candidate.sentence.text, quantity))
        ]
    dated = [f for f in figures if f.quantity.is_time and not f.strays]
    if dated and wanted.kinds[:1] == (QuantityKind.DATE,):
        figures = dated  # when it ends is asked for: how long it lasts answers only where no date does
    return sorted(figures, key=lambda f: (f.strays, -f.score, f.candidate.sentence.start, f.start))


def _is_rank(text: str, quantity: Quantity) -> bool:
    """Whether a number only says how high something ranks (世界500强, 前10名), which counts nothing asked for."""
    before, after = _RANK
    if quantity.kind is not QuantityKind.COUNT:
        return False
    named = after.match(text, quantity.end) or quantity.unit in ("名", "位")
    return text[quantity.end : quantity.end + 1] == "强" or bool(
        named and before.search(text[: quantity.start])
    )


def _figure(
    candidate: Candidate,
    quantities: Sequence[Quantity],
    place: int,
    selector: Selector,
    wanted: Wanted,
) -> Figure:
    quantity, text = quantities[place], candidate.sentence.text
    start, end, qualifier = _whole_stretch(text, quantities, place)
    reach = _reach(text, quantities, place) if quantity.is_time else end
    stretch = text[start:reach]
    # Of figures side by side the words themselves tell which is meant, likeness hardly (中小企业, 小微企业).
    exact = selector.matcher.match_exactly(wanted.terms, stretch)
    local = np.maximum(exact, 0.5 * selector.matcher.match(wanted.terms, words_of(stretch)))
    # What was said before holds on (政府采购……，其中预留给小微企业的不低于60%), what follows does not.
    before = selector.matcher.match_exactly(wanted.terms, text[:start])
    head = wanted.head(local)
    near = wanted.head(np.maximum(local, 0.8 * before))
    score = 0.25 * head + 0.4 * near + 0.35 * candidate.score + wanted.bonus(quantity)
    score += 0.05 * min(sum(noun in stretch for noun in wanted.nouns), 2)
    score += _BEHIND * max(candidate.behind, _FAR)
    titled = selector.matcher.match_exactly(wanted.terms, candidate.document.title)
    # What is counted must be named in the sentence or above it; what money or time is for, anywhere in the clause.
    surroundings = (
        np.maximum(candidate.own, candidate.above)
        if quantity.kind is QuantityKind.COUNT
        else candidate.around
    )
    strays = wanted.strays(np.maximum.reduce([local, surroundings, titled]))
    # What is to be paid, or is given, is not told by what a breach costs.
    strays = strays or bool(_PENALTY.search(stretch)) and not _BREACH.search(wanted.asked)
    if _EXTRA.search(text[max(0, start - 20) : end]) and not _EXTRA.search(wanted.asked):
        score -= 0.06  # the rule comes before its exceptions
    if wanted.head(exact) < _BARE:
        start = _with_subject(text, quantities, start, wanted, selector)
    return Figure(candidate, quantity, exact, strays, start, end, qualifier, head, score)


def _whole_stretch(text: str, quantities: Sequence[Quantity], place: int) -> tuple[int, int, str]:
    """The words that belong to one quantity; of a range (2万元以上5万元以下) those of its two ends together."""
    start, end, qualifier = _stretch(text, quantities, place)
    if place and _is_range(quantities[place - 1], quantities[place]):
        start = _stretch(text, quantities, place - 1)[0]
    if place + 1 < len(quantities) and _is_range(quantities[place], quantities[place + 1]):
        end = _stretch(text, quantities, place + 1)[1]
    return start, end, qualifier


def _is_range(low: Quantity, high: Quantity) -> bool:
    return (
        low.phrase_end == high.phrase_start
        and low.unit == high.unit
        and Bound.AT_LEAST in low.bounds
        and Bound.AT_MOST in high.bounds
    )


def _stretch(text: str, quantities: Sequence[Quantity], place: int) -> tuple[int, int, str]:
    """The words that belong to one quantity: from the mark, conjunction or figure before it, and what it counts after it."""
    quantity = quantities[place]
    floor = max((m.end() for m in SEGMENT.finditer(text, 0, quantity.phrase_start)), default=0)
    others = [q for q in quantities if q is not quantity and not q.is_time]
    floor = max([floor, *(q.phrase_end for q in others if q.phrase_end <= quantity.phrase_start)])
    start = floor
    if any(
        text[q.phrase_end : quantity.phrase_start].find("，") < 0 and q.phrase_end == floor for q in others
    ):
        # Behind another figure the words in between belong partly to that one: 500家平台和300家基地.
        start = max((m.end() for m in _JOINT.finditer(text, floor, quantity.phrase_start)), default=floor)
    if quantity.phrase_start - start < 2 and not text[start : quantity.phrase_start].strip("、和及与"):
        start = quantity.phrase_start
    ceiling = next((m.start() for m in SEGMENT.finditer(text, quantity.phrase_end)), len(text))
    nexts = [q.phrase_start for q in others if q.phrase_start >= quantity.phrase_end]
    joint = next((m.start() for m in _JOINT.finditer(text, quantity.phrase_end, ceiling)), ceiling)
    end = min([ceiling, *nexts] if not nexts or nexts[0] > ceiling else [joint])
    if quantity.is_time and quantity.phrase_end - floor <= _BARE_DATE and end == ceiling < len(text):
        # 到2021年， says nothing alone: what is to be by then follows.
        end = next((m.start() for m in SEGMENT.finditer(text, ceiling + 1)), len(text))
    return start, end, _shared_qualifier(text, quantities, place)


def _with_subject(
    text: str, quantities: Sequence[Quantity], start: int, wanted: Wanted, selector: Selector
) -> int:
    """Where the words begin that say what 给予一次性奖励50万元 is for, when they stand before it in the same sentence."""
    begin = start
    while begin > 0 and start - begin < _SUBJECT_CHARACTERS:
        earlier = max((m.end() for m in SEGMENT.finditer(text, 0, begin - 1)), default=0)
        if any(earlier <= q.start < begin and not q.is_time for q in quantities):
            return start  # these words belong to another figure
        begin = earlier
        if selector.matcher.match_exactly(wanted.terms, text[begin:start])[wanted.focus].any():
            return begin
    return start


def _reach(text: str, quantities: Sequence[Quantity], place: int) -> int:
    """Up to where a date holds: the next date, or the end of the sentence."""
    end = quantities[place].phrase_end
    return min((q.phrase_start for q in quantities if q.is_time and q.phrase_start >= end), default=len(text))


def _shared_qualifier(text: str, quantities: Sequence[Quantity], place: int) -> str:
    """左右 after the last of several figures of one enumeration (600家、400家和150家左右) holds for all of them."""
    quantity = quantities[place]
    if quantity.bounds:
        return ""
    previous = quantity
    for following in quantities[place + 1 :]:
        between = text[previous.phrase_end : following.phrase_start]
        if following.unit != quantity.unit or SEGMENT.search(between) or not _JOINT.search(between):
            return ""
        if Bound.ABOUT in following.bounds:
            return text[following.end : following.phrase_end]
        if following.bounds:
            return ""
        previous = following
    return ""


def choose(figures: Sequence[Figure], question: Question, least: float) -> list[Figure]:
    """The figure that answers, or the several of one sentence where the question names none of them."""
    if not figures or figures[0].candidate.coverage < least:
        return []
    if question.kind is Kind.COMPARISON and (several := _one_for_each(figures, question)):
        return several
    best = figures[0]
    if best.strays or least and best.head < 0.2 and best.candidate.own_coverage < 0.35:
        return []
    close = [f for f in figures if f.candidate is best.candidate and f.score >= _CLOSE * best.score]
    if _SEVERAL.search(question.wording):
        same = [
            f for f in figures if f.candidate.clause is best.candidate.clause and f.score >= 0.7 * best.score
        ]
        close = sorted(same, key=lambda f: (f.candidate.sentence.start, f.start))
    elif best.head < 0.35:
        # Nothing at the figure tells which is meant: all figures of the best sentence, in reading order.
        close = [f for f in figures if f.candidate is best.candidate]
    chosen: dict[tuple[str, str], Figure] = {}
    for figure in close:
        chosen.setdefault((str(figure.quantity), figure.candidate.clause.id), figure)
    return list(chosen.values())[:_MOST_FIGURES]


def _one_for_each(figures: Sequence[Figure], question: Question) -> list[Figure]:
    """The best figure for each of the things that are compared within one document, in the order asked."""
    chosen: dict[int, Figure] = {}
    for place, term in enumerate(question.terms):
        own = [f for f in figures if term.weight >= _COMPARED and f.named[place] >= _NAMED]
        if own and len(own) < len(figures):
            chosen.setdefault(id(own[0]), own[0])
    return list(chosen.values())[:_MOST_COMPARED]


def write_figures(
    selection: Selection, selector: Selector, documents: Sequence[Document], least: float
) -> Iterator[Statement]:
    """The direct figure first, then its sentence; of several documents the figures, each under its document's name."""
    question = selection.question
    found = {
        document.id: choose(find_figures(selection, selector, document), question, least)
        for document in documents
    }
    answering = [document for document in in_order(documents) if found[document.id]]
    if len(answering) > 1:
        top = max(found[document.id][0].score for document in answering)
        answering = [document for document in answering if found[document.id][0].score >= 0.85 * top]
    for document in answering:
        figures = found[document.id]
        lead = f"{document.region or document.level or '该文件'}：" if len(answering) > 1 else ""
        yield from _say(figures, document, lead, short=len(answering) > 1)


def _say(figures: Sequence[Figure], document: Document, lead: str, short: bool) -> Iterator[Statement]:
    if short:
        figure = figures[0]
        yield Statement(
            figure.text, (cite_figure(figure),), "derived", lead=f"{lead}{name_of(document)}：", form="bullet"
        )
        return
    sentences: dict[int, Citation] = {}
    if len(figures) == 1 or len({f.candidate for f in figures}) > 1:
        for figure in figures[:_MOST_SAID]:
            yield Statement(figure.text, (cite_figure(figure),), "derived", form="figure")
    for figure in figures[:_MOST_SAID]:
        sentences.setdefault(figure.candidate.sentence.start, cite_figure(figure))
    for number, citation in enumerate(sentences.values()):
        yield Statement(
            citation.quote,
            (citation,),
            lead=f"{name_of(document)}{label_of(figures[0].candidate.clause)}：" if not number else "",
        )


def figure_cell(figure: Figure) -> Statement:
    """A figure as a cell of a table: with its whole sentence where there is room, since it tells what it counts."""
    citation = cite_figure(figure)
    if citation.end - citation.start <= _CELL_CHARACTERS:
        return Statement(citation.quote, (citation,), form="row")
    text = figure.candidate.sentence.text
    if len(text) <= _CELL_CHARACTERS:
        whole = figure.candidate.cite()
        return Statement(whole.quote, (whole,), form="row")
    if figure.end <= _CELL_CHARACTERS and text[figure.end : figure.end + 1] in "：:；;":
        # 情节严重的，处二万元以上五万元以下罚款：（一）…: up to the mark behind the figure.
        start = figure.candidate.sentence.start
        upto = figure.candidate.cite(start, start + figure.end)
        return Statement(upto.quote, (upto,), form="row")
    return Statement(figure.text, (citation,), "derived", form="row")


def cite_figure(figure: Figure) -> Citation:
    """Cite the sentence that states the figure, with its neighbours where it hardly shares the question's words."""
    sentence = figure.candidate.sentence
    return figure.candidate.cite(*widened(figure.candidate, sentence.start, sentence.end, _WIDE))
