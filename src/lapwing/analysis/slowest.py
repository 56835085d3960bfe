"""The slowest tests of a run."""

import heapq

from lapwing.model.last_attempt import last_attempts
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun


def slowest_tests(recorded: RecordedRun, count: int | None = None) -> list[TestRecord]:
    """The `count` slowest tests (all if None) by duration of their last attempt, slowest first.

    Tests of the same duration come by node id; tests without a measured duration are left out.
    Raises ValueError for a negative `count`.
    """
    if count is not None and count < 0:
        raise ValueError(f"a count is not negative, got {count}")
    timed = [
        (-duration, record.nodeid, record)
        for record in last_attempts(recorded.tests)
        if (duration := record.duration_ns) is not None
    ]
    # Of many tests a few are asked for; what is not among the slowest needs no order.
    ranked = sorted(timed) if count is None else heapq.nsmallest(count, timed)
    return [record for _, _, record in ranked]
