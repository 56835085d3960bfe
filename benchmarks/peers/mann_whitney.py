"""The Mann-Whitney test, one-sided at 0.01; with too few values for that it never alarms."""

import numpy as np
from scipy import stats


def alarms(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return stats.mannwhitneyu(after, before, axis=1, alternative="greater").pvalue < 0.01
