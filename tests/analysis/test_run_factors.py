"""How fast the machine was in each run, and when it became another one."""

import random

import pytest

from lapwing.analysis.machine_steps import machine_steps
from lapwing.analysis.run_factors import FEWEST_TESTS, run_factors
from lapwing.analysis.scheduling import wall
from lapwing.model.run import Run
from lapwing.model.series import RunSamples

MS = 1_000_000


def samples(number: int, factor: float, *, tests: int = 40, slower: tuple[int, ...] = ()) -> RunSamples:
    """Tests of 10 to 50 ms on a machine so much slower; `slower` ones take twice as long."""
    rng = random.Random(number)
    times = [
        int((10 + at) * MS * factor * rng.lognormvariate(0, 0.01) * (2 if at in slower else 1))
        for at in range(tests)
    ]
    return RunSamples(
        run_id=str(number),
        subjects=tuple(f"test_{at}" for at in range(tests)),
        workers=("main",) * tests,
        wall_ns=tuple(times),
        cpu_ns=tuple(times),
    )


def test_what_all_tests_did_at_once_was_the_machine():
    factors = run_factors([samples(at, factor) for at, factor in enumerate([1.0, 1.2, 1.0, 0.8, 1.0])], wall)

    assert factors == pytest.approx([1.0, 1.2, 1.0, 0.8, 1.0], abs=0.01)


def test_what_a_few_tests_did_was_not():
    runs = [samples(at, 1.0, slower=tuple(range(10)) if at >= 3 else ()) for at in range(6)]

    assert run_factors(runs, wall) == pytest.approx([1.0] * 6, abs=0.01)


def test_of_too_few_tests_nothing_is_known():
    assert run_factors([samples(at, 1.0, tests=FEWEST_TESTS - 1) for at in range(5)], wall) == [None] * 5


def test_a_run_of_a_few_tests_is_unknown_beside_whole_ones():
    runs = [samples(0, 1.0), samples(1, 1.0, tests=5), samples(2, 1.5), samples(3, 1.0)]

    assert run_factors(runs, wall) == [
        pytest.approx(1, abs=0.01),
        None,
        pytest.approx(1.5, abs=0.02),
        pytest.approx(1, abs=0.01),
    ]


def test_the_test_in_question_does_not_speak_for_the_machine():
    runs = [samples(at, 1.0, tests=FEWEST_TESTS) for at in range(4)]

    assert run_factors(runs, wall, without="test_0") == [None] * 4


def test_without_runs_there_is_nothing():
    assert run_factors([], wall) == []


def test_a_new_runner_is_told_with_what_changed_on_it():
    runs = [
        Run(run_id=str(at), started_at_ns=at, duration_ns=1, python="3.11.4" if at < 10 else "3.12.1")
        for at in range(20)
    ]

    (step,) = machine_steps(lambda: runs, [1.0] * 10 + [1.25] * 10)

    assert (step.before, step.after) == (runs[9], runs[10])
    assert step.ratio == pytest.approx(1.25)
    assert step.changes == ("cpython 3.11.4 → 3.12.1",)


def test_a_steady_machine_has_no_step_and_its_runs_are_not_read():
    def read() -> list[Run]:
        pytest.fail("nobody needs them")

    assert machine_steps(read, [1.0, 1.02] * 10) == ()
    assert machine_steps(read, [None] * 20) == ()
