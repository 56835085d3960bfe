"""Differences of pairs: where their center lies, and how surprising that is (Wilcoxon's signed ranks)."""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from lapwing.stats.median import median_of_sorted


class CenterInterval(NamedTuple):
    """The center of differences with its interval; an infinite end where so few pairs bound nothing."""

    center: float
    low: float
    high: float


def walsh_averages(differences: Sequence[float]) -> list[float]:
    """The means of all pairs of `differences`, each with itself too, in rising order: n(n + 1)/2 of n."""
    return sorted(
        left + (right - left) / 2 for at, right in enumerate(differences) for left in differences[: at + 1]
    )


def center_interval(differences: Sequence[float], alpha: float) -> CenterInterval | None:
    """The center of `differences` by Hodges and Lehmann (1963), and its interval at 1 - `alpha`.

    The center is the median of the Walsh averages; the interval reaches between those that the exact
    two-sided signed-rank test at `alpha` (half of it in each tail) cannot refuse (Tukey 1949; Hollander
    and Wolfe, Nonparametric Statistical Methods, 3.3). Exact where the differences are independent
    and symmetric about one center; with ties it covers more. None without differences. Raises
    ValueError for an alpha outside 0..1.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"an error rate lies between 0 and 1, got {alpha}")
    if not differences:
        return None
    walsh = walsh_averages(differences)
    least = _critical(len(differences), alpha / 2)
    return CenterInterval(
        center=median_of_sorted(walsh),
        low=-math.inf if least < 0 else walsh[least],
        high=math.inf if least < 0 else walsh[-1 - least],
    )


def signed_rank_p(differences: Sequence[float], center: float = 0.0) -> float:
    """One-sided p of the exact signed-rank test that the center lies over `center`.

    P(T >= t) where t counts the Walsh averages over `center`, which is the sum of the positive ranks
    where nothing ties. What equals `center` speaks against, so that with ties p is too large, never
    too small. 1 without differences.
    """
    over = sum(average > center for average in walsh_averages(differences))
    return signed_rank_tail(len(differences), over)


def signed_rank_tail(count: int, rank_sum: int) -> float:
    """P(T >= rank_sum) of `count` differences that are positive or negative by a fair coin."""
    cumulative = _cumulative(count)
    if rank_sum <= 0:
        return 1.0
    highest = len(cumulative) - 1
    if rank_sum > highest:
        return 0.0
    # T is symmetric: the upper tail is the lower one of what is left.
    return cumulative[highest - rank_sum] / cumulative[-1]


def _critical(count: int, tail: float) -> int:
    """The largest t with P(T <= t) <= `tail`; -1 where even 0 is likelier."""
    cumulative = _cumulative(count)
    allowed = tail * cumulative[-1]
    return sum(ways <= allowed for ways in cumulative[: len(cumulative) // 2]) - 1


@lru_cache(maxsize=64)
def _cumulative(count: int) -> tuple[int, ...]:
    """In how many of the 2^count ways of signs the sum of the positive ranks is at most 0, 1, 2, …"""
    ways = [1]
    for rank in range(1, count + 1):
        shifted = [0] * rank + ways
        ways = [a + b for a, b in zip([*ways, *[0] * rank], shifted, strict=True)]
    return tuple(accumulate(ways))
