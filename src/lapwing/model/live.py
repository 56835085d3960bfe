"""A run while it is going on."""

from lapwing.model.value import Value


class RunningTest(Value):
    """A test that has begun and not ended."""

    nodeid: str
    worker: str
    elapsed_ns: int
    p95_ns: int | None = None  # its own, over the last runs; None where it is not known

    @property
    def is_stuck(self) -> bool:
        """Whether it takes over three times its own p95, and over five seconds more."""
        return self.p95_ns is not None and self.elapsed_ns > 3 * self.p95_ns + 5_000_000_000


class LiveRun(Value):
    """One run that is written right now."""

    run_id: str
    project: str
    started_at_ns: int  # since the epoch
    elapsed_ns: int
    finished: int = 0  # tests
    failed: int = 0
    expected: int | None = None  # tests, as many as the last complete run had
    remaining_ns: int | None = None  # estimate; None where nothing is known
    running: tuple[RunningTest, ...] = ()  # the longest first
    failures: tuple[str, ...] = ()  # the newest failed tests


class SystemFacts(Value):
    """The machine of the server, or of the run that is pushed."""

    cpu_share: float | None = None  # of all processors
    memory_available_share: float | None = None
    load_average: float | None = None
    processes: int | None = None
