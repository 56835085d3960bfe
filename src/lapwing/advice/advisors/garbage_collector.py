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


def advise(facts: Facts) -> Iterator[Proposal]:
    """Keep what imports have made out of the collector's sight."""
    times: dict[str, int] = {}
    passes = 0
    for record in facts.recorded.tests:
        if record.gc_ns:
            times[record.nodeid] = times.get(record.nodeid, 0) + record.gc_ns
            passes += record.gc_count or 0
    total = sum(times.values())
    if not total or total < _LEAST_SHARE * facts.work_ns:
        return
    yield Proposal(
        advisor="garbage-collector",
        title=f"the garbage collector takes {format_share(total / facts.work_ns)} of the time of tests: "
        f"{format_duration(total)} in {format_count(passes, 'collection')}",
        change="In conftest.py: gc.collect() and gc.freeze() in pytest_collection_finish, and a higher "
        "gc.set_threshold; or find what makes so many objects.",
        confidence=Confidence.MEDIUM,
        suite=cut(facts.suite, times, computing=True),
        span=(0.5, 1.0),
        evidence=most_of(times),
        where="conftest.py",
        risk="Memory grows until the next pass; tests that count objects may see more of them.",
    )
