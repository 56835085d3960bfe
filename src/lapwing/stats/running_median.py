"""Running median: a smooth that follows a step and ignores a spike."""

from collections.abc import Sequence

from lapwing.stats.median import median_of_sorted


def running_median(values: Sequence[float], window: int, step: int = 1) -> list[float]:
    """For each value the median of the `window` values around it, `window` and `step` odd.

    With `step` over one, blocks of that many neighbors share the window about their middle: the
    work falls by that factor. At both ends the window is cut short and no longer lies even.
    Raises ValueError for an even or non-positive window or step, and for a step over the window.
    """
    if not (window & 1 and step & 1 and 1 <= step <= window):
        raise ValueError(f"step and window are odd and 1 <= step <= window, got {step} and {window}")
    count = len(values)
    reach, middle = window >> 1, step >> 1
    centers = range(middle, count + middle, step)
    first = -(-(reach - middle) // step) if reach > middle else 0
    last = (count - 1 - reach - middle) // step
    if last < first:
        medians = [_cut_median(values, center, reach) for center in centers]
    else:
        # Whole windows as columns of every step-th value: zip, sort and pick without a loop of ours,
        # nearly twice as fast as sorting slices.
        start = centers[first] - reach
        stop = centers[last] - reach + 1
        columns = [values[start + place : stop + place : step] for place in range(window)]
        medians = [_cut_median(values, center, reach) for center in centers[:first]]
        medians += [part[reach] for part in map(sorted, zip(*columns, strict=True))]
        medians += [_cut_median(values, center, reach) for center in centers[last + 1 :]]
    if step > 1:
        medians = [value for value in medians for _ in range(step)]
        del medians[count:]
    return medians


def _cut_median(values: Sequence[float], center: int, reach: int) -> float:
    return median_of_sorted(sorted(values[max(center - reach, 0) : center + reach + 1]))
