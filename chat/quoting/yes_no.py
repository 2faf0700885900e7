"""Yes or no: said only where a sentence plainly says so; else the sentence alone, or 未提及."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from chat.answer import Statement
from chat.candidate import Candidate
from chat.outline import label_of
from chat.parts import asking_of, ends_of
from chat.quantities import find_quantities, implies
from chat.question import Question
from chat.quoting.lists import lead_of, with_lead
from chat.quoting.selection import Selection, in_order, name_of
from chat.quoting.sentences import Shape, answers_surely, widened
from chat.quoting.sentences import choose as choose_sentences
from chat.quoting.wanted import lacks_figure
from chat.roles import Role, roles_of
from chat.thresholds import claimed_in, figures_of
from chat.verdicts.classifier import settled, yes_share
from chat.verdicts.measured import falls_short, measured
from chat.verdicts.rules import ruled, says_too_little
from corpus.document import Document
from corpus.regions import find_regions

_LEFT_OPEN = "原文没有直接写明结论，最相近的规定："
_FORBIDS = re.compile(r"不得|禁止|严禁|不准|不予|不能|不允许|不应|不可(?!或缺|分割|抗)")
# 不能报吗, but not 能不能报, 可不可以.
_ASKED_NEGATIVE = re.compile(r"(?<![能可得准应])不(能|得|可以|允许|准|应)(?!不)|禁止")
_HAVE = re.compile(r"有没有|有无|有[^，,。；]{0,16}(吗|么|没有?)[？?]*$|提(供|到|出|及)")
_WEIGHTY, _HELD = 3.0, 0.7  # a term of this weight must be matched at least so well
_PLAIN = 0.6  # share of the topic's words that the sentence must hold before it is called an answer
_WIDE = 150  # characters, so that the answer stays short
_SHAPE = Shape(200, 1, 0.95)
_DOUBTED = 0.3  # below which one is not said that the words of the sentence alone would give
_SLIGHT, _TOUCHED = 1.0, 0.05  # weight of words that ask nothing in particular; share that must be spoken of
_RULED = 0.2  # the same where a rule settles it
_CONFIDENT = 0.6  # confidence that the sentence answers, from which it may settle a question


def write_yes_no(selection: Selection, documents: Sequence[Document]) -> Iterator[Statement]:
    """Answer with the sentence of each document, after 是, 否 or 有 where the sentence settles it."""
    for document in in_order(documents):
        for candidate in choose_sentences(selection, document, _SHAPE):
            if lacks_figure(candidate, selection.question, answers_surely(selection, candidate)):
                continue
            word = verdict(selection, candidate)
            span = candidate.sentence.start, candidate.sentence.end
            opened = lead_of(candidate)
            citation = candidate.cite(*(span if word or opened else widened(candidate, *span, most=_WIDE)))
            if word:
                grounds = (opened, citation) if opened else (citation,)
                yield Statement(word, grounds, "derived", form="figure")
            else:
                yield Statement(_LEFT_OPEN, kind="notice")
            named = f"{name_of(document)}{label_of(candidate.clause)}："
            yield from with_lead(candidate, named)
            yield Statement(citation.quote, (citation,), lead="" if opened else named)


def leaves_open(told: Iterable[Statement]) -> bool:
    """Whether an answer says that the text does not settle what is asked."""
    return any(statement.text == _LEFT_OPEN for statement in told)


def _holds_every_topic(candidate: Candidate, question: Question) -> bool:
    """Whether no weighty word of the question is missing from the sentence."""
    return all(
        score >= _HELD
        for term, score in zip(question.terms, candidate.own, strict=True)
        if term.weight >= _WEIGHTY
    )


def _elsewhere(question: Question, document: Document) -> bool:
    """Whether a city is asked about of which a document of its province speaks only as a part."""
    cities = {mention.city for mention in find_regions(question.wording) if mention.city}
    return any(city not in document.region for city in cities)


def verdict(selection: Selection, candidate: Candidate) -> str:
    """是, 否 or 有 where the sentence settles the question, else nothing."""
    question = selection.question
    asked, text = question.wording, candidate.sentence.text
    if _elsewhere(question, candidate.document):
        return ""
    plain = candidate.own_coverage >= _PLAIN and _holds_every_topic(candidate, question)
    first = selection.confidence is not None and selection.confidence >= _CONFIDENT and not candidate.behind
    claimed = _claimed(asked, text)
    if claimed is not None:
        return ("是" if plain or first else "") if claimed else ("否" if plain else "")
    if Role.STACKING in question.roles and Role.STACKING not in roles_of(text):
        return ""  # what one of the supports is says nothing of having both
    opened = lead_of(candidate)  # 不得有下列行为：
    said = f"{opened.quote if opened else ''}{text}"
    forbids = bool(_FORBIDS.search(said))
    negative = bool(_ASKED_NEGATIVE.search(asked))  # what was learned has few such questions
    held = measured(asked, question.told, said)
    likely = (selection.confidence or 0.0) >= _RULED and not candidate.behind
    answer = rule = ruled(held, said, question.as_of) if likely and not negative else None
    spoken = answer is None and _speaks_of_the_end(candidate, question)
    if spoken and first and not negative:
        answer = settled(asked, said, question.as_of)
    if answer and falls_short(f"{asked}{question.told}", said):
        return ""
    if answer is None and spoken and plain and not figures_of(asked):
        answer = forbids == negative
        yes = yes_share(asked, said)
        if (yes if answer else 1 - yes) < _DOUBTED and not negative:
            return ""
    if answer is None or (rule is None and says_too_little(asked, said, answer, _ending(question))):
        return ""
    if answer:
        return "有" if _HAVE.search(asked) and not forbids else "是"
    return "否"


def _speaks_of_the_end(candidate: Candidate, question: Question) -> bool:
    """Whether what the question ends in (要交年费吗) is spoken of at all in the sentence and around it.

    A sentence on the matter that says nothing of what is asked was taken for a yes.
    """
    asking = asking_of(question.wording).lower()
    ending = [
        (term.weight, score)
        for term, score in zip(question.terms, candidate.around, strict=True)
        if term.word in asking
    ]
    whole = sum(weight for weight, _ in ending)
    return whole < _SLIGHT or sum(weight * score for weight, score in ending) >= _TOUCHED * whole


def _ending(question: Question) -> list[str]:
    """The words that the question ends in, which are asked about."""
    asking = asking_of(question.wording).lower()
    return [term.word for term in question.terms if term.word in asking]


def _claimed(asked: str, text: str) -> bool | None:
    """Whether the figures that the question asks about are those that the sentence states; None without such."""
    ending, _ = ends_of(asked)
    stated = [q for q in find_quantities(text) if not q.is_time]
    judged = [
        any(implies(q, figure) or (q.kind, q.values) == (figure.kind, figure.values) for q in stated)
        for figure in claimed_in(ending, text)
    ]
    return all(judged) if judged else None
