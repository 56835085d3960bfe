"""How much tests vary by themselves: each test's own spread, moderated by that of its likes."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from lapwing.model.value import Value
from lapwing.stats.median import median, median_of_sorted
from lapwing.stats.median_trend import MedianTrend
from lapwing.stats.moderated_variance import log_variance_excess, moderated_variance, prior_freedom
from lapwing.stats.spread import MAD_TO_SD, effective_freedom, robust_variance

NOISE_WINDOW: Final = 40
"""Tests in the window of the noise trend at the long end."""

PRIOR_QUANTILE: Final = 0.4
"""Where in the spread of variances about their trend the prior lies.

Lower finds more and alarms more; between 0.25 and 0.65 the share found moves by 10 points.
"""

SUITE_PRIOR_FREEDOM: Final = 4.0
"""Degrees of freedom of a prior that cannot be fitted: heavy tails, as real noise has."""

SMALL_SUITE_VARIANCE: Final = 0.1**2
"""Prior for suites too small to have a trend; most tests over 10 ms of five real suites vary by 4 to 15%."""

LEAST_VARIANCE: Final = 1e-6
"""A tenth of a percent: nothing is steadier than clocks are."""


class Spread(Value):
    """Variance of one value of one test (ln), and its degrees of freedom."""

    variance: float
    freedom: float


class Prior(Value):
    """What a test's variance is likely to be before its own values are looked at."""

    variance_at: Callable[[int], float]  # by row
    freedom: float


def own_spread(before: Sequence[float], after: Sequence[float]) -> Spread | None:
    """Spread of both sides about their own medians; None where neither side has two values."""
    freedom = len(before) + len(after) - 2
    if freedom < 1:
        return None
    low, high = median_of_sorted(sorted(before)), median_of_sorted(sorted(after))
    residuals = [value - low for value in before] + [value - high for value in after]
    variance = robust_variance(residuals, freedom)
    return None if variance is None else Spread(max(variance, LEAST_VARIANCE), freedom)


def noise_trend(centers: Sequence[float]) -> MedianTrend:
    """The windows in which noise is looked at; `centers` are ln durations by row."""
    return MedianTrend.over(centers, NOISE_WINDOW)


def priors_from_variances(
    trend: MedianTrend, spread_of: Callable[[int], Spread | None], quantiles: Sequence[float]
) -> list[Prior]:
    """Trend of variance against duration as in limma's `eBayes(trend=TRUE, robust=TRUE)`.

    `trend` as of `noise_trend`. A prior for each of `quantiles`: where among the variances about the trend
    it lies. None at all where fewer than half of the tests looked at have a spread of their own.
    """
    looked_at = [row for window in trend.members for row in window]
    logs: dict[int, float] = {}
    freedoms = []
    for row in looked_at:
        spread = spread_of(row)
        if spread is not None:
            freedom = effective_freedom(round(spread.freedom))
            logs[row] = log_variance_excess(spread.variance, freedom)
            freedoms.append(freedom)
    typical = median(freedoms)
    if typical is None or 2 * len(logs) < len(looked_at):
        return []
    cells = trend.cells
    priors = []
    for q in quantiles:
        expected = trend.table(trend.levels(logs.get, q))
        deviations = [value - expected[cells[row]] for row, value in logs.items()]
        table = [math.exp(level) for level in expected]
        priors.append(_by_cell(table, cells, prior_freedom(deviations, typical)))
    return priors


def prior_from_changes(trend: MedianTrend, scaled_change_of: Callable[[int], float]) -> Prior:
    """Noise as the spread of the tests' own changes, most of which are no changes.

    `trend` as of `noise_trend`. `scaled_change_of` gives by row the difference of medians (ln) over the
    standard deviation that it would have if one value had variance 1. Needs no repeated runs, and sees what
    differs between the sides as a whole.
    """
    levels = trend.levels(lambda row: abs(scaled_change_of(row)))
    table = trend.table([max((MAD_TO_SD * level) ** 2, LEAST_VARIANCE) for level in levels])
    return _by_cell(table, trend.cells, SUITE_PRIOR_FREEDOM)


def _by_cell(table: Sequence[float], cells: Sequence[int], freedom: float) -> Prior:
    return Prior(lambda row: table[cells[row]], freedom)


def small_suite_prior() -> Prior:
    """The prior where there are too few tests to learn one from."""
    return Prior(lambda _: SMALL_SUITE_VARIANCE, SUITE_PRIOR_FREEDOM)


def no_noisier_than_usual(prior: Prior) -> Prior:
    """For a test that none of the suite is like: it varies by no more than tests usually do."""
    return Prior(lambda row: min(prior.variance_at(row), SMALL_SUITE_VARIANCE), prior.freedom)


def posterior(prior: Prior, row: int, own: Spread | None, *, never_under_prior: bool) -> Spread:
    """A test's variance between its own and the prior's.

    Own variances weigh by the degrees of freedom that their robust estimate is worth, while the
    t test keeps the full number: the robust estimate is as good in its middle, and what its tail
    lets through the gates hold. `never_under_prior` for baselines of so few runs that a
    quiet one is likely to be luck.
    """
    expected = prior.variance_at(row)
    if own is None:
        return Spread(expected, prior.freedom)
    worth = effective_freedom(round(own.freedom))
    variance = moderated_variance(expected, prior.freedom, own.variance, worth)
    if never_under_prior:
        variance = max(variance, expected)
    return Spread(variance, prior.freedom + own.freedom)
