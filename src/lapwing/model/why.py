"""Where the worker-seconds of a run went: by phase, by what tests did with their time, and at the end.

A run of W workers that took T has W × T worker-seconds. Times in nanoseconds, summed over workers.
"""

from lapwing.model.import_cost import ImportCost
from lapwing.model.value import Value


class Cause(Value):
    """A named part of the worker-seconds, and the largest of what it is made of."""

    name: str
    time_ns: int
    parts: tuple["Cause", ...] = ()  # the most expensive first; they need not add up to `time_ns`
    count: int = 0  # of set-ups, modules, tests or events, where that is known


class WorkerPath(Value):
    """What one worker did from the run's first moment to its last."""

    worker: str
    before_ns: int  # start-up and collection, until its first test began
    tests_ns: int  # in its tests
    between_ns: int  # between its tests
    idle_ns: int  # after its last test, until the last test of the run had ended
    tests: int
    longest: tuple[tuple[str, int], ...] = ()  # its longest tests: node id, duration


class RunWhy(Value):
    """The answer to "why does the run take so long?"."""

    wall_ns: int  # from the first moment of tracking to the end of the run
    workers: int  # processes that tests ran in, at least 1
    worker_ns: int  # `workers` × `wall_ns`
    phases: tuple[Cause, ...]  # in the order of a run; they add up to `worker_ns`
    test_time: tuple[Cause, ...]  # all phases of all tests, by what was done; adds up with `unexplained`
    unexplained: Cause  # what tests neither computed nor were seen to wait for, and what was not measured
    critical: WorkerPath | None  # the worker that ended its last test last
    tail_ns: int  # from when the first worker had nothing left to do, to the end of the last test
    tail_idle_ns: int  # worker-seconds that idled in it
    tail_tests: tuple[tuple[str, int], ...]  # tests that ended in it, and how much of it they ran
    imports: tuple[ImportCost, ...]  # slow ones of collection, the largest first; empty where not recorded
    floor_ns: int  # no distribution of these tests over these workers takes less time for the tests

    @property
    def explained_share(self) -> float:
        """Share of the worker-seconds with a named cause; 1 for a run without any."""
        return 1 - self.unexplained.time_ns / self.worker_ns if self.worker_ns else 1.0
