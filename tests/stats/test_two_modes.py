"""The best cut of a sample in two."""

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.stats.two_modes import two_modes

SAMPLE = st.lists(st.integers(-50, 50).map(float), min_size=4, max_size=14)


@given(SAMPLE)
def test_no_other_cut_leaves_less_scatter(values):
    found = two_modes(values)

    if found is None:
        assert len(set(values)) == 1
        return
    ordered = sorted(values)

    def scatter(low):
        return sum(len(part) * statistics.pvariance(part) for part in (ordered[:low], ordered[low:]))

    least = min(scatter(low) for low in range(1, len(values)))
    assert scatter(len(values) - found.upper) == pytest.approx(least, abs=1e-6)


@given(SAMPLE, st.floats(-1e6, 1e6))
def test_a_shift_moves_the_modes_only(values, shift):
    here, there = two_modes(values), two_modes([value + shift for value in values])

    if here is not None:
        assert there.below == pytest.approx(here.below + shift)
        assert there.above == pytest.approx(here.above + shift)


def test_two_heaps_lie_apart_and_one_does_not():
    rng = random.Random(1)
    one = [rng.gauss(0, 1) for _ in range(60)]
    two = one + [rng.gauss(10, 1) for _ in range(40)]

    assert two_modes(one).separation < 4
    assert two_modes(two).separation > 8
    assert two_modes(two).upper == 40


def test_modes_without_scatter_are_infinitely_far_apart():
    assert two_modes([1.0, 1.0, 2.0, 2.0]) == (1.0, 2.0, 2, float("inf"))


@pytest.mark.parametrize("values", [[], [1.0, 2.0, 3.0], [5.0] * 9])
def test_too_little_or_equal_values_have_no_two_modes(values):
    assert two_modes(values) is None
