"""How one metric of every test changed, and how surprising that is: before any verdict.

The steps of a comparison: lay the runs side by side, take the machine out, learn the noise,
test the differences of medians, control false discoveries. All on the natural log scale.
"""

import math
import operator
from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.arithmetic import Arithmetic
from lapwing.analysis.columns import Column, Table, sorted_rows
from lapwing.analysis.evidence import Evidence, evidence_of
from lapwing.analysis.known_center import KnownCenter
from lapwing.analysis.machine_factor import (
    LONELY_SHARE,
    MOST_CPU_BURST,
    computing_shares,
    lonely_rows,
    with_confirmed_bursts,
    without_bursts,
    without_factors,
)
from lapwing.analysis.quickest import Quickest
from lapwing.analysis.sides import Sides, range_shown
from lapwing.analysis.spikes import KnownSpikes
from lapwing.model.thresholds import ChangeThresholds
from lapwing.model.value import Value
from lapwing.stats.median import median_of_sorted

_MOSTLY: Final = 0.5


class Changes(Value):
    """One metric of all tests, a row each."""

    subjects: Sequence[str]
    changes: list[float]  # ln(after / before), the machine taken out
    after: list[float]  # in the metric's unit, median of the judged runs as measured
    shifts: list[float]  # ln(after / before) as measured, the machine left in
    baseline_counts: list[int]
    judged_counts: list[int]
    evidence: dict[int, Evidence]  # of rows whose change is worth testing
    absorbed: list[float] | None  # ln: taken for a burst of the machine, of a single judged run
    is_small_suite: bool  # no machine factor could be estimated
    centers: list[float]  # ln of the median of the baseline as measured
    before: (
        Sequence[Sequence[float]] | None
    )  # ln of the baseline's values as measured, rising; None for a file
    known: list[KnownCenter] | None  # what a file knows instead
    computing: Sequence[float] | None  # share of each test's time that it computes; None if unknown
    values: Sequence[Sequence[float]]  # ln of the values after the change, rising, the machine taken out
    levels: Sequence[float]  # ln of the baseline's medians, the machine taken out

    def is_within_measured(self, row: int) -> bool:
        """Whether the baseline has shown such times as the judged median, the machine left in.

        Asked of tests that mostly wait, or of which nobody knows: what computes is stretched by the machine,
        and may well have taken as long on a slower one. Asked of all, it cost 5 points of detection of x1.5
        and spared no false alarm. One bad run of five or more does not count: with it a tenth of the
        doubled tests of real suites was no longer found.
        """
        if self.computing is not None and self.computing[row] > _MOSTLY:
            return False
        if self.before is not None:
            low, high = range_shown(self.before[row])
        else:
            assert self.known is not None
            low, high = self.known[row].shown()
        return low <= self.centers[row] + self.shifts[row] <= high

    def rise(self, row: int) -> float:
        """After - before in the metric's unit, on the machine of `after`."""
        return self.after[row] * (1 - math.exp(-self.changes[row]))

    def quickest_before(self, row: int) -> float:
        """What the quickest baseline run took, in the metric's unit as measured; of a file the median."""
        return math.exp(self.centers[row] if self.before is None else self.before[row][0])

    def quickest(self, row: int) -> Quickest:
        """The least that the test has taken after the change, the machine taken out."""
        least, level = self.values[row][0], self.levels[row]
        return Quickest(len(self.values[row]), least - level, math.exp(least) - math.exp(level))


def measure_changes(
    table: Table,
    thresholds: ChangeThresholds,
    *,
    known: Mapping[str, KnownCenter] | None = None,
    spikes: KnownSpikes | None = None,
    by_cpu: Changes | None = None,
    is_cpu: bool = False,
) -> Changes:
    """How the tests of `table` changed; `known` and `spikes` stand for the baseline columns if given.

    `by_cpu` are the changes of CPU time where `table` is of wall time: what a test does not compute,
    the machine is not taken out of. `is_cpu` where it is of CPU time.
    """
    count = len(table.subjects)
    known_rows = None if known is None else [known[subject] for subject in table.subjects]
    arithmetic = table.arithmetic
    both = sorted_rows([*table.judged, *table.confirming], count, arithmetic)
    measured = arithmetic.medians(both)
    raw_before = sorted_rows(table.baseline, count, arithmetic)
    if known_rows is None:
        raw_centers = arithmetic.medians(raw_before)
    else:
        raw_centers = [test.center for test in known_rows]
    columns, confirming = [*table.baseline, *table.judged], list(table.confirming)
    runs, full = len(table.baseline), len(columns)
    absorbed = computing = None
    lonely: list[int] = []
    is_small = count < max(thresholds.min_tests, 2)
    if not is_small:
        computing = _computing(table.subjects, raw_centers, by_cpu) if by_cpu and by_cpu.subjects else None
        lonely = lonely_rows(raw_centers, thresholds.min_change_ns)
        shares = _scaled(computing, lonely, LONELY_SHARE, count)
        columns = without_factors(columns, runs, raw_centers, shares, confirming, arithmetic)
        columns, confirming = columns[:full], columns[full:]
        # A center that is off by its factor is off in all runs alike, and falls out of the change.
        most = MOST_CPU_BURST if is_cpu else math.inf
        # A burst that short neighbors share has long passed when a lonely test has run.
        shares = _scaled(computing, lonely, 0.0, count)
        adjusted = without_bursts(columns, runs, raw_centers, shares, most, arithmetic)
        columns, absorbed = with_confirmed_bursts(adjusted, confirming, arithmetic)
    sides = _sides(columns[:runs], columns[runs:], confirming, count, known_rows, spikes, arithmetic)
    changes = [
        median_of_sorted(after) - center for after, center in zip(sides.after, sides.centers, strict=True)
    ]
    for row, again in enumerate(sides.again):
        if again:
            changes[row] = sides.shift(row, sides.after[row])
    after = list(map(math.exp, measured))
    shifts = [late - early for late, early in zip(measured, raw_centers, strict=True)]
    taken = list(map(operator.sub, shifts, changes))
    return Changes(
        subjects=table.subjects,
        changes=changes,
        after=after,
        shifts=shifts,
        baseline_counts=sides.counts,
        judged_counts=[len(values) for values in sides.after],
        evidence=evidence_of(sides, changes, after, thresholds, is_small, taken, lonely),
        absorbed=absorbed,
        is_small_suite=is_small,
        centers=raw_centers,
        before=raw_before if known_rows is None else None,
        known=known_rows,
        computing=[1.0] * count if is_cpu else computing,
        values=sides.after,
        levels=sides.centers,
    )


def _computing(subjects: Sequence[str], centers: Sequence[float], by_cpu: Changes) -> list[float]:
    if by_cpu.subjects == subjects:
        return computing_shares(centers, by_cpu.centers)
    cpu_of = dict(zip(by_cpu.subjects, by_cpu.centers, strict=True))
    return computing_shares(centers, list(map(cpu_of.get, subjects)))


def _scaled(
    computing: Sequence[float] | None, rows: Sequence[int], share: float, count: int
) -> Sequence[float] | None:
    """`computing` with so much of it in these rows."""
    if not rows:
        return computing
    scaled = [1.0] * count if computing is None else list(computing)
    for row in rows:
        scaled[row] *= share
    return scaled


def _sides(
    baseline: Sequence[Column],
    judged: Sequence[Column],
    confirming: Sequence[Column],
    count: int,
    known: list[KnownCenter] | None,
    spikes: KnownSpikes | None,
    arithmetic: Arithmetic,
) -> Sides:
    after: list[Sequence[float]] = [*sorted_rows([*judged, *confirming], count, arithmetic)]
    again: list[Sequence[float]] = [*sorted_rows(confirming, count, arithmetic)] if confirming else []
    if known is not None:
        centers = [test.center for test in known]
        counts = [test.runs for test in known]
        return Sides(None, after, centers, counts, known, again, arithmetic, spikes)
    before = sorted_rows(baseline, count, arithmetic)
    centers, counts = arithmetic.medians(before), arithmetic.counts(before)
    return Sides(before, after, centers, counts, None, again, arithmetic)
