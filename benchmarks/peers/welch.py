"""Welch's t test, one-sided at 0.05."""

import numpy as np
from scipy import stats


def alarms(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    if after.shape[1] < 2:
        return np.zeros(len(after), dtype=bool)
    with np.errstate(all="ignore"):
        return stats.ttest_ind(after, before, axis=1, equal_var=False, alternative="greater").pvalue < 0.05
