"""What probes counted more or less of is named as the likely cause, in words."""

import pytest

from lapwing.analysis.likely_cause import likely_cause
from lapwing.model.record import Count


def runs(*counts, name="subprocess"):
    return [{name: Count(count, count * 1_000_000)} if count else {} for count in counts]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([2, 2, 2], [5], "starts 3 more processes"),
        ([0, 0], [1, 1], "starts 1 more process"),
        ([4, 5], [7, 9], "starts 2 more processes"),
        ([5], [2], "starts 3 fewer processes"),
    ],
)
def test_every_run_did_it_more_or_less_often(before, after, said):
    is_longer = after[0] > before[0]

    assert likely_cause(runs(*before), runs(*after), is_longer=is_longer) == f"likely cause: {said}"
    assert likely_cause(runs(*before), runs(*after), is_longer=not is_longer) == ""


@pytest.mark.parametrize(
    ("before", "after"), [([2, 3], [3]), ([2], [2]), ([1, 9], [3, 4]), ([], [3]), ([3], [])]
)
def test_what_overlaps_or_is_missing_is_no_cause(before, after):
    assert likely_cause(runs(*before), runs(*after), is_longer=True) == ""


def test_sleeps_are_told_by_their_time():
    before, after = ([{"sleep": Count(1, ns)}] for ns in (100_000_000, 600_000_000))

    assert likely_cause(before, after, is_longer=True) == "likely cause: sleeps 500 ms more"
    assert likely_cause(after, before, is_longer=False) == "likely cause: sleeps 500 ms less"
    assert likely_cause(after, before, is_longer=True) == ""


def test_sleeps_that_only_woke_late_are_no_cause():
    before, after = ([{"sleep": Count(1, ns)}] for ns in (100_000_000, 100_900_000))

    assert likely_cause(before, after, is_longer=True) == ""


def test_several_causes_and_probes_of_others_are_told_in_the_order_of_their_names():
    after = [{"sql": Count(2), "file": Count(1), "dns": Count(3), "socket": Count(1)}]

    assert likely_cause([{}], after, is_longer=True) == (
        "likely cause: looks up 3 more host names, opens 1 more file, opens 1 more connection, "
        "counts 2 more sql"
    )


def test_what_should_be_many_makes_a_test_longer_by_being_few():
    before, after = ([{"cache_hits": Count(count)}] for count in (9, 2))

    assert likely_cause(before, after, is_longer=True) == "likely cause: has 7 fewer cache hits"
    assert likely_cause(after, before, is_longer=True) == ""
