"""What the machine, not the code, did to a run: a shift by duration, and bursts along the run.

Most tests did not change. So what a run's tests have in common is the machine's: taken out once as a
function of duration (short tests react to a slow machine otherwise than long ones), and once along
the order of execution, where a burst of other work hits neighbors alike.
"""

import math
from collections.abc import Sequence
from heapq import nlargest
from itertools import pairwise
from operator import sub
from typing import Final

from lapwing.analysis.arithmetic import Arithmetic
from lapwing.analysis.columns import Column, sorted_rows
from lapwing.model.value import Value
from lapwing.stats import columns as lists
from lapwing.stats.median import median_of_sorted
from lapwing.stats.median_trend import MedianTrend

FACTOR_WINDOW: Final = 25
"""Tests in the window at the long end. On real suites 15 alarmed more, 50 found less."""

NEIGHBORS: Final = 9
"""Tests in the window along the order of execution."""

MOST_CPU_BURST: Final = math.log(1.5)
"""ln; more than that shared caches and hyperthreads do not stretch CPU time."""

_SHARED_BLOCK: Final = 5  # neighbors that share a window: as good as a window each, at a fifth of the cost


LONELY_RATIO: Final = 10.0
"""So many times as long as the tests that a factor is learned from, all of them short, is a test lonely."""

LONELY_SHARE: Final = 0.5
"""Of their shift a lonely test is freed: it may have slowed down as they did, or not at all."""


class Adjusted(Value):
    """Columns freed of the machine."""

    columns: list[Column]
    absorbed: list[float] | None  # ln, per row: taken out of a single judged run as a burst


def computing_shares(centers: Sequence[float], cpu_centers: Sequence[float | None]) -> list[float]:
    """Share of each test's time that it computes, 0 to 1; both ln of times, CPU time None if unknown.

    Only that share is the machine's to stretch: sleeping tests do not slow down with it. A test whose
    CPU time is unknown counts as computing throughout.
    """
    return [
        1.0 if own is None or own >= center else math.exp(own - center)
        for center, own in zip(centers, cpu_centers, strict=True)
    ]


def lonely_rows(centers: Sequence[float], floor_ns: float) -> list[int]:
    """Rows of tests that are far longer than any a factor could be learned from.

    `centers` are ln of durations in nanoseconds. What moves tests under `floor_ns` is mostly clocks, caches
    and the interpreter's own work around them, which a long test hardly has. None where the longest tests
    of the suite are not that short.
    """
    longest = nlargest(FACTOR_WINDOW, centers)
    if not longest or (middle := longest[len(longest) >> 1]) >= math.log(max(floor_ns, 1)):
        return []
    return [row for row, center in enumerate(centers) if center > middle + math.log(LONELY_RATIO)]


def without_factors(
    columns: Sequence[Column],
    baseline_runs: int,
    centers: Sequence[float],
    computing: Sequence[float] | None = None,
    confirming: Sequence[Column] = (),
    arithmetic: Arithmetic = lists,
) -> list[Column]:
    """`columns` less each run's shift as a function of duration, `centers` the ln of durations.

    The first `baseline_runs` columns are the baseline's: their shifts are counted from the
    shift of the median baseline run, so that the baseline keeps its own scale. With none (a
    baseline file) shifts are counted from the centers. `computing` are shares by row (see
    `computing_shares`); None is 1 throughout. `confirming` columns follow in the answer: they hold too few
    tests to show a shift, and are freed of that of the median judged run.
    """
    trend, count = MedianTrend.over(centers, FACTOR_WINDOW), len(centers)
    levels = arithmetic.vector(centers)
    tables = []
    for column in columns:
        residuals = arithmetic.less(column.logs, arithmetic.at(levels, column.rows))
        tables.append(trend.table(trend.levels(arithmetic.lookup(column.rows, residuals, count))))
    if baseline_runs:
        middle = [median_of_sorted(sorted(cell)) for cell in zip(*tables[:baseline_runs], strict=True)]
        tables = [list(map(sub, table, middle)) for table in tables]
    if confirming:
        columns = [*columns, *confirming]
        judged = [median_of_sorted(sorted(cell)) for cell in zip(*tables[baseline_runs:], strict=True)]
        tables += [judged] * len(confirming)
    cells, shares = (
        arithmetic.places(trend.cells),
        None if computing is None else arithmetic.vector(computing),
    )
    adjusted = []
    for column, table in zip(columns, tables, strict=True):
        by_row = arithmetic.at(arithmetic.vector(table), cells)
        shifts = _scaled(column, arithmetic.at(by_row, column.rows), shares, arithmetic)
        adjusted.append(column._replace(logs=arithmetic.less(column.logs, shifts)))
    return adjusted


def without_bursts(
    columns: Sequence[Column],
    baseline_runs: int,
    centers: Sequence[float],
    computing: Sequence[float] | None = None,
    most: float = math.inf,
    arithmetic: Arithmetic = lists,
) -> Adjusted:
    """`columns` less a running median of residuals over neighbors in execution order, per worker.

    A burst strikes single runs. Where all judged runs (two or more) are shifted at the same
    place by the same sign, the smallest of those shifts is left in: something that neighboring
    tests share has changed. Of a single judged run this cannot be told; its shifts are taken
    out, up to `most` (ln), and given back as `absorbed`. `computing` as in `without_factors`.
    """
    levels, shares = arithmetic.vector(centers), None if computing is None else arithmetic.vector(computing)
    shifts = [
        _scaled(column, _local_shifts(column, levels, arithmetic), shares, arithmetic) for column in columns
    ]
    judged = columns[baseline_runs:]
    absorbed: list[float] | None = None
    if len(judged) == 1:
        absorbed = [0.0] * len(centers)
        taken = [min(shift, most) for shift in arithmetic.plain(shifts[-1])]
        for row, shift in zip(judged[0].rows, taken, strict=True):
            absorbed[row] = shift
        shifts[-1] = arithmetic.vector(taken)
    else:
        beside = [
            column._replace(logs=shift) for column, shift in zip(judged, shifts[baseline_runs:], strict=True)
        ]
        shared = arithmetic.vector([_shared(row) for row in sorted_rows(beside, len(centers), arithmetic)])
        for index, column in enumerate(judged, start=baseline_runs):
            shifts[index] = arithmetic.less(shifts[index], arithmetic.at(shared, column.rows))
    freed = [
        column._replace(logs=arithmetic.less(column.logs, shift))
        for column, shift in zip(columns, shifts, strict=True)
    ]
    return Adjusted(columns=freed, absorbed=absorbed)


def with_confirmed_bursts(
    adjusted: Adjusted, confirming: Sequence[Column], arithmetic: Arithmetic = lists
) -> Adjusted:
    """Gives back what was taken for a burst of a single judged run as far as `confirming` runs show it, too.

    They were made at another time: what their median lies above the freed value by is the test's own.
    """
    if adjusted.absorbed is None or not confirming:
        return adjusted
    absorbed, judged = adjusted.absorbed.copy(), adjusted.columns[-1]
    again = [*sorted_rows(confirming, len(absorbed), arithmetic)]
    logs = arithmetic.plain(judged.logs)
    for place, row in enumerate(judged.rows):
        if again[row] and absorbed[row] > 0:
            shown = median_of_sorted(again[row]) - logs[place]
            back = min(max(shown, 0.0), absorbed[row])
            logs[place] += back
            absorbed[row] -= back
    return Adjusted(
        columns=[*adjusted.columns[:-1], judged._replace(logs=arithmetic.vector(logs))], absorbed=absorbed
    )


def weight(duration_ns: float, floor_ns: float) -> float:
    """How much a test of this duration matters: ln(1 + duration / floor).

    It stands behind the machine factor shown to people: longer tests say more, none decides alone.
    """
    return math.log1p(duration_ns / max(floor_ns, 1))


def _scaled(
    column: Column, shifts: Sequence[float], computing: Sequence[float] | None, arithmetic: Arithmetic
) -> Sequence[float]:
    return shifts if computing is None else arithmetic.times(shifts, arithmetic.at(computing, column.rows))


def _local_shifts(column: Column, centers: Sequence[float], arithmetic: Arithmetic) -> Sequence[float]:
    residuals = arithmetic.less(column.logs, arithmetic.at(centers, column.rows))
    return arithmetic.joined(
        [
            arithmetic.running_median(residuals[start:stop], NEIGHBORS, _SHARED_BLOCK)
            for start, stop in pairwise([0, *column.stops])
        ]
    )


def _shared(rising: Sequence[float]) -> float:
    if len(rising) < 2:
        return 0.0
    low, high = rising[0], rising[-1]
    return low if low > 0 else high if high < 0 else 0.0
