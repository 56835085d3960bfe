"""How every test of a suite stands over its last runs: one row per test."""

from lapwing.model.value import Value


class TestStanding(Value):
    """One test over a window of runs; times in nanoseconds."""

    nodeid: str
    category: str
    runs: int  # in which it passed and was measured
    total_ns: int  # over all of them: what it costs
    p50_ns: int
    p95_ns: int
    p99_ns: int
    cpu_ns: int | None  # median of processor time
    peak_bytes: int | None  # highest growth of resident memory
    spread: float  # interquartile range by median
    change: float | None  # median of the newer half by that of the older; None under six runs
    last_ns: int  # in the newest of these runs


TestStanding.__test__ = False  # type: ignore[attr-defined]


class TestBoard(Value):
    """All tests of a suite."""

    standings: tuple[TestStanding, ...] = ()  # the most expensive first
    runs: tuple[str, ...] = ()  # ids of the runs looked at, oldest first
    machine_class: str = ""


TestBoard.__test__ = False  # type: ignore[attr-defined]
