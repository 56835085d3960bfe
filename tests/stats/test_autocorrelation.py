"""How much neighbors resemble each other."""

import random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lapwing.stats.autocorrelation import autocorrelation, independent_share

# Rounded: of the smallest numbers there are, scaling itself changes the share.
NORMAL = st.lists(st.floats(-1, 1).map(lambda value: round(value, 6)), min_size=3, max_size=40)


@given(NORMAL)
def test_it_is_a_correlation(residuals):
    assert -1 <= autocorrelation(residuals) <= 1


@given(NORMAL, st.floats(0.01, 100))
def test_scale_does_not_matter(residuals, scale):
    scaled = [scale * value for value in residuals]

    assert autocorrelation(scaled) == pytest.approx(autocorrelation(residuals), abs=1e-6)


def test_without_wild_values_it_is_the_plain_estimate():
    values = np.random.default_rng(1).uniform(-1, 1, 200)

    assert autocorrelation(values.tolist()) == pytest.approx(
        float(values[1:] @ values[:-1] / (values @ values))
    )


def test_two_wild_neighbors_prove_nothing():
    rng = random.Random(2)
    values = [rng.gauss(0, 1) for _ in range(200)]
    values[50:52] = [1e6, 1e6]

    assert abs(autocorrelation(values)) < 0.2


@pytest.mark.parametrize("residuals", [[], [1.0], [1.0, -1.0], [0.0] * 10, [0.0, 0.0, 0.0, 5.0, 0.0]])
def test_too_little_to_tell_is_none(residuals):
    assert autocorrelation(residuals) == 0


@given(st.floats(-0.99, 0.99))
@example(9.232448228856275e-17)
def test_resemblance_leaves_a_share_and_its_opposite_takes_nothing(correlation):
    share = independent_share(correlation)

    assert 0 < share <= 1
    if not 0 < correlation < 1e-12:  # below that it is a matter of rounding
        assert (share == 1) == (correlation <= 0)
