"""How often a test fails where it can pass."""

import pytest

from lapwing.analysis.flaky_outcome import flaky_outcomes
from lapwing.model.run import Revision, Run
from lapwing.model.series import FailedAttempt
from lapwing.stats.wilson import wilson_interval


def run(number: int, commit: str | None = "a", *, dirty: bool | None = False) -> Run:
    return Run(
        run_id=str(number), started_at_ns=number, duration_ns=1, revision=Revision(commit=commit, dirty=dirty)
    )


def failed(number: int, nodeid: str = "t", attempt: int = 1) -> FailedAttempt:
    return FailedAttempt(str(number), nodeid, "failed", attempt, is_last=True)


def test_failed_and_passed_on_one_commit_is_flaky():
    runs = [run(1), run(2), run(3)]

    (test,) = flaky_outcomes(runs, [failed(2)], [("1", "t"), ("3", "t")])

    assert (test.failed, test.passed, test.commits, test.reruns) == (1, 2, 1, 0)
    assert test.rate == pytest.approx(1 / 3)
    assert test.interval == wilson_interval(1, 3)
    assert test.last_failed_at_ns == 2


def test_an_attempt_that_failed_before_one_that_passed_is_flaky_whatever_the_commit():
    (test,) = flaky_outcomes([run(1, None)], [failed(1)], [("1", "t")])

    assert (test.failed, test.passed, test.reruns) == (1, 1, 1)


@pytest.mark.parametrize(
    ("why", "runs"),
    [
        ("another commit", [run(1), run(2, "b")]),
        ("uncommitted changes", [run(1, dirty=True), run(2, dirty=True)]),
        ("it is not known whether there were any", [run(1, dirty=None), run(2, dirty=None)]),
        ("no commit", [run(1, None), run(2, None)]),
    ],
)
def test_on_other_code_it_is_not(why, runs):
    assert flaky_outcomes(runs, [failed(2)], [("1", "t")]) == (), why


def test_a_commit_on_which_it_always_failed_does_not_count():
    runs = [run(1), run(2), run(3, "b"), run(4, "b")]

    (test,) = flaky_outcomes(runs, [failed(2), failed(3), failed(4)], [("1", "t")])

    assert (test.failed, test.passed) == (1, 1)


def test_the_most_failures_come_first():
    runs = [run(1), run(2), run(3)]
    passed = [("3", "t"), ("3", "u")]

    found = flaky_outcomes(runs, [failed(1, "u"), failed(1), failed(2)], passed)

    assert [test.nodeid for test in found] == ["t", "u"]


def test_nothing_failed_nothing_is_flaky():
    assert flaky_outcomes([run(1)], [], [("1", "t")]) == ()
