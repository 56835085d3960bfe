"""Tests that start programs."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.counted import counted_events, counted_times, most_of
from lapwing.advice.cut import cut
from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import format_count, format_duration

_COUNTERS: Final = ("subprocess",)


def advise(facts: Facts) -> Iterator[Proposal]:
    """Call what the program calls, in this process."""
    tests = facts.recorded.tests
    seen = counted_times(tests, _COUNTERS)
    # Of a program that is read from, what was seen is its start only.
    times = {nodeid: max(ns, facts.processes.get(nodeid, 0)) for nodeid, ns in seen.items()}
    if not times:
        return
    events = counted_events(tests, _COUNTERS)
    children = {record.nodeid: record.child_cpu_ns or 0 for record in tests}
    computed = sum(min(children.get(nodeid, 0), ns) for nodeid, ns in times.items())
    longest = max(times, key=lambda nodeid: times[nodeid])
    started = (
        f"programs started {format_count(events, 'time')}"
        if events >= len(times)
        else "processes started or forked"
    )
    yield Proposal(
        advisor="subprocesses",
        title=f"{started} in {format_count(len(times), 'test')}: "
        f"{format_duration(sum(times.values()))} of waiting for them",
        change="Call the program's main function in the test's own process, and keep one test that really "
        "starts it; or start it once for all tests of a module.",
        confidence=Confidence.HIGH,
        suite=cut(facts.suite, times, computing=2 * computed > sum(times.values())),
        span=(0.5, 1.0),
        evidence=most_of(times),
        where=facts.place_of(longest),
        risk="What only a fresh process shows (exit codes, environment, imports) is tested once, not each "
        "time.",
    )
