"""Comparing benchmarks with their baseline, one by one.

One number per run counts, the median of its samples: samples of one process share its layout in
memory and its hash seed, so that they agree with each other better than with the next run.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.gates import CLEAR_ERRORS, SUSPECT_Q, severity_of
from lapwing.analysis.measured_levels import Key, Level
from lapwing.analysis.noise import SUITE_PRIOR_FREEDOM, Prior, Spread, posterior
from lapwing.analysis.untold import OTHER_MACHINE
from lapwing.model.baseline import MeasuredEntry
from lapwing.model.changed_metadata import METADATA_CHANGED
from lapwing.model.comparison import ChangeVerdict, Comparison, Severity
from lapwing.model.load_metrics import ACHIEVED, HIGHEST_HELD, LATENCY_P50, LATENCY_P95
from lapwing.model.metric import CPU, WALL, Unit, measured_metric
from lapwing.model.thresholds import ChangeThresholds
from lapwing.model.value import Value
from lapwing.stats.false_discovery import benjamini_hochberg
from lapwing.stats.median import median_variance
from lapwing.stats.spread import robust_variance
from lapwing.stats.student_t import t_quantile, t_upper_tail

PRIOR_SD: Final = {
    WALL.name: 0.10,
    CPU.name: 0.05,
    LATENCY_P50: 0.5,
    LATENCY_P95: 0.5,
    ACHIEVED: 0.2,
    HIGHEST_HELD: 0.2,
}
"""Run-to-run standard deviation (ln) of a benchmark before its own is known. Per-process medians of
one function, in fresh processes of a busy machine, spread by 2 to 5% on the CPU clock. What a load test
finds hangs on who else uses the machine: two runs of one second had latencies of 1:3 and 1:6, and
rates of 1:1.5 and 1:2.4, when the second had a machine of half the speed."""

_OTHER_SD: Final = 0.02
_LONE_SD: Final = 0.25  # of a time that was not repeated: nothing says what one sample is worth
_FEW_SAMPLES: Final = 5
_SHARED: Final = 0.5
"""How much of the spread of samples inside a run is likely between runs: on a busy machine samples of one
moment agree, so that more of them do not make their median as much steadier as their number says."""
_COMPUTES: Final = 0.5  # CPU by wall time from which a benchmark counts as computing
_ONLY_WAITS: Final = 0.1  # and up to which its CPU time is that of going to sleep and being woken
_BESIDE: Final = {WALL.name: CPU.name, CPU.name: WALL.name}
_INTERVAL: Final = 0.95
_LEAST_BYTES: Final = 10_000
_UNITS: Final = frozenset(Unit)


class _Change(Value):
    key: Key
    entry: MeasuredEntry
    level: Level
    log_ratio: float  # after by before, the machine taken out; over 0 is worse
    error: float
    freedom: float
    p: float
    is_few: bool


def compare_measured(
    before: Sequence[MeasuredEntry],
    after: Mapping[Key, Level],
    thresholds: ChangeThresholds = ChangeThresholds(),
    *,
    factors: Mapping[str, float] | None = None,
    same_machine_class: bool = True,
    least_runs: int | None = None,
) -> list[Comparison]:
    """What became of each metric that both sides have.

    `regressed`: over the threshold, and q of Student's test under that of `thresholds`. With fewer than
    `least_runs` baseline runs (those of `thresholds`) a usual noise stands in for the benchmark's own, and
    the change must be four standard errors. The variance is moderated towards that noise. `factors` say
    how much slower the machine was, by metric. Wall time that grew alone, of a benchmark that
    computes, is `cannot_tell`, and so is CPU time that grew alone, of one that waits, and every change on
    another class of machine.
    """
    known = {entry.key: entry for entry in before}
    factors = factors or {}
    least = thresholds.min_runs if least_runs is None else least_runs
    changes = [
        _change(key, known[key], level, math.log(factors.get(key[2], 1.0)), least)
        for key, level in after.items()
        if key in known and known[key].unit == level.record.unit
    ]
    q_values = benjamini_hochberg([change.p for change in changes])
    ratios = {change.key: math.exp(change.log_ratio) for change in changes}
    made = []
    for change, q in zip(changes, q_values, strict=True):
        verdict, reason = _verdict(change, q, thresholds)
        if verdict is ChangeVerdict.REGRESSED:
            doubt = _doubt(change, after, ratios, thresholds)
            verdict, reason = (ChangeVerdict.CANNOT_TELL, doubt) if doubt else (verdict, reason)
        if not same_machine_class and verdict is not ChangeVerdict.UNCHANGED:
            verdict, reason = ChangeVerdict.CANNOT_TELL, OTHER_MACHINE
        made.append(_comparison(change, q, verdict, reason, thresholds, factors))
    return made


def _change(key: Key, entry: MeasuredEntry, level: Level, shift: float, least: int) -> _Change:
    prior_sd = PRIOR_SD.get(key[2], _OTHER_SD)
    if key[2] in (WALL.name, CPU.name) and len(level.record.samples) < _FEW_SAMPLES:
        prior_sd = _LONE_SD
    expected = prior_sd**2 + (_SHARED * level.within) ** 2
    prior = Prior(lambda _: expected, SUITE_PRIOR_FREEDOM)
    own = None if entry.spread is None else Spread(max(entry.spread**2, 1e-8), entry.runs - 1)
    own = _pooled(own, level)
    is_few = entry.runs < least
    spread = posterior(prior, 0, own, never_under_prior=is_few)
    error = math.sqrt(spread.variance * (median_variance(entry.runs) + median_variance(len(level.logs))))
    log_ratio = level.center - math.log(max(entry.value, 1e-9)) - shift
    worse = -log_ratio if level.record.higher_is_better else log_ratio
    p = t_upper_tail(abs(worse) / error, spread.freedom)
    return _Change(key, entry, level, worse, error, spread.freedom, p, is_few)


def _pooled(own: Spread | None, level: Level) -> Spread | None:
    """The spread of the baseline's runs together with that of the judged ones."""
    freedom = len(level.logs) - 1
    variance = robust_variance([each - level.center for each in level.logs], freedom)
    if variance is None:
        return own
    if own is None:
        return Spread(max(variance, 1e-8), freedom)
    whole = own.freedom + freedom
    return Spread((own.variance * own.freedom + variance * freedom) / whole, whole)


def _verdict(change: _Change, q: float, thresholds: ChangeThresholds) -> tuple[ChangeVerdict, str]:
    record = change.level.record
    size = abs(math.exp(change.level.center) - change.entry.value)
    is_small = record.unit == Unit.BYTES and size < _LEAST_BYTES
    if abs(change.log_ratio) <= math.log1p(thresholds.warning) or is_small:
        return ChangeVerdict.UNCHANGED, ""
    called = ChangeVerdict.REGRESSED if change.log_ratio > 0 else ChangeVerdict.IMPROVED
    is_clear = abs(change.log_ratio) >= CLEAR_ERRORS * change.error
    if change.is_few and is_clear:
        return called, "few baseline runs: a usual noise stands in for the benchmark's own"
    if not change.is_few and q <= thresholds.q:
        return called, ""
    if called is ChangeVerdict.REGRESSED and (q <= SUSPECT_Q or is_clear):
        return ChangeVerdict.CANNOT_TELL, "it moved, but not by enough to rule out chance"
    return ChangeVerdict.UNCHANGED, "within what this benchmark does by itself"


def _doubt(
    change: _Change, after: Mapping[Key, Level], ratios: Mapping[Key, float], thresholds: ChangeThresholds
) -> str:
    """Why a time that grew without the one of the other clock says nothing; "" where it does."""
    nodeid, name, metric = change.key
    beside = nodeid, name, _BESIDE.get(metric, "")
    if beside not in ratios:
        return ""
    other = math.exp(after[beside].center)
    if metric == WALL.name:
        was_computing = other >= _COMPUTES * change.entry.value
        if was_computing and ratios[beside] <= 1 + thresholds.warning / 2:
            return "it computes, and its CPU time did not grow: it waited, or the machine was busy"
        return ""
    is_waiting = math.exp(change.level.center) <= _ONLY_WAITS * other
    return (
        "it waits, and is as long as before"
        if is_waiting and ratios[beside] <= 1 + thresholds.warning
        else ""
    )


def _comparison(
    change: _Change,
    q: float,
    verdict: ChangeVerdict,
    reason: str,
    thresholds: ChangeThresholds,
    factors: Mapping[str, float],
) -> Comparison:
    nodeid, name, metric = change.key
    record, entry = change.level.record, change.entry
    sign = -1.0 if record.higher_is_better else 1.0
    log_ratio = sign * change.log_ratio
    margin = t_quantile((1 + _INTERVAL) / 2, change.freedom) * change.error
    is_worse = verdict is ChangeVerdict.REGRESSED
    told = [reason, _metadata_text(entry.metadata, record.metadata)]
    return Comparison(
        nodeid=nodeid,
        metric=measured_metric(metric, name),
        unit=record.unit if record.unit in _UNITS else Unit.COUNT,
        before=entry.value * factors.get(metric, 1.0),
        after=math.exp(change.level.center),
        ratio=math.exp(log_ratio),
        interval=(math.exp(log_ratio - margin), math.exp(log_ratio + margin)),
        p=change.p,
        q=q,
        verdict=verdict,
        severity=severity_of(math.exp(change.log_ratio), thresholds.critical) if is_worse else Severity.NONE,
        noise_floor=math.exp(max(margin, math.log1p(thresholds.warning))),
        baseline_runs=entry.runs,
        judged_runs=len(change.level.logs),
        worth_a_look=verdict is ChangeVerdict.CANNOT_TELL and change.log_ratio > 0,
        reason="; ".join(filter(None, told)),
    )


def _metadata_text(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What differs in the metadata, in words; "" where nothing does."""
    if before == after:
        return ""
    changed = [
        f"{key} {before.get(key, 'not set')} → {after.get(key, 'not set')}"
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]
    return f"{METADATA_CHANGED}{', '.join(changed)}"
