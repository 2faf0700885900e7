"""From passages to the sentences that answer: every candidate with how well it speaks of the topic."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chat.answer import Citation
from chat.match import Matcher, Words, shares, words_of
from chat.outline import UNNUMBERED, Outline
from chat.question import Kind, Question
from chat.ranking.features import FEATURES, Found, features_of
from chat.ranking.forms import Form, form_of
from chat.ranking.model import Ranking
from chat.roles import ALONE, Role, roles_of
from chat.terms import Term
from corpus.document import Clause, Document
from corpus.sentences import split_sentences
from index.embedder import Embedder
from index.passage import Evidence

# A term counts most in the sentence itself, less in what stands around it.
_HEADING, _CLAUSE, _TITLE = 0.85, 0.55, 0.8
WEIGHTS = {"coverage": 0.7, "own": 0.1, "cosine": 0.2}
ROLE = 0.1  # what a sentence gains by playing the role that is asked for
_FORMER, _FORMER_ODDS = 0.1, 2.0  # what a sentence of a document loses that another one has replaced
# What a sentence loses that by the learned ranking is far behind the best: little where several answer together.
_RANKED = {
    Kind.NUMBER: 0.8,
    Kind.DATE: 0.8,
    Kind.WHO: 1.0,
    Kind.YES_NO: 1.2,
    Kind.DEFINITION: 0.8,
    Kind.OPEN: 0.4,
    Kind.MEASURES: 0.08,
}
# A list is asked for, which has no best sentence.
_LISTED = re.compile(r"条件|门槛|资格|材料|情形|情况|哪些|哪几|要求")
_FARTHEST = 8.0  # log odds behind the best from which it loses all of that
PASSAGE = 0.5  # share of the passage's cosine in that of its sentences
_TITLE_LIKE = re.compile(r"\s*[㐀-鿿、]{2,10}。\s*$")  # 人才公寓。 at the head of an article
_CACHED_PASSAGES = 4000


@dataclass(frozen=True, eq=False)
class Sentence:
    """One sentence of a passage; `start` and `end` are offsets into the document's text."""

    start: int
    end: int
    role: Literal["body", "heading", "duty"]  # duty: the bracket that names departments
    text: str
    words: Words
    vector: NDArray[np.float32] = field(repr=False)  # shape (dimensions,), unit length
    form: Form = field(repr=False)


@dataclass(frozen=True, eq=False)
class Context:
    """A passage made ready for selection: its sentences, and the words around them."""

    sentences: tuple[Sentence, ...]
    headings: Words
    heading_text: str
    clause: Words
    title: Words


@dataclass(frozen=True, eq=False)
class Candidate:
    """A sentence with its marks for one question; all marks 0 to 1, higher is better."""

    evidence: Evidence
    sentence: Sentence
    own: NDArray[np.float32]  # per term: in the sentence, shape (terms,)
    above: NDArray[np.float32]  # per term: in the headings and the title over it, discounted
    around: NDArray[np.float32]  # per term: in the sentence, above it or in its clause, discounted
    coverage: float  # weighted share of the terms, sentence and surroundings
    own_coverage: float  # weighted share of the terms, sentence alone
    heading_coverage: float
    cosine: float  # of sentence and question
    fits: bool  # plays the role that the question asks for (chat.roles)
    headed: bool  # so does a heading over it
    score: float
    behind: float = 0.0  # log odds behind the sentence that by the learned ranking answers best

    @property
    def clause(self) -> Clause:
        """The clause that holds the sentence."""
        return self.evidence.passage.clause

    @property
    def document(self) -> Document:
        """The document that holds the sentence."""
        return self.clause.document

    def cite(self, start: int | None = None, end: int | None = None) -> Citation:
        """Cite the sentence, or a stretch of its clause."""
        return Citation(
            self.evidence,
            self.sentence.start if start is None else start,
            self.sentence.end if end is None else end,
        )


@dataclass(frozen=True, eq=False)
class _Marks:
    """The sentences of all passages found for a question, with their marks as arrays."""

    read: Sequence[tuple[Evidence, Context]]
    sentences: Sequence[Sentence]
    owner: NDArray[np.int64]  # per sentence: the number of its passage
    terms: Sequence[Term]
    own: NDArray[np.float32]  # shape (sentences, terms), as are the next and `around`
    exact: NDArray[np.float32]
    above: NDArray[np.float32]  # shape (passages, terms)
    around: NDArray[np.float32]
    heading: NDArray[np.float32]  # share of the topic, shape (passages,)
    cosine: NDArray[np.float32]  # shape (sentences,), as is the next
    whole_cosine: NDArray[np.float32]
    below: NDArray[np.bool_]  # per passage: below a heading of the role asked for
    fits: NDArray[np.bool_]

    @cached_property
    def body(self) -> NDArray[np.int64]:
        """The numbers of the sentences that are no headings."""
        return np.flatnonzero([sentence.role != "heading" for sentence in self.sentences])

    @cached_property
    def passages(self) -> NDArray[np.float32]:
        """The cosine of each passage."""
        return np.array([item.cosine for item, _ in self.read], dtype=np.float32)

    @cached_property
    def near(self) -> NDArray[np.float32]:
        """How near each sentence comes; its passage, headings included, speaks for it, so that it need not repeat them."""
        mixed = (1 - PASSAGE) * self.cosine + PASSAGE * self.passages[self.owner]
        return np.asarray(np.maximum(mixed, 0.0), dtype=np.float32)

    @cached_property
    def shared(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The share of the topic in each sentence and its surroundings, and in the sentence alone."""
        return shares(self.terms, self.around), shares(self.terms, self.own)

    @property
    def score(self) -> NDArray[np.float32]:
        """What the marks come to, without a learned ranking."""
        covered, alone = self.shared
        marks = WEIGHTS["coverage"] * covered + WEIGHTS["own"] * alone + WEIGHTS["cosine"] * self.near
        return np.asarray(marks + ROLE * self.fits, dtype=np.float32)

    def rows(self, question: Question) -> NDArray[np.float32]:
        """What the ranking sees of the sentences that are no headings."""
        body = self.body
        if not len(body):
            return np.zeros((0, FEATURES), dtype=np.float32)
        found = Found(
            own=self.own[body],
            exact=self.exact[body],
            around=self.around[body],
            heading=self.heading[self.owner[body]],
            cosine=self.cosine[body],
            whole_cosine=self.whole_cosine[body],
            passage=self.owner[body],
            passage_cosine=self.passages,
            passage_coverage=np.array([item.coverage for item, _ in self.read], dtype=np.float32),
            fits=self.fits[body],
            headed=self.below[self.owner[body]],
            duty=np.array([self.sentences[row].role == "duty" for row in body]),
            forms=[self.sentences[row].form for row in body],
        )
        return features_of(question, found)

    def candidates(
        self, score: NDArray[np.float32], behind: NDArray[np.float32] | None = None
    ) -> list[Candidate]:
        """The sentences as candidates, in the order of the evidence."""
        covered, alone = (marks.tolist() for marks in self.shared)
        scores, near, fits = score.tolist(), self.near.tolist(), self.fits.tolist()
        headed, below = self.heading.tolist(), self.below.tolist()
        back = [0.0] * len(scores) if behind is None else behind.tolist()
        return [
            Candidate(
                evidence=self.read[place][0],
                sentence=sentence,
                own=self.own[row],
                above=self.above[place],
                around=self.around[row],
                coverage=covered[row],
                own_coverage=alone[row],
                heading_coverage=headed[place],
                cosine=near[row],
                fits=fits[row],
                headed=below[place],
                score=scores[row],
                behind=back[row],
            )
            for row, (place, sentence) in enumerate(zip(self.owner.tolist(), self.sentences, strict=True))
        ]


class Selector:
    """Turns evidence into candidates. Keeps what it worked out of the passages seen last."""

    def __init__(self, embedder: Embedder, ranking: Ranking | None = None) -> None:
        """`ranking`: which sentence answers, as learned; without it the marks alone decide."""
        self.matcher = Matcher(embedder)
        self._ranking = ranking
        self._embedder = embedder
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
        marks = self._mark(question, evidence)
        rows, score, behind, confidence = marks.rows(question), marks.score, None, None
        replaced = [item.passage.clause.document.id in former for item, _ in marks.read]
        lost = np.array(replaced, dtype=np.float32)[marks.owner]
        if self._ranking is not None and len(rows):
            odds = self._ranking.order(rows)
            confidence = self._ranking.confidence(question.kind, rows, odds, distance)
            odds -= np.float32(_FORMER_ODDS) * lost[marks.body]
            behind = np.full(len(score), -_FARTHEST, dtype=np.float32)
            behind[marks.body] = np.maximum(odds - odds.max(), -_FARTHEST)
            # Where a telephone number stands is told by the number. Headings are not ranked.
            weight = 0.0 if Role.CONTACT in question.roles else _RANKED.get(question.kind, 0.0)
            if question.kind is Kind.DEFINITION and _LISTED.search(question.wording):
                weight = _RANKED[Kind.MEASURES]
            score = score.copy()
            score[marks.body] += weight * behind[marks.body] / _FARTHEST
        found = marks.candidates(score - np.float32(_FORMER) * lost, behind)
        return sorted(found, key=lambda c: (-c.score, c.document.id, c.sentence.start)), confidence

    def marked(
        self, question: Question, evidence: Iterable[Evidence]
    ) -> tuple[list[Candidate], NDArray[np.float32]]:
        """All sentences of the evidence with their marks, in the order of the evidence.

        Also what the ranking sees of those that are no headings, shape (sentences that are none, features).
        """
        marks = self._mark(question, evidence)
        return marks.candidates(marks.score), marks.rows(question)

    def _mark(self, question: Question, evidence: Iterable[Evidence]) -> _Marks:
        """The marks of all sentences of the evidence, worked out for all at once."""
        read = [(item, self.context(item)) for item in evidence]
        sentences = [sentence for _, context in read for sentence in context.sentences]
        owner = np.repeat(np.arange(len(read)), [len(context.sentences) for _, context in read])
        query, whole = self._embedder.encode_query(
            [question.search_text or question.text, question.standalone or question.text]
        )
        terms = question.terms
        texts = [words for _, context in read for words in (context.headings, context.clause, context.title)]
        texts += [sentence.words for sentence in sentences]
        exact, matched = self.matcher.match_both(terms, texts)
        heading, clause, title = (matched[place : 3 * len(read) : 3] for place in range(3))
        own = matched[3 * len(read) :]
        above = np.maximum(_HEADING * heading, _TITLE * title)
        roles = question.roles & ALONE or question.roles
        below = [bool(roles and roles & roles_of(context.heading_text)) for _, context in read]
        vectors = np.stack([s.vector for s in sentences]) if sentences else np.zeros((0, len(query)))
        return _Marks(
            read=read,
            sentences=sentences,
            owner=owner,
            terms=terms,
            own=own,
            exact=exact[3 * len(read) :],
            above=above,
            around=np.maximum(own, np.maximum(above, _CLAUSE * clause)[owner]),
            heading=shares(terms, heading),
            cosine=(vectors @ query).astype(np.float32),
            whole_cosine=(vectors @ whole).astype(np.float32),
            below=np.array(below, dtype=bool),
            fits=np.array(
                [
                    below[place] or bool(roles and roles & roles_of(sentence.text))
                    for place, sentence in zip(owner.tolist(), sentences, strict=True)
                ],
                dtype=bool,
            ),
        )

    def context(self, item: Evidence) -> Context:
        """The sentences of a passage and the words around them; worked out once."""
        passage = item.passage
        known = self._contexts.get(id(passage))
        if known is not None and known[0].passage is passage:
            self._contexts.move_to_end(id(passage))
            return known[1]
        clause = passage.clause
        start = max(passage.start, clause.body_start) if passage.start <= clause.start else passage.start
        spans = sentence_spans(clause.document.text[start : passage.end], start)
        texts = [clause.document.text[a:b] for a, b in spans]
        vectors = self._embedder.encode_document(texts) if texts else np.zeros((0, 1), dtype=np.float32)
        headings = self.outline(clause.document).headings(clause)
        if (
            not clause.heading
            and len(texts) > 1
            and start <= clause.body_start
            and _TITLE_LIKE.match(texts[0])
        ):
            headings = f"{headings} {texts[0]}"
        context = Context(
            tuple(
                Sentence(a, b, _role(clause, a, text), text, words, vector, form_of(text, words.tokens))
                for (a, b), text, words, vector in zip(
                    spans, texts, map(words_of, texts), vectors, strict=True
                )
            ),
            words_of(headings),
            headings,
            words_of(passage.text),
            words_of(clause.document.title),
        )
        self._contexts[id(passage)] = (item, context)
        while len(self._contexts) > _CACHED_PASSAGES:
            self._contexts.popitem(last=False)
        return context


def sentence_spans(text: str, start: int) -> list[tuple[int, int]]:
    """Spans of sentences, with the parenthesis of responsible departments left to its own span."""
    return [(a, b) for a, b in split_sentences(text, start) if b > a]


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
