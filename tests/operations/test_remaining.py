"""The estimate of a run's end."""

import pytest

from lapwing.operations.remaining import remaining_ns

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


def test_of_a_suite_nobody_knows_nothing_is_told():
    assert remaining_ns({}, ["a"], spent_ns=5, workers=1) is None
