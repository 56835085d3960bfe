"""Sums that one test alone moved."""

import pytest

from lapwing.analysis.limits import Limits
from lapwing.analysis.moved_by_one import as_their_tests
from lapwing.model.comparison import ChangeVerdict, Comparison, Severity
from lapwing.model.thresholds import ChangeThresholds

MS = 1_000_000
LIMITS = Limits(ChangeThresholds(), {})
REGRESSED, IMPROVED = ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED
UNCHANGED, CANNOT_TELL = ChangeVerdict.UNCHANGED, ChangeVerdict.CANNOT_TELL


def compared(nodeid, before_ms, after_ms, verdict=UNCHANGED, metric="wall"):
    return Comparison(
        nodeid=nodeid,
        metric=metric,
        unit="ns",
        before=before_ms * MS,
        after=after_ms * MS,
        ratio=after_ms / before_ms,
        interval=None,
        p=None,
        q=None,
        verdict=verdict,
        severity=Severity.WARNING if verdict is REGRESSED else Severity.NONE,
    )


def told(tests, called=REGRESSED):
    before, after = sum(each.before for each in tests), sum(each.after for each in tests)
    whole = compared("api", before / MS, after / MS, called, metric="category_wall")
    other = compared("unit", 10, 20, REGRESSED, metric="category_wall")
    group_of = {"category_wall": lambda nodeid: "api"}
    found = as_their_tests([whole, other], tests, group_of, LIMITS)
    assert found[1] is other  # none of its tests is known
    return found[0]


@pytest.mark.parametrize("verdict", [CANNOT_TELL, UNCHANGED])
def test_a_sum_follows_the_one_test_that_moved_it(verdict):
    found = told([compared("a", 100, 160, verdict), *(compared(f"b{at}", 10, 10) for at in range(9))])

    assert (found.verdict, found.severity, found.worth_a_look) == (CANNOT_TELL, Severity.NONE, True)
    assert found.reason == "only a moved, and by itself it is not called slower"


@pytest.mark.parametrize(
    "tests",
    [
        [compared("a", 100, 160, REGRESSED), compared("b", 10, 10)],  # called itself
        [compared("a", 100, 117)],  # over the 15% of sums, under the 20% of tests
        [compared("a", 100, 150, CANNOT_TELL), compared("b", 100, 140, CANNOT_TELL)],  # not alone
        [compared(f"t{at}", 100, 118) for at in range(20)],  # each by less than may be told of one
    ],
)
def test_what_is_not_one_test_alone_stays_called(tests):
    assert told(tests).verdict is REGRESSED


def test_what_became_faster_goes_the_same_way():
    found = told([compared("a", 200, 100, CANNOT_TELL), compared("b", 10, 10)], IMPROVED)

    assert (found.verdict, found.worth_a_look) == (CANNOT_TELL, False)
    assert found.reason == "only a moved, and by itself it is not called faster"
