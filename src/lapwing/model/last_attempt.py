"""Which attempt of a test is the one that counts."""

from collections.abc import Sequence

from lapwing.model.record import TestRecord


def last_places(tests: Sequence[TestRecord]) -> list[int]:
    """Places in `tests` of the last attempt of each test, ascending; of equal attempts the later place."""
    last: dict[str, int] = {}
    for place, record in enumerate(tests):
        before = last.get(record.nodeid)
        if before is None or tests[before].attempt <= record.attempt:
            last[record.nodeid] = place
    return sorted(last.values())


def last_attempts(tests: Sequence[TestRecord]) -> list[TestRecord]:
    """The last attempt of every test, in the order recorded."""
    return [tests[place] for place in last_places(tests)]
