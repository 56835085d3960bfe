"""Tests that talk to a network."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.counted import counted_events, counted_times, most_of
from lapwing.advice.cut import cut
from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import format_count, format_duration

_COUNTERS: Final = ("http_requests", "socket", "dns")


def advise(facts: Facts) -> Iterator[Proposal]:
    """Let a fake stand in for the far end."""
    tests = facts.recorded.tests
    times = counted_times(tests, _COUNTERS)
    if not times:
        return
    names = counted_events(tests, ("dns",))
    looked_up = f", {format_count(names, 'name')} looked up" if names else ""
    yield Proposal(
        advisor="network",
        title=f"waiting for the network in {format_count(len(times), 'test')}: "
        f"{format_duration(sum(times.values()))}{looked_up}",
        change="Let a fake stand in for the far end: an in-process transport, recorded answers, or one "
        "local server for the session.",
        confidence=Confidence.MEDIUM if names else Confidence.LOW,
        suite=cut(facts.suite, times, computing=False),
        span=(0.5, 1.0),
        evidence=most_of(times),
        where=facts.place_of(max(times, key=lambda nodeid: times[nodeid])),
        risk="What the far end really answers is no longer tested here.",
    )
