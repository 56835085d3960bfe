"""Does a series of readings grow for ever? Pure.

The rule is that of CPython's own regression tests: each of the last four differences is over zero. Many
things that do not leak pass it for a while (a cache that fills, a heap that finds its size), so it is asked
twice, the second time over ten times as many calls.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from lapwing.stats.theil_sen import theil_sen

LAST: Final = 4
"""Differences that must all be positive."""


class Growth(NamedTuple):
    """How much is added per call, with its interval at 95%."""

    per_call: float
    low: float
    high: float


def grows(readings: Sequence[int]) -> bool:
    """Whether each of the last `LAST` readings is over the one before. False for too few readings."""
    if len(readings) <= LAST:
        return False
    tail = readings[-LAST - 1 :]
    return all(after > before for before, after in pairwise(tail))


def growth(readings: Sequence[int], calls_between: int) -> Growth:
    """The Theil-Sen slope of the later half of `readings`, by the calls between two of them.

    The earlier half may still find its size. Raises ValueError for fewer than four readings.
    """
    later = readings[len(readings) // 2 :]
    slope = theil_sen(range(len(later)), later)
    if slope is None or len(readings) < LAST:
        raise ValueError(f"a slope needs {LAST} readings, got {len(readings)}")
    return Growth(*(each / calls_between for each in (slope.slope, slope.low, slope.high)))
