"""Steps in the history of one quantity, told from noise, outliers and a coming and going.

Candidates come from cutting the series where that pays (`stats.kernel_segments`), on the log scale. A
candidate is a step only if the levels on both sides differ by a minimum, and so clearly that it is
rarely chance even though neighboring runs resemble each other.
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple, Protocol

from lapwing.analysis.series_shape import back_and_forth, shape_of
from lapwing.model.change import SeriesChange, Shape, Step
from lapwing.stats import kernel_segments
from lapwing.stats.autocorrelation import autocorrelation, independent_share
from lapwing.stats.kernel_segments import SHORTEST, Segments
from lapwing.stats.median import median_of_sorted, median_variance
from lapwing.stats.rank_sum import rank_sum_z
from lapwing.stats.spread import effective_freedom, robust_variance
from lapwing.stats.student_t import t_quantile, t_upper_tail

SURE: Final = 0.014
"""p under which a step is told: twice the smaller p of two tests, times the places it could have been at."""

LEAST_CHANGE: Final = math.log(1.02)
"""Smaller changes of level than 2% are not told: below it machines, not code, make steps."""

_MOST_NEWEST: Final = 6  # values at the end that are looked at by themselves
_APART: Final = math.log(1.2)  # from all before: less is left to the cutting

FEWEST: Final = 2 * SHORTEST
"""Values under which no step can be told."""


class Cutter(Protocol):
    """Cuts many series: the modules `stats.kernel_segments` and, with numpy, its twin in `stats.arrays`."""

    def segment_all(self, series: Sequence[Sequence[float]], /) -> list[Segments]:
        """See `kernel_segments.segment_all`."""

    def place_all(
        self, series: Sequence[Sequence[float]], cuts: Sequence[Sequence[int]], /
    ) -> list[tuple[int, ...]]:
        """See `kernel_segments.place_all`."""


def series_change(values: Sequence[float]) -> SeriesChange:
    """The steps in `values`, oldest first and finite, and how they lie around their levels.

    Ratios are judged where all values are over zero, differences otherwise (then without a least
    change). Under six values nothing is told.
    """
    return series_changes([values])[0]


def series_changes(
    series: Sequence[Sequence[float]], *, cutter: Cutter = kernel_segments
) -> list[SeriesChange]:
    """`series_change` of each; the `cutter` may be the twin with numpy, for many series."""
    scaled = [_scaled(values) for values in series]
    all_logs = [logs for logs, _ in scaled]
    candidates = cutter.place_all(all_logs, [cut.starts for cut in cutter.segment_all(all_logs)])
    return [
        _change(values, logs, is_log, _with_newest(logs, list(cuts)) if is_log else list(cuts))
        for values, (logs, is_log), cuts in zip(series, scaled, candidates, strict=True)
    ]


def _with_newest(logs: Sequence[float], cuts: list[int]) -> list[int]:
    """With the beginning of the newest few values where all of them lie far beyond all since the last cut.

    Cutting pays by how many values it explains, however far they lie off: of three at the end of forty it
    takes no notice, and they look like the rarer of two modes. Whether that is a step the evidence says.
    """
    first = len(logs) - _MOST_NEWEST
    older = [cut for cut in cuts if cut < first - 1]  # one in the midst of them may lie a value off
    start = older[-1] if older else 0
    for at in range(max(start, first), len(logs) - SHORTEST + 1):
        before, newest = logs[start:at], logs[at:]
        gap = max(min(newest) - max(before), min(before) - max(newest)) if before else 0.0
        if len(before) >= len(newest) and gap > _APART:
            return [*older, at]
    return cuts


class _Evidence(NamedTuple):
    """What speaks for one candidate."""

    difference: float  # of the levels, on the scale judged
    p: float
    margin: float  # half of the 95% interval of the difference


def _scaled(values: Sequence[float]) -> tuple[list[float], bool]:
    is_log = bool(values) and min(values) > 0
    return ([math.log(value) for value in values] if is_log else list(values)), is_log


def _change(values: Sequence[float], logs: Sequence[float], is_log: bool, cuts: list[int]) -> SeriesChange:
    if len(values) < FEWEST:
        return SeriesChange(steps=(), shape=Shape.TOO_SHORT)
    evidence = _kept(logs, cuts, LEAST_CHANGE if is_log else 0.0)
    coming_and_going = back_and_forth(values, cuts)
    if coming_and_going is not None:
        return coming_and_going
    levels = _levels(values, cuts)
    steps = tuple(
        Step(
            at=cut,
            before=before,
            after=after,
            ratio=after / before if is_log else None,
            interval=(math.exp(each.difference - each.margin), math.exp(each.difference + each.margin))
            if is_log
            else None,
            p=each.p,
        )
        for cut, (before, after), each in zip(cuts, pairwise(levels), evidence, strict=True)
    )
    residuals = _residuals(logs, cuts)
    return shape_of(residuals, levels[-1], is_log=is_log)._replace(steps=steps)


def _kept(logs: Sequence[float], cuts: list[int], least: float) -> list[_Evidence]:
    """Evidence of the cuts that are steps; the others are taken out of `cuts`, the weakest first.

    Without the weakest its neighbors have longer levels to speak for them, so all are judged anew.
    """
    while cuts:
        evidence = _evidence(logs, cuts)
        ranked = [
            (math.inf if abs(each.difference) < least else each.p, -abs(each.difference), at)
            for at, each in enumerate(evidence)
        ]
        p, _, weakest = max(ranked)
        if p < SURE:
            return evidence
        del cuts[weakest]
    return []


def _evidence(logs: Sequence[float], cuts: Sequence[int]) -> list[_Evidence]:
    """Two tests of each cut between its neighboring stretches: ranks, and robust levels.

    Ranks see a change of a scattered level, the levels one of a quiet level with few values. Both
    statistics shrink by the root of the share of independent values. p pays for where the shorter of the
    two stretches could have lain otherwise (Bonferroni): the half of n over its length.
    """
    residuals = _residuals(logs, cuts)
    share = independent_share(min(autocorrelation(residuals), 0.99))
    freedom = len(logs) - len(cuts) - 1
    variance = robust_variance(residuals, freedom) or 0.0
    whole = len(logs)
    t_freedom = effective_freedom(freedom)
    stretches = [logs[start:stop] for start, stop in pairwise([0, *cuts, len(logs)])]
    found = []
    for before, after in pairwise(stretches):
        difference = median_of_sorted(sorted(after)) - median_of_sorted(sorted(before))
        error = math.sqrt(variance * (median_variance(len(before)) + median_variance(len(after))) / share)
        by_rank = math.erfc(abs(rank_sum_z(before, after)) * math.sqrt(share / 2))
        if error > 0:
            by_level = 2 * t_upper_tail(abs(difference) / error, t_freedom)
        else:
            by_level = 0.0 if difference else 1.0
        places = whole / (2 * min(len(before), len(after)))
        p = min(1.0, 2 * min(by_rank, by_level) * places)
        found.append(_Evidence(difference, p, error * _reach(t_freedom)))
    return found


@cache
def _reach(freedom: float) -> float:
    """Half of a 95% interval in standard errors; there are few different degrees of freedom."""
    return t_quantile(0.975, freedom)


def _levels(values: Sequence[float], cuts: Sequence[int]) -> list[float]:
    edges = [0, *cuts, len(values)]
    return [median_of_sorted(sorted(values[start:stop])) for start, stop in pairwise(edges)]


def _residuals(values: Sequence[float], cuts: Sequence[int]) -> list[float]:
    edges = [0, *cuts, len(values)]
    levels = _levels(values, cuts)
    return [
        value - level
        for level, (start, stop) in zip(levels, pairwise(edges), strict=True)
        for value in values[start:stop]
    ]
