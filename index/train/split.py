"""Which laws and which questions may teach, and which may only measure.

Whole laws are held out, which tells how the model does on documents that nobody asked about yet, and single
questions about the other laws, which tells how it does where others asked before.
"""

from __future__ import annotations

import hashlib

from index.train.articles import law_name

# The evaluation cases ask about these laws, so that none of their questions may be trained on.
# Their texts may be read: a customer's own corpus is seen when it is indexed, too.
EVALUATION_LAWS = frozenset(
    {
        "中小企业促进法",
        "保障中小企业款项支付条例",
        "优化营商环境条例",
        "促进个体工商户发展条例",
        "外商投资法",
        "反垄断法",
        "公平竞争审查条例",
        "市场主体登记管理条例",
        "劳动合同法",
        "公司法",
        "企业所得税法",
        "政府采购法",
    }
)
HELD_OUT_SHARE = 0.15
HELD_OUT_QUESTIONS = 0.2
ASKED_BY_PEOPLE = frozenset(
    {"stard_train"}
)  # the other sources were written for training, several questions to an article
ALWAYS_TRAINED = frozenset(
    {"民法典"}
)  # half of all lay questions: held out, it would leave little to learn from


def is_evaluation_law(name: str) -> bool:
    """Whether a law, by its name with or without 中华人民共和国 and version date, is evaluation material."""
    return law_name(name) in EVALUATION_LAWS


def is_held_out(name: str, share: float = HELD_OUT_SHARE) -> bool:
    """Whether a law belongs to the development split: decided by its name alone, so that it never moves."""
    plain = law_name(name)
    if plain in ALWAYS_TRAINED or plain in EVALUATION_LAWS:
        return False
    return _draw(plain) < share


def is_held_out_question(text: str, source: str) -> bool:
    """Whether a question measures on laws of which others are learned: decided by its text alone."""
    return source in ASKED_BY_PEOPLE and _draw(text) < HELD_OUT_QUESTIONS


def _draw(text: str) -> float:
    """A number from 0 to 1 that depends on the text alone."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32
