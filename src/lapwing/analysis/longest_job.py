"""What makes the longest job of a pipeline the longest."""

from collections.abc import Sequence

from lapwing.model.last_attempt import last_attempts
from lapwing.model.record import TestRecord


def tests_that_make_it_longest(
    records: Sequence[TestRecord], gap_ns: int, most: int
) -> tuple[TestRecord, ...]:
    """The slowest tests of the worker that ended last, until they take `gap_ns` together; at most `most`.

    Without them on that worker the job would end with the next one. Tests without a duration do not count;
    of equal ones the first in order of node id comes first. No test gives none.
    """
    timed = [record for record in last_attempts(records) if record.duration_ns]
    if not timed:
        return ()
    last = max(timed, key=lambda record: record.start_ns + (record.duration_ns or 0)).worker
    slowest = sorted(
        (record for record in timed if record.worker == last),
        key=lambda record: (-(record.duration_ns or 0), record.nodeid),
    )
    found: list[TestRecord] = []
    for record in slowest[:most]:
        found.append(record)
        gap_ns -= record.duration_ns or 0
        if gap_ns <= 0:
            break
    return tuple(found)
