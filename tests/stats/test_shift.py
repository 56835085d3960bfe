"""The shift between two samples, against a sum over all pairs by numpy and against simulated values."""

import random
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.stats.median import median
from lapwing.stats.shift import shift, shift_variance

SAMPLE = st.lists(st.integers(-1000, 1000).map(float), min_size=1, max_size=12)


@given(SAMPLE, SAMPLE)
def test_it_is_the_median_of_all_differences(before, after):
    assert shift(before, after) == np.median(np.subtract.outer(after, before))


@given(SAMPLE, SAMPLE, st.integers(-50, 50))
def test_what_is_added_to_one_side_is_added_to_the_shift(before, after, more):
    assert shift(before, [value + more for value in after]) == shift(before, after) + more


@given(SAMPLE, SAMPLE)
def test_the_way_back_is_as_long(before, after):
    assert shift(after, before) == -shift(before, after)


def test_an_empty_side_shows_none():
    assert shift([], [1.0]) is None
    assert shift([1.0], []) is None


def test_one_wild_value_of_five_hardly_moves_it():
    assert shift([1.0, 2.0, 3.0, 4.0, 5.0], [3.0, 4.0, 5.0, 6.0, 1e9]) <= 3


@pytest.mark.parametrize(("before", "after"), [(10, 5), (10, 8), (3, 3)])
def test_its_variance_is_that_of_simulated_shifts_and_under_that_of_medians(before, after):
    rng = random.Random(7)
    shifts, medians = [], []
    for _ in range(4000):
        early = [rng.gauss(0, 1) for _ in range(before)]
        late = [rng.gauss(0, 1) for _ in range(after)]
        shifts.append(shift(early, late))
        medians.append(median(late) - median(early))

    assert statistics.variance(shifts) == pytest.approx(shift_variance(before, after), rel=0.1)
    assert statistics.variance(shifts) < statistics.variance(medians)


@pytest.mark.parametrize(("before", "after"), [(0, 1), (1, 0)])
def test_a_variance_needs_both_sides(before, after):
    with pytest.raises(ValueError, match="both sides"):
        shift_variance(before, after)
