"""The middle and the upper end of the values of a window."""

from collections.abc import Sequence

from lapwing.stats.quantiles import quantile


def median_and_p95(values: Sequence[int]) -> tuple[int, int]:
    """Median and 95th percentile (definition 7), both 0 of no values."""
    return round(quantile(values, 0.5) or 0), round(quantile(values, 0.95) or 0)
