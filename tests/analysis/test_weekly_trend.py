"""A quantity's trend in time."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.analysis.weekly_trend import WEEK_NS, subject_moves, weekly_trend

DAY_NS = WEEK_NS // 7
VALUES = st.lists(st.floats(1, 1000), min_size=2, max_size=20)


def test_three_percent_a_week_are_told_as_such():
    days = range(40)

    trend = weekly_trend([day * DAY_NS for day in days], [100 * 1.03 ** (day / 7) for day in days])

    assert trend.is_weekly
    assert trend.ratio == pytest.approx(1.03)
    assert trend.interval == (pytest.approx(1.03), pytest.approx(1.03))
    assert trend.p < 1e-9


def test_within_a_week_the_slope_is_from_run_to_run():
    trend = weekly_trend(range(10), [100 * 1.01**at for at in range(10)])

    assert not trend.is_weekly
    assert trend.ratio == pytest.approx(1.01)


def test_noise_has_no_trend():
    rng = random.Random(1)

    trend = weekly_trend([day * DAY_NS for day in range(40)], [rng.uniform(90, 110) for _ in range(40)])

    assert trend.p > 0.05
    assert trend.interval[0] < 1 < trend.interval[1]


@given(VALUES, st.floats(0.001, 1000))
def test_the_unit_does_not_matter(values, unit):
    times = [at * DAY_NS for at in range(len(values))]

    here, there = weekly_trend(times, values), weekly_trend(times, [unit * value for value in values])

    assert math.log(there.ratio) == pytest.approx(math.log(here.ratio), abs=1e-6)
    assert there.p50 == pytest.approx(unit * here.p50)


def test_percentiles_and_the_newest_value_are_told():
    trend = weekly_trend(range(101), [float(value) for value in range(1, 102)])

    assert (trend.p50, trend.p95, trend.p99, trend.last, trend.runs) == (51, 96, 100, 101, 101)


@pytest.mark.parametrize(("times", "values"), [([], []), ([5], [1.0])])
def test_under_two_runs_there_is_none(times, values):
    assert weekly_trend(times, values) is None


def test_of_many_subjects_chance_alone_names_hardly_one():
    rng = random.Random(2)
    times = [day * DAY_NS for day in range(20)]
    trends = {str(at): weekly_trend(times, [rng.uniform(90, 110) for _ in times]) for at in range(100)}
    trends["grows"] = weekly_trend(times, [1000 * 1.05**at for at in range(20)])

    moves = subject_moves("test", trends)

    assert moves[0].name == "grows"
    assert [move.name for move in moves if move.q <= 0.05] == ["grows"]
    assert sum(move.trend.p <= 0.05 for move in moves) > 1
