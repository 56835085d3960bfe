"""Running median: a smooth that follows a step and ignores a spike."""

from collections.abc import Sequence

from lapwing.stats.median import median_of_sorted


def running_median(values: Sequence[float], window: int, step: int = 1) -> list[float]:
    """For each value the median of the `window` values around it, `window` and `step` odd.

    With `step` over one, blocks of that many neighbors share the window about their middle: the
    work falls by that factor. At both ends the window is cut short and no longer lies even.
    Raises ValueError for an even or non-positive window or step.
    """
    if window < 1 or not window & 1 or step < 1 or not step & 1:
        raise ValueError(f"window and step are odd and positive, got {window} and {step}")
    count = len(values)
    reach, middle, full = window >> 1, step >> 1, window >> 1
    smooth: list[float] = []
    # For windows of nine, sorting a slice (one call) beats a sorted window kept up to date.
    for center in range(middle, count + middle, step):
        low = center - reach
        part = sorted(values[low if low > 0 else 0 : center + reach + 1])
        value = part[full] if len(part) == window else median_of_sorted(part)
        smooth += [value] * step
    del smooth[count:]
    return smooth
