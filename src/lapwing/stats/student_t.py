"""Student's t distribution, for any positive degrees of freedom."""

import math
from typing import Final

from lapwing.stats.incomplete_beta import incomplete_beta, log_beta

_NORMAL_FROM: Final = 1e7  # degrees of freedom from which t and normal agree to 1e-7


def t_upper_tail(t: float, freedom: float) -> float:
    """P(T > t), by I_x(freedom / 2, 1 / 2) with x = freedom / (freedom + t^2).

    `freedom` may be infinite: the normal distribution. Raises ValueError for freedom <= 0.
    """
    if not freedom > 0:
        raise ValueError(f"degrees of freedom are positive, got {freedom}")
    if freedom > _NORMAL_FROM:
        return 0.5 * math.erfc(t / math.sqrt(2))
    square = t * t
    if square < 1:
        inner = 0.5 * incomplete_beta(0.5, freedom / 2, square / (freedom + square))
        return 0.5 - inner if t > 0 else 0.5 + inner
    tail = 0.5 * incomplete_beta(freedom / 2, 0.5, freedom / (freedom + square))
    return tail if t > 0 else 1 - tail


def t_quantile(p: float, freedom: float) -> float:
    """The t with P(T <= t) = p, for p strictly between 0 and 1, to 1e-12.

    Found by Newton's method on the logarithm of the tail, and by halving where that leaves the bracket.
    Raises ValueError outside that range.
    """
    if not 0 < p < 1:
        raise ValueError(f"a probability lies between 0 and 1, got {p}")
    if p > 0.5:
        return -t_quantile(1 - p, freedom)
    # On the side of the small tail, where p is exact.
    high = 1.0
    while t_upper_tail(high, freedom) > p:
        high *= 2
    low = 0.0 if high == 1.0 else high / 2
    t = (low + high) / 2
    while high - low > 1e-12 * high:
        tail = t_upper_tail(t, freedom)
        if tail > p:
            low = t
        else:
            high = t
        density = _density(t, freedom)
        last = t
        if tail > 0 and density > 0:
            t += math.log(tail / p) * tail / density
        if tail == 0 or density == 0 or not low < t < high:
            t = (low + high) / 2
        if t in (low, high) or abs(t - last) <= 1e-14 * t:
            break
    return -t


def _density(t: float, freedom: float) -> float:
    if freedom > _NORMAL_FROM:
        return math.exp(-t * t / 2) / math.sqrt(2 * math.pi)
    scale = log_beta(freedom / 2, 0.5) + math.log(freedom) / 2
    return math.exp(-(freedom + 1) / 2 * math.log1p(t * t / freedom) - scale)
