"""PELT of ruptures: a step in the mean of standardized logarithms, penalty 3 ln(n) as for a BIC."""

import numpy as np
import ruptures

from peers.steps import alarms_of_steps


def alarms(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return alarms_of_steps(before, after, _steps)


def _steps(values: np.ndarray) -> list[int]:
    logs = np.log(np.maximum(values, 1000.0))
    noise = np.median(np.abs(np.diff(logs))) * 1.4826 / np.sqrt(2)
    if noise <= 0:
        return []
    found = ruptures.Pelt(model="l2", min_size=1, jump=1).fit(logs / noise)
    return [int(at) for at in found.predict(pen=3 * np.log(len(logs)))[:-1]]
