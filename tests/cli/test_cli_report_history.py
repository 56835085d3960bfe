"""What `lapwing report` says of the history of its tests."""

import random

import pytest


def test_a_step_of_the_last_runs_is_told_with_its_commits(shop, make_run, name_of):
    shop.record(*(make_run(number, factors={7: 1.5 if number >= 10 else 1.0}) for number in range(20)))

    (step,) = shop.json("report")["steps"]

    assert (step["nodeid"], step["after_commit"]) == (name_of(7), f"{10:040x}")
    assert step["ratio"] == pytest.approx(1.5, abs=0.02)
    shop.run("report")
    assert "Steps in history: 1 in 20 runs of the 40 tests" in shop.out


def test_tests_with_two_modes_are_named(shop, make_run, name_of):
    rng = random.Random(1)
    shop.record(*(make_run(number, factors={9: rng.choice((1.0, 1.8))}) for number in range(25)))

    (test,) = shop.json("report")["flaky_times"]

    assert (test["nodeid"], test["shape"]) == (name_of(9), "bimodal")


def test_filters_hold_for_history_too(shop, make_run):
    shop.record(*(make_run(number, factors={7: 1.5 if number >= 10 else 1.0}) for number in range(20)))

    assert shop.json("report", "--category", "unit")["steps"] == []


def test_of_few_runs_no_step_is_told(with_history):
    with_history.run("report")

    assert "No lasting step in 6 runs" in with_history.out


def test_of_one_run_there_is_too_little(shop, make_run):
    shop.record(make_run(0))

    shop.run("report")

    assert "There is too little history" in shop.out
