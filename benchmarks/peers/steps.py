"""What the finders of steps share: when a step counts as a report about the new runs."""

from collections.abc import Callable, Sequence

import numpy as np


def alarms_of_steps(
    before: np.ndarray, after: np.ndarray, steps_of: Callable[[np.ndarray], Sequence[int]]
) -> np.ndarray:
    """True where a step up begins at the first new run or one beside it.

    `steps_of` gives for one series the places at which a new level begins.
    """
    series = np.hstack([before, after])
    first = before.shape[1]
    found = np.zeros(len(series), dtype=bool)
    for row, values in enumerate(series):
        edges = [0, *steps_of(values), len(values)]
        for left, at, right in zip(edges, edges[1:], edges[2:], strict=False):
            if abs(at - first) <= 1 and values[at:right].mean() > values[left:at].mean():
                found[row] = True
    return found
