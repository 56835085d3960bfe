"""A share with its interval, against scipy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from lapwing.stats.wilson import wilson_interval


@given(st.data(), st.integers(1, 200), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_is_that_of_scipy(data, count, confidence):
    hits = data.draw(st.integers(0, count))

    theirs = binomtest(hits, count).proportion_ci(confidence, method="wilson")

    assert wilson_interval(hits, count, confidence=confidence) == pytest.approx(
        (theirs.low, theirs.high), abs=1e-9
    )


def test_without_trials_nothing_is_known():
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("hits", "count"), [(-1, 3), (4, 3)])
def test_impossible_counts_are_refused(hits, count):
    with pytest.raises(ValueError, match="hits"):
        wilson_interval(hits, count)


def test_an_impossible_confidence_is_refused():
    with pytest.raises(ValueError, match="confidence"):
        wilson_interval(1, 2, confidence=1)
