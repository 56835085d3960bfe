"""Trends of a suite and of its subjects over runs."""

from collections.abc import Callable, Sequence
from typing import Final

from lapwing.model.series import RunSamples
from lapwing.model.trend import Slope, SubjectTrend, Trend, TrendPoint
from lapwing.stats.quantiles import quantile
from lapwing.stats.theil_sen import theil_sen

_LAST_VALUES: Final = 10


def suite_trend(points: Sequence[TrendPoint]) -> Trend:
    """The trend of the suite's total through `points`, oldest first."""
    return Trend(points=tuple(points), slope=_slope([point.total_ns for point in points]))


def subject_trends(runs: Sequence[RunSamples]) -> dict[str, SubjectTrend]:
    """The trend of every test that passed in one of `runs`, oldest first, by node id."""
    return group_trends(runs, lambda samples, row: samples.subjects[row])


def group_trends(
    runs: Sequence[RunSamples], group_of: Callable[[RunSamples, int], str]
) -> dict[str, SubjectTrend]:
    """The trend of the sum over each group of passed tests; `group_of` names that of a row.

    A run without a test of the group gives it no value: steps are counted in runs of the group.
    """
    series: dict[str, list[int]] = {}
    for samples in runs:
        sums: dict[str, int] = {}
        for row, wall_ns in enumerate(samples.wall_ns):
            group = group_of(samples, row)
            sums[group] = sums.get(group, 0) + wall_ns
        for group, total in sums.items():
            series.setdefault(group, []).append(total)
    return {group: _subject(values) for group, values in sorted(series.items())}


def _subject(values: list[int]) -> SubjectTrend:
    p50, p95, p99 = (quantile(values, q) or 0.0 for q in (0.5, 0.95, 0.99))
    return SubjectTrend(
        runs=len(values),
        slope=_slope(values),
        p50=p50,
        p95=p95,
        p99=p99,
        last=tuple(values[-_LAST_VALUES:]),
    )


def _slope(values: Sequence[int]) -> Slope | None:
    line = theil_sen(range(len(values)), values)
    return None if line is None else Slope(per_run=line.slope, low=line.low, high=line.high, p=line.p)
