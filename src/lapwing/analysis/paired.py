"""Judging a paired comparison: two sides that ran in turn on one machine, one number per pair.

What the machine does to both members of a pair falls out of their ratio, so no machine factor
is estimated here and no history is needed.
"""

import math
from collections.abc import Sequence
from typing import Final

from lapwing.analysis.paired_looks import p_over_looks
from lapwing.model.comparison import ChangeVerdict, Comparison, Severity
from lapwing.model.metric import CPU, WALL, Metric
from lapwing.model.paired import Pair, PairedComparison
from lapwing.model.paired_design import Design
from lapwing.model.thresholds import ChangeThresholds
from lapwing.stats.median import median
from lapwing.stats.paired import center_interval
from lapwing.units import format_change, format_share

_COMPUTES: Final = 0.5  # CPU time by wall time from which a test counts as computing
_COUNTS: Final = 0.1  # under it, what happens to CPU time is no news
_MOVED: Final = (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED)
_FEWEST_SHARE: Final = 0.5  # of the pairs in which the test must have passed on both sides


def judge_pairs(
    nodeid: str,
    pairs: Sequence[Pair],
    design: Design = Design(),
    thresholds: ChangeThresholds = ChangeThresholds(),
    limit: float | None = None,
) -> PairedComparison:
    """The verdict on `pairs` of one test, in the order measured, as of the last look that they reach.

    For each clock, ln(b / a) of the pairs is judged by the interval of `stats.paired.center_interval` at the
    error that the look may spend. `regressed` (`improved`): the interval lies over (under) 1 and the
    center is more than negligible. `unchanged`: the whole interval is negligible. Else `cannot_tell`. `p` is
    one-sided and already pays for the number of looks.

    With a `limit` (0.2 for +20%) what is asked is only whether the test is slower by so much: an interval
    under it is `unchanged`, too, where nothing moved.

    Of a test that computes for at least half of its time the CPU clock decides, of others wall time; wall
    time that moved alone is told as waiting. Clocks that move against each other tell nothing.
    """
    by_cpu = _judge(nodeid, CPU, [(pair.a_cpu_ns, pair.b_cpu_ns) for pair in pairs], design, thresholds)
    by_wall = _judge(nodeid, WALL, [(pair.a_wall_ns, pair.b_wall_ns) for pair in pairs], design, thresholds)
    clocks = _ordered(by_cpu, by_wall)
    if not clocks:
        return PairedComparison(nodeid=nodeid, verdict=ChangeVerdict.CANNOT_TELL, pairs=0)
    verdict, reason = _together(clocks, limit)
    severities = [each.severity for each in clocks] if verdict is ChangeVerdict.REGRESSED else []
    return PairedComparison(
        nodeid=nodeid,
        verdict=verdict,
        severity=max(severities, key=tuple(Severity).index, default=Severity.NONE),
        comparisons=clocks,
        pairs=len(pairs),
        reason=reason,
    )


def is_clear(judged: PairedComparison) -> bool:
    """Whether more pairs would only cost time."""
    if judged.verdict in _MOVED:
        return True
    return bool(judged.comparisons) and judged.verdict is ChangeVerdict.UNCHANGED


def enough_passed(passed: int, asked: int) -> bool:
    """Whether a test passed on both sides in so many of the pairs that the rest may be left out."""
    return passed >= asked * _FEWEST_SHARE


def _judge(
    nodeid: str,
    metric: Metric,
    values: Sequence[tuple[float | None, float | None]],
    design: Design,
    thresholds: ChangeThresholds,
) -> Comparison | None:
    """One clock's answer; None where it measured nothing."""
    known = [(before, after) for before, after in values if before and after]
    if not known:
        return None
    logs = [math.log(after / before) for before, after in known]
    look = max((at for at, count in enumerate(design.looks) if count <= len(values)), default=0)
    interval = center_interval(logs, design.spending(look))
    assert interval is not None
    ratio = math.exp(interval.center)
    # So few pairs that nothing is refused, or a ratio beyond what a float holds.
    is_bounded = math.isfinite(interval.low)
    low, high = (math.exp(interval.low), math.exp(interval.high)) if is_bounded else (0.0, math.inf)
    verdict = _verdict(ratio, low, high, design.negligible)
    severity = Severity.NONE
    if verdict is ChangeVerdict.REGRESSED and ratio >= 1 + thresholds.warning:
        severity = Severity.CRITICAL if ratio >= 1 + thresholds.critical else Severity.WARNING
    return Comparison(
        nodeid=nodeid,
        metric=metric.name,
        unit=metric.unit,
        before=median([before for before, _ in known]) or 0.0,
        after=median([after for _, after in known]) or 0.0,
        ratio=ratio,
        interval=(low, high) if is_bounded else None,
        p=min(p_over_looks(logs, design), p_over_looks([-each for each in logs], design)),
        q=None,
        verdict=verdict,
        severity=severity,
        baseline_runs=len(known),
        judged_runs=len(known),
    )


def _verdict(ratio: float, low: float, high: float, negligible: float) -> ChangeVerdict:
    if low > 1 and ratio >= 1 + negligible:
        return ChangeVerdict.REGRESSED
    if high < 1 and ratio <= 1 / (1 + negligible):
        return ChangeVerdict.IMPROVED
    if low >= 1 / (1 + negligible) and high <= 1 + negligible:
        return ChangeVerdict.UNCHANGED
    return ChangeVerdict.CANNOT_TELL


def _ordered(by_cpu: Comparison | None, by_wall: Comparison | None) -> tuple[Comparison, ...]:
    """The clocks that measured something and count, the deciding one first."""
    if by_cpu is None or by_wall is None:
        return tuple(each for each in (by_cpu, by_wall) if each is not None)
    share = by_cpu.before / by_wall.before
    if share < _COUNTS:
        return (by_wall,)
    return (by_cpu, by_wall) if share >= _COMPUTES else (by_wall, by_cpu)


def _together(clocks: Sequence[Comparison], limit: float | None) -> tuple[ChangeVerdict, str]:
    """The verdict of the clocks and its reason."""
    moved = [each for each in clocks if each.verdict in _MOVED]
    if len({each.verdict for each in moved}) > 1:
        return ChangeVerdict.CANNOT_TELL, "its CPU time and its wall time moved against each other"
    if moved:
        longer = "longer" if moved[0].verdict is ChangeVerdict.REGRESSED else "less"
        by_cpu = any(each.metric == CPU.name for each in moved)
        measured_cpu = any(each.metric == CPU.name for each in clocks)
        alone = ", its CPU time did not move" if measured_cpu else ""
        return moved[0].verdict, f"computes {longer}" if by_cpu else f"waits {longer}{alone}"
    deciding = clocks[0]
    if deciding.verdict is ChangeVerdict.UNCHANGED:
        return deciding.verdict, ""
    if deciding.interval is None:
        return deciding.verdict, f"{deciding.judged_runs} pairs are too few to tell anything"
    low, high = (format_change(each) for each in deciding.interval)
    if limit is not None and deciding.interval[1] <= 1 + limit:
        return ChangeVerdict.UNCHANGED, f"not slower by {format_share(limit)}"
    return deciding.verdict, f"it may be anything from {low} to {high}"
