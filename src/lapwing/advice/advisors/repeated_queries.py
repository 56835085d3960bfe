"""Tests in which one place asks a database again and again."""

from collections.abc import Iterable, Iterator
from typing import Final

from lapwing.advice.counted import counted_events, counted_times, most_of
from lapwing.advice.cut import cut
from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.record import TestRecord
from lapwing.model.suggestion import Confidence
from lapwing.units import format_count, format_duration

_COUNTERS: Final = ("sql_n_plus_one", "sql_duplicates")


def advise(facts: Facts) -> Iterator[Proposal]:
    """Ask once: join, load together, or keep the answer."""
    tests = facts.recorded.tests
    each = [counted_times(tests, (name,)) for name in _COUNTERS]
    most = _most_of_rounds(tests)
    # A query asked many times with the same parameters may count in both.
    times = {
        nodeid: min(most[nodeid], max(one.get(nodeid, 0) for one in each))
        for nodeid in sorted({*each[0], *each[1]})
    }
    if not times:
        return
    places = counted_events(tests, ("sql_n_plus_one",))
    queries = counted_events(tests, ("sql_queries",))
    yield Proposal(
        advisor="repeated-queries",
        title=f"the same asked of a database again and again in {format_count(len(times), 'test')}: "
        f"{format_duration(sum(times.values()))} in such queries and what is done for each",
        change="Load what belongs together in one query (a join, select_related, selectinload, IN), and keep "
        "answers that do not change.",
        confidence=Confidence.HIGH if places else Confidence.MEDIUM,
        suite=cut(facts.suite, times, computing=True),
        span=(0.7, 1.1),
        evidence=(f"{format_count(places, 'N+1')} among {queries:,} queries", *most_of(times)),
        where=facts.place_of(max(times, key=lambda nodeid: times[nodeid])),
    )


def _most_of_rounds(tests: Iterable[TestRecord]) -> dict[str, int]:
    """By test, the time that its queries and its computing took: a round may also sleep, or ask others."""
    most: dict[str, int] = {}
    for record in tests:
        asked = record.counters.get("sql_queries")
        known = record.duration_ns or 0
        if asked is not None and record.cpu_ns is not None:
            known = min(known, asked.time_ns + record.cpu_ns)
        most[record.nodeid] = most.get(record.nodeid, 0) + known
    return most
