"""Comparing memory: no machine stretches it, so there is no machine factor and no noise to learn."""

import math
from collections.abc import Callable, Container, Sequence
from typing import Final

from lapwing.analysis.baseline_side import BaselineSide
from lapwing.analysis.exact import exact_comparison
from lapwing.analysis.gates import UNCHANGED, Judged, severity_of
from lapwing.analysis.limits import Limits
from lapwing.model.baseline import BaselineFile, ShownBytes
from lapwing.model.comparison import ChangeVerdict, Comparison, Severity
from lapwing.model.metric import DELTA, PEAK, Metric
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds
from lapwing.model.value import Value
from lapwing.stats.median import median_of_sorted

_COLUMNS: Final[tuple[tuple[Metric, Callable[[RunSamples], Sequence[int | None]]], ...]] = (
    (PEAK, lambda run: run.peak_bytes),
    (DELTA, lambda run: run.delta_bytes),
)

_LEAST_RUNS: Final = 2


def compare_memory(baseline: BaselineSide, judged: Sequence[RunSamples], limits: Limits) -> list[Comparison]:
    """Comparisons of the memory metrics of the tests that both sides measured.

    Tests that never reach `min_change_bytes` on either side cannot change by it and are left out.
    """
    made = []
    thresholds = limits.loosest()
    for metric, column in _COLUMNS:
        own = limits.by_subject(metric)
        reaching = _values(judged, column, thresholds.min_change_bytes, among=None)
        if not reaching:
            continue
        if baseline.file is None:
            values = _values(baseline.runs, column, 0, among=reaching)
            before = {nodeid: _of_runs(each, thresholds) for nodeid, each in values.items()}
        else:
            before = _of_file(baseline.file, metric, among=reaching)
        late = _values(judged, column, 0, among=before)
        made += [
            _compare(nodeid, metric, before[nodeid], values, own(nodeid)) for nodeid, values in late.items()
        ]
    return made


def shown_bytes(
    runs: Sequence[RunSamples], thresholds: ChangeThresholds
) -> dict[str, tuple[ShownBytes | None, ShownBytes | None]]:
    """What `runs` have shown of peak and kept memory of each test in which either was measured."""
    found: dict[str, list[ShownBytes | None]] = {}
    for place, (_, column) in enumerate(_COLUMNS):
        for nodeid, values in _values(runs, column, 0, among=None).items():
            level = _of_runs(values, thresholds)
            shown = ShownBytes(round(level.median), level.low, level.high)
            found.setdefault(nodeid, [None] * len(_COLUMNS))[place] = shown
    return {nodeid: (peak, delta) for nodeid, (peak, delta) in found.items()}


class _Before(Value):
    """What the baseline knows of one test."""

    median: float
    low: int  # without one bad run of five or more
    high: int
    runs: int


def _of_runs(values: Sequence[int], thresholds: ChangeThresholds) -> _Before:
    rising = sorted(values)
    spared = 1 if len(rising) >= thresholds.min_runs and len(rising) > 1 else 0
    return _Before(median_of_sorted(rising), rising[spared], rising[-1 - spared], len(rising))


def _of_file(file: BaselineFile, metric: Metric, *, among: Container[str]) -> dict[str, _Before]:
    known = {}
    for nodeid, entry in file.tests.items():
        shown = entry.peak if metric is PEAK else entry.delta
        if shown is not None and nodeid in among:
            known[nodeid] = _Before(shown.median, shown.low, shown.high, entry.runs)
    return known


def _values(
    runs: Sequence[RunSamples],
    column: Callable[[RunSamples], Sequence[int | None]],
    at_least: int,
    *,
    among: Container[str] | None,
) -> dict[str, list[int]]:
    """Values per test; of those in `among`, or if that is None of those that reach `at_least`."""
    values: dict[str, list[int]] = {}
    for run in runs:
        for nodeid, value in zip(run.subjects, column(run), strict=False):
            if value is not None and (abs(value) >= at_least if among is None else nodeid in among):
                values.setdefault(nodeid, []).append(value)
    return values


def _compare(
    nodeid: str, metric: Metric, before: _Before, after: list[int], thresholds: ChangeThresholds
) -> Comparison:
    after.sort()
    early, late = before.median, median_of_sorted(after)
    ratio = late / early if early > 0 else 1.0 if late <= early else math.inf
    judged = _judge(before, after, ratio, late - early, thresholds)
    return exact_comparison(
        nodeid,
        metric.name,
        metric.unit,
        before=early,
        after=late,
        ratio=ratio,
        runs=(before.runs, len(after)),
        judged=judged,
    )


def _judge(
    before: _Before, after: Sequence[int], ratio: float, change: float, thresholds: ChangeThresholds
) -> Judged:
    """Large, and outside what the baseline has shown but for one bad run of five or more.

    With fewer baseline runs it must also be over the critical threshold, and one alone cannot tell: what a
    test adds to its process hangs on what tests before it, with several workers others each time, have left.
    """
    if abs(change) <= thresholds.min_change_bytes:
        return UNCHANGED
    is_more = change > 0
    if not (ratio > 1 + thresholds.warning if is_more else ratio < 1 / (1 + thresholds.warning)):
        return UNCHANGED
    is_outside = after[0] > before.high if is_more else after[-1] < before.low
    if not is_outside:
        return Judged(ChangeVerdict.UNCHANGED, reason="within what the baseline has shown")
    is_large = max(ratio, 1 / max(ratio, 1e-9)) > 1 + thresholds.critical
    if before.runs < thresholds.min_runs and not (is_large and before.runs >= _LEAST_RUNS):
        if not is_more:
            return Judged(ChangeVerdict.UNCHANGED, reason="less, but of too few baseline runs to tell")
        return Judged(
            ChangeVerdict.CANNOT_TELL,
            worth_a_look=True,
            reason=f"fewer than {thresholds.min_runs} baseline runs do not show how far it varies",
        )
    return Judged(
        ChangeVerdict.REGRESSED if is_more else ChangeVerdict.IMPROVED,
        severity_of(ratio, thresholds.critical) if is_more else Severity.NONE,
    )
