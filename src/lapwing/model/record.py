"""What one run recorded, test by test, fixture by fixture, module by module.

Durations are integer nanoseconds, sizes integer bytes. `None` means "not measured here"
(another system, a killed test), never zero. `start_ns` is the offset from the run's start.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Final

from lapwing.model.computed_pause import computed_pause
from lapwing.model.value import Value
from lapwing.model.word import Word


class Outcome(Word):
    """How a test ended. The same words in every JSON."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    XFAILED = "xfailed"
    XPASSED = "xpassed"
    TODO = "todo"
    FLAKY = "flaky"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    UNFINISHED = "unfinished"
    NOTRUN = "notrun"
    BENCHMARK = "benchmark"
    UNKNOWN = "unknown"


FAILURES: Final = (Outcome.FAILED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.CRASHED)
"""Outcomes of a test that ran and was to pass."""

NEVER_RAN: Final = (Outcome.SKIPPED, Outcome.TODO, Outcome.NOTRUN)
"""Outcomes of a test whose call never began."""


class Count(Value):
    """What a probe counted during one test: events, and the time they took (0 where unknown)."""

    count: int
    time_ns: int = 0


class Subtest(Value):
    """A subtest. Its time lies inside its parent's call; None where the runner gives none."""

    name: str
    outcome: Outcome
    duration_ns: int | None = None


class TestRecord(Value):
    """One attempt of one test."""

    nodeid: str
    outcome: Outcome
    attempt: int = 1  # from 1; reruns count up, rounds of confirming it count down from 0
    worker: str = "main"
    category: str = "unit"
    start_ns: int = 0
    setup_ns: int | None = None
    call_ns: int | None = None
    teardown_ns: int | None = None
    setup_cpu_ns: int | None = None  # user + system of this process, children not included
    call_cpu_ns: int | None = None
    teardown_cpu_ns: int | None = None
    child_cpu_ns: int | None = None  # of children that were waited for during the test
    thread_cpu_ns: int | None = None  # of the thread that ran the test
    peak_bytes: int | None = None  # highest growth of resident memory above the test's start
    delta_bytes: int | None = None  # resident memory at the end minus at the start
    gc_ns: int | None = None
    gc_count: int | None = None
    voluntary_switches: int | None = None
    involuntary_switches: int | None = None
    minor_faults: int | None = None
    major_faults: int | None = None
    read_bytes: int | None = None  # through system calls, page cache included
    written_bytes: int | None = None
    run_delay_ns: int | None = None  # runnable but waiting for a processor
    leaked_threads: int = 0  # threads at the end minus at the start
    shared_fixture_ns: int = 0  # set-up and tear-down of fixtures wider than the test, inside its phases
    markers: tuple[str, ...] = ()
    counters: Mapping[str, Count] = {}
    subtests: tuple[Subtest, ...] = ()

    @property
    def duration_ns(self) -> int | None:
        """Set-up + call + tear-down; None where no phase was measured."""
        if self.setup_ns is None and self.call_ns is None and self.teardown_ns is None:
            return None
        return (self.setup_ns or 0) + (self.call_ns or 0) + (self.teardown_ns or 0)

    @property
    def cpu_ns(self) -> int | None:
        """Processor time of process and children over all phases; None where not measured."""
        if self.setup_cpu_ns is None and self.call_cpu_ns is None and self.teardown_cpu_ns is None:
            return None
        own = (self.setup_cpu_ns or 0) + (self.call_cpu_ns or 0) + (self.teardown_cpu_ns or 0)
        return own + (self.child_cpu_ns or 0)

    @property
    def collected_ns(self) -> int | None:
        """What the garbage collector computed, less its waits for a processor; None where not measured."""
        if self.gc_ns is None:
            return None
        wall_ns = self.duration_ns or 0
        return computed_pause(self.gc_ns, wait_ns=self.run_delay_ns, cpu_ns=self.cpu_ns, wall_ns=wall_ns)

    @property
    def waiting_ns(self) -> int | None:
        """Wall time in which nothing of the test computed: wall - CPU, never under zero."""
        wall, cpu = self.duration_ns, self.cpu_ns
        return None if wall is None or cpu is None else max(0, wall - cpu)


# Not a test class, whatever a test module that imports it makes of the name.
TestRecord.__test__ = False  # type: ignore[attr-defined]


def taker(*names: str) -> itemgetter[Any]:
    """What takes these fields out of a test's record; with `map` it asks all tests without leaving C."""
    return itemgetter(*map(TestRecord._fields.index, names))


class FixtureRecord(Value):
    """One set-up of one fixture, and its tear-down."""

    name: str
    scope: str
    location: str  # file:line of the definition, relative to the root where it lies below it
    requester: str  # node id of the test that asked first
    worker: str = "main"
    param: str | None = None
    start_ns: int = 0
    setup_ns: int = 0  # own time: fixtures that it asked for while running are taken out
    teardown_ns: int | None = None  # None where the tear-down was not seen
    failed: bool = False


class CollectRecord(Value):
    """Collection of one module (or folder) in one process: import and making of the tests."""

    nodeid: str
    worker: str = "main"
    start_ns: int = 0
    duration_ns: int = 0
    cpu_ns: int = 0
    outcome: Outcome = Outcome.PASSED
