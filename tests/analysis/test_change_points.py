"""Steps of a history, told from noise, outliers and a coming and going."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lapwing.analysis.change_points import series_change, series_changes
from lapwing.model.change import Shape
from lapwing.stats.arrays import kernel_segments as arrays


def times(seed: int, *levels: float, each: int = 25, spread: float = 0.02) -> list[float]:
    """Log-normal values about each level in turn."""
    rng = random.Random(seed)
    return [level * rng.lognormvariate(0, spread) for level in levels for _ in range(each)]


def places(values: list[float]) -> list[int]:
    return [step.at for step in series_change(values).steps]


def test_a_step_is_told_with_its_place_size_and_certainty():
    (step,) = series_change(times(1, 100.0, 110.0)).steps

    assert abs(step.at - 25) <= 1
    assert step.ratio == pytest.approx(1.1, abs=0.02)
    low, high = step.interval
    assert low < 1.1 < high
    assert (step.before, step.after) == pytest.approx((100, 110), rel=0.02)
    assert step.p < 1e-6


def test_every_step_of_several_is_told():
    assert places(times(2, 100.0, 130.0, 90.0)) == [25, 50]


def test_histories_without_a_change_have_hardly_a_step():
    found = [len(series_change(times(seed, 100.0, each=80, spread=0.05)).steps) for seed in range(60)]

    assert sum(found) / len(found) <= 0.05


def test_wild_runs_are_no_steps():
    values = times(3, 100.0, each=60)
    for at in (10, 11, 30, 58):
        values[at] *= 8

    assert places(values) == []


def test_changes_under_two_percent_are_not_told():
    assert places(times(4, 100.0, 101.5, each=60, spread=0.001)) == []


def test_slow_wandering_is_no_staircase():
    rng = random.Random(5)
    found = 0
    for _ in range(30):
        drift, values = 0.0, []
        for _ in range(60):
            drift = 0.8 * drift + rng.gauss(0, 0.01)
            values.append(100 * math.exp(drift))
        found += len(places(values))

    assert found / 30 <= 0.5


@pytest.mark.parametrize("before", [5, 17, 37, 97])
@pytest.mark.parametrize("newest", [3, 4, 6])
@pytest.mark.parametrize("factor", [21.0, 1.6, 0.05])
def test_a_large_step_is_told_from_three_runs_on_however_long_the_history(before, newest, factor):
    draw = random.Random(f"{before} {newest}")
    values = [draw.lognormvariate(0, 0.06) for _ in range(before)]
    values += [factor * draw.lognormvariate(0, 0.03) for _ in range(newest)]

    found = series_change(values)

    assert [step.at for step in found.steps] == [before]
    assert found.shape is not Shape.BIMODAL


@pytest.mark.parametrize("newest", [1, 2])
def test_one_or_two_slow_runs_are_no_step_yet(newest):
    draw = random.Random(newest)
    values = [draw.lognormvariate(0, 0.06) for _ in range(30)] + [21.0] * newest

    assert not series_change(values).steps


def test_values_that_switch_between_two_levels_are_bimodal_and_do_not_step():
    rng = random.Random(6)
    values = [rng.choice((100, 100, 150)) * rng.lognormvariate(0, 0.01) for _ in range(60)]

    change = series_change(values)

    assert change.shape is Shape.BIMODAL
    assert change.steps == ()
    assert change.modes == pytest.approx((100, 150), rel=0.02)
    assert change.upper_share == pytest.approx(sum(value > 120 for value in values) / 60)


def test_long_stretches_at_two_levels_in_turn_are_bimodal_too():
    change = series_change(times(7, 100.0, 150.0, 100.0, 150.0, each=15))

    assert (change.shape, change.steps) == (Shape.BIMODAL, ())
    assert change.modes == pytest.approx((100, 150), rel=0.02)


def test_up_and_back_again_are_two_steps():
    assert places(times(8, 100.0, 150.0, 100.0)) == [25, 50]


def test_a_share_of_wild_runs_is_a_heavy_tail():
    values = times(9, 100.0, each=60)
    for at in range(5, 60, 12):
        values[at] *= 5

    change = series_change(values)

    assert change.shape is Shape.HEAVY_TAILED
    assert change.tail_share == pytest.approx(5 / 60)


def test_one_wild_run_of_a_short_history_is_no_heavy_tail():
    values = times(9, 100.0, each=20)
    values[11] *= 5

    assert series_change(values).shape is Shape.STEADY


def test_a_step_does_not_make_a_history_bimodal():
    assert series_change(times(10, 100.0, 200.0)).shape is Shape.STEADY


@pytest.mark.parametrize("count", range(6))
def test_under_six_runs_nothing_is_told(count):
    change = series_change([100.0, 100.0, 100.0, 200.0, 200.0][:count])

    assert (change.shape, change.steps) == (Shape.TOO_SHORT, ())


def test_six_runs_show_a_clear_step():
    assert places([100.0, 101.0, 100.5, 200.0, 201.0, 199.0]) == [3]


def test_equal_values_are_steady():
    assert series_change([5.0] * 30) == series_change([7.0] * 30)


def test_values_that_are_not_all_positive_step_without_a_ratio():
    rng = random.Random(11)
    values = [rng.gauss(level, 1) for level in (-5.0, 5.0) for _ in range(20)]

    (step,) = series_change(values).steps

    assert (step.at, step.ratio, step.interval) == (20, None, None)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.001, 1e6))
def test_the_unit_does_not_matter(seed, unit):
    values = times(seed, 100.0, 108.0, each=12)

    here, there = series_change(values), series_change([unit * value for value in values])

    assert [step.at for step in there.steps] == [step.at for step in here.steps]
    assert [step.ratio for step in there.steps] == pytest.approx([step.ratio for step in here.steps])


def test_many_series_give_the_same_with_numpy():
    series = [times(seed, 100.0, 100.0 + seed, each=10 + seed % 9) for seed in range(40)]

    assert series_changes(series, cutter=arrays) == series_changes(series)
