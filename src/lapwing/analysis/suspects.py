"""The tests that are worth running again: a laxer first look than the one that calls regressions.

A suspect is any test whose verdict is `regressed` or `worth_a_look`, and any that became slower by over
half of the threshold and half of the absolute floor at q <= 0.1 or p <= 0.02, by wall or CPU time,
whether or not its times overlap with the baseline's. What is no suspect is not run again: a laxer look
costs runs, a stricter one costs slowdowns.
"""

import math
from typing import Final

from lapwing.analysis.gates import SUSPECT_Q, is_large
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison
from lapwing.model.thresholds import ChangeThresholds

SUSPECT_P: Final = 0.02
"""A test over half of threshold and floor is run again up to this p, too, however many tests there are."""

HALF: Final = 0.5
"""Share of threshold and floor that a suspect must pass."""


def suspects(judgment: RunComparison, thresholds: ChangeThresholds = ChangeThresholds()) -> tuple[str, ...]:
    """Node ids of the suspects of a first judgment, the largest change first, each once."""
    found: dict[str, float] = {}
    for comparison in judgment.comparisons:
        if is_suspect(comparison, thresholds):
            rise = comparison.after - comparison.before
            found[comparison.nodeid] = max(rise, found.get(comparison.nodeid, rise))
    return tuple(sorted(found, key=found.__getitem__, reverse=True))


def is_suspect(comparison: Comparison, thresholds: ChangeThresholds) -> bool:
    """Whether one comparison alone makes its test a suspect."""
    if comparison.verdict is ChangeVerdict.REGRESSED or comparison.worth_a_look:
        return True
    if comparison.q is None or comparison.p is None or comparison.ratio <= 1:
        return False
    if comparison.q > SUSPECT_Q and comparison.p > SUSPECT_P:
        return False
    laxer = thresholds._replace(min_change_ns=round(HALF * thresholds.min_change_ns))
    return is_large(math.log(comparison.ratio), comparison.after, laxer, HALF * thresholds.warning)
