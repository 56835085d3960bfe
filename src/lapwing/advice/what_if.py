"""Makespans of a suite for numbers of workers and modes of distribution, by simulation."""

from collections.abc import Callable, Sequence
from typing import Final

from lapwing.advice.distribution.load import Load
from lapwing.advice.distribution.longest_first import LongestFirst
from lapwing.advice.distribution.queues import Distribution, Queues
from lapwing.advice.distribution.units import Units
from lapwing.advice.distribution.worksteal import WorkSteal
from lapwing.advice.simulate import Simulated, floor_of, simulate
from lapwing.model.ids import split_node_id
from lapwing.model.what_if import SuiteTimes, TimedTest, WhatIfRow, WideFixture
from lapwing.units import NS_PER_US

ALONE: Final = "no"
MODES: Final = ("load", "worksteal", "loadscope", "loadfile", "loadgroup", "lapwing")

_CONTROLLER_NS: Final = 450 * NS_PER_US
"""Processor time of the controller per test (jinja2, starlette; pytest-xdist 3.8)."""

_CONTROLLER_SUBTEST_NS: Final = 180 * NS_PER_US
"""The same per subtest (more-itertools)."""

_BY_UNIT: Final = ("loadscope", "loadfile", "loadgroup")


def what_if(suite: SuiteTimes, workers: int, dist: str) -> WhatIfRow:
    """What `suite` would take on `workers` workers with `--dist dist`; 0 workers: one process without any.

    From the first moment of tracking to the end. While workers start and collect, all do the same and
    compute. Raises ValueError for a mode that is not known.
    """
    if workers == 0:
        fixed = suite.controller_ns + suite.collection_ns + suite.alone_ending_ns
        floor = sum(test.own_ns for test in suite.tests)
        return WhatIfRow(0, ALONE, round(fixed + _alone_ns(suite)), fixed + floor, "")
    fixed = round(_fixed_ns(suite, workers))
    simulated = simulated_run(suite, workers, dist)
    units = units_of(suite.tests, dist)
    times: dict[str, int] = {}
    for test, unit in zip(suite.tests, units, strict=True):
        times[unit] = times.get(unit, 0) + test.own_ns
    floor = floor_of(list(times.values()), workers)
    longest = max(times, key=lambda unit: times[unit], default="")
    return WhatIfRow(
        workers,
        dist,
        round(fixed + max(simulated.ends, default=0.0)),
        fixed + floor,
        longest if times and times[longest] == floor else "",
    )


def work_saved_ns(before: SuiteTimes, after: SuiteTimes, workers: int) -> float:
    """What `after` takes less of work than `before`, tests one after another, and of what each of at least
    one worker does besides them: by no more than that a run becomes shorter, but for luck in who gets the
    last tests."""
    return (_alone_ns(before) - _alone_ns(after)) + (_fixed_ns(before, workers) - _fixed_ns(after, workers))


def _alone_ns(suite: SuiteTimes) -> float:
    """The tests of `suite` in one process, without its start and its end."""
    alone = suite._replace(around_ns=suite.alone_around_ns)
    return max(simulate(alone, 1, lambda queues: Load(queues, len(suite.tests))).ends)


def _fixed_ns(suite: SuiteTimes, workers: int) -> float:
    """What workers take before their first test and after the last of all."""
    crowded = max(1.0, workers / suite.cores)
    return suite.controller_ns + (suite.boot_ns + suite.collection_ns + suite.ending_ns) * crowded


def simulated_run(suite: SuiteTimes, workers: int, dist: str) -> Simulated:
    """The tests of `suite` on at least one worker. Raises ValueError for a mode that is not known."""
    return simulate(_with_controller(suite, dist), workers, _rule(suite, dist))


def units_of(tests: Sequence[TimedTest], dist: str) -> list[str]:
    """The unit of each test that `dist` keeps together, as pytest-xdist 3.8 names it."""
    if dist == "loadfile":
        return [test.nodeid.partition("::")[0] for test in tests]
    if dist == "loadscope":
        return [_scope(test.nodeid) for test in tests]
    if dist == "loadgroup":
        return [test.group or test.nodeid for test in tests]
    return [test.nodeid for test in tests]


def longest_units(tests: Sequence[TimedTest], fixtures: Sequence[WideFixture]) -> list[list[int]]:
    """The units of `--dist lapwing`, the longest first: places of tests in `tests`.

    Tests of one group of pytest-xdist stay together, and so do those that share a value of a fixture of
    a class, module or package.
    """
    units: dict[str, list[int]] = {}
    times: dict[str, int] = {}
    for at, test in enumerate(tests):
        places = [fixtures[each].place for each in test.fixtures]
        unit = f"@{test.group}" if test.group else min(filter(None, places), key=len, default=test.nodeid)
        units.setdefault(unit, []).append(at)
        times[unit] = times.get(unit, 0) + test.own_ns
    return [units[unit] for unit in sorted(units, key=lambda unit: (-times[unit], unit))]


def _scope(nodeid: str) -> str:
    """Class or module. pytest-xdist cuts at the last `::`, even where that is inside parameters."""
    return nodeid.rpartition("::")[0] or split_node_id(nodeid).file


def _rule(suite: SuiteTimes, dist: str) -> Callable[[Queues], Distribution]:
    tests = suite.tests
    if dist == "load":
        return lambda queues: Load(queues, len(tests))
    if dist == "worksteal":
        return lambda queues: WorkSteal(queues, len(tests))
    if dist in ("loadscope", "loadfile", "loadgroup"):
        return lambda queues: Units(queues, units_of(tests, dist))
    if dist == "lapwing":
        return lambda queues: LongestFirst(queues, longest_units(tests, suite.fixtures))
    raise ValueError(dist)


def _with_controller(suite: SuiteTimes, dist: str) -> SuiteTimes:
    """`suite` with what telling the controller costs, the controller's computing beside each test, and its
    handing out of units, which the first test of each is charged with."""
    tests = []
    sent: set[str] = set()
    for test, unit in zip(suite.tests, units_of(suite.tests, dist), strict=True):
        is_sent = dist in _BY_UNIT and unit not in sent
        sent.add(unit)
        telling = test.subtests * suite.subtest_ns
        time = max(1, test.own_ns + telling + is_sent * suite.unit_ns)
        controller = _CONTROLLER_NS + test.subtests * _CONTROLLER_SUBTEST_NS + is_sent * suite.unit_cpu_ns
        computing = test.cpu_share * test.own_ns + telling + controller
        tests.append(test._replace(own_ns=time, cpu_share=computing / time))
    return suite._replace(tests=tuple(tests))
