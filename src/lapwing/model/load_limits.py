"""Limits of load tests that somebody set, and what is judged by them.

Durations are integer nanoseconds, shares of failures floats from 0 to 1, rates requests a second.
"""

from lapwing.model.value import Value


class LoadLimits(Value):
    """Limits of the load tests that have a name; None where there is no such limit."""

    name: str  # glob
    origin: str  # where it was set, in words
    p50_ns: int | None = None  # at most
    p95_ns: int | None = None  # at most
    p99_ns: int | None = None  # at most
    failures: float | None = None  # share of requests, at most
    rps: float | None = None  # answers a second, at least


class LoadFigures(Value):
    """What of a load test is judged: of rising loads the highest that was held, the lightest where none was.

    None is what was not measured.
    """

    name: str
    at: str  # the load, in words
    p50_ns: int | None = None
    p95_ns: int | None = None
    p99_ns: int | None = None
    failures: float | None = None
    rps: float | None = None
    commit: str | None = None
    is_complete: bool = True
