"""What the ranking of sentences sees: of every sentence found for a question one row of figures.

A figure of a sentence says little by itself: a share of the topic's words that is poor for one question is the
best there is for another. So most of them stand twice, as they are and less the best of the question's sentences.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from chat.match import shares
from chat.question import Kind, Question
from chat.quoting.wanted import Wanted
from chat.ranking import asks, contrasts, forms, standing, tiers
from chat.ranking.forms import Form
from chat.spans import occurrences
from chat.thresholds import figures_of

KINDS = (
    Kind.NUMBER,
    Kind.DATE,
    Kind.WHO,
    Kind.MEASURES,
    Kind.DEFINITION,
    Kind.YES_NO,
    Kind.OPEN,
    Kind.COMPARISON,
)
MARKS = (
    "coverage own heading exact heaviest telling telling_around telling_exact dense pairs "
    "cosine whole_cosine passage_cosine passage_coverage referred telling_referred "
    "last_cosine first_cosine part_cosine part_last_cosine likeness"
).split()
_PLACES = (
    *"rank best_in_passage before after first place length fits headed duty list_lead frame formula wanted".split(),
    *tiers.NAMES,
    *contrasts.NAMES,
    *asks.NAMES,
)
_RELATIVE = 1 + len(standing.NAMES)  # ways in which a mark stands to those of the others
# Features before those that cross the form of a sentence with the kind asked.
PLAIN = (1 + _RELATIVE) * len(MARKS) + len(_PLACES)
NAMES = (
    *MARKS,
    *(f"{name}_{way}" for way in ("behind", *standing.NAMES) for name in MARKS),
    *_PLACES,
    *(f"{form}_{kind.value}" for kind in KINDS for form in forms.NAMES),
)
FEATURES = len(NAMES)
_LEAST = 1e-6


@dataclass(frozen=True, eq=False)
class Found:
    """The sentences found for one question, as arrays with a row for each."""

    own: NDArray[np.float32]  # per term: in the sentence, shape (sentences, terms)
    exact: NDArray[np.float32]  # the same, words of like meaning left out
    around: NDArray[np.float32]  # per term: in the sentence, above it or in its clause
    referred: NDArray[np.float32]  # per term: in the clauses that the sentence refers to
    heading: NDArray[np.float32]  # share of the topic in the headings above, shape (sentences,)
    cosine: NDArray[np.float32]  # of the sentence and the topic
    whole_cosine: NDArray[np.float32]  # of the sentence and the whole question
    last_cosine: NDArray[np.float32]  # of the sentence and the last part of the question, which mostly asks
    first_cosine: NDArray[np.float32]  # and what stands before it
    part_cosine: NDArray[np.float32]  # of the nearest part of the sentence and the whole question
    part_last_cosine: NDArray[np.float32]  # and the last part of the question
    likeness: NDArray[np.float32]  # of the topic's words and the likest of the sentence, weighted
    passage: NDArray[np.int64]  # number of the sentence's passage, ascending, passages best first
    passage_cosine: NDArray[np.float32]  # shape (passages,)
    passage_coverage: NDArray[np.float32]
    fits: NDArray[np.bool_]
    headed: NDArray[np.bool_]
    duty: NDArray[np.bool_]
    forms: Sequence[Form]
    texts: Sequence[str]
    surroundings: Sequence[str]  # headings and title of each passage


def features_of(question: Question, found: Found) -> NDArray[np.float32]:
    """The rows of all sentences, shape (sentences, FEATURES); at least one sentence is expected."""
    terms = question.terms
    weights = np.array([term.weight for term in terms], dtype=np.float32)
    heaviest = found.own @ np.diag(weights / max(float(weights.max()), _LEAST)) if terms else found.own
    telling = _telling(weights, found.own)
    marks = np.stack(
        [
            shares(terms, found.around),
            shares(terms, found.own),
            found.heading,
            shares(terms, found.exact),
            heaviest.max(axis=1) if terms else np.zeros(len(found.own)),
            telling,
            _telling(weights, found.around),
            _telling(weights, found.exact),
            _dense(question, found.forms),
            _pairs(question, found.forms),
            found.cosine,
            found.whole_cosine,
            found.passage_cosine[found.passage],
            found.passage_coverage[found.passage],
            shares(terms, np.maximum(found.own, found.referred)),
            _telling(weights, np.maximum(found.own, found.referred)),
            found.last_cosine,
            found.first_cosine,
            found.part_cosine,
            found.part_last_cosine,
            found.likeness,
        ],
        axis=1,
    )
    kind = np.array([question.kind is one for one in KINDS], dtype=np.float32)
    says = np.stack([form.says for form in found.forms])
    crossed = (kind[np.newaxis, :, np.newaxis] * says[:, np.newaxis, :]).reshape(len(says), -1)
    rows = np.concatenate(
        (
            marks,
            marks - marks.max(axis=0),
            standing.standing_features(marks.astype(np.float32), found.passage),
            _places(question, found, telling),
            crossed,
        ),
        axis=1,
    )
    return rows.astype(np.float32)


def _telling(weights: NDArray[np.float32], held: NDArray[np.float32]) -> NDArray[np.float32]:
    """The share of the topic, of which words count the less in the more of the sentences they stand."""
    if not len(weights):
        return np.zeros(len(held), dtype=np.float32)
    rarity = np.maximum(weights * np.log((len(held) + 1) / (held.sum(axis=0) + 0.5)), 0)
    return np.asarray(held @ rarity / max(float(rarity.sum()), _LEAST), dtype=np.float32)


def _dense(question: Question, found: Sequence[Form]) -> NDArray[np.float32]:
    """The share of a sentence's own words that the question has: what else is it about?"""
    asked = (question.standalone or question.text).lower()
    meant = [word for term in question.terms for word in (term.alternatives or (term.word,))]
    whole = "\n".join([asked, *meant])
    words = list(set().union(*(form.weights for form in found)))
    known = {word for word in words if word in whole}
    listed, starts = "\n".join(words), list(accumulate((len(word) + 1 for word in words), initial=0))
    for word in meant:  # the words that hold it
        known.update(words[bisect_right(starts, start) - 1] for start, _ in occurrences(word, listed))
    dense = []
    for form in found:
        held = 0.0
        for word, weight in form.weights.items():
            if word in known:
                held += weight
        dense.append(held / form.weight if form.weight else 0.0)
    return np.array(dense, dtype=np.float32)


def _pairs(question: Question, found: Sequence[Form]) -> NDArray[np.float32]:
    """The share of the question's pairs of characters that a sentence has."""
    asked = question.wording.lower()
    pairs = frozenset(asked[i : i + 2] for i in range(len(asked) - 1))
    return np.array([len(pairs & form.pairs) / max(len(pairs), 1) for form in found], dtype=np.float32)


def _places(question: Question, found: Found, telling: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where a sentence stands among the others, and what it is."""
    wanted = Wanted.by(question)
    first = np.r_[True, found.passage[1:] != found.passage[:-1]]
    starts, owner = np.flatnonzero(first), np.cumsum(first) - 1
    inside = np.arange(len(first)) - starts[owner]
    best = np.maximum.reduceat(telling, starts)[owner]
    before = np.where(first, 0.0, np.r_[0.0, telling[:-1]])
    after = np.where(np.r_[first[1:], True], 0.0, np.r_[telling[1:], 0.0])
    columns = [
        1 / (1 + found.passage),
        best,
        before,
        after,
        first,
        1 / (1 + inside),
        [form.length for form in found.forms],
        found.fits,
        found.headed,
        found.duty,
        [form.opens_list for form in found.forms],
        [form.frame for form in found.forms],
        [form.formula for form in found.forms],
        [any(map(wanted.fits, form.quantities)) for form in found.forms],
    ]
    beside = np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
    reached = tiers.tier_features(
        figures_of(question.standalone or question.text),
        [form.thresholds for form in found.forms],
        [form.quantities for form in found.forms],
        found.passage,
    )
    named = contrasts.values_of(question.standalone or question.text)
    around = [found.surroundings[place] for place in found.passage]
    opposed = contrasts.contrast_features(named, found.texts, around)
    met = asks.ask_features(
        question.standalone or question.text,
        found.texts,
        [form.quantities for form in found.forms],
    )
    return np.concatenate((beside, reached, opposed, met), axis=1)
