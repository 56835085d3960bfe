"""Budgets: limits that somebody set, on a test, a category or the suite, and what keeps them.

A limit is in the unit of its metric: nanoseconds of `time` and `deadline`, bytes of `memory`, millionths
of `cache_miss_share`, events of every other name, which is that of a counter.
"""

from collections.abc import Mapping
from typing import Final

from lapwing.model.budget_rule import Basis as Basis
from lapwing.model.budget_rule import Phase as Phase
from lapwing.model.metric import Unit
from lapwing.model.value import Value
from lapwing.model.word import Word

TIME: Final = "time"
DEADLINE: Final = "deadline"
MEMORY: Final = "memory"
SUITE_TIME: Final = "suite_time"
MISS_SHARE: Final = "cache_miss_share"
"""How much of what was looked up in caches was not there: a hit ratio of 80% or more is 20% of it or less."""

WHOLE: Final = 1_000_000
"""Millionths in a whole."""

_TIMES: Final = (TIME, DEADLINE, SUITE_TIME)


class LimitVerdict(Word):
    """What can be said of a limit."""

    KEPT = "kept"
    BROKEN = "broken"
    CANNOT_TELL = "cannot_tell"


class Budget(Value):
    """One limit."""

    metric: str
    limit: int
    origin: str = "default"  # where it was set, in words

    @property
    def unit(self) -> Unit:
        """The unit of limit and value."""
        if self.metric in _TIMES:
            return Unit.NS
        if self.metric == MISS_SHARE:
            return Unit.SHARE
        return Unit.BYTES if self.metric == MEMORY else Unit.COUNT


def miss_share(least_hit_ratio: float) -> int:
    """The limit on misses that a least hit ratio from 0 to 1 comes to."""
    return round((1 - min(least_hit_ratio, 1.0)) * WHOLE)


class TestBudgets(Value):
    """Limits that a test carries itself. An empty node id stands for every test of its run.

    With a category they are those of every test of it.
    """

    nodeid: str
    budgets: tuple[Budget, ...]
    category: str = ""


# Not a test class, whatever a test module that imports it makes of the name.
TestBudgets.__test__ = False  # type: ignore[attr-defined]


class BudgetPlan(Value):
    """All limits that a run is judged by, besides those of its tests themselves."""

    categories: Mapping[str, tuple[Budget, ...]]  # by category, time among them
    other: tuple[Budget, ...]  # of a test whose category is not among them
    suite: Budget | None = None
    packages: Mapping[str, Budget] = {}  # of the tests below a folder, where the run has others too
    warn_at: float = 0.8  # share of a limit from which it is nearly used up
    phase: Phase = Phase.ALL
    basis: Basis = Basis.RAW


class JudgedBudget(Value):
    """One limit and what was measured."""

    nodeid: str  # "" for the suite; of a package's time its folder
    category: str
    budget: Budget
    value: int | None  # in the budget's unit; None where it was not measured
    verdict: LimitVerdict
    is_near: bool = False  # kept, but more than the share at which to warn is used
    reason: str = ""  # one plain sentence where there is more to say
    shared_ns: int = 0  # of a time: fixtures wider than the test, inside it

    @property
    def is_of_test(self) -> bool:
        """Whether it is a limit of one test, and not of many together."""
        return bool(self.nodeid) and self.budget.metric != SUITE_TIME

    @property
    def used(self) -> float:
        """Value by limit; infinite for any value over a limit of zero, 0 where nothing was measured."""
        if not self.value:
            return 0.0
        return self.value / self.budget.limit if self.budget.limit else float("inf")
