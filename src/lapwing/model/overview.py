"""A project at a glance."""

from lapwing.model.alert import OpenAlert
from lapwing.model.inbox import Inbox
from lapwing.model.run import Run
from lapwing.model.test_board import TestStanding
from lapwing.model.value import Value


class SuitePoint(Value):
    """One run of the whole suite."""

    run_id: str
    started_at_ns: int  # since the epoch
    duration_ns: int
    worker_ns: int  # of all phases of all tests
    tests: int
    failed: int


class NewestFacts(Value):
    """What the newest run tells beside its counts; it is read whole for that."""

    phases: tuple[tuple[str, int], ...] = ()  # where its worker-seconds went: phase, ns
    limits: tuple[tuple[str, int, int], ...] = ()  # category, tests within their limits, tests with limits


class Overview(Value):
    """What the first page tells."""

    project: str
    newest: Run | None = None
    points: tuple[SuitePoint, ...] = ()  # complete runs, oldest first
    median_ns: int = 0  # wall time of the suite over the last four weeks
    p95_ns: int = 0
    before_ns: int | None = None  # its median over the four weeks before; None where there is no run
    pass_rate: float | None = None  # of the tests of the newest run
    most_expensive: tuple[TestStanding, ...] = ()
    grown: tuple[TestStanding, ...] = ()  # by time added per run
    inbox: Inbox = Inbox()
    facts: NewestFacts = NewestFacts()
    steps: tuple[int, ...] = ()  # positions in `points` at which a new level of wall time begins
    levels: tuple[float, ...] = ()  # ns, one more than steps, or none
    runs_a_week: float = 0.0  # complete runs, over the last four weeks
    coverage: float | None = None  # share of lines, where a report tells
    alerts: tuple[OpenAlert, ...] = ()  # that this checkout has told of and that last
