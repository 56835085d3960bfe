"""Do two samples differ in level? By ranks alone: no outlier counts for more than its place."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from lapwing.stats.ranks import mid_ranks


def rank_sum_z(first: Sequence[float], second: Sequence[float]) -> float:
    """The standardized rank sum of `second`: over zero where its values are larger.

    Mann & Whitney (1947), equal values sharing their middle rank, the variance corrected for ties
    (n1 n2 / 12 (n + 1 - sum(t^3 - t) / (n (n - 1)))), no correction for continuity. Its two-sided
    p is erfc(|z| / sqrt 2). 0 where a sample is empty or all values are equal.
    """
    size, other = len(first), len(second)
    count = size + other
    if not size or not other:
        return 0.0
    ranks = mid_ranks([*first, *second])
    ties = sum(tie**3 - tie for tie in Counter(ranks).values())
    variance = size * other / 12 * (count + 1 - ties / (count * (count - 1)))
    if variance <= 0:
        return 0.0
    return (math.fsum(ranks[size:]) - other * (count + 1) / 2) / math.sqrt(variance)


def rank_sum_tail(first: Sequence[float], second: Sequence[float]) -> float:
    """P of values of `second` lying so high among those of `first`, or higher, where both are alike.

    By the exact distribution of Mann and Whitney's U, the number of pairs in which the second is larger. An
    equal pair counts half; a half is rounded down, so that the answer is too large, never too small. 1
    where a sample is empty.
    """
    rising = sorted(first)
    twice = sum([bisect_left(rising, value) + bisect_right(rising, value) for value in second])
    counts = _arrangements(len(first), len(second))
    return sum(counts[twice // 2 :]) / sum(counts)


@lru_cache(maxsize=64)
def _arrangements(size: int, other: int) -> tuple[int, ...]:
    """In how many orders of so many values U is 0, 1, …: the coefficients of the Gaussian binomial."""
    counts = [1] + [0] * (size * other)
    for step in range(1, other + 1):
        for at in range(len(counts) - 1, size + step - 1, -1):
            counts[at] -= counts[at - size - step]
        for at in range(step, len(counts)):
            counts[at] += counts[at - step]
    return tuple(counts)
