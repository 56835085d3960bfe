"""What a suite would take under other conditions: the times that a simulation needs, and its answers.

Times in nanoseconds, without waits for a processor that others used.
"""

from enum import StrEnum

from lapwing.model.value import Value


class WorkerCosts(StrEnum):
    """Where it is known from what a worker costs besides its tests, the surest first."""

    MEASURED = "measured"  # in a run with workers
    DERIVED = "derived"  # from how a single process began and how much it held at its end
    USUAL = "usual"  # usual values: the run tells nothing of it


class TimedTest(Value):
    """A test as the simulation knows it."""

    nodeid: str
    own_ns: int  # without fixtures that are wider than the test
    cpu_share: float = 1.0  # processors in use while it runs; over 1 with threads or child processes
    fixtures: tuple[int, ...] = ()  # places in `SuiteTimes.fixtures` of the wider ones it needs
    group: str = ""  # of pytest-xdist; "": none
    subtests: int = 0  # each is reported like a test of its own


TimedTest.__test__ = False  # type: ignore[attr-defined]


class WideFixture(Value):
    """One value of a fixture that is wider than a test: who shares it, and what a set-up costs."""

    name: str
    scope: str
    place: str  # the module, class or folder that shares it; "" for the whole session
    time_ns: int  # set-up and tear-down
    cpu_share: float = 1.0


class SuiteTimes(Value):
    """What is known of a suite, in the order of its collection."""

    tests: tuple[TimedTest, ...]
    fixtures: tuple[WideFixture, ...]
    cores: float  # processors that may be used
    controller_ns: int  # until the first worker could be started, or collection begins
    boot_ns: int  # of a worker on a processor of its own, until its collection begins
    collection_ns: int  # in one process, until its first test can begin
    around_ns: int  # pytest's own around each test, in a worker
    alone_around_ns: int  # the same in a single process without pytest-xdist
    ending_ns: int  # from the last test to the end of the run
    alone_ending_ns: int
    subtest_ns: int = 0  # of each subtest in a worker, besides what is in the times of tests
    unit_ns: int = 0  # to hand a unit of tests to a worker, where a mode hands out units
    unit_cpu_ns: int = 0  # processor time in that
    worker_costs: WorkerCosts = WorkerCosts.MEASURED


class WhatIfRow(Value):
    """One answer."""

    workers: int  # 0: one process without pytest-xdist
    dist: str
    makespan_ns: int
    floor_ns: int  # no order and no distribution of these units over these workers takes less
    floor: str  # what makes the floor: a test, a group, or "" for the sum of all


class WhatIf(Value):
    """All answers about one run."""

    run_id: str
    rows: tuple[WhatIfRow, ...]
    recorded_workers: int
    recorded_dist: str
    recorded_ns: int  # what the run took
    simulated_ns: int  # what the simulation says of the run as it was
    tests: int
    dropped: int = 0
    command: tuple[str, ...] = ()  # arguments that pytest was called with
    worker_costs: WorkerCosts = WorkerCosts.MEASURED
