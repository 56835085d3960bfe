"""Do two samples differ in level? By ranks alone: no outlier counts for more than its place."""

import math
from collections import Counter
from collections.abc import Sequence

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
