"""Quantiles of a sample."""

from collections.abc import Sequence


def quantile(values: Sequence[float], q: float) -> float | None:
    """The value under which a share `q`, from 0 to 1, of `values` lies; None of no values.

    Linear between order statistics, with the smallest at 0 and the largest at 1: Hyndman and
    Fan's definition 7, the default of numpy and R. Raises ValueError for q outside 0..1.
    """
    if not 0 <= q <= 1:
        raise ValueError(f"a quantile lies between 0 and 1, got {q}")
    if not values:
        return None
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
