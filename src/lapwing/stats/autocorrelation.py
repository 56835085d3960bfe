"""How much neighbors in a series resemble each other, and how much less they say for it."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from lapwing.stats.median import median_of_sorted
from lapwing.stats.spread import MAD_TO_SD

_CLIP: Final = 3.0  # standard deviations at which a value is cut off: two wild neighbors prove nothing


def autocorrelation(residuals: Sequence[float]) -> float:
    """Correlation of `residuals` (about zero) with their successors, -1 to 1.

    sum(r[i] r[i+1]) / sum(r[i]^2), the residuals first cut off at three robust standard deviations
    (1.4826 times their median distance from zero). 0 where that is zero, and of fewer than three.
    """
    if len(residuals) < 3:
        return 0.0
    limit = _CLIP * MAD_TO_SD * median_of_sorted(sorted(map(abs, residuals)))
    if limit <= 0:
        return 0.0
    cut = [max(-1.0, min(1.0, value / limit)) for value in residuals]
    return math.fsum(value * after for value, after in pairwise(cut)) / math.fsum(
        value * value for value in cut
    )


def independent_share(correlation: float) -> float:
    """What share of so correlated values counts as independent: (1 - r) / (1 + r), for r under zero 1.

    The variance of the mean of a first-order autoregressive series is larger by the inverse (Bartlett
    1935), a test statistic smaller by its square root. `correlation` is under 1.
    """
    return (1 - correlation) / (1 + correlation) if correlation > 0 else 1.0
