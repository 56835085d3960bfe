"""What probes counted, by test, over all attempts."""

from collections.abc import Iterable, Sequence
from typing import Final

from lapwing.model.record import TestRecord
from lapwing.units import format_count, format_duration

_MOST: Final = 5


def counted_times(tests: Iterable[TestRecord], names: Sequence[str]) -> dict[str, int]:
    """Time in ns that counters of these names saw in each test, at most its own time."""
    times: dict[str, int] = {}
    for record in tests:
        seen = sum(record.counters[name].time_ns for name in names if name in record.counters)
        seen = min(seen, max(0, (record.duration_ns or 0) - record.shared_fixture_ns))
        if seen > 0:
            times[record.nodeid] = times.get(record.nodeid, 0) + seen
    return times


def counted_events(tests: Iterable[TestRecord], names: Sequence[str]) -> int:
    """Events of these names in all tests."""
    return sum(record.counters[name].count for record in tests for name in names if name in record.counters)


def most_of(times: dict[str, int]) -> tuple[str, ...]:
    """The tests with most of a time, as lines of evidence."""
    ranked = sorted(times.items(), key=lambda item: (-item[1], item[0]))
    lines = tuple(f"{format_duration(ns)}: {nodeid}" for nodeid, ns in ranked[:_MOST])
    rest = len(ranked) - _MOST
    return (*lines, f"and {format_count(rest, 'more test')}") if rest > 0 else lines
