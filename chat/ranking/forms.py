"""The form of a sentence: what can be told of it before any question is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from operator import add

import numpy as np
from numpy.typing import NDArray

from chat.quantities import Quantity, QuantityKind, find_quantities
from chat.roles import Role, is_frame, roles_of
from chat.terms import weight_of
from chat.thresholds import Threshold, thresholds_of

_LIST_LEAD = re.compile(r"[：:]\s*$")
_FORMULA = re.compile(
    r"印发给你们|遵照执行|贯彻(执行|落实)。?$|^附件[\d：:]|特此(通知|公告)|有关事项通知如下|\.(docx?|xlsx?|pdf)$"
)
# What sentences of policies and laws say, beside the roles of chat.roles; the order is that of the features.
_SAYS = tuple(
    re.compile(expression)
    for expression in (
        r"部门|机关|机构|委员会|政府|[厅局委部署院](?![分门位])",  # an authority
        r"负责|牵头|主管|会同|配合|承办|组织实施",  # who answers for it
        r"是指|指的是|所称|系指|以下简称",  # a definition
        r"条件|具备|符合|情形|标准|资格|不低于|不少于|以上",  # a condition
        r"不得|禁止|严禁|不准|不予|不能|不允许|不应",  # a prohibition
        r"可以|允许|有权|均可",  # a permission
        r"应当|必须|须|需",  # a duty
        r"到20\d\d年|力争|目标",  # a goal
        r"截止|之日起|日内|之前|前(?:提交|报送|申报|完成)|有效期|起(?:施行|实施|执行)",  # a day or term
        r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．])",  # an item of a list
        r"提高(?:到|至)|上浮|再(?:给予|增加|奖)|另(?:给予|行)|额外",  # more for some
        r"逐年|第[一二三四五]年|首年|次年",  # by years
    )
)
_KINDS = (
    QuantityKind.MONEY,
    QuantityKind.SHARE,
    QuantityKind.COUNT,
    QuantityKind.MEASURE,
    QuantityKind.DURATION,
    QuantityKind.DATE,
)
NAMES = (
    *(f"has_{kind.value}" for kind in _KINDS),
    *(f"plays_{role.value}" for role in Role),
    *"authority responsible defines condition forbids permits obliges goal term item more yearly".split(),
)
FORMS = len(_KINDS) + len(Role) + len(_SAYS)


@dataclass(frozen=True, eq=False)
class Form:
    """What a sentence is like, for any question."""

    says: NDArray[np.float32]  # 1 for each thing that it says, shape (FORMS,)
    opens_list: bool
    frame: bool  # of the frame of a document: why it was made, from when it holds
    formula: bool  # a set phrase that says nothing of the matter
    length: float  # logarithm of its characters, about 0 to 1
    quantities: tuple[Quantity, ...]
    thresholds: tuple[Threshold, ...]
    weights: dict[str, float]  # its words, and how rare each is in general language
    weight: float  # of all its words
    pairs: frozenset[str]  # its pairs of characters


def is_list_lead(text: str) -> bool:
    """Whether a sentence only opens a list (应当具备下列条件：)."""
    return bool(_LIST_LEAD.search(text))


def is_formula(text: str) -> bool:
    """Whether a sentence is a set phrase of the genre (现印发给你们) that says nothing of the matter."""
    return bool(_FORMULA.search(text))


@lru_cache(maxsize=50_000)
def form_of(text: str, tokens: tuple[str, ...]) -> Form:
    """The form of a sentence; `tokens` are its words."""
    quantities = tuple(find_quantities(text))
    kinds = {quantity.kind for quantity in quantities}
    if QuantityKind.PERIOD in kinds:
        kinds.add(QuantityKind.DATE)
    roles = roles_of(text)
    says = [kind in kinds for kind in _KINDS]
    says += [role in roles for role in Role]
    says += [bool(expression.search(text)) for expression in _SAYS]
    lower = text.lower()
    weights = {token: weight_of(token) for token in tokens}
    return Form(
        np.array(says, dtype=np.float32),
        is_list_lead(text),
        is_frame(text),
        is_formula(text),
        float(np.log(len(text) + 1)) / 5,
        quantities,
        thresholds_of(text) if quantities else (),
        weights,
        sum(weights.values()),
        frozenset(map(add, lower, lower[1:])),
    )
