"""The robust slope, against scipy and by its laws."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lapwing.stats.theil_sen import theil_sen

POINTS = st.lists(st.tuples(st.integers(0, 8), st.integers(-5, 5)), min_size=3, max_size=16)


# Where x and y are nearly all tied, scipy takes the root of a negative variance and has no interval.
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@given(POINTS)
def test_slope_interval_and_intercept_are_those_of_scipy(points: list[tuple[int, int]]) -> None:
    x, y = zip(*points, strict=True)

    line = theil_sen(x, y)

    if line is None:
        assert len(set(x)) == 1
        return
    theirs = stats.theilslopes(y, x, 0.95)
    assert (line.slope, line.intercept) == pytest.approx((theirs.slope, theirs.intercept))
    if not math.isnan(theirs.low_slope):
        assert (line.low, line.high) == pytest.approx((theirs.low_slope, theirs.high_slope))


@given(POINTS)
def test_the_chance_is_that_of_kendalls_tau(points: list[tuple[int, int]]) -> None:
    x, y = zip(*points, strict=True)

    line = theil_sen(x, y)

    if line is None:
        return
    theirs = stats.kendalltau(x, y, method="asymptotic").pvalue
    assert line.p == pytest.approx(1.0 if math.isnan(theirs) else theirs, abs=1e-9)


@given(POINTS, st.integers(-3, 3))
def test_a_slope_that_is_added_is_added(points: list[tuple[int, int]], added: int) -> None:
    x, y = zip(*points, strict=True)

    before = theil_sen(x, y)
    after = theil_sen(x, [value + added * at for at, value in zip(x, y, strict=True)])

    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after.slope == pytest.approx(before.slope + added)


@given(st.permutations(range(7)))
def test_the_order_of_the_points_does_not_matter(order: list[int]) -> None:
    y = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0]

    assert theil_sen(order, [y[at] for at in order]) == theil_sen(range(7), y)


def test_a_wild_value_does_not_move_the_slope() -> None:
    line = theil_sen(range(9), [0, 1, 2, 3, 1_000, 5, 6, 7, 8])

    assert line is not None
    assert line.slope == pytest.approx(1.0)


@pytest.mark.parametrize(("x", "y"), [([], []), ([1], [1]), ([2, 2, 2], [1, 2, 3])])
def test_without_two_places_there_is_no_slope(x: list[float], y: list[float]) -> None:
    assert theil_sen(x, y) is None


def test_equal_values_are_level_and_say_nothing() -> None:
    line = theil_sen(range(4), [7, 7, 7, 7])

    assert line is not None
    assert (line.slope, line.low, line.high, line.p) == (0, 0, 0, 1.0)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="as many x as y"):
        theil_sen([1, 2], [1])
    with pytest.raises(ValueError, match="confidence"):
        theil_sen([1, 2], [1, 2], confidence=1)
