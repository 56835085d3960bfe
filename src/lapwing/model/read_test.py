"""What a foreign report says of one test, and of itself.

Durations are integer nanoseconds. `duration_ns` is what may be judged; `shown_duration_ns` is what
the file says, a zero that measured nothing included.
"""

from enum import StrEnum

from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import Outcome
from lapwing.model.value import Value


class DurationKind(StrEnum):
    """Which attempts of a test a duration covers."""

    SINGLE = "single"
    LAST = "last"
    SUM = "sum"
    FIRST = "first"
    UNKNOWN = "unknown"


class ReadAttempt(Value):
    """One attempt of a test that was tried more than once."""

    status: Outcome
    duration_ns: int | None = None


class ReadTest(Value):
    """One test (or a parent or suite that the report lists as one), as a report tells it."""

    name: str
    status: Outcome
    duration_ns: int | None = None  # None where nothing was measured
    shown_duration_ns: int | None = None  # None where the file says nothing readable
    duration_kind: DurationKind = DurationKind.SINGLE
    suite_path: tuple[str, ...] = ()  # outermost first
    classname: str = ""
    file: str = ""
    line: int | None = None  # from 1
    package: str = ""
    parameters: str = ""
    start_ns: int | None = None  # since the epoch; None without zone, and for the epoch and year 1
    setup_ns: int | None = None
    call_ns: int | None = None
    teardown_ns: int | None = None
    attempts: tuple[ReadAttempt, ...] = ()  # oldest first; empty where there was one only
    resolution_ns: int = 1  # smallest step of the clock that timed it
    is_parent: bool = False  # its time is that of others in the same report
    tags: tuple[str, ...] = ()  # markers, groups, categories
    properties: tuple[tuple[str, str], ...] = ()
    benchmark: BenchmarkRecord | None = None
    warnings: tuple[str, ...] = ()  # what was odd, with the raw text


class ReadFile(Value):
    """One file that was read, or that held no report."""

    path: str
    format: str = ""  # name of the reader; "" where none knew it
    tool: str = ""  # who wrote it, where that is told
    tests: int = 0  # leaves, each counted once
    is_report: bool = True
    problems: tuple[str, ...] = ()  # one line each, with the byte where it was met
    lost_tests: bool = False  # it broke off: tests may be missing
