"""Derivatives of the logarithm of the gamma function, and the inverse of the second."""

import math
from typing import Final

_LARGE: Final = 6.0  # from here the asymptotic series is exact to 1e-11


def digamma(x: float) -> float:
    """First derivative of ln gamma at x > 0. Recurrence, then Abramowitz and Stegun 6.3.18.

    Raises ValueError for x <= 0.
    """
    _positive(x)
    value = 0.0
    while x < _LARGE:
        value -= 1 / x
        x += 1
    s = 1 / (x * x)
    series = s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - s * 691 / 32760)))))
    return value + math.log(x) - 0.5 / x - series


def trigamma(x: float) -> float:
    """Second derivative of ln gamma at x > 0. Recurrence, then Abramowitz and Stegun 6.4.12.

    Raises ValueError for x <= 0.
    """
    _positive(x)
    value = 0.0
    while x < _LARGE:
        value += 1 / (x * x)
        x += 1
    s = 1 / (x * x)
    series = s * (1 / 6 - s * (1 / 30 - s * (1 / 42 - s * (1 / 30 - s * (5 / 66 - s * 691 / 2730)))))
    return value + (1 + 0.5 / x + series) / x


def inverse_trigamma(y: float) -> float:
    """The x > 0 with trigamma(x) = y. Newton's method on 1 / trigamma, which is convex.

    As in Smyth (2004), Linear models and empirical Bayes methods, appendix. Raises ValueError
    for y <= 0.
    """
    _positive(y)
    if y > 1e7:
        return 1 / math.sqrt(y)
    if y < 1e-6:
        return 1 / y
    x = 0.5 + 1 / y
    for _ in range(50):
        now = trigamma(x)
        change = now * (1 - now / y) / _tetragamma(x)
        x += change
        if -change / x < 1e-10:
            break
    return x


def _tetragamma(x: float) -> float:
    value = 0.0
    while x < _LARGE:
        value -= 2 / (x * x * x)
        x += 1
    s = 1 / (x * x)
    return value - s * (1 + 1 / x + s * (1 / 2 - s * (1 / 6 - s * (1 / 6 - s * (3 / 10 - s * 5 / 6)))))


def _positive(x: float) -> None:
    if not x > 0:
        raise ValueError(f"needs a positive argument, got {x}")
