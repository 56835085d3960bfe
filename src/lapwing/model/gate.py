"""What a gate says of a run: what is broken, what nearly is, and what cannot be told."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from lapwing.model.budget import JudgedBudget
from lapwing.model.comparison import RunComparison, Severity
from lapwing.model.metric import Unit
from lapwing.model.run import Run
from lapwing.model.value import Value


class Guard(StrEnum):
    """What a gate looks after; the words of `--fail-on`."""

    BUDGET = "budget"
    DEADLINE = "deadline"
    REGRESSION = "regression"
    SUITE = "suite"  # the time of the whole run
    SLOW_TESTS = "slow-tests"  # how many tests are slow
    N_PLUS_ONE = "n+1"  # new patterns of repeated queries
    LEAK = "leak"  # new leaks
    LOAD = "load"  # limits of load tests


GATED_COUNTERS: Final[Mapping[Guard, tuple[str, ...]]] = {
    Guard.N_PLUS_ONE: ("n_plus_one", "sql_n_plus_one"),
    Guard.LEAK: ("leak", "leaks"),
}
"""Counters of which a test may have no more than in the baseline, by the guard that looks after them."""


class Breach(Value):
    """One thing that is broken. Values are in `unit`."""

    guard: Guard
    subject: str  # a node id, or the name of a sum
    what: str  # of what, in words; "" for a test's time
    unit: Unit
    current: float
    severity: Severity
    excess: float  # current by the limit: what breaches are ordered by
    limit: float | None = None  # None where the limit is a share of the baseline
    limit_share: float | None = None  # after / before - 1
    baseline: float | None = None
    ratio: float | None = None  # current by baseline
    category: str = ""
    origin: str = ""  # where the limit was set
    reason: str = ""
    mend: str = ""  # what to do


class GateAnswer(Value):
    """A run, or what is kept of load tests where none is recorded, judged."""

    run: Run | None
    tests: int  # that were judged
    breaches: tuple[Breach, ...]  # that fail, worst first
    tolerated: tuple[Breach, ...] = ()  # that were not asked to fail
    near: tuple[JudgedBudget, ...] = ()  # budgets nearly used up, the nearest first
    unknown: tuple[str, ...] = ()  # what cannot be told, a sentence each
    comparison: RunComparison | None = None
    fail_on: Collection[Guard] = ()
    severity: Severity = Severity.WARNING
    notes: tuple[str, ...] = ()  # how it was judged, a sentence each

    @property
    def passed(self) -> bool:
        """Whether nothing is broken that was asked to fail."""
        return not self.breaches
