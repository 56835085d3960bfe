"""Trends: one quantity of one subject over runs."""

from lapwing.model.value import Value


class Slope(Value):
    """A robust slope in units of the quantity per run, its interval at 95%, its two-sided chance."""

    per_run: float
    low: float
    high: float
    p: float


class TrendPoint(Value):
    """The suite in one run."""

    run_id: str
    started_at_ns: int
    commit: str | None
    tests: int
    total_ns: int  # all phases of all attempts, summed over processes


class Trend(Value):
    """The suite over its last comparable runs, oldest first."""

    points: tuple[TrendPoint, ...]
    slope: Slope | None  # None under two runs
    unlike: int = 0  # complete runs of the suite that cannot be laid beside them
    why_unlike: str = ""  # "with 2 workers, this one with none"


class SubjectTrend(Value):
    """One subject over the runs in which it passed. Durations in nanoseconds."""

    runs: int
    slope: Slope | None
    p50: float
    p95: float
    p99: float
    last: tuple[int, ...]  # the last values, oldest first


class WeeklyTrend(Value):
    """How one quantity moves over runs, the machine taken out. Values in the unit of the quantity."""

    runs: int
    is_weekly: bool  # False: the runs lie within a week, and the slope is that from run to run
    ratio: float  # value after one week (or run) by the value before it
    interval: tuple[float, float]  # of the ratio, at 95%
    p: float  # two-sided: how often chance alone makes so clear an order
    p50: float
    p95: float
    p99: float
    last: float


class SubjectMove(Value):
    """The trend of one subject: the suite, a folder, a category, a test."""

    kind: str  # suite, folder, category, test
    name: str
    trend: WeeklyTrend
    q: float  # share of false ones among the subjects of its kind with as clear a trend


class SuiteMoves(Value):
    """How a suite and its parts move over their last runs."""

    runs: tuple[str, ...]  # ids, oldest first
    first_at_ns: int
    last_at_ns: int
    suite: SubjectMove | None  # None under two runs
    folders: tuple[SubjectMove, ...]  # the largest change of time first, as those below
    categories: tuple[SubjectMove, ...]
    tests: tuple[SubjectMove, ...]
    looked_at: int  # tests whose trend was looked at
    all_tests: int
