import math

import pytest

from lapwing.ingest.timing import Timing, began_ns, timing
from lapwing.model.record import Outcome

MS = 1_000_000


@pytest.mark.parametrize(
    ("told", "status", "shown", "judged"),
    [
        (1.5, Outcome.PASSED, 1_500_000, 1_500_000),
        (0, Outcome.PASSED, 0, 0),
        (0, Outcome.FAILED, 0, None),  # a crash reported with a zero
        (0, Outcome.SKIPPED, 0, None),
        (1e-9, Outcome.FAILED, 0, 0),  # under a nanosecond, yet measured
        (None, Outcome.PASSED, None, None),
    ],
)
def test_a_zero_that_measured_nothing_is_shown_and_not_judged(told, status, shown, judged):
    assert timing(told, MS, status) == Timing(shown, judged)


@pytest.mark.parametrize("told", [-5, math.nan, math.inf, 1e30, 10**400, "12ms", True, [1]])
def test_what_is_no_duration_is_a_warning_and_not_judged(told):
    time = timing(told, MS, Outcome.PASSED)

    assert time.duration_ns is None
    assert len(time.warnings) == 1
    assert len(time.warnings[0]) < 90


@pytest.mark.parametrize("told", [0, -1, "1700000000000", None, math.nan, 1e300])
def test_what_is_no_moment_is_unknown(told):
    assert began_ns(told, MS) is None
