"""Answers made of sentences: measures, definitions, conditions, and what has no better form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.answer import Statement
from chat.candidate import Candidate
from chat.members import of_which, tells_members
from chat.outline import UNNUMBERED, label_of
from chat.quantities import QuantityKind
from chat.question import Kind, Question
from chat.quoting.lists import GOAL, LIST_CHARACTERS, lead_of, overlap, with_items, with_lead
from chat.quoting.near import without_denied, without_far
from chat.quoting.selection import Selection, cite_clause, covers_years, in_order, is_body, name_of, quoted
from chat.quoting.wanted import Wanted, lacks_figure
from chat.ranking.forms import is_list_lead
from chat.roles import ALONE, Role, is_frame, roles_of, states_contact
from chat.select import is_heading_only
from corpus.document import Clause, Document
from corpus.script import simplify
from corpus.sentences import split_sentences

_SHORT_CHARACTERS = 230  # of quoted text; the leads come on top
_MOST = 8  # citations
_HEADING_CHARACTERS = 24
_DEFINES = re.compile(r"是指|指的是|所称|系指")
_ASKED_HEADING = 0.3  # share of the topic that a heading must hold to be what is asked for
_WHICH_PLACE = re.compile(r"第几(?!条|款)")
_PLACE = re.compile(r"第(?:\d+|[一二三四五六七八九十]+)个?[年月天日季周批档次位轮]")
_IN_WORDS = re.compile(
    r"全[额部免]|免[费收除]|不收|不再?予|减半|一半|无需|不得"
)  # amounts that are said in words
# What counts without being a quantity, and the kinds of quantity that may be wanted then: 6:4, 第18个月, 5个纳税年度.
_RATIO = re.compile(r"\d+\s*[:：∶]\s*\d+的?比例|比例[^，。；]{0,6}\d+\s*[:：∶]\s*\d+")
_NUMBERED = re.compile(
    r"第[\d一二三四五六七八九十]+个?(?:月|年|季度|周)|[\d一二三四五六七八九十]+个[^，。；\d]{0,4}(?:年度|季度|月|周)"
)
_SHARES = {QuantityKind.SHARE, QuantityKind.POINTS}
_TIMES = {QuantityKind.DATE, QuantityKind.PERIOD, QuantityKind.DURATION}
_WITHOUT_FIGURE = 0.9  # confidence from which a sentence answers that states what is asked in words alone
_FIGURELESS = 0.7  # confidence from which no figure need stand in the sentence that ranks first
_IN_ROLE = 0.5  # share of the best mark from which those alone that play the role asked for are told
_SURE, _WIDE = 0.6, 200  # own coverage from which a sentence stands alone; characters of a widened one
_GOAL_GAIN = 0.75  # a sentence of this form states a goal, though it seldom says 目标
# How every document of the genre begins; nobody asks for it without naming it.
_PREAMBLE = re.compile(
    r"^以.{2,60}为指导|^为(了|认真|深入|全面|进一步)?(贯彻|落实|规范|加强|促进|推动|加快).*(现|特|制定|提出)"
)
_ASKS_PREAMBLE = re.compile(r"指导思想|总体要求|目的|为什么|为何|依据|根据|落实|贯彻")
_PREAMBLE_COST, _TOLD_MEMBERS = 0.15, 0.4
_ASKS_MEANING = re.compile(
    r"什么是|是什么|是指|定义|含义|意思|指什么|什么叫|何谓|何为|界定|(?:怎么|如何)(?:认定|算|定义)"
)
_ASKS_CONDITIONS = re.compile(r"条件|门槛|资格|要求|符合|标准|什么样的?|规模")
_CONDITIONS = re.compile(r"条件|应当具备|符合下列|情形|标准|资格|认定")


@dataclass(frozen=True)
class Shape:
    """How many sentences an answer of a kind takes, and how near to the best they must be."""

    characters: int
    sentences: int
    share: float
    citations: int = _MOST  # what opens lists is cited beside their items


_SHAPES = {
    Kind.MEASURES: Shape(LIST_CHARACTERS, _MOST, 0.6),
    Kind.DEFINITION: Shape(_SHORT_CHARACTERS, 2, 0.93),
    Kind.YES_NO: Shape(_SHORT_CHARACTERS, 2, 0.93),
    Kind.OPEN: Shape(LIST_CHARACTERS, 4, 0.88),
}
_CONDITIONS_SHAPE = Shape(LIST_CHARACTERS, 6, 0.82)


def write_sentences(selection: Selection, documents: Sequence[Document]) -> Iterator[Statement]:
    """Quote the sentences of `documents` that answer, in reading order, each document under its name."""
    question = selection.question
    shape = _SHAPES.get(question.kind, _SHAPES[Kind.OPEN])
    if question.kind is Kind.DEFINITION and _ASKS_CONDITIONS.search(question.wording):
        shape = _CONDITIONS_SHAPE
    documents = _counting(selection, documents)
    several = len(documents)
    sentences = max(shape.sentences // several, 1)
    share = Shape(shape.characters // several, sentences, shape.share, max(_MOST // several, 2))
    for document in in_order(documents):
        chosen = without_far(selection, without_denied(selection, choose(selection, document, share)))
        if not chosen:
            continue
        section = _section(selection, chosen)
        if section:
            yield from section
            continue
        bullets = len(chosen) > 1
        if bullets:
            yield Statement(f"{name_of(document)}：", kind="notice")
        told: set[tuple[int, int]] = set()
        for candidate in chosen:
            start, end = with_items(candidate)
            if (lead := lead_of(candidate)) and (lead.start, lead.end) not in told:
                told.add((lead.start, lead.end))
                named = _headed(candidate, lead.start, chosen) if bullets else _placed(candidate)
                yield Statement(lead.quote, (lead,), lead=named, form="bullet" if bullets else "sentence")
            elif not bullets:
                start, end = widened(candidate, start, end)
            citation = candidate.cite(start, end)
            yield Statement(
                citation.quote,
                (citation,),
                lead="" if lead else _headed(candidate, start, chosen) if bullets else _placed(candidate),
                form="bullet" if bullets else "sentence",
            )
            yield from _items_below(selection, candidate)


def _counting(selection: Selection, documents: Sequence[Document]) -> Sequence[Document]:
    """Where what belongs to a thing is asked, the documents that count it; those that answer where none does."""
    words = of_which(selection.question)
    counting = {
        id(c.document): c.document for c in selection.candidates if tells_members(c.sentence.text, words)
    }
    kept = [document for document in documents if id(document) in counting]
    return kept or in_order(counting.values())[:1] or documents


def _placed(candidate: Candidate) -> str:
    """Document and label before the first sentence that is quoted."""
    return f"{name_of(candidate.document)}{label_of(candidate.clause)}："


def _section(selection: Selection, chosen: Sequence[Candidate]) -> list[Statement]:
    """What stands below the heading that is asked for (申报材料), clause by clause; nothing where it is not so divided."""
    roles = selection.question.roles & ALONE
    if not roles or not all(candidate.headed for candidate in chosen):
        return []
    best = max(chosen, key=lambda candidate: candidate.score).clause
    outline = selection.outline(best.document)
    owner = next((c for c in outline.ancestors(best) if roles & roles_of(c.heading)), None)
    items = [c for c in outline.children(owner) if c.label not in UNNUMBERED] if owner else []
    if owner is None or not 2 <= len(items) <= _MOST:
        return []
    cited = [cite_clause(item, item.body_start) for item in items]
    if sum(citation.end - citation.start for citation in cited) > LIST_CHARACTERS:
        return []
    found = [Statement(f"{name_of(best.document)}：", kind="notice")]
    for item, citation in zip(items, cited, strict=True):
        found.append(Statement(citation.quote, (citation,), lead=f"{label_of(item)}：", form="bullet"))
    return found


def _headed(candidate: Candidate, start: int, chosen: Sequence[Candidate]) -> str:
    """The heading of a clause before the first sentence that is quoted of it."""
    clause = candidate.clause
    first = next(c for c in chosen if c.clause is clause)
    label = label_of(clause) if first is candidate and start >= clause.body_start else ""
    short = clause.heading and len(clause.heading) <= _HEADING_CHARACTERS
    if first is candidate and short and start > clause.body_start:
        return f"{label}{quoted(clause.heading)}："
    return f"{label}：" if label else ""


def write_contacts(selection: Selection, documents: Sequence[Document]) -> Iterator[Statement]:
    """Quote where a document states the telephone number or address that is asked for; nothing where it does not."""
    asked = simplify(selection.question.text)
    for document in in_order(documents):
        stated = [
            c
            for c in selection.of(document)
            if c.sentence.role != "duty" and states_contact(c.sentence.text, asked)
        ]
        for candidate in stated[:1]:
            lead = f"{name_of(document)}{label_of(candidate.clause)}："
            yield Statement(candidate.sentence.text.strip(), (candidate.cite(),), lead=lead)


def asks_place(question: Question) -> bool:
    """Whether it is asked which of several in a row is meant: 第几个月."""
    return bool(_WHICH_PLACE.search(question.wording))


def write_best(selection: Selection) -> Iterator[Statement]:
    """Quote the sentence that by the learned ranking answers best, where no form of answer fits the question."""
    question = selection.question
    body = [c for c in selection.candidates if is_body(c)]
    best = max(body, key=lambda candidate: candidate.behind, default=None)
    if best is None or not covers_years(best, question):
        return
    if question.kind is Kind.YES_NO and lacks_figure(best, question, answers_surely(selection, best)):
        return
    if question.kind in (Kind.NUMBER, Kind.DATE):
        wanted = Wanted.by(question)
        stated = any(map(wanted.admits, best.sentence.form.quantities)) or _counts(selection, best, wanted)
        worded = _IN_WORDS.search(best.sentence.text) and answers_surely(selection, best)
        placed = asks_place(question) and _PLACE.search(best.sentence.text)
        if not stated and not placed and not (question.kind is Kind.NUMBER and worded):
            return
    if lead_of(best):
        yield from with_lead(best, _placed(best))
        citation = best.cite(*with_items(best))
        yield Statement(citation.quote, (citation,))
        return
    citation = best.cite(*widened(best, *with_items(best)))
    yield Statement(citation.quote, (citation,), lead=_placed(best))


def _counts(selection: Selection, candidate: Candidate, wanted: Wanted) -> bool:
    """Whether a sentence tells a figure that is no quantity, or so surely answers that it may do so in words."""
    text, kinds = candidate.sentence.text, set(wanted.kinds)
    shared = (not kinds or kinds & _SHARES) and _RATIO.search(text)
    if shared or kinds & _TIMES and _NUMBERED.search(text):
        return True
    # 按非居民用水价格执行 tells a price; 多少个名额 and 几月份 want a figure.
    in_words = (
        selection.question.kind is Kind.NUMBER and not wanted.unit and QuantityKind.COUNT not in wanted.kinds
    )
    return in_words and selection.confidence is not None and selection.confidence >= _WITHOUT_FIGURE


def answers_surely(selection: Selection, candidate: Candidate) -> bool:
    """Whether a sentence ranks first and so likely answers that no figure of the question need stand in it."""
    sure = selection.confidence is not None and selection.confidence >= _FIGURELESS
    return sure and candidate.behind == 0


def write_clauses(selection: Selection) -> Iterator[Statement]:
    """Quote the clauses that the question names by number, whole as far as there is room."""
    room = LIST_CHARACTERS
    clauses = list(dict.fromkeys(item.passage.clause for item in selection.evidence))
    for clause in clauses:
        body = cite_clause(clause, clause.body_start)
        spans = (
            split_sentences(body.quote, body.start)
            if body.end - body.start > room
            else [(body.start, body.end)]
        )
        end = max((end for _, end in spans if end - body.start <= room), default=0)
        if end <= body.start:
            break
        room -= end - body.start
        citation = cite_clause(clause, body.start, end)
        yield Statement(citation.quote, (citation,), lead=f"{name_of(clause.document)}{label_of(clause)}：")


def choose(selection: Selection, document: Document, shape: Shape) -> list[Candidate]:
    """The sentences of one document that answer: near the best, within the room there is, in reading order."""
    marked = [(_mark(candidate, selection.question), candidate) for candidate in selection.of(document)]
    body = [(mark, candidate) for mark, candidate in marked if is_body(candidate)]
    if selection.question.kind is Kind.MEASURES:
        body = _below_heading(selection, document, body)
    body, whole = _in_role(body, selection.question)
    body.sort(key=lambda pair: (-pair[0], pair[1].sentence.start))
    if not body:
        return []
    chosen: list[Candidate] = []
    leads: set[tuple[int, int]] = set()  # what opens the lists that the chosen are items of
    room, top = shape.characters, body[0][0]
    most = _MOST if whole else shape.sentences
    for mark, candidate in body:
        start, end = with_items(candidate)
        opened = {(lead.start, lead.end)} if (lead := lead_of(candidate)) else set()
        if (mark < shape.share * top and not whole) or len(chosen) == most:
            break
        if chosen and (end - start > room or 1 + len(chosen) + len(leads | opened) > shape.citations):
            continue
        if any(overlap(candidate, other) for other in chosen):
            continue
        chosen.append(candidate)
        leads |= opened
        room -= end - start
    if not _ASKS_PREAMBLE.search(selection.question.wording):
        chosen = [c for c in chosen if not _PREAMBLE.search(c.sentence.text.strip())] or chosen
    return sorted(chosen, key=lambda candidate: candidate.sentence.start)


def _in_role(
    body: list[tuple[float, Candidate]], question: Question
) -> tuple[list[tuple[float, Candidate]], bool]:
    """The sentences that play the role that is asked for, if one of them comes near the best.

    Also whether they stand below a heading of that role: then all of them answer.
    """
    roles = question.roles
    if Role.BENEFIT in roles and not roles & ALONE:
        kept = [
            (mark, c)
            for mark, c in body
            if not is_frame(c.sentence.text) and (c.fits or not roles_of(c.sentence.text) & ALONE)
        ]
    elif roles & ALONE:
        kept = [(mark, c) for mark, c in body if c.headed] or [(mark, c) for mark, c in body if c.fits]
    else:
        return body, False
    top = max((mark for mark, _ in body), default=0.0)
    if not kept or max(mark for mark, _ in kept) < _IN_ROLE * top:
        return body, False
    return kept, bool(roles & ALONE) and all(c.headed for _, c in kept)


def _mark(candidate: Candidate, question: Question) -> float:
    """The score, raised where the sentence has the form of the answer wanted."""
    text = candidate.sentence.text
    bonus = 0.0
    fixed = (
        -_PREAMBLE_COST
        * (1 - candidate.own_coverage)
        * bool(_PREAMBLE.search(text) and not _ASKS_PREAMBLE.search(question.wording))
    )
    if "目标" in question.wording and question.kind is Kind.MEASURES:
        bonus += 0.15 * ("目标" in candidate.clause.heading)
        fixed += _GOAL_GAIN * _share(question, "目标") * bool(GOAL.search(text))
    if tells_members(text, of_which(question)):
        return candidate.score + _TOLD_MEMBERS
    if question.kind is Kind.DEFINITION and _ASKS_MEANING.search(question.wording):
        if any(
            re.search(rf"{re.escape(t.word)}[”\"』」]?[，,、：:]?\s*(?:系|是)?指", text)
            for t in question.terms
        ):
            return candidate.score + 0.4
        if any(re.search(rf"，[^。；]{{0,80}}的[“\"「]?{re.escape(t.word)}", text) for t in question.terms):
            bonus += 0.12  # 长期深耕……、掌握……的单项冠军企业: what stands before 的 describes it
        bonus += 0.08 * bool(_DEFINES.search(text))
    if question.kind is Kind.DEFINITION and _ASKS_CONDITIONS.search(question.wording):
        bonus += 0.1 * bool(_CONDITIONS.search(text)) + 0.1 * is_list_lead(text.split("\n", 1)[0])
    return candidate.score + fixed + bonus * max(candidate.own_coverage, candidate.heading_coverage)


def _share(question: Question, word: str) -> float:
    """The share of the topic's weight that a word has; 0 if it is none of its words."""
    total = sum(term.weight for term in question.terms)
    return sum(term.weight for term in question.terms if term.word == word) / total if total else 0.0


def _below_heading(
    selection: Selection, document: Document, body: list[tuple[float, Candidate]]
) -> list[tuple[float, Candidate]]:
    """Where a heading without text of its own is what is asked for, what stands below it answers."""
    heads = [c for c in selection.of(document) if is_heading_only(c.clause) and c.sentence.role == "heading"]
    if not heads or heads[0].own_coverage < max([_ASKED_HEADING, *(c.own_coverage for _, c in body[:1])]):
        return body
    below = {clause.id for clause in _descendants(selection, document, heads[0].clause)}
    inside = [(mark, candidate) for mark, candidate in body if candidate.clause.id in below]
    return inside or body


def _descendants(selection: Selection, document: Document, clause: Clause) -> list[Clause]:
    outline = selection.outline(document)
    found, queue = [], outline.children(clause)
    while queue:
        found += queue
        queue = [grandchild for child in queue for grandchild in outline.children(child)]
    return found


def widened(candidate: Candidate, start: int, end: int, most: int = _WIDE) -> tuple[int, int]:
    """A sentence that hardly shares the question's words, with its neighbours in the clause as far as there is room.

    What is asked then often stands next to the sentence that comes nearest by meaning.
    """
    if candidate.own_coverage >= _SURE:
        return start, end
    clause, text = candidate.clause, candidate.document.text
    spans = split_sentences(text[clause.body_start : clause.end], clause.body_start)
    for after, before in zip(
        [b for _, b in spans if b > end] + [end] * len(spans),
        [a for a, _ in spans[::-1] if a < start] + [start] * len(spans),
        strict=False,
    ):
        if after - start <= most:
            end = max(end, after)
        if end - before <= most:
            start = min(start, before)
    citation = cite_clause(clause, start, end)
    return citation.start, citation.end


def _items_below(selection: Selection, candidate: Candidate) -> Iterator[Statement]:
    """The clauses that a sentence introduces when it ends its clause with a colon (应当符合以下条件：)."""
    clause = candidate.clause
    if (
        not is_list_lead(candidate.sentence.text)
        or clause.document.text[candidate.sentence.end : clause.end].strip()
    ):
        return
    outline = selection.outline(clause.document)
    owner = outline.parent(clause) if clause.label in UNNUMBERED else clause
    below = [c for c in outline.children(owner) if c.start > clause.start] if owner else []
    room = LIST_CHARACTERS
    for item in below[: _MOST - 1]:
        citation = cite_clause(item, item.body_start)
        room -= citation.end - citation.start
        if room < 0:
            break
        yield Statement(citation.quote, (citation,), form="bullet")
