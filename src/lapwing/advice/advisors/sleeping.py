"""Tests that sleep, and loops that sleep until something has happened."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lapwing.advice.counted import counted_events, counted_times, most_of
from lapwing.advice.cut import cut
from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.record import TestRecord
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
    waiting = _waiting_for_programs(tests)
    saved = {nodeid: min(ns, waiting.get(nodeid, ns)) for nodeid, ns in times.items()}
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
        suite=cut(facts.suite, saved, computing=False),
        span=(0.5, 1.0),
        evidence=(*most_of(times), *_of_programs(waiting), *(f"sleeps at {line}" for line in lines[:5])),
        where=lines[0] if lines else facts.place_of(max(times, key=lambda nodeid: times[nodeid])),
        risk="A test that needed the pause for something else may begin to fail now and then.",
    )


def _waiting_for_programs(tests: Iterable[TestRecord]) -> dict[str, int]:
    """By test that started a program and slept several times, what a shorter pause can save.

    The program takes as long as before; too long is, on average, half of the last pause.
    """
    found: dict[str, int] = {}
    for record in tests:
        slept = [record.counters[name] for name in _COUNTERS if name in record.counters]
        count, time_ns = sum(each.count for each in slept), sum(each.time_ns for each in slept)
        if count > 1 and "subprocess" in record.counters:
            found[record.nodeid] = found.get(record.nodeid, 0) + time_ns // count // 2
    return found


def _of_programs(waiting: Mapping[str, int]) -> Iterator[str]:
    if waiting:
        yield (
            f"{format_count(len(waiting), 'test')} of these started a program, and seem to wait for it: "
            "half of a pause each is counted as gain"
        )
