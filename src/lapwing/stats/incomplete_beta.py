"""The regularized incomplete beta function."""

import math
from functools import lru_cache


def incomplete_beta(a: float, b: float, x: float) -> float:
    """I_x(a, b) for a, b > 0 and x from 0 to 1.

    Continued fraction of Abramowitz and Stegun 26.5.8 by Wallis' recurrence, two convergents a step, the
    denominator of every second one scaled to 1. Raises ValueError outside that range.
    """
    if not (a > 0 and b > 0 and 0 <= x <= 1):
        raise ValueError(f"incomplete beta of a={a}, b={b}, x={x} is not defined")
    if x in (0, 1):
        return x
    scale = a * math.log(x) + b * math.log1p(-x) - log_beta(a, b)
    if x < (a + 1) / (a + b + 2):
        return math.exp(scale) * _fraction(a, b, x) / a
    return 1 - math.exp(scale) * _fraction(b, a, 1 - x) / b


@lru_cache(maxsize=256)
def log_beta(a: float, b: float) -> float:
    """The logarithm of the beta function, for a, b > 0."""
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _fraction(a: float, b: float, x: float) -> float:
    # Convergents are above / below. Under (a + 1) / (a + b + 2) no denominator is zero.
    above = odd_above = odd_below = 1.0
    below = 1 - (a + b) * x / (a + 1)
    for m in range(1, 500):
        place = a + 2 * m
        step = m * (b - m) * x / ((place - 1) * place)
        odd_above, odd_below = above + step * odd_above, below + step * odd_below
        step = -(a + m) * (a + b + m) * x / (place * (place + 1))
        scale = odd_below + step * below
        last, above, below = above, (odd_above + step * above) / scale, 1.0
        odd_above, odd_below = odd_above / scale, odd_below / scale
        if abs(above - last) <= 1e-14 * above:
            break
    return above
