"""Comparing sums: the suite, a package, a category, and fixtures and modules one by one.

Sums are taken over the subjects that both sides have, so that a new test makes no suite slower; new
and gone tests are told apart elsewhere.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final

from lapwing.analysis.columns import Column, build_table, sorted_rows
from lapwing.analysis.gates import CLEAR_ERRORS, SUSPECT_Q, severity_of
from lapwing.analysis.limits import Limits
from lapwing.analysis.machine_factor import computing_shares, without_factors
from lapwing.analysis.noise import (
    SMALL_SUITE_VARIANCE,
    SUITE_PRIOR_FREEDOM,
    Prior,
    Spread,
    own_spread,
    posterior,
)
from lapwing.analysis.scheduling import cpu, quiet_wall, with_gc_everywhere
from lapwing.analysis.untold import BUSY_MACHINE, untold
from lapwing.model.comparison import ChangeVerdict, Comparison, Severity
from lapwing.model.metric import CPU, Metric
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds
from lapwing.model.value import Value
from lapwing.stats.false_discovery import benjamini_hochberg
from lapwing.stats.median import median_of_sorted, median_variance
from lapwing.stats.spread import MAD_TO_SD
from lapwing.stats.student_t import t_quantile, t_upper_tail

_UNTOLD_MACHINE_SD: Final = 0.1  # ln; what a machine may do to sums where its factor could not be estimated

_RUNS_OF_SHARE: Final = 5

_LEAST_LIKES: Final = 10  # groups from which their changes show how much such groups vary


class Summable(Value):
    """Both sides of a comparison, made ready to be summed by whatever groups."""

    subjects: Sequence[str]
    is_small: bool  # too few subjects for a machine factor of their own
    before: Sequence[Sequence[float]]  # ns per baseline run and subject, the machine taken out
    after: Sequence[Sequence[float]]
    measured: Sequence[Sequence[float]]  # of the judged runs, as measured


class _Group(Value):
    name: str
    before: list[float]  # ln of the sum per baseline run, sorted, the machine taken out
    after: list[float]
    measured: float  # median over the judged runs of the sum as measured, ns
    change: float  # ln
    error: float  # ln
    spread: Spread


def compare_sums(
    name: str,
    metric: Metric,
    baseline: Sequence[RunSamples],
    judged: Sequence[RunSamples],
    thresholds: ChangeThresholds,
    group_of: Callable[[str], str | None],
) -> tuple[Comparison, ...]:
    """Sums per group of the subjects on both sides, the slowest change first.

    `name` says in reasons what a group is: "suite", "package", "category", "fixture", "module".
    `group_of` gives the group of a subject, None to leave it out; the identity compares each subject.
    `metric` CPU sums CPU time, every other one `wall_ns`, less the wait for a processor and the garbage
    collection where they were measured. Limits are `suite_warning`, `suite_critical`, `q` and
    `min_change_ns`. Empty where a side has no runs.
    """
    if not baseline or not judged:
        return ()
    sides = summable(baseline, judged, thresholds, is_cpu=metric.name == CPU.name)
    return compare_groups(name, metric, sides, thresholds, group_of)


def summable(
    baseline: Sequence[RunSamples],
    judged: Sequence[RunSamples],
    thresholds: ChangeThresholds,
    *,
    is_cpu: bool = False,
) -> Summable:
    """What `compare_groups` sums, CPU time or wall time; each side has at least one run.

    A subject that a run did not measure counts with its median on that side.
    """
    baseline, judged = with_gc_everywhere(baseline, judged)
    table = build_table(baseline, judged, cpu if is_cpu else quiet_wall)
    is_small = len(table.subjects) < thresholds.min_tests
    columns = [*table.baseline, *table.judged]
    count, runs = len(table.subjects), len(table.baseline)
    if not is_small:
        centers = [median_of_sorted(row) for row in sorted_rows(table.baseline, count)]
        cpu_of = {} if is_cpu else _cpu_centers(baseline, judged)
        computing = computing_shares(centers, list(map(cpu_of.get, table.subjects))) if cpu_of else None
        columns = without_factors(columns, runs, centers, computing)
    return Summable(
        subjects=table.subjects,
        is_small=is_small,
        before=_filled(columns[:runs], count),
        after=_filled(columns[runs:], count),
        measured=_filled(table.judged, count),
    )


def compare_groups(
    name: str,
    metric: Metric,
    sides: Summable,
    thresholds: ChangeThresholds,
    group_of: Callable[[str], str | None],
) -> tuple[Comparison, ...]:
    """`compare_sums` of sides that are ready: one reading serves several ways to group."""
    members: dict[str, list[int]] = {}
    for row, subject in enumerate(sides.subjects):
        group = group_of(subject)
        if group is not None:
            members.setdefault(group, []).append(row)
    if not members:
        return ()
    is_small = sides.is_small
    groups = _groups(sides, members, thresholds)
    p_values = [t_upper_tail(abs(group.change) / group.error, group.spread.freedom) for group in groups]
    q_values = benjamini_hochberg(p_values)
    limits = Limits(thresholds, {})
    made = [
        _comparison(name, metric, group, p, q, is_small, limits.of(group.name, metric))
        for group, p, q in zip(groups, p_values, q_values, strict=True)
    ]
    return tuple(sorted(made, key=lambda comparison: comparison.before - comparison.after))


def beside_cpu(
    sums: Sequence[Comparison], by_cpu: Sequence[Comparison], metric: Metric, thresholds: ChangeThresholds
) -> tuple[Comparison, ...]:
    """`sums` of a busy machine: slower is only what computes longer, too, by over the threshold of `metric`.

    Where CPU time was not measured, nothing is known against it.
    """
    ratios = {each.nodeid: each.ratio for each in by_cpu}
    limits = Limits(thresholds, {})
    return tuple(
        untold(each, BUSY_MACHINE)
        if each.verdict is ChangeVerdict.REGRESSED
        and ratios.get(each.nodeid, math.inf) <= 1 + limits.of(each.nodeid, metric).suite_warning
        else each
        for each in sums
    )


def _cpu_centers(baseline: Sequence[RunSamples], judged: Sequence[RunSamples]) -> dict[str, float]:
    """ln of the CPU time of each subject that has one, from a few runs: a share need not be exact."""
    table = build_table(baseline[:_RUNS_OF_SHARE], judged[:1], cpu)
    rows = sorted_rows(table.baseline, len(table.subjects))
    return {subject: median_of_sorted(row) for subject, row in zip(table.subjects, rows, strict=True)}


def _groups(sides: Summable, members: dict[str, list[int]], thresholds: ChangeThresholds) -> list[_Group]:
    sums = {name: (_sums(sides.before, rows), _sums(sides.after, rows)) for name, rows in members.items()}
    unit = math.sqrt(median_variance(len(sides.before)) + median_variance(len(sides.after)))
    prior = _prior(
        [median_of_sorted(after) - median_of_sorted(before) for before, after in sums.values()], unit
    )
    groups = []
    for name, rows in members.items():
        before, after = sums[name]
        own = own_spread(before, after)
        spread = posterior(prior, 0, own, never_under_prior=len(before) < thresholds.min_runs)
        error = math.sqrt(spread.variance) * unit
        groups.append(
            _Group(
                name=name,
                before=before,
                after=after,
                measured=math.exp(median_of_sorted(_sums(sides.measured, rows))),
                change=median_of_sorted(after) - median_of_sorted(before),
                error=math.hypot(error, _UNTOLD_MACHINE_SD) if sides.is_small else error,
                spread=spread,
            )
        )
    return groups


def _prior(changes: Sequence[float], unit: float) -> Prior:
    """What groups vary by: as much as the most of them have just done, and not less than tests do.

    `changes` are ln ratios of all groups, of which most are taken to be noise alone; `unit` is the standard
    error of a change per standard deviation of a run.
    """
    variance = SMALL_SUITE_VARIANCE
    if len(changes) >= _LEAST_LIKES:
        usual = MAD_TO_SD * median_of_sorted(sorted(map(abs, changes)))
        variance = max(variance, (usual / unit) ** 2)
    return Prior(lambda _: variance, SUITE_PRIOR_FREEDOM)


def _filled(columns: Sequence[Column], count: int) -> list[list[float]]:
    """Per run the values (ns) of all rows, a missing one filled with the row's median."""
    medians = [math.exp(median_of_sorted(row)) for row in sorted_rows(columns, count)]
    filled = []
    for column in columns:
        values = medians.copy()
        for row, value in zip(column.rows, column.logs, strict=True):
            values[row] = math.exp(value)
        filled.append(values)
    return filled


def _sums(runs: Sequence[Sequence[float]], rows: Sequence[int]) -> list[float]:
    return sorted(math.log(sum([values[row] for row in rows])) for values in runs)


def _comparison(
    name: str,
    metric: Metric,
    group: _Group,
    p: float,
    q: float,
    is_small: bool,
    thresholds: ChangeThresholds,
) -> Comparison:
    ratio = math.exp(group.change)
    margin = t_quantile(0.975, group.spread.freedom) * group.error
    verdict, reason = _judge(name, group, q, is_small, thresholds)
    is_slower = verdict is ChangeVerdict.REGRESSED
    return Comparison(
        nodeid=group.name,
        metric=metric.name,
        unit=metric.unit,
        before=group.measured / ratio,
        after=group.measured,
        ratio=ratio,
        interval=(math.exp(group.change - margin), math.exp(group.change + margin)),
        p=p,
        q=q,
        verdict=verdict,
        severity=severity_of(ratio, thresholds.suite_critical) if is_slower else Severity.NONE,
        noise_floor=math.exp(-t_quantile(min(thresholds.q, 0.5), group.spread.freedom) * group.error),
        baseline_runs=len(group.before),
        judged_runs=len(group.after),
        worth_a_look=verdict is ChangeVerdict.CANNOT_TELL,
        reason=reason,
    )


def _judge(
    name: str, group: _Group, q: float, is_small: bool, thresholds: ChangeThresholds
) -> tuple[ChangeVerdict, str]:
    """The gates of single tests, with the thresholds of sums."""
    change = group.change
    absolute = group.measured * abs(1 - math.exp(-change))
    if abs(change) <= math.log1p(thresholds.suite_warning) or absolute <= thresholds.min_change_ns:
        return ChangeVerdict.UNCHANGED, ""
    spared = 1 if len(group.before) >= thresholds.min_runs and len(group.before) > 1 else 0
    is_slower = change > 0
    is_outside = (
        group.after[0] > group.before[-1 - spared] if is_slower else group.after[-1] < group.before[spared]
    )
    called = ChangeVerdict.REGRESSED if is_slower else ChangeVerdict.IMPROVED
    is_few = len(group.before) < thresholds.min_runs
    is_clear = is_outside and abs(change) >= CLEAR_ERRORS * group.error
    if (q <= thresholds.q and is_outside and not is_small) or ((is_few or is_small) and is_clear):
        few = f"fewer than {thresholds.min_runs} baseline runs: a usual noise stands in for the {name}'s own"
        return called, few if is_few else ""
    if is_slower and (q <= SUSPECT_Q or is_clear):
        return (
            ChangeVerdict.CANNOT_TELL,
            f"the {name} moved, but not by enough to rule out chance or the machine",
        )
    return ChangeVerdict.UNCHANGED, f"within what this {name} does by itself"
