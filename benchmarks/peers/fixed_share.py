"""The mean of the new runs is over that of the baseline by 20%."""

import numpy as np


def alarms(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return after.mean(axis=1) > 1.2 * before.mean(axis=1)
