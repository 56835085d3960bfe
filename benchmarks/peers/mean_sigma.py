"""The mean of the new runs is over the baseline's by two of its standard deviations."""

import numpy as np


def alarms(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return after.mean(axis=1) > before.mean(axis=1) + 2 * before.std(axis=1, ddof=1)
