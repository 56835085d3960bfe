"""Cutting a series by a kernel: the cheapest cutting of all, its laws, and its twin with numpy."""

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lapwing.stats import kernel_segments
from lapwing.stats.arrays import kernel_segments as arrays
from lapwing.stats.kernel_segments import PENALTY, RANK_WEIGHT, SHORTEST, kernel_width, place, segment
from lapwing.stats.ranks import mid_ranks

LEVELS = st.lists(st.integers(-8, 8).map(float), max_size=13)
SERIES = st.lists(st.floats(-5, 5), max_size=40)


def noisy(seed: int, *levels: float, each: int = 20, spread: float = 0.1) -> list[float]:
    """Normal values about each level in turn."""
    rng = random.Random(seed)
    return [rng.gauss(level, spread) for level in levels for _ in range(each)]


def cost_of(values: list[float], cuts: tuple[int, ...]) -> float:
    """The cost of one cutting, straight from its definition."""
    width = kernel_width(values)
    ranks = mid_ranks(values)
    middle = sum(ranks) / len(ranks)
    spread = math.sqrt(sum((rank - middle) ** 2 for rank in ranks) / len(ranks))
    total = PENALTY * math.log(len(values)) * len(cuts)
    for start, stop in itertools.pairwise([0, *cuts, len(values)]):
        part, size = values[start:stop], stop - start
        kernels = sum(math.exp(-abs(x - y) / width) for x in part for y in part)
        leaning = sum(rank - middle for rank in ranks[start:stop]) / spread
        total += size - (kernels + RANK_WEIGHT * leaning**2) / size
    return total


@given(LEVELS)
def test_no_other_cutting_is_cheaper(values):
    found = segment(values)

    if len(values) < 2 * SHORTEST or len(set(values)) == 1:
        assert found == ((), 0.0)
        return
    all_cuts = [
        cuts
        for count in range(len(values) // SHORTEST)
        for cuts in itertools.combinations(range(1, len(values)), count)
        if all(stop - start >= SHORTEST for start, stop in itertools.pairwise([0, *cuts, len(values)]))
    ]
    assert found.cost == pytest.approx(min(cost_of(values, cuts) for cuts in all_cuts), abs=1e-9)
    assert cost_of(values, found.starts) == pytest.approx(found.cost, abs=1e-9)


@settings(deadline=None)
@given(st.lists(SERIES, max_size=5))
def test_the_twin_with_numpy_gives_the_same_cuts_and_costs(series):
    pure = kernel_segments.segment_all(series)
    twin = arrays.segment_all(series)

    assert [each.starts for each in twin] == [each.starts for each in pure]
    assert [each.cost for each in twin] == pytest.approx([each.cost for each in pure], abs=1e-9)
    cuts = [each.starts for each in pure]
    assert arrays.place_all(series, cuts) == kernel_segments.place_all(series, cuts)


def test_the_twin_agrees_on_long_series_of_many_lengths():
    series = [noisy(seed, 0.0, 0.3, 0.1, each=17 + 5 * seed) for seed in range(12)]

    pure, twin = kernel_segments.segment_all(series), arrays.segment_all(series)

    assert [each.starts for each in twin] == [each.starts for each in pure]
    assert any(each.starts for each in pure)
    cuts = [each.starts for each in pure]
    assert arrays.place_all(series, cuts) == kernel_segments.place_all(series, cuts)


@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-50, 50))
@settings(max_examples=30, deadline=None)
def test_scale_and_shift_change_nothing(seed, scale, shift):
    values = noisy(seed, 0.0, 0.3, each=12)

    moved = segment([shift + scale * value for value in values])

    assert moved.starts == segment(values).starts
    assert moved.cost == pytest.approx(segment(values).cost, abs=1e-6)


def test_two_levels_are_cut_where_they_meet():
    values = noisy(1, 0.0, 1.0)

    assert place(values, segment(values).starts) == (20,)


@pytest.mark.parametrize("count", [1, 2])
def test_outliers_of_less_than_a_shortest_stretch_are_no_level(count):
    values = noisy(2, 0.0, each=30)
    values[10 : 10 + count] = [5.0] * count

    assert segment(values).starts == ()


def test_a_cut_stays_between_its_neighbors():
    values = noisy(3, 0.0, 0.5, 0.0, each=8, spread=0.3)

    first, second = place(values, (8, 16))

    assert SHORTEST <= first <= second - SHORTEST
    assert second <= len(values) - SHORTEST


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0, 1.0, 9.0, 8.0], [3.0] * 50])
def test_too_little_or_equal_values_are_not_cut(values):
    assert segment(values) == ((), 0.0)
    assert arrays.segment_all([values]) == [((), 0.0)]


def test_the_width_of_few_different_values_is_their_mean_distance():
    assert kernel_width([1.0] * 9 + [2.0]) == pytest.approx(kernel_segments.WIDTH * 9 / 45)
