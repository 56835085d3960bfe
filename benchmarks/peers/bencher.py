"""A bound as Bencher's t test threshold draws it: mean + t(0.99) standard deviations of the baseline."""

import numpy as np
from scipy import stats


def alarms(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    reach = stats.t.ppf(0.99, before.shape[1] - 1) * before.std(axis=1, ddof=1)
    return after.mean(axis=1) > before.mean(axis=1) + reach
