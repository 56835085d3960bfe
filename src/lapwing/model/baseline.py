"""Baselines: what a subject is compared with, and the form of the baseline file kept in git."""

from collections.abc import Mapping

from lapwing.model.value import Value


class ShownSpike(Value):
    """By how much one run of a test took longer than the test's own level, and that level, in nanoseconds."""

    excess_ns: int
    level_ns: int


class ShownBytes(Value):
    """What some runs have shown of one memory metric of one test; memory has no ratio scale."""

    median: int
    low: int  # of all runs, or where they are enough without the lowest
    high: int  # without the highest


class BaselineEntry(Value):
    """One test in a baseline file. Durations in nanoseconds, spreads on the log scale."""

    nodeid: str
    duration_ns: int  # median over the runs, as measured
    threshold_ns: int  # limit of this test; kept on update where `threshold_is_manual`
    runs: int = 1  # how many runs stand behind it
    spread: float | None = None  # robust standard deviation of ln(duration); None with one run
    cpu_ns: int | None = None  # as judged where `quiet_ns` is known, else as measured
    cpu_spread: float | None = None
    threshold_is_manual: bool = False
    quiet_ns: int | None = None  # what is judged: without waits for a processor and garbage collection
    peak: ShownBytes | None = None
    delta: ShownBytes | None = None
    shared_ns: tuple[int, int] = (0, 0)  # least and most of fixtures of wider scope inside of it
    turns: tuple[int, int] = (0, 0)  # how early it came, least and most (see `ran_first.turns`)
    counts: Mapping[str, int] = {}  # the most in any run, of the counters that a gate looks after; none is 0


class GroupEntry(Value):
    """A package or folder in a baseline file."""

    name: str
    duration_ns: int
    threshold_ns: int
    threshold_is_manual: bool = False


class MeasuredEntry(Value):
    """One metric of one benchmark in a baseline. Values in `unit`, the spread on the log scale."""

    nodeid: str
    name: str
    metric: str
    unit: str
    value: float  # median over the runs of the medians of their samples
    mean: float  # median over the runs of the means
    runs: int = 1
    spread: float | None = None  # robust standard deviation of ln(median) from run to run; None with one run
    higher_is_better: bool = False
    metadata: Mapping[str, str] = {}

    @property
    def key(self) -> tuple[str, str, str]:
        """What the entry is about: test, benchmark, metric."""
        return self.nodeid, self.name, self.metric


class BaselineFile(Value):
    """A whole baseline file."""

    date: str  # ISO date
    tests: Mapping[str, BaselineEntry] = {}
    groups: Mapping[str, GroupEntry] = {}
    runs: tuple[str, ...] = ()  # ids of the runs it was made from
    machine_class: str = ""
    commit: str | None = None
    measured: tuple[MeasuredEntry, ...] = ()  # of benchmarks
    fixtures: Mapping[str, int] = {}  # of wider scope: set-up in a run, median over the runs, ns
    spikes: Mapping[str, tuple[ShownSpike, ...]] = {}  # by metric, the largest of any test in any run
    knows_order: bool = False  # whether tests have `shared_ns` and `turns`; those of older files have not
    counted: tuple[str, ...] = ()  # counters of which the tests have `counts`; older files have none
