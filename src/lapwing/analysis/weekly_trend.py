"""A quantity's trend in time: robust slope in percent, its interval and certainty, percentiles."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.model.trend import SubjectMove, WeeklyTrend
from lapwing.stats.false_discovery import benjamini_hochberg
from lapwing.stats.quantiles import quantile
from lapwing.stats.theil_sen import theil_sen

WEEK_NS: Final = 7 * 86_400 * 10**9


def weekly_trend(started_at_ns: Sequence[int], values: Sequence[float]) -> WeeklyTrend | None:
    """The trend of `values` (over zero) of runs that began at these moments, oldest first.

    Theil-Sen through ln(value) against weeks, p that of Kendall's tau (the Mann-Kendall test); see
    `stats.theil_sen`. Of runs that lie within one week a change per week would be made up: then
    the slope is that from run to run. None under two runs.
    """
    is_weekly = len(started_at_ns) > 1 and started_at_ns[-1] - started_at_ns[0] >= WEEK_NS
    places = (
        [(at - started_at_ns[0]) / WEEK_NS for at in started_at_ns] if is_weekly else [*range(len(values))]
    )
    line = theil_sen(places, [math.log(value) for value in values])
    if line is None:
        return None
    p50, p95, p99 = (quantile(values, q) or 0.0 for q in (0.5, 0.95, 0.99))
    return WeeklyTrend(
        runs=len(values),
        is_weekly=is_weekly,
        ratio=_ratio(line.slope),
        interval=(_ratio(line.low), _ratio(line.high)),
        p=line.p,
        p50=p50,
        p95=p95,
        p99=p99,
        last=values[-1],
    )


def subject_moves(kind: str, trends: Mapping[str, WeeklyTrend]) -> tuple[SubjectMove, ...]:
    """Subjects with their trends and q (Benjamini-Hochberg over them), what costs most time first."""
    q_values = benjamini_hochberg([trend.p for trend in trends.values()])
    moves = [
        SubjectMove(kind=kind, name=name, trend=trend, q=q)
        for (name, trend), q in zip(trends.items(), q_values, strict=True)
    ]
    return tuple(sorted(moves, key=lambda move: -abs(move.trend.ratio - 1) * move.trend.p50))


def _ratio(slope: float) -> float:
    """e^slope, and infinity where that is out of range: two wild values in one minute."""
    return math.exp(slope) if slope < 700 else math.inf
