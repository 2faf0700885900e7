"""Thresholds of sentences, the asker's figures held against them, and which of several tiers is reached."""

import math

import numpy as np
import pytest

from chat.quantities import find_quantities
from chat.ranking.tiers import NAMES, tier_features
from chat.thresholds import figures_of, thresholds_of

OPEN = math.inf
THRESHOLDS = {
    "年销售收入500万元以上的，一次性补助15万元；": [("元", 5_000_000, OPEN)],
    "运距200公里以上500公里以下的，每车次补助500元；": [("公里", 200, 500)],
    "投资额50万元（含）至200万元的，补贴10%；": [("元", 500_000, 2_000_000)],
    "首次达到5000万元的，一次性奖励40万元；": [("元", 50_000_000, OPEN)],
    "吸纳本地就业不少于职工总数的20%；": [("", 0.2, OPEN)],
    "满3年不满5年迁出的，退还50%。": [("个月", 36, 60)],
    "库容不足500立方米的不予补贴": [("立方米", -OPEN, 500)],
    "单个企业每年最高300万元。": [],
    "补助不超过50万元。": [],
    "到2025年达到400家。": [],
    "每人补助5000元。": [],
}
FIGURES = {
    "我厂去年卖了两千多万，补多少": ["20000000元"],
    "租了1500平厂房，一个月三百块": ["1500平方米", "1个月", "300元"],
    "冷库才300方": ["300立方米"],
    "出口八千万美元": ["80000000美元"],
    "2025年能报几家": [],
    "万一倒闭了怎么办": [],
}


@pytest.mark.parametrize(("sentence", "expected"), THRESHOLDS.items())
def test_thresholds(sentence, expected):
    found = [(tier.unit, tier.least, tier.most) for tier in thresholds_of(sentence)]
    assert [unit for unit, _, _ in found] == [unit for unit, _, _ in expected]
    for (_, least, most), (_, low, high) in zip(found, expected, strict=True):
        assert least == pytest.approx(low, rel=1e-5)
        assert most == pytest.approx(high, rel=1e-5)


@pytest.mark.parametrize(("question", "expected"), FIGURES.items())
def test_figures_of_the_asker(question, expected):
    assert [str(figure) for figure in figures_of(question)] == expected


@pytest.mark.parametrize(
    ("case", "sentence", "admits"),
    [
        ("我厂120人", "从业人员不少于50人", True),
        ("我厂38个人", "职工不少于50人", False),
        ("贷了500万", "贷款超过500万元的", False),
        ("贷了500万", "贷款不超过500万元的", True),
        ("开了整整一年", "注册满1年", True),
        ("才30平", "面积不足30平方米的", False),
        ("有3台车", "投资500万元以上", None),
    ],
)
def test_a_threshold_admits_what_lies_within(case, sentence, admits):
    (figure,), (tier,) = figures_of(case), thresholds_of(sentence)
    assert tier.admits(figure) is admits


def features(question, sentences, passage=None):
    rows = tier_features(
        figures_of(question),
        [thresholds_of(sentence) for sentence in sentences],
        [find_quantities(sentence) for sentence in sentences],
        np.zeros(len(sentences), dtype=np.int64) if passage is None else np.array(passage),
    )
    return [{name for name, value in zip(NAMES, row, strict=True) if value == 1} for row in rows]


TIERS = ["连片50亩以上的，每亩8000元；", "连片100亩以上的，每亩1万元；", "连片500亩以上的，每亩2万元；"]


def test_the_highest_tier_that_is_reached_outdoes_those_below():
    low, right, high = features("连着盖了120亩温室，一亩补多少", TIERS)
    assert {"within", "outdone"} <= low
    assert "tightest" not in low
    assert {"within", "tightest"} <= right
    assert "outdone" not in right
    assert "outside" in high
    assert "within" not in high


def test_tiers_of_another_passage_outdo_nothing():
    low, right, _ = features("连着盖了120亩温室，一亩补多少", TIERS, [0, 1, 1])
    assert "tightest" in low
    assert "tightest" in right


def test_without_a_figure_nothing_is_said():
    assert features("温室一亩补多少", TIERS) == [set(), set(), set()]


def test_the_figure_itself_is_found():
    (found,) = features("是不是补8000元", ["每亩补助8000元。"])
    assert "same_figure" in found
