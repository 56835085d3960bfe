"""Intervals by resampling, beside scipy's."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.stats.bootstrap import bootstrap_interval

SAMPLES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12)


def test_the_interval_agrees_with_scipys():
    scipy = pytest.importorskip("scipy.stats")
    values = [1.0, 2.0, 2.5, 3.0, 4.5, 4.6, 5.0, 7.0, 9.5, 12.0]

    ours = bootstrap_interval(values, statistics.fmean, resamples=4000, seed=1)

    theirs = scipy.bootstrap(
        (values,), statistics.fmean, method="percentile", n_resamples=4000, vectorized=False, rng=2
    ).confidence_interval
    assert ours.low == pytest.approx(theirs.low, abs=0.15)
    assert ours.high == pytest.approx(theirs.high, abs=0.15)


@given(SAMPLES, st.integers(0, 5))
def test_it_lies_among_the_values_and_is_the_same_for_a_seed(values, seed):
    found = bootstrap_interval(values, statistics.median, resamples=40, seed=seed)

    assert min(values) <= found.low <= found.high <= max(values)
    assert found == bootstrap_interval(values, statistics.median, resamples=40, seed=seed)


def test_one_value_has_no_interval():
    assert bootstrap_interval([1.0], statistics.median) is None


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_a_level_that_is_none_is_refused(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        bootstrap_interval([1.0, 2.0], statistics.median, level=level)
