"""Limits of single tests that someone wrote into the baseline file: they take the place of the gates."""

from collections.abc import Sequence

from lapwing.analysis.baseline_side import wall_medians
from lapwing.analysis.gates import severity_of
from lapwing.model.baseline import BaselineEntry, BaselineFile
from lapwing.model.comparison import ChangeVerdict, Comparison, Severity
from lapwing.model.metric import WALL
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds
from lapwing.units import format_duration


def with_manual_limits(
    comparisons: Sequence[Comparison],
    file: BaselineFile,
    judged: Sequence[RunSamples],
    thresholds: ChangeThresholds,
) -> list[Comparison]:
    """`comparisons`, those of tests with a limit of their own judged by it.

    Over the limit, in wall time as measured, a test is regressed on any machine; within it none of its
    times is.
    """
    manual = {nodeid: entry for nodeid, entry in file.tests.items() if entry.threshold_is_manual}
    if not manual:
        return list(comparisons)
    measured = wall_medians(judged, dict.fromkeys(manual))
    return [
        _limited(comparison, manual[comparison.nodeid], measured.get(comparison.nodeid, 0.0), thresholds)
        if comparison.nodeid in manual
        else comparison
        for comparison in comparisons
    ]


def _limited(
    comparison: Comparison, entry: BaselineEntry, measured: float, thresholds: ChangeThresholds
) -> Comparison:
    limit = f"its own limit of {format_duration(entry.threshold_ns)}, set by hand in the baseline file"
    if measured > entry.threshold_ns:
        if comparison.metric != WALL.name:
            return comparison
        return comparison._replace(
            verdict=ChangeVerdict.REGRESSED,
            severity=severity_of(measured / max(entry.duration_ns, 1), thresholds.critical),
            worth_a_look=False,
            reason=f"over {limit}",
        )
    if comparison.verdict not in (ChangeVerdict.REGRESSED, ChangeVerdict.CANNOT_TELL):
        return comparison
    return comparison._replace(
        verdict=ChangeVerdict.UNCHANGED,
        severity=Severity.NONE,
        worth_a_look=False,
        reason=f"slower, but within {limit}",
    )
