"""Which runs are a test's baseline."""

import random

import pytest

from lapwing.analysis.baseline_window import Bounds, baseline_bounds, within
from lapwing.model.series import RunSamples

MS = 1_000_000
TESTS = 40


def run(number: int, machine: float = 1.0, **levels: float) -> RunSamples:
    """Run `number` of 40 tests of about 20 ms; `levels` by name are factors of single tests."""
    rng = random.Random(number)
    names = tuple(f"test_{at}" for at in range(TESTS))
    times = tuple(
        int(20 * MS * machine * levels.get(name, 1.0) * rng.lognormvariate(0, 0.02)) for name in names
    )
    return RunSamples(
        run_id=str(number), subjects=names, workers=("main",) * TESTS, wall_ns=times, cpu_ns=times
    )


def bounds(runs: list[RunSamples], accepted: dict[str, int] | None = None) -> dict[str, Bounds]:
    """Bounds of the baseline when the last of `runs` is judged by those before."""
    started = {each.run_id: int(each.run_id) for each in runs[:-1]}
    return baseline_bounds(runs[:-1], runs[-1:], started, accepted or {}, lasting=5)


def test_an_improvement_that_lasted_begins_the_baseline():
    runs = [run(at, test_7=1.0 if at < 10 else 0.7) for at in range(20)]

    assert bounds(runs) == {"test_7": Bounds(start=10)}


def test_an_open_slowdown_ends_the_baseline():
    runs = [run(at, test_7=1.0 if at < 15 else 1.5) for at in range(20)]

    assert bounds(runs) == {"test_7": Bounds(end=15)}


def test_a_slowdown_that_only_the_judged_run_shows_whole_ends_it_too():
    runs = [run(at, test_7=1.0 if at < 17 else 1.5) for at in range(20)]

    assert bounds(runs) == {"test_7": Bounds(end=17)}


def test_an_accepted_slowdown_begins_the_baseline():
    runs = [run(at, test_7=1.0 if at < 10 else 1.5) for at in range(20)]

    assert bounds(runs, {"test_7": 10}) == {"test_7": Bounds(start=10)}


def test_a_slowdown_after_an_accepted_one_is_open():
    levels = [1.0] * 6 + [1.5] * 8 + [3.0] * 6
    runs = [run(at, test_7=level) for at, level in enumerate(levels)]

    assert bounds(runs, {"test_7": 6}) == {"test_7": Bounds(start=6, end=14)}


def test_the_order_in_which_runs_are_given_does_not_matter():
    runs = [run(at, test_7=1.0 if at < 10 else 0.7) for at in range(20)]

    assert bounds([*runs[-2::-1], runs[-1]]) == bounds(runs)


@pytest.mark.parametrize(
    ("why", "runs"),
    [
        ("too young an improvement", [run(at, test_7=1.0 if at < 17 else 0.5) for at in range(20)]),
        ("the machine", [run(at, 1.0 if at < 10 else 0.6) for at in range(20)]),
        ("nothing", [run(at) for at in range(20)]),
        ("too few runs", [run(at, test_7=1.0 if at < 2 else 0.5) for at in range(5)]),
        ("one run", [run(1)]),
    ],
)
def test_nothing_else_moves_it(why, runs):
    assert bounds(runs) == {}, why


def test_runs_out_of_bounds_are_left_out_of_one_test_only():
    runs = [run(1), run(2), run(3)]

    first, second, third = within(runs, {"1": 10, "2": 20, "3": 30}, {"test_3": Bounds(start=20, end=30)})

    assert set(runs[0].subjects) - set(first.subjects) == {"test_3"}
    assert len(first.wall_ns) == len(first.cpu_ns) == len(first.workers) == TESTS - 1
    assert second is runs[1]
    assert "test_3" not in third.subjects


def test_a_test_that_is_not_judged_gets_no_bounds():
    runs = [run(at, test_7=1.0 if at < 10 else 0.7) for at in range(20)]
    runs[-1] = runs[-1].only({f"test_{at}" for at in range(TESTS)} - {"test_7"})

    assert bounds(runs) == {}
