"""Comparing runs with their baseline: the one method behind summary, check, compare and dashboard."""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from lapwing.analysis.changes import Changes, KnownCenter, measure_changes
from lapwing.analysis.columns import RawColumn, build_table
from lapwing.analysis.gates import UNCHANGED, Judged, judge_change, severity_of
from lapwing.analysis.machine_factor import overall_factor, weight
from lapwing.analysis.memory import compare_memory
from lapwing.analysis.scheduling import Scheduling, cpu, scheduling_of, wall, wall_without_wait
from lapwing.analysis.two_clocks import with_cpu
from lapwing.model.baseline import BaselineEntry, BaselineFile
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison, Severity, worst_verdict
from lapwing.model.metric import CPU, WALL, Metric
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds
from lapwing.stats.median import median
from lapwing.units import format_duration

_FACTOR_TESTS: Final = 1_000  # the longest tests speak for the machine factor that people see

CANNOT_TELL_MACHINE: Final = "cannot tell code from machine"


class _Source(NamedTuple):
    """The baseline side, whichever form it came in."""

    runs: Sequence[RunSamples]
    file: BaselineFile | None
    count: int  # runs behind it


class _Factors(NamedTuple):
    wall: float | None
    cpu: float | None
    parts: tuple[tuple[str, float], ...]
    suite_change: float  # ratio by which half of the suite changed, the wait for a processor left out


def compare_runs(
    baseline: Sequence[RunSamples],
    judged: Sequence[RunSamples],
    thresholds: ChangeThresholds = ChangeThresholds(),
    *,
    same_machine_class: bool = True,
    baseline_why: str = "",
) -> RunComparison:
    """The judged runs against the baseline's runs, for every test on both sides.

    `judged` are one or more runs of the same code; medians over them are judged. Wall time is
    judged less the wait for a processor where that was measured, and beside CPU time: its verdict
    already weighs both (see `two_clocks`). Runs of another machine class are capped at
    `cannot_tell`, worth a look. Without runs on a side there is nothing to compare: `cannot_tell`.
    """
    return _compare(
        _Source(runs=baseline, file=None, count=len(baseline)),
        judged,
        thresholds,
        same_machine_class=same_machine_class,
        baseline_why=baseline_why,
    )


def compare_with_baseline_file(
    baseline: BaselineFile,
    judged: Sequence[RunSamples],
    thresholds: ChangeThresholds = ChangeThresholds(),
    *,
    same_machine_class: bool = True,
) -> RunComparison:
    """The judged runs against a baseline file: the same method, from medians and spreads.

    A threshold edited by hand takes the place of the gates for that test: over it the test is
    regressed on any machine, under it it is not.
    """
    compared = _compare(
        _Source(
            runs=(), file=baseline, count=max([entry.runs for entry in baseline.tests.values()], default=0)
        ),
        judged,
        thresholds,
        same_machine_class=same_machine_class,
        baseline_why=f"the baseline file of {baseline.date}",
    )
    manual = {nodeid: entry for nodeid, entry in baseline.tests.items() if entry.threshold_is_manual}
    if not manual:
        return compared
    measured = _medians(judged, manual)
    comparisons = tuple(
        _under_manual_limit(
            comparison, manual[comparison.nodeid], measured.get(comparison.nodeid), thresholds
        )
        if comparison.nodeid in manual
        else comparison
        for comparison in compared.comparisons
    )
    return compared._replace(
        comparisons=comparisons, verdict=_run_verdict(comparisons, has_reason=bool(compared.reason))
    )


def _compare(
    source: _Source,
    judged: Sequence[RunSamples],
    thresholds: ChangeThresholds,
    *,
    same_machine_class: bool,
    baseline_why: str,
) -> RunComparison:
    new, gone = _new_and_gone(source, judged)
    empty = RunComparison(
        verdict=ChangeVerdict.CANNOT_TELL,
        comparisons=(),
        machine_factor=None,
        baseline_runs=source.count,
        judged_runs=len(judged),
        baseline_why=baseline_why,
        same_machine_class=same_machine_class,
        new_tests=new,
        gone_tests=gone,
    )
    if not judged or not source.count:
        return empty._replace(reason="there is no run to compare" if not judged else "there is no baseline")
    by_wall = _measure(source, judged, wall_without_wait if source.file is None else wall, WALL, thresholds)
    if not by_wall.subjects:
        return empty._replace(reason="no test ran on both sides")
    by_cpu = _measure(source, judged, cpu, CPU, thresholds)
    factors = _factors(source, judged, by_wall, by_cpu, thresholds)
    scheduling = scheduling_of(source.runs, judged, factors.wall, factors.cpu)
    comparisons = [
        *_wall_comparisons(by_wall, by_cpu, source, judged, scheduling, thresholds),
        *_comparisons(by_cpu, CPU, by_cpu.after, lambda _, judgment: judgment, thresholds),
        *compare_memory(source.runs, judged, thresholds),
    ]
    if not same_machine_class:
        comparisons = [_capped(comparison) for comparison in comparisons]
    reason = _whole_reason(by_wall, factors, thresholds)
    return empty._replace(
        verdict=_run_verdict(comparisons, has_reason=factors.suite_change > 1 + thresholds.warning),
        comparisons=tuple(comparisons),
        machine_factor=factors.wall,
        machine_factors=factors.parts,
        reason=reason,
    )


def _measure(
    source: _Source,
    judged: Sequence[RunSamples],
    raw: RawColumn,
    metric: Metric,
    thresholds: ChangeThresholds,
) -> Changes:
    if source.file is None:
        return measure_changes(build_table(source.runs, judged, raw), thresholds)
    known = _known_centers(source.file, metric)
    table = build_table((), judged, raw, baseline_subjects=known)
    return measure_changes(table, thresholds, known=known)


def _known_centers(file: BaselineFile, metric: Metric) -> dict[str, KnownCenter]:
    known = {}
    for nodeid, entry in file.tests.items():
        value, spread = (
            (entry.duration_ns, entry.spread) if metric is WALL else (entry.cpu_ns, entry.cpu_spread)
        )
        if value:
            known[nodeid] = KnownCenter(math.log(max(value, 1_000)), entry.runs, spread)
    return known


def _wall_comparisons(
    by_wall: Changes,
    by_cpu: Changes,
    source: _Source,
    judged: Sequence[RunSamples],
    scheduling: Scheduling,
    thresholds: ChangeThresholds,
) -> list[Comparison]:
    cpu_changes = dict(zip(by_cpu.subjects, by_cpu.changes, strict=True))
    after = _raw_after(by_wall, judged) if scheduling.has_wait else by_wall.after
    switches = _Switches(source.runs, judged)
    least = thresholds.min_change_ns

    def beside(row: int, judgment: Judged) -> Judged:
        subject = by_wall.subjects[row]
        if judgment.verdict is ChangeVerdict.REGRESSED:
            return with_cpu(
                judgment,
                cpu_changes.get(subject),
                scheduling,
                thresholds,
                more_switches=not scheduling.has_wait and switches.grew(subject),
            )
        waited = after[row] - by_wall.after[row]
        if judgment is UNCHANGED and waited > least and waited > thresholds.warning * by_wall.after[row]:
            return Judged(
                ChangeVerdict.UNCHANGED, reason=f"it waited {format_duration(waited)} for a processor"
            )
        return judgment

    return _comparisons(by_wall, WALL, after, beside, thresholds)


def _comparisons(
    changes: Changes,
    metric: Metric,
    after: Sequence[float],
    beside: Callable[[int, Judged], Judged],
    thresholds: ChangeThresholds,
) -> list[Comparison]:
    """A comparison per row; `after` is what people are shown, `changes.after` what was judged."""
    made = []
    evidence_of = changes.evidence.get
    absorbed = changes.absorbed
    for row, (subject, change, shown, measured, early, late) in enumerate(
        zip(
            changes.subjects,
            changes.changes,
            after,
            changes.after,
            changes.baseline_counts,
            changes.judged_counts,
            strict=True,
        )
    ):
        evidence = evidence_of(row)
        lost = 0.0 if absorbed is None else absorbed[row]
        judgment = UNCHANGED
        if evidence is not None or lost > 0:
            judgment = judge_change(
                change,
                measured,
                evidence,
                thresholds,
                is_small_suite=changes.is_small_suite,
                absorbed=lost,
            )
        judgment = beside(row, judgment)
        ratio = math.exp(change)
        made.append(
            Comparison(
                subject,
                metric.name,
                metric.unit,
                shown / ratio,
                shown,
                ratio,
                None
                if evidence is None
                else (math.exp(change - evidence.margin), math.exp(change + evidence.margin)),
                None if evidence is None else evidence.p,
                None if evidence is None else evidence.q,
                judgment.verdict,
                judgment.severity,
                None if evidence is None else math.exp(evidence.least),
                early,
                late,
                judgment.worth_a_look,
                judgment.reason,
            )
        )
    return made


class _Switches:
    """Involuntary context switches of single tests, read only when asked for."""

    def __init__(self, baseline: Sequence[RunSamples], judged: Sequence[RunSamples]) -> None:
        self._baseline, self._judged = baseline, judged

    def grew(self, subject: str) -> bool:
        """Whether the test was interrupted more often than in any baseline run."""
        before = self._of(self._baseline, subject)
        after = median(self._of(self._judged, subject))
        return after is not None and bool(before) and after > max(before)

    @staticmethod
    def _of(runs: Sequence[RunSamples], subject: str) -> list[int]:
        found = []
        for run in runs:
            if run.involuntary_switches and subject in run.subjects:
                value = run.involuntary_switches[run.subjects.index(subject)]
                if value is not None:
                    found.append(value)
        return found


def _factors(
    source: _Source,
    judged: Sequence[RunSamples],
    by_wall: Changes,
    by_cpu: Changes,
    thresholds: ChangeThresholds,
) -> _Factors:
    """Machine factors for people, and how far half of the suite moved in computing."""
    floor = thresholds.min_change_ns
    wait_free = _overall(by_wall, floor)
    cpu_factor = _overall(by_cpu, floor)
    wall_factor = wait_free
    if source.file is None and any(any(run.run_delay_ns) for run in [*source.runs, *judged]):
        wall_factor = _raw_wall_factor(source.runs, judged, by_wall, floor)
    parts = tuple(
        (name, factor) for name, factor in (("cpu", cpu_factor), ("wall", wall_factor)) if factor is not None
    )
    moved = cpu_factor if cpu_factor is not None else wait_free
    moved = 1.0 if moved is None else moved
    return _Factors(wall=wall_factor, cpu=cpu_factor, parts=parts, suite_change=max(moved, 1 / moved))


def _longest(changes: Changes) -> list[int]:
    rows = range(len(changes.subjects))
    return sorted(rows, key=changes.after.__getitem__, reverse=True)[:_FACTOR_TESTS]


def _overall(changes: Changes, floor_ns: float) -> float | None:
    if changes.is_small_suite:
        return None
    rows = _longest(changes)
    return overall_factor(
        [changes.shifts[row] for row in rows], [weight(changes.after[row], floor_ns) for row in rows]
    )


def _raw_wall_factor(
    baseline: Sequence[RunSamples], judged: Sequence[RunSamples], by_wall: Changes, floor_ns: float
) -> float | None:
    if by_wall.is_small_suite:
        return None
    rows = _longest(by_wall)
    wanted = dict.fromkeys([by_wall.subjects[row] for row in rows])
    before, after = _medians(baseline, wanted), _medians(judged, wanted)
    return overall_factor(
        [math.log(max(after[name], 1_000) / max(before[name], 1_000)) for name in wanted],
        [weight(after[name], floor_ns) for name in wanted],
    )


def _medians(
    runs: Sequence[RunSamples], wanted: "dict[str, BaselineEntry] | dict[str, None]"
) -> dict[str, float]:
    """Median wall time in nanoseconds of the tests in `wanted` that ran."""
    values: dict[str, list[int]] = {}
    for run in runs:
        for subject, value in zip(run.subjects, run.wall_ns, strict=True):
            if subject in wanted:
                values.setdefault(subject, []).append(value)
    return {subject: median(row) or 0.0 for subject, row in values.items()}


def _raw_after(by_wall: Changes, judged: Sequence[RunSamples]) -> list[float]:
    measured = _medians(judged, dict.fromkeys(by_wall.subjects))
    return [measured[subject] for subject in by_wall.subjects]


def _new_and_gone(source: _Source, judged: Sequence[RunSamples]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before: dict[str, None] = {}
    after: dict[str, None] = {}
    for run in source.runs:
        before.update(dict.fromkeys(run.subjects))
    if source.file is not None:
        before.update(dict.fromkeys(source.file.tests))
    for run in judged:
        after.update(dict.fromkeys(run.subjects))
    if before.keys() == after.keys():
        return (), ()
    return (
        tuple(subject for subject in after if subject not in before),
        tuple(subject for subject in before if subject not in after),
    )


def _under_manual_limit(
    comparison: Comparison, entry: BaselineEntry, measured: float | None, thresholds: ChangeThresholds
) -> Comparison:
    limit = format_duration(entry.threshold_ns)
    if comparison.metric == WALL.name and measured is not None and measured > entry.threshold_ns:
        return comparison._replace(
            verdict=ChangeVerdict.REGRESSED,
            severity=severity_of(measured / max(entry.duration_ns, 1), thresholds.critical),
            worth_a_look=False,
            reason=f"over its own limit of {limit}, set by hand in the baseline file",
        )
    if comparison.verdict is ChangeVerdict.REGRESSED:
        return comparison._replace(
            verdict=ChangeVerdict.UNCHANGED,
            severity=Severity.NONE,
            reason=f"slower, but within its own limit of {limit}, set by hand in the baseline file",
        )
    return comparison


def _capped(comparison: Comparison) -> Comparison:
    if comparison.verdict not in (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED):
        return comparison
    return comparison._replace(
        verdict=ChangeVerdict.CANNOT_TELL,
        severity=Severity.NONE,
        worth_a_look=True,
        reason="the baseline comes from another class of machine",
    )


def _run_verdict(comparisons: Sequence[Comparison], *, has_reason: bool) -> ChangeVerdict:
    verdict = worst_verdict([comparison.verdict for comparison in comparisons])
    return worst_verdict([verdict, ChangeVerdict.CANNOT_TELL]) if has_reason else verdict


def _whole_reason(by_wall: Changes, factors: _Factors, thresholds: ChangeThresholds) -> str:
    offer = "`lapwing confirm` runs old and new code in turns and can"
    if by_wall.is_small_suite:
        return (
            f"{CANNOT_TELL_MACHINE}: only {len(by_wall.subjects)} tests ran on both sides, "
            f"{thresholds.min_tests} are needed to see how fast the machine was; {offer}"
        )
    if factors.suite_change > 1 + thresholds.warning:
        return f"{CANNOT_TELL_MACHINE}: half of the suite changed at once; {offer}"
    return ""
