"""Tests that sleep, and loops that sleep until something has happened."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.counted import counted_events, counted_times, most_of
from lapwing.advice.cut import cut
from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import format_count, format_duration

_COUNTERS: Final = ("sleep", "async_sleep")
_POLLS: Final = 5  # sleeps in one test that look like a loop


def advise(facts: Facts) -> Iterator[Proposal]:
    """Wait for what is meant, or let a fake clock pass the time."""
    tests = facts.recorded.tests
    times = counted_times(tests, _COUNTERS)
    if not times:
        return
    events = counted_events(tests, _COUNTERS)
    is_polling = events >= _POLLS * len(times)
    files = {nodeid.partition("::")[0] for nodeid in times} | {
        fixture.location.rpartition(":")[0] for fixture in facts.recorded.fixtures
    }
    lines = [line for file in sorted(files) for line in facts.sources.sleeps.get(file, ())]
    found = "polling" if is_polling else "sleeping"
    yield Proposal(
        advisor="sleeping",
        title=f"{found} in {format_count(len(times), 'test')}: {format_duration(sum(times.values()))} in "
        f"{format_count(events, 'sleep')}",
        change="Wait for the event itself (a condition, an event, a queue with a timeout), shorten the "
        "pause of "
        "loops that poll, or put a fake clock in the place of time.sleep.",
        confidence=Confidence.MEDIUM if is_polling else Confidence.HIGH,
        suite=cut(facts.suite, times, computing=False),
        span=(0.5, 1.0),
        evidence=(*most_of(times), *(f"sleeps at {line}" for line in lines[:5])),
        where=lines[0] if lines else max(times, key=lambda nodeid: times[nodeid]),
        risk="A test that needed the pause for something else may begin to fail now and then.",
    )
