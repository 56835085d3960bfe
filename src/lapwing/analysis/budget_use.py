"""What would a limit have to be, by what tests took over runs? Pure."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.model.budget import Budget
from lapwing.model.budget_use import BudgetUse, Scope
from lapwing.model.metric import Unit
from lapwing.stats.quantiles import quantile
from lapwing.units import NS_PER_MS

LEAST_TIME_NS: Final = 50 * NS_PER_MS
"""Shorter limits on time break by a busy machine alone."""

LEAST_BYTES: Final = 1_000_000

GAIN: Final = 0.8
"""A tighter limit is worth an edit from this share of the present one downward."""

_HIGH: Final = 0.95
_STEPS: Final = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)


def budget_use(
    scope: Scope,
    name: str,
    budget: Budget,
    values: Mapping[str, Sequence[int]],
    *,
    is_set: bool = True,
    is_in_config: bool = True,
) -> BudgetUse:
    """`budget` with what was taken of it: `values` by test, one of each run that measured it.

    Of each test its 95th percentile over runs counts (Hyndman and Fan's definition 7), so that one
    bad run of many sets no limit; of few runs that is nearly the largest.
    """
    high = {test: quantile(taken, _HIGH) or 0.0 for test, taken in values.items() if taken}
    if not high:
        return BudgetUse(scope, name, budget, is_set=is_set, is_in_config=is_in_config)
    highest = max(high, key=lambda test: high[test])
    return BudgetUse(
        scope,
        name,
        budget,
        tests=0 if scope in (Scope.SUITE, Scope.PACKAGE) else len(high),
        high=math.ceil(high[highest]),
        highest=highest,
        most=math.ceil(quantile(list(high.values()), _HIGH) or 0.0),
        is_set=is_set,
        is_in_config=is_in_config,
    )


def fitting_limit(high: int, unit: Unit, headroom: float) -> int:
    """A round limit that `high`, and `headroom` (a share) more, keeps; a count gets no headroom.

    Never under `LEAST_TIME_NS` or `LEAST_BYTES`. Steps are those between powers of ten that differ
    by at most a third: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8.
    """
    if unit is Unit.COUNT:
        return high
    least = LEAST_TIME_NS if unit is Unit.NS else LEAST_BYTES
    needed = max(least, math.ceil(high * (1 + headroom)))
    power: int = 10 ** max(0, len(str(needed)) - 2)
    return next(step * power for step in _STEPS if step * power >= needed)


def with_first_limit(use: BudgetUse, headroom: float) -> BudgetUse:
    """With a limit proposed where nobody has set one, and the built-in one does not fit as it is."""
    if use.is_set or use.high is None or not use.is_in_config or use.budget.unit is Unit.SHARE:
        return use
    limit = fitting_limit(use.high, use.budget.unit, headroom)
    return use._replace(proposed=limit if limit != use.budget.limit else None)


def with_tighter_limit(use: BudgetUse, headroom: float) -> BudgetUse:
    """With a lower limit proposed where somebody has set one that is clearly wider than need be."""
    if not use.is_set or use.high is None or use.budget.unit is Unit.SHARE:
        return use
    limit = fitting_limit(use.high, use.budget.unit, headroom)
    is_gain = limit < use.budget.limit if use.budget.unit is Unit.COUNT else limit <= GAIN * use.budget.limit
    return use._replace(proposed=limit if is_gain else None)
