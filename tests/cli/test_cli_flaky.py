"""`lapwing flaky`."""

import random

import pytest

from lapwing.model.record import Outcome
from lapwing.model.run import Revision

SAME = Revision(commit="a" * 40, branch="main", dirty=False)


def failing(run, at):
    """The run in which test number `at` failed."""
    tests = list(run.tests)
    tests[at] = tests[at]._replace(outcome=Outcome.FAILED)
    return run._replace(tests=tuple(tests))


@pytest.fixture
def flipping(shop, make_run):
    """Eight runs of one commit; test 5 failed in two of them."""
    runs = [make_run(number, revision=SAME) for number in range(8)]
    shop.record(*(failing(run, 5) if number in (2, 6) else run for number, run in enumerate(runs)))
    return shop


def test_a_test_that_flips_on_one_commit_is_listed_with_its_rate(flipping, name_of):
    assert flipping.run("flaky") == 1

    (test,) = flipping.json("flaky")["outcomes"]
    assert (test["nodeid"], test["failed"], test["passed"]) == (name_of(5), 2, 6)
    assert test["rate"] == 0.25
    low, high = test["interval"]
    assert low < 0.25 < high


def test_a_test_that_broke_and_was_mended_is_not(shop, make_run):
    shop.record(*(failing(make_run(number), 5) if number == 2 else make_run(number) for number in range(6)))

    assert shop.run("flaky") == 0
    assert "No test is flaky" in shop.out


def test_two_modes_in_time_are_told(shop, make_run, name_of):
    rng = random.Random(1)
    shop.record(*(make_run(number, factors={9: rng.choice((1.0, 1.8))}) for number in range(30)))

    assert shop.run("flaky") == 0

    (test,) = shop.json("flaky")["times"]
    assert (test["nodeid"], test["shape"]) == (name_of(9), "bimodal")
    low, high = test["modes"]
    assert high / low == pytest.approx(1.8, abs=0.05)


def test_a_test_that_a_branch_makes_slower_is_not_flaky(shop, make_run):
    branch = Revision(commit="b" * 40, branch="slower", dirty=False)
    shop.record(
        *(make_run(number) for number in range(20)),
        *(make_run(number, factors={9: 4.0}, revision=branch) for number in range(20, 25)),
    )

    assert shop.json("flaky")["times"] == []


def test_of_a_branch_alone_times_are_told_too(shop, make_run, name_of):
    rng = random.Random(1)
    branch = Revision(commit="b" * 40, branch="work", dirty=False)
    shop.record(
        *(make_run(number, factors={9: rng.choice((1.0, 1.8))}, revision=branch) for number in range(30))
    )

    assert [each["nodeid"] for each in shop.json("flaky")["times"]] == [name_of(9)]


def test_runs_of_over_three_times_the_level_are_told(shop, make_run, name_of):
    shop.record(*(make_run(number, factors={9: 6.0 if number in (3, 17) else 1.0}) for number in range(20)))

    (test,) = shop.json("flaky")["times"]

    assert (test["nodeid"], test["shape"], test["tail_share"]) == (name_of(9), "heavy_tailed", 0.1)


def test_a_steady_suite_has_none(with_history):
    assert with_history.run("flaky") == 0

    assert "No test is flaky" in with_history.out


def test_without_a_run_it_says_so(shop):
    shop.record()

    assert shop.run("flaky") == 2
    assert "no run is recorded" in shop.err
