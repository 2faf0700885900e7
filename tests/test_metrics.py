"""Each metric with its arithmetic."""

import pytest

from chat.question import Kind
from eval import metrics
from eval.metrics import Interval


def test_group_recall_counts_groups_with_any_member_found():
    # {a, b}: a was found; {c}: not; {d}: found → 2 of 3
    assert metrics.group_recall([{"a", "b"}, {"c"}, {"d"}], {"a", "d", "x"}) == pytest.approx(2 / 3)


def test_group_recall_of_a_group_that_nothing_can_satisfy_is_zero():
    assert metrics.group_recall([set()], {"a"}) == 0.0


def test_group_recall_without_gold_is_not_measured():
    assert metrics.group_recall([], {"a"}) is None


def test_precision_is_the_relevant_share_of_what_was_found():
    assert metrics.precision({"a", "b", "x", "y"}, {"a", "b", "c"}) == 0.5  # a, b of a, b, x, y


def test_precision_of_nothing_is_not_measured():
    assert metrics.precision(set(), {"a"}) is None


@pytest.mark.parametrize(("k", "share"), [(1, 0.0), (2, 0.5), (3, 0.5), (4, 1.0)])
def test_recall_at_k(k, share):
    assert metrics.recall_at([{"a"}, {"b"}], ["x", "a", "y", "b"], k) == share


def test_reciprocal_rank_is_of_the_first_gold_item():
    assert metrics.reciprocal_rank([{"b"}, {"c"}], ["x", "y", "c", "b"]) == pytest.approx(1 / 3)


def test_reciprocal_rank_is_zero_when_gold_is_not_ranked():
    assert metrics.reciprocal_rank([{"b"}], ["x"]) == 0.0


def test_refusal_precision_and_recall():
    refused = [True, True, True, False, False]
    answerable = [False, False, True, False, True]
    assert metrics.refusal_precision(refused, answerable) == pytest.approx(2 / 3)  # 2 of 3 refusals were due
    assert metrics.refusal_recall(refused, answerable) == pytest.approx(2 / 3)  # 2 of 3 due refusals came


def test_refusal_figures_without_refusals():
    assert metrics.refusal_precision([False], [True]) is None
    assert metrics.refusal_recall([False], [True]) is None


@pytest.mark.parametrize(
    ("kind", "length", "citations", "within"),
    [
        (Kind.NUMBER, 250, 8, True),
        (Kind.WHO, 251, 1, False),
        (Kind.YES_NO, 10, 9, False),
        (Kind.MEASURES, 700, 8, True),
        (Kind.COMPARISON, 701, 2, False),
        (Kind.OPEN, 5000, 8, True),  # no length is set for it
    ],
)
def test_limits(kind, length, citations, within):
    assert metrics.within_limits(kind, length, citations) is within


def test_mean_leaves_out_what_is_not_measured():
    assert metrics.mean([1.0, None, 0.0, 0.5]) == 0.5
    assert metrics.mean([None]) is None


def test_percentile_interpolates():
    # five values: the median is the third; p95 lies at position .95 × 4 = 3.8, so 40 + .8 × 10
    assert metrics.percentile([10, 20, 30, 40, 50], 50) == 30
    assert metrics.percentile([50, 20, 30, 40, 10], 95) == pytest.approx(48)
    assert metrics.percentile([], 50) is None


def test_bootstrap_of_two_values_spans_both():
    # two draws of {0, 1}: mean 0 in 25 %, ½ in 50 %, 1 in 25 % of the resamples
    assert metrics.bootstrap([0.0, 1.0]) == Interval(0.5, 0.0, 1.0)


def test_bootstrap_is_near_the_normal_interval_and_repeatable():
    values = [1.0] * 80 + [0.0] * 20  # .8 ± 1.96 × √(.8 × .2 / 100) = .8 ± .078
    interval = metrics.bootstrap(values)
    assert interval == metrics.bootstrap(values)
    assert interval.mean == 0.8
    assert interval.low == pytest.approx(0.722, abs=0.011)
    assert interval.high == pytest.approx(0.878, abs=0.011)


def test_bootstrap_of_nothing():
    assert metrics.bootstrap([]) is None


@pytest.mark.parametrize(
    ("worse", "better", "p"),
    [
        (0, 0, 1.0),
        (0, 5, 0.0625),  # 2 × 1/32
        (1, 6, 0.125),  # 2 × (1 + 7) / 128
        (3, 3, 1.0),  # 2 × 42/64 is cut at 1
    ],
)
def test_mcnemar(worse, better, p):
    assert metrics.mcnemar(worse, better) == p
    assert metrics.mcnemar(better, worse) == p
