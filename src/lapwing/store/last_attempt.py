"""Which attempt of a test is the one that counts."""

from collections.abc import Sequence

from lapwing.model.record import TestRecord


def last_attempts(tests: Sequence[TestRecord]) -> set[int]:
    """Places in `tests` of the last attempt of each test; of equal attempts the later place."""
    last: dict[str, int] = {}
    for ordinal, record in enumerate(tests):
        before = last.get(record.nodeid)
        if before is None or tests[before].attempt <= record.attempt:
            last[record.nodeid] = ordinal
    return set(last.values())
