"""Spikes: counting them fast gives what counting them one by one gives."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.analysis.spikes import MARGIN, Spikes

SIZES = st.integers(min_value=1, max_value=12).map(float)
CENTERS = st.integers(min_value=0, max_value=8).map(float)
SPIKES = st.lists(st.tuples(SIZES, CENTERS), max_size=70)


def as_large_and_short(found: list[tuple[float, float]], excess: float, center: float) -> int:
    return sum(size >= excess and length <= center + math.log(2) for size, length in found)


@given(found=SPIKES, looks=st.lists(st.tuples(SIZES, CENTERS), min_size=1, max_size=10))
def test_chance_counts_spikes_as_large_of_tests_as_short(
    found: list[tuple[float, float]], looks: list[tuple[float, float]]
) -> None:
    centers = [0.0, 3.0, 6.0]
    spikes = Spikes([size for size, _ in found], [length for _, length in found], centers, cells=5)

    for excess, center in looks:
        cells = 5 * sum(other <= center + math.log(2) for other in centers)
        counted = as_large_and_short(found, excess, center)
        assert spikes.chance(excess, center, unseen=1) == pytest.approx((1 + counted) / (1 + cells))


@given(found=SPIKES, excess=SIZES, center=CENTERS)
def test_no_spike_comes_near_what_all_of_likes_are_smaller_than(
    found: list[tuple[float, float]], excess: float, center: float
) -> None:
    spikes = Spikes([size for size, _ in found], [length for _, length in found], [center], cells=1)

    assert spikes.are_smaller(excess, center) is (as_large_and_short(found, excess / MARGIN, center) == 0)
