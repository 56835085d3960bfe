"""Running medians and trends of medians."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.stats.median_trend import MedianTrend
from lapwing.stats.running_median import running_median

VALUES = st.lists(st.floats(-100, 100), max_size=60)


@given(values=VALUES, window=st.sampled_from([1, 3, 5, 9, 11]))
def test_running_median_is_the_median_of_each_window(values, window):
    reach = window // 2

    smooth = running_median(values, window)

    assert smooth == [
        statistics.median(values[max(0, at - reach) : at + reach + 1]) for at in range(len(values))
    ]


@given(values=VALUES, step=st.sampled_from([3, 5]))
def test_blocks_share_the_window_of_their_middle(values, step):
    shared = running_median(values, 9, step)
    each = running_median(values, 9)

    middles = range(step // 2, len(values), step)
    assert len(shared) == len(values)
    assert [shared[at] for at in middles] == [each[at] for at in middles]


def test_a_spike_is_ignored_and_a_step_is_followed():
    assert running_median([0.0] * 10 + [9.0] + [0.0] * 10, 5) == [0.0] * 21
    assert running_median([0.0] * 10 + [1.0] * 10, 5) == [0.0] * 10 + [1.0] * 10


@pytest.mark.parametrize(("window", "step"), [(4, 1), (0, 1), (9, 2), (3, 5)])
def test_windows_without_a_middle_are_refused(window, step):
    with pytest.raises(ValueError, match="odd"):
        running_median([1.0], window, step)


def test_a_straight_line_is_its_own_trend_between_the_knots():
    positions = [float(at) for at in range(400)]

    trend = MedianTrend.over(positions, 25)
    table = trend.table(trend.levels([2 * at for at in positions].__getitem__))

    inner = [at for at in range(400) if trend.knots[0] < at < trend.knots[-1]]
    assert all(abs(table[trend.cells[at]] - 2 * at) < 20 for at in inner)


def test_windows_are_smallest_at_the_high_end():
    trend = MedianTrend.over([float(at) for at in range(200)], 25)

    assert len(trend.members[-1]) == 25
    assert min(trend.members[-1]) == 175


def test_missing_values_take_the_level_of_all():
    positions = [float(at) for at in range(100)]
    trend = MedianTrend.over(positions, 25)

    levels = trend.levels(lambda at: None if at >= 75 else 3.0)

    assert levels == [3.0] * len(trend.knots)
    assert trend.levels(lambda _: None) == [0.0] * len(trend.knots)


def test_equal_positions_make_one_level():
    trend = MedianTrend.over([1.0] * 60, 25)

    assert set(trend.table(trend.levels(lambda _: 4.0))) == {4.0}
