"""Medians, quantiles and robust spreads, against the standard library and by hand."""

import statistics

import pytest

from lapwing.stats.median import median, median_variance, weighted_median
from lapwing.stats.quantiles import quantile
from lapwing.stats.spread import effective_freedom, mad, robust_variance


def test_too_little_data_is_an_answer_of_its_own():
    assert median([]) is None
    assert mad([]) is None
    assert quantile([], 0.5) is None
    assert weighted_median([1.0], [0.0]) is None
    assert robust_variance([0.0], 0) is None


@pytest.mark.parametrize(
    ("values", "expected"), [([3.0], 3.0), ([1.0, 2.0], 1.5), ([5.0, 1.0, 3.0], 3.0), ([2.0, 2.0, 9.0], 2.0)]
)
def test_median_is_the_middle_value(values, expected):
    assert median(values) == expected


def test_weighted_median_follows_the_weight():
    assert weighted_median([1.0, 2.0, 3.0], [1.0, 1.0, 5.0]) == 3.0


@pytest.mark.parametrize(("count", "simulated"), [(1, 1.0), (3, 0.449), (5, 0.287), (10, 0.138), (20, 0.073)])
def test_variance_of_a_median_is_near_its_simulated_value(count, simulated):
    assert median_variance(count) == pytest.approx(simulated, rel=0.12)


def test_variance_of_a_median_of_nothing_is_refused():
    with pytest.raises(ValueError, match="count is 0"):
        median_variance(0)


@pytest.mark.parametrize("q", [0.0, 0.25, 0.5, 0.9, 1.0])
def test_quantile_is_definition_seven(q):
    numpy = pytest.importorskip("numpy")
    values = [4.0, 1.0, 8.0, 2.0, 2.0]

    assert quantile(values, q) == pytest.approx(numpy.quantile(values, q))


def test_quantile_outside_zero_and_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile([1.0], 1.5)


def test_mad_is_the_median_distance():
    assert mad([1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0]) == 1.0


def test_one_wild_value_moves_the_robust_variance_less_than_the_plain_one():
    calm = [-0.02, -0.01, 0.0, 0.01, 0.02, -0.015, 0.015, 0.005, -0.005]

    wild = robust_variance([*calm, 5.0], 9)

    assert wild is not None
    assert wild == pytest.approx(0.5 * sum(value**2 for value in [*calm, 5.0]) / 9)


def test_robust_variance_of_normal_values_is_near_their_variance():
    values = statistics.NormalDist(0, 0.1).samples(4000, seed=1)

    assert robust_variance(values, 4000) == pytest.approx(0.01, rel=0.1)


def test_effective_freedom_never_exceeds_the_real_one():
    assert effective_freedom(1) == 1
    assert effective_freedom(21) == 9
