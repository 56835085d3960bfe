"""How one metric of every test changed, and how surprising that is: before any verdict.

The steps of a comparison: lay the runs side by side, take the machine out, learn the noise,
test the differences of medians, control false discoveries. All on the natural log scale.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.columns import Column, Table, by_row
from lapwing.analysis.known_center import KnownCenter
from lapwing.analysis.machine_factor import computing_shares, without_bursts, without_factors
from lapwing.analysis.noise import (
    Prior,
    Spread,
    own_spread,
    posterior,
    prior_from_changes,
    prior_from_variances,
    small_suite_prior,
)
from lapwing.analysis.spikes import Spikes, spikes_down, spikes_up
from lapwing.model.thresholds import ChangeThresholds
from lapwing.model.value import Value
from lapwing.stats.false_discovery import benjamini_hochberg
from lapwing.stats.median import median, median_of_sorted, median_variance
from lapwing.stats.student_t import t_quantile, t_upper_tail

INTERVAL: Final = 0.95

_WORTH_TESTING: Final = 0.5  # share of threshold and floor under which a change gets no p: no gate lets it by
_UNKNOWN_MACHINE_SD: Final = 0.25  # ln; a suite of one test says nothing about its machine
_LEAST_MACHINE_SD: Final = 0.05
_MOSTLY: Final = 0.5
_LEAST_SHARE: Final = 0.01  # with a threshold of zero every duration would count alike, and none would


class Evidence(Value):
    """What speaks for one test's change, in either direction."""

    p: float  # one-sided, in the direction of the change
    q: float  # among regressions or among improvements
    standard_error: float  # of the change, ln
    margin: float  # half of the 95% interval, ln
    least: float  # smallest change, ln, that would have been called
    is_outside: bool  # the judged values lie outside what the baseline has shown
    runs: int  # of the baseline
    is_few_runs: bool  # the suite's noise stands in for the test's own
    is_over_spikes: bool  # larger than any spike of a single run is likely to be


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
    before: list[Sequence[float]] | None  # ln of the baseline's values as measured; None for a file
    known: list[KnownCenter] | None  # what a file knows instead
    computing: Sequence[float] | None  # share of each test's time that it computes; None if unknown

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
            low, high = _shown(sorted(self.before[row]))
        else:
            assert self.known is not None
            low, high = self.known[row].shown()
        return low <= self.centers[row] + self.shifts[row] <= high

    def rise(self, row: int) -> float:
        """After - before in the metric's unit, on the machine of `after`."""
        return self.after[row] * (1 - math.exp(-self.changes[row]))


class _Sides(Value):
    before: list[Sequence[float]] | None  # sorted values by row; None for a baseline file
    after: list[Sequence[float]]
    centers: list[float]
    counts: list[int]
    known: list[KnownCenter] | None

    def spread(self, row: int) -> Spread | None:
        if self.before is not None:
            return own_spread(self.before[row], self.after[row])
        assert self.known is not None
        return self.known[row].spread_with(self.after[row])

    def unit(self, row: int) -> float:
        """Standard deviation of the difference of medians, if one value has variance 1."""
        return math.sqrt(median_variance(self.counts[row]) + median_variance(len(self.after[row])))

    def shown(self, row: int) -> tuple[float, float]:
        """What the baseline has shown: lowest and highest, without one bad run of five or more."""
        if self.before is not None:
            return _shown(self.before[row])
        assert self.known is not None
        return self.known[row].shown()


def measure_changes(
    table: Table,
    thresholds: ChangeThresholds,
    *,
    known: Mapping[str, KnownCenter] | None = None,
    by_cpu: Changes | None = None,
    is_cpu: bool = False,
) -> Changes:
    """How the tests of `table` changed; `known` stands for the baseline columns if it is given.

    `by_cpu` are the changes of CPU time where `table` is of wall time: what a test does not compute,
    the machine is not taken out of. `is_cpu` where it is of CPU time.
    """
    count = len(table.subjects)
    known_rows = None if known is None else [known[subject] for subject in table.subjects]
    measured = [median_of_sorted(sorted(row)) for row in by_row([*table.judged, *table.confirming], count)]
    raw_before = by_row(table.baseline, count)
    if known_rows is None:
        raw_centers = [median_of_sorted(sorted(row)) for row in raw_before]
    else:
        raw_centers = [test.center for test in known_rows]
    columns, confirming = [*table.baseline, *table.judged], list(table.confirming)
    runs, full = len(table.baseline), len(columns)
    absorbed = computing = None
    is_small = count < max(thresholds.min_tests, 2)
    if not is_small:
        computing = _computing(table.subjects, raw_centers, by_cpu) if by_cpu and by_cpu.subjects else None
        columns = without_factors(columns, runs, raw_centers, computing, confirming)
        columns, confirming = columns[:full], columns[full:]
        # A center that is off by its factor is off in all runs alike, and falls out of the change.
        adjusted = without_bursts(columns, runs, raw_centers, computing)
        columns, absorbed = adjusted.columns, adjusted.absorbed
    sides = _sides(columns[:runs], [*columns[runs:], *confirming], count, known_rows)
    changes = [
        median_of_sorted(after) - center for after, center in zip(sides.after, sides.centers, strict=True)
    ]
    after = list(map(math.exp, measured))
    return Changes(
        subjects=table.subjects,
        changes=changes,
        after=after,
        shifts=[late - early for late, early in zip(measured, raw_centers, strict=True)],
        baseline_counts=sides.counts,
        judged_counts=[len(values) for values in sides.after],
        evidence=_evidence(sides, changes, after, thresholds, is_small),
        absorbed=absorbed,
        is_small_suite=is_small,
        centers=raw_centers,
        before=raw_before if known_rows is None else None,
        known=known_rows,
        computing=[1.0] * count if is_cpu else computing,
    )


def _computing(subjects: Sequence[str], centers: Sequence[float], by_cpu: Changes) -> list[float]:
    if by_cpu.subjects == subjects:
        return computing_shares(centers, by_cpu.centers)
    cpu_of = dict(zip(by_cpu.subjects, by_cpu.centers, strict=True))
    return computing_shares(centers, list(map(cpu_of.get, subjects)))


def _sides(
    baseline: Sequence[Column], judged: Sequence[Column], count: int, known: list[KnownCenter] | None
) -> _Sides:
    after: list[Sequence[float]] = [sorted(row) for row in by_row(judged, count)]
    if known is not None:
        centers = [test.center for test in known]
        return _Sides(None, after, centers, [test.runs for test in known], known)
    before: list[Sequence[float]] = [sorted(row) for row in by_row(baseline, count)]
    return _Sides(before, after, list(map(median_of_sorted, before)), list(map(len, before)), None)


def _evidence(
    sides: _Sides,
    changes: list[float],
    after: list[float],
    thresholds: ChangeThresholds,
    is_small: bool,
) -> dict[int, Evidence]:
    floor = max(thresholds.min_change_ns, 1)
    weights = _weights(sides, changes, floor, math.log1p(thresholds.warning))
    least = _WORTH_TESTING * math.log1p(thresholds.warning)
    rows = [
        row
        for row in weights
        if abs(changes[row]) >= least
        and after[row] * abs(1 - math.exp(-changes[row])) >= _WORTH_TESTING * floor
    ]
    if not rows:
        return {}
    priors = _Priors(sides, changes, is_small, thresholds.min_runs)
    single = _SingleRuns(sides, changes, _WORTH_TESTING * floor, is_small)
    mean_weight = sum(weights.values()) / len(weights)
    level = min(thresholds.q / len(weights), 0.5)
    quantiles: dict[float, tuple[float, float]] = {}
    tested = []
    for row in rows:
        is_few = sides.counts[row] < thresholds.min_runs
        spread = posterior(priors.of(is_few), row, sides.spread(row), never_under_prior=is_few)
        error = math.sqrt(spread.variance) * sides.unit(row)
        if is_small:
            error = math.hypot(error, _machine_sd(changes, row))
        p = t_upper_tail(abs(changes[row]) / error, spread.freedom)
        spikes = single.of(row)
        is_over = True
        if spikes is not None:
            excess = math.exp(sides.centers[row]) * abs(math.exp(changes[row]) - 1)
            p = max(p, spikes.chance(excess, sides.centers[row], unseen=int(is_few)))
            is_over = spikes.are_smaller(excess, sides.centers[row])
        if spread.freedom not in quantiles:
            quantiles[spread.freedom] = (
                t_quantile((1 + INTERVAL) / 2, spread.freedom),
                -t_quantile(level, spread.freedom),
            )
        tested.append(_Tested(row, p, error, spread.freedom, is_few, is_over))
    q_values = _q_values(tested, changes, weights, mean_weight)
    return {
        test.row: Evidence(
            p=test.p,
            q=q_values[test.row],
            standard_error=test.error,
            margin=quantiles[test.freedom][0] * test.error,
            least=max(quantiles[test.freedom][1] * test.error, math.log1p(thresholds.warning)),
            is_outside=_is_outside(sides, test.row, changes[test.row]),
            runs=sides.counts[test.row],
            is_few_runs=test.is_few_runs,
            is_over_spikes=test.is_over_spikes,
        )
        for test in tested
    }


class _Tested(Value):
    row: int
    p: float
    error: float
    freedom: float
    is_few_runs: bool
    is_over_spikes: bool


class _SingleRuns:
    """The spikes to reckon with where a side has a single value; none in a suite too small to know."""

    def __init__(self, sides: _Sides, changes: list[float], least_ns: float, is_small: bool) -> None:
        self._sides, self._changes, self._least, self._is_small = sides, changes, least_ns, is_small
        self._up: Spikes | None = None
        self._down: Spikes | None = None

    def of(self, row: int) -> Spikes | None:
        sides = self._sides
        if self._is_small:
            return None
        if self._changes[row] > 0 and len(sides.after[row]) == 1:
            if self._up is None:
                self._up = spikes_up(sides.before, sides.centers, self._changes, self._least)
            return self._up
        if self._changes[row] < 0 and sides.counts[row] == 1:
            if self._down is None:
                self._down = spikes_down(sides.centers, self._changes, self._least)
            return self._down
        return None


class _Priors:
    """The two priors, each made when first asked for."""

    def __init__(self, sides: _Sides, changes: list[float], is_small: bool, min_runs: int) -> None:
        self._sides, self._changes = sides, changes
        self._small = small_suite_prior() if is_small else None
        self._fitted: Prior | None = None
        self._stand_in: Prior | None = None

    def of(self, is_few_runs: bool) -> Prior:
        if self._small is not None:
            return self._small
        if not is_few_runs:
            if self._fitted is None:
                self._fitted = prior_from_variances(self._sides.centers, self._sides.spread)
            if self._fitted is not None:
                return self._fitted
        if self._stand_in is None:
            scaled = [change / self._sides.unit(row) for row, change in enumerate(self._changes)]
            self._stand_in = prior_from_changes(self._sides.centers, scaled)
        return self._stand_in


def _weights(sides: _Sides, changes: list[float], floor: float, least: float) -> dict[int, float]:
    """Weights of the tests that could pass the absolute floor at all: the hypotheses.

    A test that passes the floor with the smallest change that is reported (`least`, ln) weighs 1, a
    shorter one, which must grow by more, in proportion to its duration: else a crowd of short tests
    takes the power from the long ones.

    That and the weight look at both sides as one heap of values, which tells nothing about a
    difference between them, so neither bends the p values (Bourgon, Gentleman and Huber 2010).
    """
    weights = {}
    log_floor, full = math.log(floor), floor / max(math.expm1(least), _LEAST_SHARE)
    for row, after in enumerate(sides.after):
        needed = len(after) // 2 + 1  # so many values must reach the floor before the median can move by it
        if sides.before is not None:
            before = sides.before[row]
            if before[-1] < log_floor and after[-1] < log_floor:
                continue
            if needed > 1 and sorted([*before[-needed:], *after])[-needed] < log_floor:
                continue
        elif max(sides.centers[row], after[-1]) < log_floor:
            continue
        early, late = sides.counts[row], len(after)
        middle = sides.centers[row] + changes[row] * late / (early + late)
        weights[row] = min(math.exp(middle) / full, 1.0)
    return weights


def _q_values(
    tested: Sequence[_Tested], changes: list[float], weights: dict[int, float], mean_weight: float
) -> dict[int, float]:
    q_values: dict[int, float] = {}
    for is_slower in (True, False):
        side = [test for test in tested if (changes[test.row] > 0) is is_slower]
        weighted = [test.p * mean_weight / weights[test.row] for test in side]
        found = benjamini_hochberg(weighted, len(weights))
        q_values.update(zip([test.row for test in side], found, strict=True))
    return q_values


def _shown(values: Sequence[float]) -> tuple[float, float]:
    return (values[1], values[-2]) if len(values) >= 5 else (values[0], values[-1])


def _is_outside(sides: _Sides, row: int, change: float) -> bool:
    """Outside with all judged values, but for one of three or more: it may be a lucky one."""
    low, high = sides.shown(row)
    after = sides.after[row]
    spared = 1 if len(after) >= 3 else 0
    return after[spared] > high if change > 0 else after[-1 - spared] < low


def _machine_sd(changes: list[float], row: int) -> float:
    """How far the machine may have moved a suite too small to estimate it, judged by the other tests."""
    others = median([abs(change) for other, change in enumerate(changes) if other != row])
    return _UNKNOWN_MACHINE_SD if others is None else max(others, _LEAST_MACHINE_SD)
