"""How much slower the machine was, as few numbers that people can read."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Final

from lapwing.analysis.baseline_side import BaselineSide, wall_medians
from lapwing.analysis.changes import Changes
from lapwing.analysis.columns import SHORTEST_NS
from lapwing.analysis.machine_factor import weight
from lapwing.model.series import RunSamples
from lapwing.model.value import Value
from lapwing.stats.median import weighted_median

_LONGEST: Final = 1_000  # so many of the longest tests speak for all


class SuiteFactors(Value):
    """Machine factors over all tests; None where the suite is too small or a clock is missing."""

    wall: float | None  # the wait for a processor included
    cpu: float | None
    computing: float | None  # of CPU time, or where that is missing of wall time without that wait

    def parts(self) -> tuple[tuple[str, float], ...]:
        """The known factors by the clock they belong to."""
        named = (("cpu", self.cpu), ("wall", self.wall))
        return tuple((name, factor) for name, factor in named if factor is not None)

    def moved_at_once(self, limit: float) -> bool:
        """Whether half of the suite changed in one direction by more than `limit` (0.2 for 20%)."""
        return self.computing is not None and max(self.computing, 1 / self.computing) > 1 + limit


def suite_factors(
    baseline: BaselineSide,
    judged: Sequence[RunSamples],
    by_wall: Changes,
    by_cpu: Changes,
    floor_ns: float,
) -> SuiteFactors:
    """The weighted medians of the tests' shifts.

    Longer tests weigh more, none more than half of all others. How long a test is both sides say alike
    (the geometric mean): by its new time alone it would weigh more where chance has lengthened it.
    """
    cpu_factor = _factor(by_cpu, by_cpu.shifts, floor_ns)
    wait_free = _factor(by_wall, by_wall.shifts, floor_ns)
    wall_factor = wait_free
    if wait_free is not None and any(any(run.run_delay_ns) for run in [*baseline.runs, *judged]):
        wall_factor = _measured_wall_factor(baseline, judged, by_wall, floor_ns)
    return SuiteFactors(
        wall=wall_factor,
        cpu=cpu_factor,
        computing=cpu_factor if cpu_factor is not None else wait_free,
    )


def _factor(changes: Changes, shifts: Sequence[float], floor_ns: float) -> float | None:
    if changes.is_small_suite:
        return None
    rows = _longest(changes)
    return _middle(
        [shifts[row] for row in rows], [weight(math.exp(_level(changes, row)), floor_ns) for row in rows]
    )


def _measured_wall_factor(
    baseline: BaselineSide, judged: Sequence[RunSamples], by_wall: Changes, floor_ns: float
) -> float | None:
    wanted = dict.fromkeys([by_wall.subjects[row] for row in _longest(by_wall)])
    before, after = baseline.wall_medians(wanted), wall_medians(judged, wanted)
    return _middle(
        [math.log(max(after[name], SHORTEST_NS) / max(before[name], SHORTEST_NS)) for name in wanted],
        [weight(math.sqrt(max(before[name], 0) * max(after[name], 0)), floor_ns) for name in wanted],
    )


def _longest(changes: Changes) -> list[int]:
    rows = range(len(changes.subjects))
    return sorted(rows, key=partial(_level, changes), reverse=True)[:_LONGEST]


def _level(changes: Changes, row: int) -> float:
    """ln of how long a test is, by both sides."""
    return changes.centers[row] + changes.shifts[row] / 2


def _middle(shifts: Sequence[float], weights: Sequence[float]) -> float | None:
    if weights:
        most = (sum(weights) - max(weights)) / 2  # one test that outweighs all others must not speak for them
        weights = [min(each, most) for each in weights]
    middle = weighted_median(shifts, weights)
    return None if middle is None else math.exp(middle)
