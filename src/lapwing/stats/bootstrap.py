"""Intervals by resampling, for statistics that have no formula of their own."""

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from lapwing.stats.quantiles import quantile


class Interval(NamedTuple):
    """Both ends of an interval."""

    low: float
    high: float


def bootstrap_interval(
    values: Sequence[float],
    statistic: Callable[[Sequence[float]], float],
    *,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Interval | None:
    """The percentile interval of `statistic` over resamples of `values` (Efron 1979).

    Each resample draws as many of the values with replacement; the ends are the quantiles at (1 - level) / 2
    on either side. It is too narrow for very few values: of fewer than two there is none. Deterministic
    for a seed. Raises ValueError for a level outside 0..1.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}")
    if len(values) < 2:
        return None
    draw = random.Random(seed)
    found = [statistic(draw.choices(values, k=len(values))) for _ in range(resamples)]
    tail = (1 - level) / 2
    low, high = quantile(found, tail), quantile(found, 1 - tail)
    assert low is not None
    assert high is not None
    return Interval(low, high)
