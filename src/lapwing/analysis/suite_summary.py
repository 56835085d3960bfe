"""The figures of a suite, and of parts of it: counts, sums, quantiles, success."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from lapwing.model.record import CollectRecord, FixtureRecord, Outcome, TestRecord
from lapwing.model.report import FixtureCost, GroupSummary, ModuleCost
from lapwing.stats.quantiles import quantile

_GOOD: Final = {Outcome.PASSED, Outcome.XFAILED, Outcome.XPASSED, Outcome.FLAKY, Outcome.BENCHMARK}
_BAD: Final = {Outcome.FAILED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.CRASHED}


def summarize(tests: Sequence[TestRecord], slow_ns: int, name: str = "") -> GroupSummary:
    """The figures of `tests`, one record per test; those over `slow_ns` nanoseconds are slow.

    Skipped tests and those cut short by others count neither as success nor as failure.
    """
    durations = [record.duration_ns for record in tests if record.duration_ns is not None]
    good = sum(record.outcome in _GOOD for record in tests)
    ran = good + sum(record.outcome in _BAD for record in tests)
    return GroupSummary(
        name=name,
        tests=len(tests),
        outcomes=dict(Counter(record.outcome.value for record in tests).most_common()),
        slow_tests=sum(duration > slow_ns for duration in durations),
        total_ns=sum(durations),
        mean_ns=sum(durations) / len(durations) if durations else None,
        median_ns=quantile(durations, 0.5),
        p95_ns=quantile(durations, 0.95),
        p99_ns=quantile(durations, 0.99),
        success_rate=good / ran if ran else None,
    )


def summarize_groups(
    tests: Iterable[TestRecord], slow_ns: int, group_of: Callable[[TestRecord], str]
) -> tuple[GroupSummary, ...]:
    """The figures of each group of `tests`, the longest total first."""
    groups: dict[str, list[TestRecord]] = {}
    for record in tests:
        groups.setdefault(group_of(record), []).append(record)
    made = [summarize(members, slow_ns, name) for name, members in groups.items()]
    return tuple(sorted(made, key=lambda group: (-group.total_ns, group.name)))


def fixture_costs(records: Iterable[FixtureRecord]) -> tuple[FixtureCost, ...]:
    """What each fixture cost in all its set-ups and tear-downs, the most expensive first."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for record in records:
        entry = sums.setdefault((record.name, record.scope, record.location), [0, 0, 0])
        entry[0] += 1
        entry[1] += record.setup_ns
        entry[2] += record.teardown_ns or 0
    made = [
        FixtureCost(name, scope, location, setups, setup_ns, teardown_ns)
        for (name, scope, location), (setups, setup_ns, teardown_ns) in sums.items()
    ]
    return tuple(sorted(made, key=lambda cost: (-cost.total_ns, cost.name, cost.location)))


def module_costs(records: Iterable[CollectRecord]) -> tuple[ModuleCost, ...]:
    """What the collection of each module cost in all processes, the most expensive first."""
    sums: dict[str, int] = {}
    workers: dict[str, set[str]] = {}
    for record in records:
        sums[record.nodeid] = sums.get(record.nodeid, 0) + record.duration_ns
        workers.setdefault(record.nodeid, set()).add(record.worker)
    made = [ModuleCost(nodeid, cost_ns, len(workers[nodeid])) for nodeid, cost_ns in sums.items()]
    return tuple(sorted(made, key=lambda cost: (-cost.duration_ns, cost.nodeid)))
