"""Tests read become the records of a run: leaves only, each counted once."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from lapwing.ingest.identity import identity
from lapwing.ingest.repeats import Entry, together
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.read_test import DurationKind, ReadTest
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.value import Value

CategoryOf = Callable[[str, Sequence[str]], str]
"""The category of a test from its identity and its tags."""

_REPEATED: Final = re.compile(r" #\d+\Z")
_CATEGORY: Final = "lapwing.category"


class NamedTest(Value):
    """A test with all its attempts, under its identity."""

    nodeid: str
    test: ReadTest


def named_tests(entries: Iterable[Entry], tool: str = "") -> list[NamedTest]:
    """The tests of one report, attempts put together, in the order of their first entries.

    Tests that share a name are numbered: the second is `name #2`.
    """
    listed = list(entries)
    used: dict[str, int] = {}
    named = []
    for places in tests_among(listed):
        test = together([listed[place].test for place in places], tool)
        nodeid = identity(test, tool)
        used[nodeid] = used.get(nodeid, 0) + 1
        named.append(NamedTest(numbered(nodeid, used[nodeid]), test))
    return named


def tests_among(entries: Sequence[Entry]) -> list[list[int]]:
    """The places in `entries` of each test's attempts, in the order of the first ones."""
    groups: dict[tuple[int, int], list[int]] = {}
    occurrence: dict[int, int] = {}
    for place, entry in enumerate(entries):
        if not entry.is_attempt:
            occurrence[entry.key] = entry.number
        groups.setdefault((entry.key, occurrence.get(entry.key, 1)), []).append(place)
    return list(groups.values())


def numbered(nodeid: str, number: int) -> str:
    """The identity of the test that is `number`th, from 1, of those that share one."""
    return nodeid if number == 1 else f"{nodeid} #{number}"


def records_of(
    named: NamedTest, category_of: CategoryOf, *, run_start_ns: int | None, first_attempt: int = 1
) -> list[TestRecord]:
    """The records of a leaf: one per attempt where their times are told, else one.

    Attempts count up from `first_attempt`. A parent, and a benchmark, has none.
    """
    test = named.test
    if test.is_parent or test.status is Outcome.BENCHMARK:
        return []
    has_attempts = len(test.attempts) > 1 and test.duration_kind is not DurationKind.SUM
    has_phases = not (test.setup_ns is None and test.call_ns is None and test.teardown_ns is None)
    base = TestRecord(
        nodeid=named.nodeid,
        outcome=test.status,
        attempt=first_attempt,
        category=dict(test.properties).get(_CATEGORY, "") or category_of(named.nodeid, test.tags),
        start_ns=max(0, test.start_ns - run_start_ns) if test.start_ns and run_start_ns else 0,
        setup_ns=test.setup_ns,
        call_ns=test.call_ns if has_phases or has_attempts else test.duration_ns,
        teardown_ns=test.teardown_ns,
        markers=test.tags,
    )
    if not has_attempts:
        return [base]
    return [
        base._replace(outcome=attempt.status, attempt=first_attempt + at, call_ns=attempt.duration_ns)
        for at, attempt in enumerate(test.attempts)
    ]


def benchmarks_of(tests: Iterable[NamedTest]) -> tuple[BenchmarkRecord, ...]:
    """What the benchmarks among `tests` measured; the samples of repetitions are put together.

    Entries that sum up others (parents) are left out.
    """
    joined: dict[str, BenchmarkRecord] = {}
    for nodeid, test in tests:
        if test.benchmark is None or test.is_parent:
            continue
        first = _REPEATED.sub("", nodeid)
        before = joined.get(first)
        if before is None or before.name != test.benchmark.name or before.unit != test.benchmark.unit:
            joined[nodeid] = test.benchmark._replace(nodeid=nodeid)
        else:
            joined[first] = before._replace(samples=before.samples + test.benchmark.samples)
    return tuple(joined.values())
