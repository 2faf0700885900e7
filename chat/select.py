"""From passages to the sentences that answer: every candidate with how well it speaks of the topic."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chat.candidate import Candidate, Context, Sentence
from chat.cutting import Cut, cut_of
from chat.marks import Marks
from chat.match import Matcher, Words, shares, words_of
from chat.outline import UNNUMBERED, Outline
from chat.parts import ends_of
from chat.question import Kind, Question
from chat.ranking.forms import Form, form_of
from chat.ranking.model import Ranking
from chat.ranking.references import referred
from chat.reading.reader import Said
from chat.reading.second import Held, SecondReading, asks
from chat.roles import ALONE, Role, roles_of
from corpus.document import Clause, Document
from index.embedder import Embedder
from index.passage import Evidence, Passage
from index.second_thread import SecondThread

# A term counts most in the sentence itself, less in what stands around it.
_HEADING, _CLAUSE, _TITLE = 0.85, 0.55, 0.8
_FORMER, _FORMER_ODDS = 0.1, 5.0  # what a sentence of a document loses that another one has replaced
# What a sentence loses that by the learned ranking is far behind the best: little where several answer together.
_RANKED = {
    Kind.NUMBER: 2.0,
    Kind.DATE: 2.0,
    Kind.WHO: 2.5,
    Kind.YES_NO: 3.0,
    Kind.DEFINITION: 2.0,
    Kind.OPEN: 0.4,
    Kind.MEASURES: 0.08,
}
# A list is asked for, which has no best sentence.
_LISTED = re.compile(r"条件|门槛|资格|材料|情形|情况|哪些|哪几|要求")
_FARTHEST = 8.0  # log odds behind the best from which it loses all of that
_BARE = -1.0  # and where a passage that has but a heading stands
_TITLE_LIKE = re.compile(r"\s*[㐀-鿿、]{2,10}。\s*$")  # 人才公寓。 at the head of an article
# How a document says why it was made, and what asks for it.
_PREAMBLE = re.compile(
    r"制定(?:本|以下|如下)|现就|现将|(?:通知|通告|公告)如下|提出(?:以下|如下)|印发给你们|现予?印发"
)
_LISTS_OR_DEFINES = re.compile(
    r"、[^、。]*、|为代表|是指|所称|以下简称"
)  # what a preamble may say all the same
# The sentence of the guiding thought names all that a document is about and defines none of it.
_GUIDING = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十]+[）)])?(?:指导思想。)?\s*以.{2,60}为指导|全面贯彻(?:落实)?党的.{1,12}(?:大|全会)"
)
_OF_GUIDING = re.compile(r"指导思想|思想|方针|总体要求|目标|为指导|精神|路径|主线|主题|怎么(?:干|推)")
_OF_PREAMBLE = re.compile(r"目标|目的|为什么|为何|为了|依据|根据|落实|贯彻|总体|怎么来的|背景")
_CACHED_PASSAGES = 4000
Vectors = NDArray[np.float32]
_WARMED = 8  # passages that are read at a time before anybody asks


class Selector:
    """Turns evidence into candidates. Keeps what it worked out of the passages seen last."""

    def __init__(
        self, embedder: Embedder, ranking: Ranking | None = None, reading: SecondReading | None = None
    ) -> None:
        """`ranking`: which sentence answers, as learned; without it the marks alone decide. `reading`: reads the
        sentences that rank first once more."""
        self.matcher = Matcher(embedder)
        self._ranking = ranking
        self._reading = reading
        self._embedder = embedder
        self._second = SecondThread("encoding")
        self._contexts: OrderedDict[int, tuple[Evidence, Context]] = OrderedDict()
        self._outlines: OrderedDict[int, tuple[Document, Outline]] = OrderedDict()

    def outline(self, document: Document) -> Outline:
        """The clause tree of a document, kept for the next question."""
        known = self._outlines.get(id(document))
        if known is None or known[0] is not document:
            known = (document, Outline(document))
            self._outlines[id(document)] = known
            while len(self._outlines) > 500:
                self._outlines.popitem(last=False)
        return known[1]

    def warm(self, passages: Sequence[Passage]) -> bool:
        """Read the passages before anybody asks, a few at a time; False where they are more than are kept."""
        if len(passages) > _CACHED_PASSAGES:
            return False
        said: list[Said] = []
        for start in range(0, len(passages), _WARMED):
            some = [Evidence(passage, 0.0, 0.0, 0.0) for passage in passages[start : start + _WARMED]]
            for item, context in self._contexts_of(some):
                sentences = (sentence.words for sentence in context.sentences)
                self.matcher.learn((context.headings, context.clause, context.title, *sentences))
                body = (sentence for sentence in context.sentences if sentence.role != "heading")
                said += [self.said(item.passage.clause, sentence) for sentence in body]
        if self._reading is not None and len(said) <= self._reading.reader.kept:
            for start in range(0, len(said), _WARMED):
                self._reading.reader.learn(said[start : start + _WARMED])
        return True

    def choose(
        self,
        question: Question,
        evidence: Sequence[Evidence],
        distance: float,
        former: Container[str] = (),
    ) -> tuple[list[Candidate], float | None]:
        """All sentences of the evidence with their marks, best first, ties in reading order; and the confidence.

        distance: of the evidence beyond that of everyday questions. former: ids of documents that another one has
        replaced; they answer where that one does not. The confidence is the probability that the sentence that
        ranks first answers; none without a learned ranking.
        """
        if self._reading is not None:
            self._reading.begin(question)
        marks = self._mark(question, evidence)
        rows, score, behind, confidence = marks.rows(question), marks.score, None, None
        replaced = [item.passage.clause.document.id in former for item, _ in marks.read]
        lost = np.array(replaced, dtype=np.float32)[marks.owner]
        if self._ranking is not None and len(rows):
            odds = self._ranking.order(rows)
            asked = _sayable(question, marks)
            confidence = self._ranking.confidence(question.kind, rows[asked], odds[asked], distance)
            if self._reading is not None:
                held = Held(question, rows[asked], distance, self._said_in(marks, marks.body[asked]))
                odds[asked], confidence = self._reading.read(held, odds[asked], confidence)
            odds -= np.float32(_FORMER_ODDS) * lost[marks.body]
            odds[~asked] = odds.min() - _FARTHEST
            behind = np.full(len(score), -_FARTHEST, dtype=np.float32)
            behind[marks.body] = np.maximum(odds - odds.max(), -_FARTHEST)
            # Where a telephone number stands is told by the number. Headings are not ranked.
            weight = 0.0 if Role.CONTACT in question.roles else _RANKED.get(question.kind, 0.0)
            if asks_list(question):
                weight = _RANKED[Kind.MEASURES]
            score = score + np.float32(weight / _FARTHEST) * _standing(marks, behind)
        found = marks.candidates(score - np.float32(_FORMER) * lost, behind)
        return sorted(found, key=lambda c: (-c.score, c.document.id, c.sentence.start)), confidence

    def said(self, clause: Clause, sentence: Sentence) -> Said:
        """A sentence as it is read again."""
        return Said(clause.document.title, self.outline(clause.document).headings(clause), sentence.text)

    def reads(self, question: Question) -> Callable[[Sequence[Candidate]], NDArray[np.float32]] | None:
        """What tells the log odds that sentences answer, as they are read with the question; none without a reading."""
        if self._reading is None or not asks(question.unnamed):
            return None
        reader = self._reading.reader
        return lambda some: reader.read(question.unnamed, [self.said(c.clause, c.sentence) for c in some])

    def _said_in(self, marks: Marks, sentences: NDArray[np.int64]) -> Callable[[int], Said]:
        """Of some of the sentences, how each is read again."""

        def said(place: int) -> Said:
            row = int(sentences[place])
            item, _ = marks.read[int(marks.owner[row])]
            return self.said(item.passage.clause, marks.sentences[row])

        return said

    def marked(
        self, question: Question, evidence: Iterable[Evidence]
    ) -> tuple[list[Candidate], NDArray[np.float32]]:
        """All sentences of the evidence with their marks, in the order of the evidence.

        Also what the ranking sees of those that are no headings, shape (sentences that are none, features).
        """
        marks = self._mark(question, evidence)
        return marks.candidates(marks.score), marks.rows(question)

    def _mark(self, question: Question, evidence: Iterable[Evidence]) -> Marks:
        """The marks of all sentences of the evidence, worked out for all at once."""
        read = self._contexts_of(evidence)
        sentences = [sentence for _, context in read for sentence in context.sentences]
        owner = np.repeat(np.arange(len(read)), [len(context.sentences) for _, context in read])
        asked = question.standalone or question.text
        query, whole, last, first = self._embedder.encode_query(
            [question.search_text or question.text, asked, *ends_of(asked)]
        )
        terms = question.terms
        texts = [words for _, context in read for words in (context.headings, context.clause, context.title)]
        texts += [sentence.words for sentence in sentences]
        starts = np.cumsum([0, *(len(context.sentences) for _, context in read)])
        referring = [
            (int(start) + number, words)
            for start, (_, context) in zip(starts, read, strict=False)
            for number, words in context.referred
        ]
        texts += [words for _, words in referring]
        exact, matched, likeness = self.matcher.match_fully(terms, texts)
        heading, clause, title = (matched[place : 3 * len(read) : 3] for place in range(3))
        told = slice(3 * len(read), 3 * len(read) + len(sentences))
        own, beyond = matched[told], np.zeros((len(sentences), len(terms)), dtype=np.float32)
        for (row, _), held in zip(referring, matched[told.stop :], strict=True):
            beyond[row] = np.maximum(beyond[row], held)
        above = np.maximum(_HEADING * heading, _TITLE * title)
        roles = question.roles & ALONE or question.roles
        below = [bool(roles and roles & roles_of(context.heading_text)) for _, context in read]
        vectors = np.stack([s.vector for s in sentences]) if sentences else np.zeros((0, len(query)))
        nearest = _best_parts(sentences, np.stack([whole, last]))
        return Marks(
            read=read,
            sentences=sentences,
            owner=owner,
            terms=terms,
            own=own,
            exact=exact[told],
            above=above,
            around=np.maximum(np.maximum(own, _CLAUSE * beyond), np.maximum(above, _CLAUSE * clause)[owner]),
            referred=beyond,
            heading=shares(terms, heading),
            cosine=(vectors @ query).astype(np.float32),
            whole_cosine=(vectors @ whole).astype(np.float32),
            last_cosine=(vectors @ last).astype(np.float32),
            first_cosine=(vectors @ first).astype(np.float32),
            part_cosine=nearest[:, 0],
            part_last_cosine=nearest[:, 1],
            likeness=shares(terms, likeness[told]),
            below=np.array(below, dtype=bool),
            fits=np.array(
                [
                    below[place] or bool(roles and roles & roles_of(sentence.text))
                    for place, sentence in zip(owner.tolist(), sentences, strict=True)
                ],
                dtype=bool,
            ),
        )

    def _contexts_of(self, items: Iterable[Evidence]) -> list[tuple[Evidence, Context]]:
        """Passages with their sentences and the words around them.

        Of those not kept all are encoded at once, by a second thread if it is free: the tokenizer lets two run.
        """
        read: list[tuple[Evidence, Context | None]] = []
        cut: dict[int, Cut] = {}
        for item in items:
            known = self._contexts.get(id(item.passage))
            if known is not None and known[0].passage is item.passage:
                self._contexts.move_to_end(id(item.passage))
                read.append((item, known[1]))
            else:
                cut.setdefault(id(item.passage), cut_of(item))
                read.append((item, None))
        if not cut:
            return [(item, context) for item, context in read if context is not None]
        texts = [text for one in cut.values() for text in one.texts]
        parts = [spans for one in cut.values() for spans in one.parts]
        encoded = self._second.start(lambda: self._embedder.encode_parted(texts, parts))
        forms = {key: _forms_of(one.texts) for key, one in cut.items()}
        vectors = iter(zip(*encoded(), strict=True))
        made = {}
        for key, one in cut.items():
            made[key] = self._made(one, forms[key], vectors)
            self._contexts[key] = (one.item, made[key])
        while len(self._contexts) > _CACHED_PASSAGES:
            self._contexts.popitem(last=False)
        return [(item, made[id(item.passage)] if context is None else context) for item, context in read]

    def _made(
        self, cut: Cut, forms: Sequence[tuple[Words, Form]], vectors: Iterator[tuple[Vectors, Vectors]]
    ) -> Context:
        """The context of a passage that was cut, with the forms of its sentences.

        vectors: of each sentence its own and those of its parts; what follows them belongs to others.
        """
        clause, texts = cut.item.passage.clause, cut.texts
        headings = self.outline(clause.document).headings(clause)
        if (
            not clause.heading
            and len(texts) > 1
            and cut.start <= clause.body_start
            and _TITLE_LIKE.match(texts[0])
        ):
            headings = f"{headings} {texts[0]}"
        sentences = []
        for (a, b), text, (words, form) in zip(cut.spans, texts, forms, strict=True):
            vector, parts = next(vectors)
            own = parts if len(parts) else vector[np.newaxis]
            sentences.append(Sentence(a, b, _role(clause, a, text), text, words, vector, own, form))
        return Context(
            tuple(sentences),
            _words_above(headings),
            headings,
            _words_in(cut, [words for words, _ in forms]),
            _words_above(clause.document.title),
            tuple(
                (number, _words_above(other))
                for number, text in enumerate(texts)
                for other in referred(text, clause.document)
            ),
        )


def _forms_of(texts: Sequence[str]) -> list[tuple[Words, Form]]:
    """The words of each sentence, and its form."""
    return [
        (words, form_of(text, words.tokens)) for text, words in zip(texts, map(words_of, texts), strict=True)
    ]


def _words_in(cut: Cut, sentences: Sequence[Words]) -> Words:
    """The words of a whole passage: of what stands before its sentences, and of these."""
    passage = cut.item.passage
    before = words_of(passage.clause.document.text[passage.start : cut.start]).tokens
    tokens = dict.fromkeys(chain(before, *(words.tokens for words in sentences)))
    return Words(passage.text.lower(), tuple(tokens))


@lru_cache(maxsize=8192)
def _words_above(text: str) -> Words:
    """As `words_of`, of what belongs to many passages: titles, headings, clauses that others refer to."""
    return words_of(text)


@lru_cache(maxsize=50_000)
def _is_preamble(text: str) -> bool:
    """Whether a sentence says why its document was made, and nothing else."""
    return bool(_PREAMBLE.search(text)) and not _LISTS_OR_DEFINES.search(text)


def _sayable(question: Question, marks: Marks) -> NDArray[np.bool_]:
    """Which of the sentences that are no headings may answer at all; all of them where none may.

    A title and a preamble hold many words of the matter, and say nothing of it unless a period or a purpose is asked.
    """
    whole = bool(_OF_PREAMBLE.search(question.wording))
    may = []
    for row in marks.body.tolist():
        form = marks.sentences[row].form
        label = marks.read[int(marks.owner[row])][0].passage.clause.label
        if label == "版头":
            may.append(question.kind is Kind.DATE and any(quantity.is_time for quantity in form.quantities))
        elif _is_preamble(text := marks.sentences[row].text):
            may.append(whole or (question.kind in (Kind.NUMBER, Kind.DATE) and bool(form.quantities)))
        elif question.kind is Kind.DEFINITION and _GUIDING.search(text):
            may.append(bool(_OF_GUIDING.search(question.wording)))
        else:
            may.append(True)
    found = np.array(may, dtype=bool)
    return found if found.any() else ~found


def asks_list(question: Question) -> bool:
    """Whether conditions or the like are asked for, which are several, so that no sentence is the best."""
    return question.kind is Kind.DEFINITION and bool(_LISTED.search(question.wording))


def _standing(marks: Marks, behind: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each sentence is behind, shape (sentences,); headings stand as the best sentence of their passage does."""
    best = np.full(len(marks.read), -_FARTHEST, dtype=np.float32)
    np.maximum.at(best, marks.owner[marks.body], behind[marks.body])
    bare = np.ones(len(marks.read), dtype=bool)
    bare[marks.owner[marks.body]] = False
    best[bare] = _BARE
    standing = best[marks.owner]
    standing[marks.body] = behind[marks.body]
    return np.asarray(standing, dtype=np.float32)


def _best_parts(sentences: Sequence[Sentence], queries: NDArray[np.float32]) -> NDArray[np.float32]:
    """The cosine of the nearest part of each sentence with each query, shape (sentences, queries)."""
    if not sentences:
        return np.zeros((0, len(queries)), dtype=np.float32)
    starts = np.cumsum([0, *(len(sentence.parts) for sentence in sentences[:-1])])
    cosines = np.concatenate([sentence.parts for sentence in sentences]) @ queries.T
    return np.asarray(np.maximum.reduceat(cosines, starts, axis=0), dtype=np.float32)


def _role(clause: Clause, start: int, text: str) -> Literal["body", "heading", "duty"]:
    bare = text.strip().rstrip("。．.：:")
    if clause.heading and start < clause.body_start + 4 and bare == clause.heading.rstrip("。．.：:"):
        return "heading"
    if (
        not clause.heading
        and start <= clause.body_start
        and start + len(text) < clause.end
        and _TITLE_LIKE.match(text)
    ):
        return "heading"
    if bare[:1] in "（(" and any(department.name in bare for department in clause.departments):
        return "duty"
    return "body"


def is_heading_only(clause: Clause) -> bool:
    """Whether a clause holds a heading and nothing else."""
    body = clause.body.strip("。．. \n")
    return bool(clause.heading) and body == clause.heading.strip("。．. ") and clause.label not in UNNUMBERED
