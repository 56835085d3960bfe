"""What a load or stress test measured, step by step.

Durations are integer nanoseconds; the public face gives seconds by properties. Percentiles are those of an
HdrHistogram of three digits, over all requests that were to leave within the step, failed ones included.
"""

from collections.abc import Mapping
from enum import StrEnum

from lapwing.model.value import Value

_NS_PER_S = 1_000_000_000


class LoadUnit(StrEnum):
    """What the load of a step counts."""

    USERS = "users"  # closed model: each waits for its answer before it asks again
    RPS = "rps"  # open model: requests a second, whatever became of the ones before
    THREADS = "threads"  # a callable in threads of this process
    TASKS = "tasks"  # a callable in tasks of one event loop


class LoadStep(Value):
    """One level of load, its ramp left out."""

    load: float  # in the unit of the result
    users: int  # that were there to do it
    duration_ns: int
    offered_rps: float | None  # what was intended; None where that cannot be told
    achieved_rps: float  # answers within the step
    requests: int  # that left, or were to leave, within the step and were answered or given up
    failures: int
    unsent: int = 0  # due within the step, and never sent
    unanswered: int = 0  # sent, and given up after the end; they are failures too
    late: int = 0  # left at least 10 ms after their moment
    p50_ns: int | None = None
    p95_ns: int | None = None
    p99_ns: int | None = None
    max_ns: int | None = None
    lateness_ns: int | None = None  # 99th percentile of how late requests left
    in_flight: int = 0  # most at one time, as seen once a second
    generator_cpu: float | None = None  # most of one processor that a process of the generator used
    errors: Mapping[str, int] = {}  # text -> how often
    broken: tuple[str, ...] = ()  # limits that were not kept, in words
    histogram: str = ""  # latencies in microseconds, HdrHistogram V2 compressed, base64; "" of callables

    @property
    def is_held(self) -> bool:
        """Whether all limits were kept."""
        return not self.broken

    @property
    def failure_share(self) -> float:
        """Failures of all requests; 0 of none."""
        return self.failures / self.requests if self.requests else 0.0

    @property
    def p50_s(self) -> float | None:
        """Median latency in seconds."""
        return in_seconds(self.p50_ns)

    @property
    def p95_s(self) -> float | None:
        """95th percentile in seconds."""
        return in_seconds(self.p95_ns)

    @property
    def p99_s(self) -> float | None:
        """99th percentile in seconds."""
        return in_seconds(self.p99_ns)

    @property
    def max_s(self) -> float | None:
        """The slowest in seconds."""
        return in_seconds(self.max_ns)

    @property
    def lateness_s(self) -> float | None:
        """Lateness in seconds."""
        return in_seconds(self.lateness_ns)


class LoadSummary(Value):
    """The answer in short."""

    can_handle_load: bool  # the heaviest load that was asked for was held
    highest_held: float | None  # in the unit of the result
    highest_held_rps: float | None
    total_requests: int
    success_rate: float | None  # of all requests; None where there were none
    p95_s: float | None  # at the heaviest load that was asked for


class LoadResult(Value):
    """A whole load or stress test, steps in the order played."""

    name: str
    target: str  # what was asked: "GET http://127.0.0.1:8000/api/x", a locustfile, or a callable
    unit: LoadUnit
    wanted: float  # the heaviest load that was to be held
    steps: tuple[LoadStep, ...] = ()
    breaking_point: float | None = None  # the least load that was not held; None where all were
    breaking_point_rps: float | None = None
    started_at_ns: int = 0  # since the epoch
    duration_ns: int = 0
    workers: int = 0  # processes of Locust beside the one that leads; 0: it did all
    is_complete: bool = True  # every step that was planned ran to its end
    notes: tuple[str, ...] = ()  # what should be known before the figures are believed

    @property
    def performance_summary(self) -> LoadSummary:
        """The answer in short."""
        held = [step for step in self.steps if step.is_held]
        best = max(held, key=lambda step: step.load, default=None)
        requests = sum(step.requests for step in self.steps)
        failures = sum(step.failures for step in self.steps)
        top = max(self.steps, key=lambda step: step.load, default=None)
        return LoadSummary(
            can_handle_load=self.is_complete
            and self.breaking_point is None
            and best is not None
            and best.load >= self.wanted,
            highest_held=None if best is None else best.load,
            highest_held_rps=None if best is None else best.achieved_rps,
            total_requests=requests,
            success_rate=1 - failures / requests if requests else None,
            p95_s=None if top is None else top.p95_s,
        )


def in_seconds(ns: int | None) -> float | None:
    """Nanoseconds as seconds."""
    return None if ns is None else ns / _NS_PER_S


class StoredLoad(Value):
    """A result at rest, with where it was measured."""

    result: LoadResult
    project: str = ""
    commit: str | None = None
    branch: str | None = None
    machine_class: str = ""  # of the generator
