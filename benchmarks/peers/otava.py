"""Apache Otava's change points, with its defaults."""

import numpy as np
from otava.analysis import compute_change_points

from peers.steps import alarms_of_steps


def alarms(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return alarms_of_steps(before, after, _steps)


def _steps(values: np.ndarray) -> list[int]:
    points, _ = compute_change_points(values, window_len=50, max_pvalue=0.001, min_magnitude=0.0)
    return sorted(point.index for point in points)
