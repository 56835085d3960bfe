"""What a report states about one run: sums, costs, health, and what follows from them.

Times in nanoseconds, sizes in bytes, shares from 0 to 1. Where time went is in `time_use`.
"""

from collections.abc import Mapping
from enum import StrEnum

from lapwing.model.comparison import RunComparison
from lapwing.model.history import DatedStep
from lapwing.model.kept_limits import KeptLimits
from lapwing.model.load import StoredLoad
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.model.stability import FlakyTime
from lapwing.model.suggestion import Suggestion
from lapwing.model.system_watch import SystemWatch
from lapwing.model.time_use import TimeUse
from lapwing.model.trend import Trend
from lapwing.model.value import Value


class GroupSummary(Value):
    """Tests taken together, last attempts. Statistics are over those with a measured duration."""

    name: str  # a category or a folder; "" for all tests
    tests: int
    outcomes: Mapping[str, int]  # outcome -> tests
    slow_tests: int
    total_ns: int
    mean_ns: float | None  # None, as those below, where no duration was measured
    median_ns: float | None
    p95_ns: float | None
    p99_ns: float | None
    success_rate: float | None  # share of the tests that ran to an end; None where none did


class FixtureCost(Value):
    """All set-ups and tear-downs of one fixture."""

    name: str
    scope: str
    location: str
    setups: int
    setup_ns: int
    teardown_ns: int

    @property
    def total_ns(self) -> int:
        """Set-up and tear-down."""
        return self.setup_ns + self.teardown_ns


class ModuleCost(Value):
    """Collection of one module, summed over the processes that collected it."""

    nodeid: str
    duration_ns: int
    processes: int


class FlakyTest(Value):
    """A test that both failed and passed on the same code."""

    nodeid: str
    failed: int
    passed: int
    commit: str | None = None  # where runs of one commit disagree; None for attempts inside one run


class SystemHealth(Value):
    """What the machine did to a run, and the run to the machine. None: not measured."""

    load_average: float | None  # one minute, as the run began
    cores: int
    cpu_limit: float | None
    memory_bytes: int
    memory_limit_bytes: int | None
    involuntary_switches: int | None
    run_delay_ns: int | None  # tests were ready to run and waited for a processor
    run_delay_share: float | None  # of the time of the tests
    peak_bytes: int | None  # largest growth of memory during one test
    peak_nodeid: str | None
    gc_ns: int | None
    gc_share: float | None  # of the time of the tests
    gc_count: int | None
    watch: SystemWatch | None = None  # what `lapwing run` saw once a second; None where it did not watch


class RecommendationKind(StrEnum):
    """What was seen that is worth changing."""

    SLEEP = "sleep"
    FIXTURE_REPEATED = "fixture_repeated"
    LONGEST_TEST = "longest_test"
    COLLECTION = "collection"
    SUBPROCESS = "subprocess"
    PARALLEL = "parallel"
    BUSY_MACHINE = "busy_machine"


class Recommendation(Value):
    """Something recorded that costs time, and how much."""

    kind: RecommendationKind
    cost_ns: int
    share: float  # of the busy time of all processes
    subjects: tuple[str, ...] = ()  # tests, a fixture or a module, the most expensive first
    subject_costs_ns: tuple[int, ...] = ()  # one per subject
    count: int = 0  # of tests, set-ups, processes, processors (parallel) or workers (busy_machine)


class Report(Value):
    """A report on one run."""

    recorded: RecordedRun | None  # with the tests that were asked for; None where nothing is recorded
    source: str  # "run" (of the store), "file" or "baseline"
    slow_ns: int  # a test that takes longer is slow
    time: TimeUse
    summary: GroupSummary
    by_category: tuple[GroupSummary, ...]  # the longest total first
    by_folder: tuple[GroupSummary, ...]
    slowest: tuple[TestRecord, ...]  # every slow test, and at least the ten longest
    system: SystemHealth
    markers: tuple[str, ...] = ()  # only tests with one of these; empty: all
    categories: tuple[str, ...] = ()
    fixtures: tuple[FixtureCost, ...] = ()  # the most expensive first
    modules: tuple[ModuleCost, ...] = ()
    trend: Trend | None = None
    comparison: RunComparison | None = None
    flaky: tuple[FlakyTest, ...] = ()
    steps: tuple[DatedStep, ...] = ()  # of the longest tests over the last runs, the newest first
    flaky_times: tuple[FlakyTime, ...] = ()  # likewise, the most time lost first
    history_runs: int = 0  # runs that these two were looked for in
    history_tests: int = 0  # tests that were looked at
    recommendations: tuple[Recommendation, ...] = ()
    advice: tuple[Suggestion, ...] = ()  # what gains most by simulation; of whole runs that Lapwing recorded
    limits: KeptLimits = KeptLimits()
    loads: tuple[StoredLoad, ...] = ()  # the newest of each load and stress test as of this run
