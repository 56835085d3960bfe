"""Runs that spend their time in the garbage collector."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.counted import most_of
from lapwing.advice.cut import cut
from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import format_count, format_duration, format_share

_LEAST_SHARE: Final = 0.05
_FREEZING: Final = 0.5
"""What freezing saves of it, that is looking at modules again and again; the rest looks at new objects.

In attrs 45% of 1.3 s, in more-itertools 60% of 0.3 s. A higher threshold saved nothing there: 27 collections
took as long as 1,700 smaller ones.
"""


def advise(facts: Facts) -> Iterator[Proposal]:
    """Keep what imports have made out of the collector's sight."""
    times: dict[str, int] = {}
    passes = 0
    for record in facts.recorded.tests:
        if record.collected_ns:
            # Finalizers may sleep, or wait for a program to end: that is no work of the collector.
            cpu = record.collected_ns if record.cpu_ns is None else record.cpu_ns
            times[record.nodeid] = times.get(record.nodeid, 0) + min(cpu, record.collected_ns)
            passes += record.gc_count or 0
    total, work = sum(times.values()), facts.work_ns
    # Over the tests' own time: it is what is left without fixtures and waits, and may be next to nothing.
    if not total or not _LEAST_SHARE * work <= total <= work:
        return
    yield Proposal(
        advisor="garbage-collector",
        title=f"the garbage collector takes {format_share(total / work)} of the time of tests: "
        f"{format_duration(total)} in {format_count(passes, 'collection')}",
        change="In conftest.py: gc.collect() and gc.freeze() in pytest_collection_finish, so that it no "
        "longer looks at modules; or find what makes so many objects.",
        confidence=Confidence.MEDIUM,
        suite=cut(
            facts.suite, {name: round(_FREEZING * taken) for name, taken in times.items()}, computing=True
        ),
        span=(0.5, 1.5),
        evidence=most_of(times),
        where="conftest.py",
        risk="Garbage that collection left behind stays until the end.",
    )
