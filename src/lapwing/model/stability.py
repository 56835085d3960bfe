"""Tests that do not do the same thing twice: in outcome, or in time."""

from lapwing.model.change import Shape
from lapwing.model.value import Value


class FlakyOutcome(Value):
    """A test that both failed and passed on the same code."""

    nodeid: str
    failed: int  # attempts, on commits of which it passed at least once
    passed: int
    rate: float  # failed / (failed + passed)
    interval: tuple[float, float]  # of the rate, at 95%
    commits: int  # on which both happened
    reruns: int  # runs in which it failed first and passed later
    last_failed_at_ns: int  # start of the newest run in which it failed


class FlakyTime(Value):
    """A test whose time does not lie around one level."""

    nodeid: str
    shape: Shape  # bimodal or heavy_tailed
    runs: int
    median_ns: float
    worst_ns: float
    modes: tuple[float, float] | None
    upper_share: float | None
    tail_share: float
    interval: tuple[float, float]  # of the share of runs at the upper mode or in the tail, at 95%


class Stability(Value):
    """What is known of a suite's stability over its last runs."""

    runs: int
    outcomes: tuple[FlakyOutcome, ...]  # the most failures first
    times: tuple[FlakyTime, ...]  # the most time lost first
    looked_at: int  # tests whose times were looked at
    tests: int  # tests long enough to be looked at
