"""The tests that are worth running again: a laxer first look than the one that calls regressions.

A suspect is any test whose verdict is `regressed` or `worth_a_look`, and any that became slower by over
half of the threshold and half of the absolute floor at p <= 0.1, by wall or CPU time, whether
or not its times overlap with the baseline's. What is no suspect is not run again: a laxer look costs
runs, a stricter one costs slowdowns.
"""

import math
from typing import Final

from lapwing.analysis.gates import HALF, is_large
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison
from lapwing.model.metric import COUNTER_PREFIX
from lapwing.model.thresholds import ChangeThresholds

SUSPECT_P: Final = 0.1
"""However many tests there are: at 0.02 a sixth of the tests that are 20% slower was not run again."""


def suspects(judgment: RunComparison, thresholds: ChangeThresholds = ChangeThresholds()) -> tuple[str, ...]:
    """Node ids of the suspects of a first judgment, the largest change first, each once."""
    found: dict[str, float] = {}
    for comparison in judgment.comparisons:
        if is_suspect(comparison, thresholds):
            rise = comparison.after - comparison.before
            found[comparison.nodeid] = max(rise, found.get(comparison.nodeid, rise))
    return tuple(sorted(found, key=found.__getitem__, reverse=True))


def is_suspect(comparison: Comparison, thresholds: ChangeThresholds) -> bool:
    """Whether one comparison alone makes its test a suspect. A count never does: it would be no other."""
    if comparison.metric.startswith(COUNTER_PREFIX):
        return False
    if comparison.verdict is ChangeVerdict.REGRESSED or comparison.worth_a_look:
        return True
    if comparison.p is None or comparison.p > SUSPECT_P or comparison.ratio <= 1:
        return False
    laxer = thresholds._replace(min_change_ns=round(HALF * thresholds.min_change_ns))
    return is_large(math.log(comparison.ratio), comparison.after, laxer, HALF * thresholds.warning)
