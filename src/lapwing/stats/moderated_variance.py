"""Empirical Bayes moderation of many variances, each from few values."""

import math
from collections.abc import Sequence
from typing import Final

from lapwing.stats.gamma_functions import digamma, inverse_trigamma, trigamma
from lapwing.stats.spread import MAD_TO_SD, mad

MOST_PRIOR_FREEDOM: Final = 50.0
"""Where all variances agree better than chance would have it, the prior still yields to data."""


def log_variance_excess(variance: float, freedom: float) -> float:
    """ln variance freed of its bias: its expectation is the logarithm of the true variance.

    ln s^2 - digamma(freedom / 2) + ln(freedom / 2), for s^2 distributed as chi-square / freedom.
    """
    return math.log(variance) - digamma(freedom / 2) + math.log(freedom / 2)


def prior_freedom(deviations: Sequence[float], freedom: float) -> float:
    """Degrees of freedom of the prior, from deviations of log variances about their trend.

    Their variance is trigamma(freedom / 2) + trigamma(prior / 2) (Smyth 2004, section 6.2). It is
    taken as (1.4826 MAD)^2, so that few odd tests do not widen the prior for all. At most
    `MOST_PRIOR_FREEDOM`, also where there are no deviations.
    """
    center = mad(deviations)
    if center is None:
        return MOST_PRIOR_FREEDOM
    excess = (MAD_TO_SD * center) ** 2 - trigamma(freedom / 2)
    if excess <= 0:
        return MOST_PRIOR_FREEDOM
    return min(2 * inverse_trigamma(excess), MOST_PRIOR_FREEDOM)


def moderated_variance(prior: float, prior_freedom: float, variance: float, freedom: float) -> float:
    """Mean of prior and own variance, weighted by their degrees of freedom (Smyth 2004)."""
    return (prior_freedom * prior + freedom * variance) / (prior_freedom + freedom)
