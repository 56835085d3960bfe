"""What a recorded run tells about how long its suite would take otherwise."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.wide_fixtures import wide_fixtures
from lapwing.analysis.worker_spans import WorkerSpan, worker_spans
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.model.value import Value
from lapwing.model.what_if import SuiteTimes, TimedTest, WorkerCosts
from lapwing.model.xdist_group import group_of
from lapwing.units import NS_PER_MS, NS_PER_S, NS_PER_US

# Of pytest 9.2 with pytest-xdist 3.8 on the suites of `benchmarks/what_if.py`, where a run in one process
# is all that is known.
_SPAWN_NS: Final = 30 * NS_PER_MS  # of the controller to start a worker, besides the worker's own beginning
_LAST_WORDS_NS: Final = 50 * NS_PER_MS  # of both at the worker's end, besides what it has to take down
_BLOCK_NS: Final = 560  # to take a block of Python's memory down, at pytest's end and the interpreter's
_MOST_BOOT_NS: Final = 30 * NS_PER_S  # a process that computed for longer did something else before its tests
_FREE_RATIO: Final = 1.3  # so far may what was measured in workers lie from what the single process tells
_WORKER_AROUND: Final = 1.6  # pytest's own around a test in a worker, over that in a single process
_SUBTEST_NS: Final = 55 * NS_PER_US  # of a worker that tells of a subtest, inside the test (more-itertools)
# Of a worker that waits for its next unit, and of the controller that chooses and sends it (jinja2 and click
# with `--dist loadgroup`, where every test is a unit of its own), and the processor time in that.
_UNIT_NS: Final = 550 * NS_PER_US
_UNIT_CPU_NS: Final = 500 * NS_PER_US

# Where not even that process tells of itself; of an environment with many plugins.
_PROCESS_NS: Final = 400 * NS_PER_MS  # a worker's interpreter, pytest and plugins, before ours is loaded
_EXIT_OF_COLLECTION: Final = 0.5  # end of a worker's process, over the time of collection
_EXIT_NS: Final = 400 * NS_PER_MS

_TELLING_NS: Final = 5 * NS_PER_MS  # of computing, from which its waits tell how loaded the machine was


def suite_times(
    recorded: RecordedRun, parallel: RecordedRun | None = None, scopes: Mapping[str, str] | None = None
) -> SuiteTimes:
    """The times of a run that Lapwing recorded, as `lapwing.advice.simulate` takes them.

    Waits for a processor are taken out, of tests by their own measure, of everything else by the mean ratio
    of computing and such waits to computing, in tests and in collection. What workers cost besides tests
    comes from `parallel`, a run of the suite in workers, from the run itself if it is one, else from what its
    single process tells of its own beginning and end, else from usual values. `scopes` gives fixtures another
    scope than they had.
    """
    order = _order(recorded)
    groups = {record.nodeid: group_of(record.markers) for record in recorded.tests}
    attempts: dict[str, list[TestRecord]] = {}
    for record in recorded.tests:
        attempts.setdefault(record.nodeid, []).append(record)
    nodeids = sorted(attempts, key=lambda nodeid: order[nodeid])
    last = {nodeid: attempts[nodeid][-1] for nodeid in nodeids}
    wide = wide_fixtures(recorded.fixtures, nodeids, last, scopes or {})
    tests = tuple(
        _timed(
            nodeid,
            attempts[nodeid],
            wide.needs.get(nodeid, ()),
            groups.get(nodeid, ""),
            wide.moved_ns.get(nodeid, 0),
        )
        for nodeid in nodeids
    )
    alone = _Costs(recorded)
    worker = _worker_costs(recorded, alone, parallel)
    cores = recorded.run.machine.cores
    limit = recorded.run.machine.cpu_limit
    return SuiteTimes(
        tests=tests,
        fixtures=wide.fixtures,
        cores=max(0.1, cores if limit is None else min(cores, limit)) if cores else 1.0,
        controller_ns=round(alone.controller_ns),
        boot_ns=round(worker.boot_ns),
        collection_ns=round(alone.collection_ns),
        around_ns=round(worker.around_ns),
        alone_around_ns=round(alone.around_ns / (_WORKER_AROUND if recorded.run.workers else 1)),
        subtest_ns=0 if recorded.run.workers else _SUBTEST_NS,
        ending_ns=round(worker.ending_ns),
        alone_ending_ns=round(0 if recorded.run.workers else alone.ending_ns),
        # Else it is part of what pytest took around tests.
        unit_ns=0 if recorded.run.distribution == "loadgroup" else _UNIT_NS,
        unit_cpu_ns=0 if recorded.run.distribution == "loadgroup" else _UNIT_CPU_NS,
        worker_costs=worker.known_from,
    )


class _OfAWorker(Value):
    """What a worker takes besides its tests, on a processor of its own."""

    known_from: WorkerCosts
    boot_ns: float
    around_ns: float
    ending_ns: float


def _worker_costs(recorded: RecordedRun, alone: "_Costs", parallel: RecordedRun | None) -> _OfAWorker:
    """`alone` are the costs of `recorded`, `parallel` a run of the same tests in workers."""
    if recorded.run.workers:
        return _measured(alone)
    single = _of_a_single_process(recorded, alone)
    if parallel is None:
        return single
    measured = _measured(_Costs(parallel))
    return measured if single.known_from is WorkerCosts.USUAL else _near(measured, single)


def _measured(costs: "_Costs") -> _OfAWorker:
    return _OfAWorker(WorkerCosts.MEASURED, costs.boot_ns, costs.around_ns, costs.ending_ns)


def _near(measured: _OfAWorker, single: _OfAWorker) -> _OfAWorker:
    """What was measured, as far as it may be that of a free machine.

    A loaded one makes some parts many times as long, which it does not with the processor time of the single
    process.
    """
    boot, around, ending = (
        min(max(value, told / _FREE_RATIO), told * _FREE_RATIO)
        for value, told in (
            (measured.boot_ns, single.boot_ns),
            (measured.around_ns, single.around_ns),
            (measured.ending_ns, single.ending_ns),
        )
    )
    return _OfAWorker(WorkerCosts.MEASURED, boot, around, ending)


def _of_a_single_process(recorded: RecordedRun, alone: "_Costs") -> _OfAWorker:
    """What the process of `recorded` tells of a worker.

    A worker computes as long until it collects, to a few percent, and takes down at its end what this
    process held.
    """
    around = alone.around_ns * _WORKER_AROUND
    main = next((each for each in recorded.run.processes if each.name == "main"), None)
    boot, blocks = (None, None) if main is None else (main.boot_cpu_ns, main.end_blocks)
    if boot is None or blocks is None or boot > _MOST_BOOT_NS:
        ending = _EXIT_NS + _EXIT_OF_COLLECTION * alone.collection_ns
        return _OfAWorker(WorkerCosts.USUAL, _PROCESS_NS + alone.controller_ns, around, ending)
    return _OfAWorker(
        WorkerCosts.DERIVED,
        _SPAWN_NS + max(boot, alone.controller_ns),  # which may have waited for something, too
        around,
        alone.ending_ns + _LAST_WORDS_NS + blocks * _BLOCK_NS,
    )


class _Costs:
    """What a run took besides its tests, per worker and as if nobody else had used the processors."""

    def __init__(self, recorded: RecordedRun) -> None:
        spans = worker_spans(recorded)
        run = recorded.run
        others = _load(recorded, spans)
        load = others * max(1.0, run.workers / max(1, run.machine.cores))
        self.controller_ns = run.startup_ns / others
        self.boot_ns = _mean([span.startup_ns - run.startup_ns for span in spans]) / load
        self.collection_ns = _mean([span.collection_ns + span.settling_ns for span in spans]) / load
        tests = sum(len(span.tests) for span in spans)
        self.around_ns = sum(span.between_ns for span in spans) / max(1, tests) / others
        self.ending_ns = _ending(spans) / load


def _ending(spans: Sequence[WorkerSpan]) -> float:
    return float(min((span.ending_ns for span in spans), default=0))


def _mean(values: Sequence[int]) -> float:
    return max(0.0, sum(values) / len(values)) if values else 0.0


def _load(recorded: RecordedRun, spans: Sequence[WorkerSpan]) -> float:
    """How many times longer computing took because others used the processors: at least 1.

    The waits of a test are counted from the end of the one before. Of pytest's own time between them only
    the sum with its waits is known, B; computing of tests is C, their waits and its W. It computed for B / L
    if all took L times longer, so that L = 1 + W / (C + B / L), which has one positive solution.
    """
    computing = waiting = 0
    for test in recorded.tests:
        cpu, delay = test.cpu_ns, test.run_delay_ns
        if cpu is not None and delay is not None:
            computing += cpu
            waiting += delay
    for each in recorded.collection:  # which hardly waits for anything else
        computing += each.cpu_ns
        waiting += max(0, each.duration_ns - each.cpu_ns) if each.cpu_ns else 0
    if computing < _TELLING_NS:
        return 1.0
    between = sum(span.between_ns for span in spans)
    half = (computing + waiting - between) / 2 / computing
    return max(1.0, half + math.sqrt(half * half + between / computing))


def _order(recorded: RecordedRun) -> dict[str, tuple[int, int]]:
    """A key that sorts node ids as they were collected: by the module's place, then by their begin."""
    places: dict[str, int] = {}
    for each in sorted(recorded.collection, key=lambda each: (each.worker, each.start_ns)):
        places.setdefault(each.nodeid, len(places))
    order: dict[str, tuple[int, int]] = {}
    is_alone = not recorded.run.workers
    for record in recorded.tests:
        module = record.nodeid.partition("::")[0]
        key = (0 if is_alone else places.get(module, len(places)), record.start_ns)
        order[record.nodeid] = min(key, order.get(record.nodeid, key))
    return order


def _timed(
    nodeid: str, attempts: Sequence[TestRecord], needs: Sequence[int], group: str, moved_ns: int
) -> TimedTest:
    """`moved_ns` of the test's own time has become that of wide fixtures."""
    wall = computing = 0
    for record in attempts:
        spent, cpu = record.duration_ns or 0, record.cpu_ns
        shared = min(record.shared_fixture_ns + moved_ns, spent)
        quiet = spent - (record.run_delay_ns or 0)
        if cpu is not None:
            quiet = min(spent, max(quiet, min(cpu, spent)))
        # What wide fixtures did of the test's computing is not known: a part like their part of its time.
        own = max(0, quiet - shared)
        wall += own
        computing += own if cpu is None or not quiet else round(cpu * own / quiet)
    subtests = sum(len(record.subtests) for record in attempts)
    return TimedTest(nodeid, wall, computing / wall if wall else 1.0, tuple(needs), group, subtests)
