"""The estimate of a run's end."""

import pytest

from lapwing.operations.remaining import remaining_by_count_ns, remaining_ns

USUAL = {f"t{number}": 100 for number in range(100)}
NAMES = list(USUAL)


@pytest.mark.parametrize(
    ("finished", "spent_ns", "workers", "wanted"),
    [
        ([], 0, 1, 10_000),
        ([], 0, 4, 2_500),
        (NAMES[:1], 900, 4, 2_475),  # one test tells little of the pace
        (NAMES[:50], 5_000, 1, 5_000),
        (NAMES[:50], 20_000, 4, 20_000),  # it goes at a quarter of the usual pace, whatever the workers
        (NAMES, 20_000, 1, 0),
        ([*NAMES, "new"], 20_000, 1, 0),
    ],
)
def test_what_is_left_goes_as_quick_as_what_is_done(finished, spent_ns, workers, wanted):
    assert remaining_ns(USUAL, finished, spent_ns=spent_ns, workers=workers) == wanted


def test_what_is_running_is_done_as_far_as_it_is_usual():
    usual = {"long": 30_000, **USUAL}
    half = remaining_ns(usual, NAMES, spent_ns=25_000, workers=1, running_ns={"long": 15_000})
    assert half == 15_000


def test_the_end_of_a_test_that_is_over_its_usual_time_is_not_told():
    left = {**USUAL, "stuck": 100}
    for waited in (200, 20_000):
        running = {"stuck": waited}
        assert remaining_ns(left, NAMES, spent_ns=10_000 + waited, workers=1, running_ns=running) is None


@pytest.mark.parametrize(
    ("expected", "finished", "wanted"), [(100, 25, 3_000), (100, 1, None), (100, 100, None), (0, 5, None)]
)
def test_by_numbers_those_to_come_are_like_those_that_were(expected, finished, wanted):
    assert remaining_by_count_ns(expected, finished, spent_ns=1_000) == wanted


def test_of_a_suite_nobody_knows_nothing_is_told():
    assert remaining_ns({}, ["a"], spent_ns=5, workers=1) is None
