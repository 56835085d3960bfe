"""A z score over the look-back's mean and standard deviation, alarming over 5 as conbench does."""

import numpy as np


def alarms(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return (after.mean(axis=1) - before.mean(axis=1)) / before.std(axis=1, ddof=1) > 5
