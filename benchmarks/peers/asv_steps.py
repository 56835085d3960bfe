"""Step detection of airspeed velocity, with the 5% threshold of its regression reports."""

import numpy as np
from asv.step_detect import detect_regressions, detect_steps


def alarms(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    first = before.shape[1]
    found = np.zeros(len(before), dtype=bool)
    for row, values in enumerate(np.hstack([before, after])):
        _, _, regressions = detect_regressions(detect_steps(list(values)), threshold=0.05)
        found[row] = any(abs(at - first) <= 1 for _, at, _, _ in regressions or ())
    return found
