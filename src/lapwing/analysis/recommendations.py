"""What is worth changing, from what was recorded: every one names its evidence and its cost."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Final

from lapwing.model.record import TestRecord
from lapwing.model.report import (
    FixtureCost,
    ModuleCost,
    Recommendation,
    RecommendationKind,
    SystemHealth,
)
from lapwing.model.run import RecordedRun
from lapwing.model.time_use import TimeUse
from lapwing.units import NS_PER_MS, NS_PER_S

_LEAST_NS: Final = 100 * NS_PER_MS  # what costs less is not worth a person's time
_LEAST_SHARE: Final = 0.01
_LONG_SHARE: Final = 0.1  # of the time of all tests, from which one test is a part of its own
_LONG_AMONG: Final = 5  # in fewer tests one of them is always a large part
_REPEATED: Final = 5  # set-ups of one fixture
_SERIAL_NS: Final = 10 * NS_PER_S  # a shorter run gains less from workers than they cost to start
_BUSY_SHARE: Final = 0.1
_SUBJECTS: Final = 3

_COUNTERS: Final = (
    (RecommendationKind.SLEEP, ("sleep", "async_sleep")),
    (RecommendationKind.SUBPROCESS, ("subprocess",)),
)


def recommendations(
    recorded: RecordedRun,
    slowest: Sequence[TestRecord],
    use: TimeUse,
    fixtures: Sequence[FixtureCost],
    modules: Sequence[ModuleCost],
    system: SystemHealth,
) -> tuple[Recommendation, ...]:
    """What costs at least 100 ms and 1% of the busy time of all processes, the most expensive first.

    `slowest`, `fixtures` and `modules` have the most expensive first.
    """
    found = (
        *_counted(recorded.tests, use),
        *_repeated(fixtures, use),
        *_longest(slowest, use),
        *_collection(modules, use),
        # Where there are too few processors already, workers do not help.
        *(_busy(recorded, system, use) or _parallel(recorded, slowest, use)),
    )
    worthy = [each for each in found if each.cost_ns >= _LEAST_NS and each.share >= _LEAST_SHARE]
    return tuple(sorted(worthy, key=lambda each: -each.cost_ns))


def _counted(tests: Iterable[TestRecord], use: TimeUse) -> Iterator[Recommendation]:
    records = list(tests)
    for kind, counters in _COUNTERS:
        costs: dict[str, int] = {}
        for record in records:
            spent = sum(record.counters[name].time_ns for name in counters if name in record.counters)
            # Tasks that sleep side by side spend more than the time that passed; and what a fixture
            # of wider scope did in this test's time is not the test's.
            own = None if record.duration_ns is None else record.duration_ns - record.shared_fixture_ns
            spent = spent if own is None else max(0, min(spent, own))
            if spent:
                costs[record.nodeid] = costs.get(record.nodeid, 0) + spent
        if costs:
            ranked = sorted(costs.items(), key=lambda item: (-item[1], item[0]))
            yield _recommendation(kind, sum(costs.values()), use, ranked[:_SUBJECTS], count=len(costs))


def _repeated(fixtures: Iterable[FixtureCost], use: TimeUse) -> Iterator[Recommendation]:
    for cost in fixtures:
        if cost.scope == "function" and cost.setups >= _REPEATED and _is_own(cost.location):
            ranked = [(f"{cost.name} ({cost.location})", cost.total_ns)]
            kind = RecommendationKind.FIXTURE_REPEATED
            yield _recommendation(kind, cost.total_ns, use, ranked, count=cost.setups)


def _is_own(location: str) -> bool:
    """Whether a fixture is defined in the project, so that its scope can be changed there."""
    return bool(location) and not PurePath(location).is_absolute() and "site-packages" not in location


def _longest(slowest: Sequence[TestRecord], use: TimeUse) -> Iterator[Recommendation]:
    if len(slowest) < _LONG_AMONG:
        return
    duration_ns = (slowest[0].duration_ns or 0) - slowest[0].shared_fixture_ns
    if duration_ns >= _LONG_SHARE * use.worker_ns:
        ranked = [(slowest[0].nodeid, duration_ns)]
        yield _recommendation(RecommendationKind.LONGEST_TEST, duration_ns, use, ranked, count=1)


def _collection(modules: Sequence[ModuleCost], use: TimeUse) -> Iterator[Recommendation]:
    if modules:
        first = modules[0]
        ranked = [(first.nodeid, first.duration_ns)]
        kind = RecommendationKind.COLLECTION
        yield _recommendation(kind, first.duration_ns, use, ranked, count=first.processes)


def _parallel(recorded: RecordedRun, slowest: Sequence[TestRecord], use: TimeUse) -> list[Recommendation]:
    run = recorded.run
    is_serial = run.runner == "pytest" and not run.workers and run.machine.cores > 1
    if not is_serial or not slowest or use.worker_ns < _SERIAL_NS:
        return []
    # What is certain: the tests cannot end before their longest, nor before their share per processor.
    longest_ns = slowest[0].duration_ns or 0
    saved = use.worker_ns - max(use.worker_ns // run.machine.cores, longest_ns)
    ranked = [(slowest[0].nodeid, longest_ns)]
    return [_recommendation(RecommendationKind.PARALLEL, saved, use, ranked, count=run.machine.cores)]


def _busy(recorded: RecordedRun, system: SystemHealth, use: TimeUse) -> list[Recommendation]:
    if system.run_delay_ns is None or (system.run_delay_share or 0) < _BUSY_SHARE:
        return []
    kind = RecommendationKind.BUSY_MACHINE
    return [_recommendation(kind, system.run_delay_ns, use, [], count=recorded.run.workers)]


def _recommendation(
    kind: RecommendationKind,
    cost_ns: int,
    use: TimeUse,
    ranked: Sequence[tuple[str, int]],
    *,
    count: int = 0,
) -> Recommendation:
    return Recommendation(
        kind=kind,
        cost_ns=cost_ns,
        share=cost_ns / use.worker_ns if use.worker_ns else 0.0,
        subjects=tuple(name for name, _ in ranked),
        subject_costs_ns=tuple(cost for _, cost in ranked),
        count=count,
    )
