"""How surprising the changes of tests are: the test, its p, and q over all of a judgment."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Final

from lapwing.analysis.noise import (
    PRIOR_QUANTILE,
    Prior,
    Spread,
    no_noisier_than_usual,
    noise_trend,
    posterior,
    prior_from_changes,
    priors_from_variances,
    small_suite_prior,
)
from lapwing.analysis.sides import Sides
from lapwing.analysis.spikes import Spikes, spikes_down, spikes_up
from lapwing.model.thresholds import ChangeThresholds
from lapwing.model.value import Value
from lapwing.stats.false_discovery import benjamini_hochberg
from lapwing.stats.median import median
from lapwing.stats.rank_sum import rank_sum_tail
from lapwing.stats.student_t import t_quantile, t_upper_tail

INTERVAL: Final = 0.95

WORTH_TESTING: Final = 0.5
"""Share of threshold and floor below which a change has no p, an excess is no spike: no gate lets it by."""

_UNKNOWN_MACHINE_SD: Final = 0.25  # ln; a suite of one test says nothing about its machine
_LEAST_MACHINE_SD: Final = 0.05

_UNSURE: Final = 0.2
"""Standard deviation of the machine's part of a change, as a share of what was taken out for it.

Other work stretches one kind of computing more than another of the same duration. On the runs of real suites
0.35 cost three points of detection of x1.5 with three new runs, 0.2 cost none; of a suite beside other work,
judged by one new run, it spared two false alarms in five.
"""

_LONELY_UNSURE: Final = 1 / math.sqrt(3)
"""The same for lonely tests: anything between nothing and twice what was taken out, at even chances."""

_USUAL_QUANTILE: Final = (
    0.5  # of the variances about their trend, against which the sides as a whole are held
)
_LEAST_RANKED: Final = 5  # baseline runs: ranks of fewer are never surprising among several suspects
_WIDEST: Final = math.log(1e6)  # by a freedom near zero the quantiles of t have no bound
_LEAST_SHARE: Final = 0.01  # with a threshold of zero every duration would count alike, and none would


class Evidence(Value):
    """What speaks for one test's change, in either direction."""

    p: float  # one-sided, in the direction of the change
    q: float  # among regressions or among improvements
    standard_error: float  # of the change, ln
    margin: float  # half of the 95% interval, ln, at most a factor of a million
    least: float  # smallest change, ln, that would have been called
    is_outside: bool  # the judged values lie outside what the baseline has shown
    runs: int  # of the baseline
    is_few_runs: bool  # the suite's noise stands in for the test's own
    is_over_spikes: bool  # larger than any spike of a single run is likely to be
    is_confirming: bool = False  # p and q are of the confirming runs alone, q among the tests run again


def evidence_of(
    sides: Sides,
    changes: list[float],
    after: list[float],
    thresholds: ChangeThresholds,
    is_small: bool,
    taken: Sequence[float],
    lonely: Collection[int] = (),
) -> dict[int, Evidence]:
    """The evidence by row, of the rows whose change is worth testing.

    `changes` are ln ratios, of which `taken` was taken out for the machine, and `after` medians as measured,
    in nanoseconds. `is_small` where the suite is too small to show the machine; `lonely` are the rows of
    tests for which it is.
    """
    floor = max(thresholds.min_change_ns, 1)
    least = math.log1p(thresholds.warning)
    weights = _weights(sides, changes, floor, least)
    rows = [
        row
        for row in weights
        if abs(changes[row]) >= WORTH_TESTING * least
        and after[row] * abs(1 - math.exp(-changes[row])) >= WORTH_TESTING * floor
    ]
    if not rows:
        return {}
    spread_of = cache(sides.spread)
    priors = _Priors(sides, changes, spread_of, is_small)
    single = _SingleRuns(sides, changes, WORTH_TESTING * floor, is_small)
    mean_weight = sum(weights.values()) / len(weights)
    level = min(thresholds.q / len(weights), 0.5)
    quantiles: dict[float, tuple[float, float]] = {}
    tested = []
    for row in rows:
        is_few = sides.counts[row] < thresholds.min_runs
        prior = priors.of(is_few)
        if row in lonely:
            prior = no_noisier_than_usual(prior)
        spread = posterior(prior, row, spread_of(row), never_under_prior=is_few)
        if is_small:
            sides_sd = _machine_sd(changes, row)
        elif row in lonely:
            sides_sd = math.hypot(_LEAST_MACHINE_SD, _LONELY_UNSURE * taken[row])
        else:
            usual = 0.0 if is_few else priors.sides_sd(row)  # the prior of few runs holds it already
            sides_sd = math.hypot(usual, _UNSURE * taken[row])
        again = sides.again[row] if sides.again else ()
        unit = sides.shift_unit(row, len(sides.after[row])) if again else sides.unit(row)
        error = math.hypot(math.sqrt(spread.variance) * unit, sides_sd)
        if again:
            p = _p_of_confirming(sides, row, changes[row], spread, sides_sd)
        else:
            p = t_upper_tail(abs(changes[row]) / error, spread.freedom)
        spikes = None if again else single.of(row)
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
        tested.append((row, p, error, spread.freedom, is_few, is_over))
    p_values = {test[0]: test[1] for test in tested}
    q_values = _q_values(p_values, sides.again, changes, weights, mean_weight)
    return {
        # In the order of its fields: by keyword it takes several times as long, for every noisy test.
        row: Evidence(
            p,
            q_values[row],
            error,
            min(quantiles[freedom][0] * error, _WIDEST),
            max(min(quantiles[freedom][1] * error, _WIDEST), least),
            _is_outside(sides, row, changes[row]),
            sides.counts[row],
            is_few_runs,
            is_over_spikes,
            bool(sides.again and sides.again[row]),
        )
        for row, p, error, freedom, is_few_runs, is_over_spikes in tested
    }


def _p_of_confirming(sides: Sides, row: int, change: float, spread: Spread, sides_sd: float) -> float:
    """One-sided, in the direction of `change`, of the runs alone that were made to confirm it.

    The runs for which it was chosen speak for a change whether there is one or not. Of these few values the
    t test may be wrong by more than suspects can bear where a test varies by more than its likes, or by leaps
    (inputs at random): it must not be surer than their ranks are. Where the sides do not overlap ranks can
    be no surer, and of a baseline of fewer than five runs they say too little.
    """
    again = sides.again[row]
    own = math.copysign(1, change) * sides.shift(row, again)
    error = math.hypot(math.sqrt(spread.variance) * sides.shift_unit(row, len(again)), sides_sd)
    p = t_upper_tail(own / error, spread.freedom)
    before = () if sides.before is None else sides.before[row]
    if len(before) < _LEAST_RANKED:
        return p
    if change < 0:
        return p if again[-1] < before[0] else max(p, rank_sum_tail(again, before))
    return p if again[0] > before[-1] else max(p, rank_sum_tail(before, again))


class _SingleRuns:
    """The spikes to reckon with where a side has a single value; none in a suite too small to know."""

    def __init__(self, sides: Sides, changes: list[float], least_ns: float, is_small: bool) -> None:
        self._sides, self._changes, self._least, self._is_small = sides, changes, least_ns, is_small
        self._up: Spikes | None = None
        self._down: Spikes | None = None

    def of(self, row: int) -> Spikes | None:
        sides = self._sides
        if self._is_small:
            return None
        if self._changes[row] > 0 and len(sides.after[row]) == 1:
            if self._up is None:
                self._up = spikes_up(
                    sides.before, sides.centers, self._changes, self._least, sides.arithmetic, sides.spikes
                )
            return self._up
        if self._changes[row] < 0 and sides.counts[row] == 1:
            if self._down is None:
                self._down = spikes_down(sides.centers, self._changes, self._least)
            return self._down
        return None


class _Priors:
    """What is usual in this suite, each learned when first asked for."""

    def __init__(
        self, sides: Sides, changes: list[float], spread_of: Callable[[int], Spread | None], is_small: bool
    ) -> None:
        self._sides, self._changes, self._spread_of = sides, changes, spread_of
        self._small = small_suite_prior() if is_small else None
        self._trend = None if is_small else noise_trend(sides.centers)
        self._fitted: list[Prior] | None = None
        self._stand_in: Prior | None = None
        self._sides_sds: dict[int, float] = {}

    def of(self, is_few_runs: bool) -> Prior:
        if self._small is not None:
            return self._small
        if not is_few_runs and (fitted := self._from_variances()):
            return fitted[0]
        return self._from_changes()

    def sides_sd(self, row: int) -> float:
        """Standard deviation (ln) by which the sides differ as a whole: what tests of like duration moved by,
        over what the spread within the sides makes them move.

        Other work stretches one kind of computing more than another, and further runs beside the same
        work do not average that out. 0 where the spread within the sides is not known.
        """
        fitted = self._from_variances()
        if self._trend is None or not fitted:
            return 0.0
        cell = self._trend.cells[row]
        if cell not in self._sides_sds:
            excess = self._from_changes().variance_at(row) - fitted[1].variance_at(row)
            self._sides_sds[cell] = math.sqrt(max(excess, 0.0))
        return self._sides_sds[cell] * self._sides.first_unit(row)

    def _from_variances(self) -> list[Prior]:
        if self._fitted is None:
            quantiles = PRIOR_QUANTILE, _USUAL_QUANTILE
            self._fitted = (
                priors_from_variances(self._trend, self._spread_of, quantiles) if self._trend else []
            )
        return self._fitted

    def _from_changes(self) -> Prior:
        if self._stand_in is None:
            assert self._trend is not None
            changes, unit = self._changes, self._sides.unit
            self._stand_in = prior_from_changes(self._trend, lambda row: changes[row] / unit(row))
        return self._stand_in


def _weights(sides: Sides, changes: list[float], floor: float, least: float) -> dict[int, float]:
    """Weights of the tests that could pass the absolute floor at all: the hypotheses.

    A test that passes the floor with the smallest change that is reported (`least`, ln) weighs 1, a
    shorter one, which must grow by more, in proportion to its duration: else a crowd of short tests
    takes the power from the long ones.

    That and the weight look at both sides as one heap of values, which tells nothing about a
    difference between them, so neither bends the p values (Bourgon, Gentleman and Huber 2010).
    """
    weights = {}
    log_floor, full = math.log(floor), floor / max(math.expm1(least), _LEAST_SHARE)
    most = max(map(len, sides.after), default=0) // 2 + 1
    ends = None if sides.before is None else sides.arithmetic.ends(sides.before, most)
    for row, after in enumerate(sides.after):
        needed = len(after) // 2 + 1  # so many values must reach the floor before the median can move by it
        if ends is not None:
            before = ends[row]
            if before[-1] < log_floor and after[-1] < log_floor:
                continue
            is_sure = len(before) >= needed and before[-needed] >= log_floor
            if not is_sure and sorted([*before[-needed:], *after])[-needed] < log_floor:
                continue
        elif max(sides.centers[row], after[-1]) < log_floor:
            continue
        early, late = sides.counts[row], len(after)
        middle = sides.centers[row] + changes[row] * late / (early + late)
        weights[row] = min(math.exp(middle) / full, 1.0)
    return weights


def _q_values(
    p_values: Mapping[int, float],
    again: Sequence[Sequence[float]],
    changes: list[float],
    weights: dict[int, float],
    mean_weight: float,
) -> dict[int, float]:
    confirmed = [row for row in p_values if again[row]] if again else []
    found = benjamini_hochberg([p_values[row] for row in confirmed])
    q_values = dict(zip(confirmed, found, strict=True))
    for is_slower in (True, False):
        side = [row for row in p_values if (changes[row] > 0) is is_slower and row not in q_values]
        weighted = [p_values[row] * mean_weight / weights[row] for row in side]
        found = benjamini_hochberg(weighted, len(weights))
        q_values.update(zip(side, found, strict=True))
    return q_values


def _is_outside(sides: Sides, row: int, change: float) -> bool:
    """Outside with more than half of the judged values: some may be lucky ones."""
    low, high = sides.shown(row)
    after = sides.after[row]
    spared = (len(after) - 1) // 2
    return after[spared] > high if change > 0 else after[-1 - spared] < low


def _machine_sd(changes: list[float], row: int) -> float:
    """How far the machine may have moved a suite too small to estimate it, judged by the other tests."""
    others = median([abs(change) for other, change in enumerate(changes) if other != row])
    return _UNKNOWN_MACHINE_SD if others is None else max(others, _LEAST_MACHINE_SD)
