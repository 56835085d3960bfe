"""Step detectors side by side: Lapwing's, and its peers as their own documentation has them used.

A detector takes series and gives the places where new levels begin. A peer is imported when it is first used.
"""

import math
from collections.abc import Callable, Sequence

Series = Sequence[Sequence[float]]
Detector = Callable[[Series], list[list[int]]]

_FEWEST = 6  # values under which peers are not asked


def lapwing(series: Series) -> list[list[int]]:
    from lapwing.analysis.change_points import series_changes
    from lapwing.stats.arrays import kernel_segments as arrays

    return [[step.at for step in change.steps] for change in series_changes(series, cutter=arrays)]


def lapwing_pure(series: Series) -> list[list[int]]:
    """The same without numpy."""
    from lapwing.analysis.change_points import series_changes

    return [[step.at for step in change.steps] for change in series_changes(series)]


def otava(series: Series) -> list[list[int]]:
    """apache-otava with its own defaults: windows of 50, p under 0.001, any size."""
    return [_otava(values, min_magnitude=0.0) for values in series]


def otava_5(series: Series) -> list[list[int]]:
    """The same, steps of 5% and more only."""
    return [_otava(values, min_magnitude=0.05) for values in series]


def pelt_rbf(series: Series) -> list[list[int]]:
    """ruptures: PELT with the Gaussian kernel, its own bandwidth, penalty ln n, on logarithms."""
    from ruptures import KernelCPD

    return [
        KernelCPD(kernel="rbf", min_size=3).fit(_logs(values)).predict(pen=math.log(len(values)))[:-1]
        if len(values) >= _FEWEST
        else []
        for values in series
    ]


def pelt_l2(series: Series) -> list[list[int]]:
    """ruptures: PELT for changes of the mean, penalty 2 ln n in units of the noise of differences."""
    import numpy as np
    from ruptures import KernelCPD

    found = []
    for values in series:
        logs = _logs(values)
        noise = float(np.median(np.abs(np.diff(logs)))) * 1.4826 / math.sqrt(2) or float(np.std(logs)) or 1.0
        steps = KernelCPD(kernel="linear", min_size=3).fit(logs / noise) if len(values) >= _FEWEST else None
        found.append([] if steps is None else steps.predict(pen=2 * math.log(len(values)))[:-1])
    return found


def asv(series: Series) -> list[list[int]]:
    """asv's own step detection."""
    from asv.step_detect import detect_steps

    return [[start for start, *_ in detect_steps(list(values))[1:]] for values in series]


def previous_20(series: Series) -> list[list[int]]:
    """20% more or less than the value before."""
    return [
        [at for at in range(1, len(values)) if values[at - 1] and abs(values[at] / values[at - 1] - 1) > 0.2]
        for values in series
    ]


DETECTORS: dict[str, Detector] = {
    "lapwing": lapwing,
    "otava": otava,
    "otava 5%": otava_5,
    "pelt rbf": pelt_rbf,
    "pelt l2": pelt_l2,
    "asv": asv,
    "previous 20%": previous_20,
}


def _otava(values: Sequence[float], *, min_magnitude: float) -> list[int]:
    from otava.analysis import compute_change_points

    if len(values) < _FEWEST:
        return []
    points, _ = compute_change_points(
        list(values), window_len=50, max_pvalue=0.001, min_magnitude=min_magnitude
    )
    return [point.index for point in points]


def _logs(values: Sequence[float]):
    import numpy as np

    array = np.array(values, dtype=float)
    return np.log(array) if (array > 0).all() else array
