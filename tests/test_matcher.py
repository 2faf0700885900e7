"""Words of like meaning, and what is kept of them."""

from pathlib import Path

import pytest

from chat.match import Matcher, words_of
from chat.terms import Term
from index.embedder import Embedder, load_embedder

WORDS = ["贷款", "贴息", "担保", "专利", "人才", "厂房", "租金", "补贴", "奖励", "税收"]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(str(Path(__file__).parent.parent / "index" / "weights"))


def test_words_learned_beforehand_leave_room_for_others(embedder: Embedder) -> None:
    matcher = Matcher(embedder, most_words=12)
    matcher.learn_words(WORDS)
    assert list(matcher._rows) == WORDS[:6]
    matcher.learn_words(WORDS)
    assert len(matcher._rows) == 6
    fresh = Matcher(embedder)
    text, terms = words_of("企业信贷融资"), [Term("贷款", 5.0)]
    assert matcher.match(terms, text) == pytest.approx(fresh.match(terms, text), abs=1e-6)
    assert fresh.match(terms, text)[0] > 0.2
