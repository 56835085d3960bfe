"""Comparing runs with their baseline: the one method behind summary, check, compare and dashboard."""

from collections.abc import Sequence
from typing import Final

from lapwing.analysis.arithmetic import Arithmetic, arithmetic_for
from lapwing.analysis.baseline_side import BaselineSide, side_of_file, side_of_runs
from lapwing.analysis.changes import Changes, measure_changes
from lapwing.analysis.columns import build_table
from lapwing.analysis.comparisons import NOT_ITS_OWN, Shown, comparisons_of, measured_wall
from lapwing.analysis.gates import CHANGED, UNCHANGED, Judged
from lapwing.analysis.limits import Limits, limits_for
from lapwing.analysis.manual_limits import with_manual_limits
from lapwing.analysis.memory import compare_memory
from lapwing.analysis.quickest import Quickest
from lapwing.analysis.scheduling import Scheduling, Switches, scheduling_of, with_gc_everywhere
from lapwing.analysis.suite_factor import SuiteFactors, suite_factors
from lapwing.analysis.two_clocks import with_cpu, with_less_waiting, with_measured, with_shift, with_wall
from lapwing.analysis.untold import OTHER_MACHINE, untold
from lapwing.model.baseline import BaselineFile
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison, worst_verdict
from lapwing.model.metric import CPU, WALL, Metric
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds

CANNOT_TELL_MACHINE: Final = "cannot tell code from machine"
MOVED_AT_ONCE: Final = "half of the suite changed at once"


def compare_runs(
    baseline: Sequence[RunSamples],
    judged: Sequence[RunSamples],
    thresholds: ChangeThresholds = ChangeThresholds(),
    *,
    same_machine_class: bool = True,
    baseline_why: str = "",
    confirming: Sequence[RunSamples] = (),
    arithmetic: Arithmetic | None = None,
) -> RunComparison:
    """The judged runs against the baseline's runs, for every test on both sides.

    `judged` are one or more runs of the same code; medians over them are judged. Wall time is
    judged less the wait for a processor and less garbage collection where they were measured (and
    shown with them), and beside CPU time: its verdict already weighs both (see `two_clocks`). p, q and
    interval are given where a change is worth testing: over half of the threshold and of the absolute
    floor. Runs of another machine class are capped at `cannot_tell`, the slower tests worth a look.
    Without runs on a side there is nothing to compare: `cannot_tell`. `confirming` are runs of a few
    of the tests, made after the judged runs: more values of these tests (see `confirm`).
    `arithmetic` is what computes; None: numpy where it is there and there is much to compute.
    """
    baseline, judged, confirming = with_gc_everywhere(baseline, judged, confirming)
    return _compare(
        side_of_runs(baseline),
        judged,
        thresholds,
        same_machine_class=same_machine_class,
        baseline_why=baseline_why,
        confirming=confirming,
        arithmetic=arithmetic,
    )


def compare_with_baseline_file(
    baseline: BaselineFile,
    judged: Sequence[RunSamples],
    thresholds: ChangeThresholds = ChangeThresholds(),
    *,
    same_machine_class: bool = True,
    confirming: Sequence[RunSamples] = (),
    arithmetic: Arithmetic | None = None,
) -> RunComparison:
    """The judged runs against a baseline file: the same method, from medians and spreads.

    A test of which the file has no time without waits and garbage collection (`quiet`) is judged as
    measured on both sides. A threshold edited by hand takes the place of the gates for that
    test: over it the test is regressed on any machine, under it it is not.
    """
    return _compare(
        side_of_file(baseline),
        judged,
        thresholds,
        same_machine_class=same_machine_class,
        baseline_why=f"the baseline file of {baseline.date}",
        confirming=confirming,
        arithmetic=arithmetic,
    )


def _compare(
    baseline: BaselineSide,
    judged: Sequence[RunSamples],
    thresholds: ChangeThresholds,
    *,
    same_machine_class: bool,
    baseline_why: str,
    confirming: Sequence[RunSamples],
    arithmetic: Arithmetic | None,
) -> RunComparison:
    new, gone = _new_and_gone(baseline, judged)
    empty = RunComparison(
        verdict=ChangeVerdict.CANNOT_TELL,
        comparisons=(),
        machine_factor=None,
        baseline_runs=baseline.count,
        judged_runs=len(judged),
        baseline_why=baseline_why,
        same_machine_class=same_machine_class,
        new_tests=new,
        gone_tests=gone,
    )
    if not judged or not baseline.count:
        return empty._replace(reason="there is no run to compare" if not judged else "there is no baseline")
    limits = limits_for(thresholds, judged)
    loosest = limits.loosest()
    if arithmetic is None:
        arithmetic = arithmetic_for(sum([len(run.subjects) for run in [*baseline.runs, *judged]]))
    by_cpu = _measure(baseline, judged, confirming, CPU, loosest, arithmetic)
    by_wall = _measure(baseline, judged, confirming, WALL, loosest, arithmetic, by_cpu)
    if not by_wall.subjects:
        return empty._replace(reason="no test ran on both sides")
    factors = suite_factors(baseline, judged, by_wall, by_cpu, thresholds.min_change_ns)
    scheduling = scheduling_of(baseline.runs, judged, factors.wall, factors.cpu)
    has_moved = factors.moved_at_once(thresholds.warning)
    comparisons = [
        *_wall_comparisons(
            by_wall, by_cpu, baseline, judged, confirming, scheduling, limits, arithmetic, has_moved
        ),
        *_cpu_comparisons(by_cpu, by_wall, scheduling, limits, has_moved),
        *compare_memory(baseline, judged, limits),
    ]
    if not same_machine_class:
        comparisons = [untold(comparison, OTHER_MACHINE) for comparison in comparisons]
    if baseline.file is not None:
        comparisons = with_manual_limits(comparisons, baseline.file, judged, thresholds)
    verdict = worst_verdict([comparison.verdict for comparison in comparisons])
    return empty._replace(
        verdict=worst_verdict([verdict, ChangeVerdict.CANNOT_TELL]) if has_moved else verdict,
        comparisons=tuple(comparisons),
        machine_factor=factors.wall,
        machine_factors=factors.parts(),
        reason=_whole_reason(by_wall, verdict, factors, thresholds),
    )


def _measure(
    baseline: BaselineSide,
    judged: Sequence[RunSamples],
    confirming: Sequence[RunSamples],
    metric: Metric,
    thresholds: ChangeThresholds,
    arithmetic: Arithmetic,
    by_cpu: Changes | None = None,
) -> Changes:
    known = baseline.known_centers(metric)
    table = build_table(
        baseline.runs,
        judged,
        baseline.column(metric),
        baseline_subjects=known,
        confirming=confirming,
        arithmetic=arithmetic,
    )
    return measure_changes(
        table,
        thresholds,
        known=known,
        spikes=baseline.known_spikes(metric),
        by_cpu=by_cpu,
        is_cpu=metric.name == CPU.name,
    )


def _wall_comparisons(
    by_wall: Changes,
    by_cpu: Changes,
    baseline: BaselineSide,
    judged: Sequence[RunSamples],
    confirming: Sequence[RunSamples],
    scheduling: Scheduling,
    limits: Limits,
    arithmetic: Arithmetic,
    has_moved: bool,
) -> list[Comparison]:
    cpu_row = _rows(by_cpu)
    switches = Switches(baseline.runs, judged)
    runs = [*baseline.runs, *judged]
    shown = None
    if baseline.file is not None or any(any(run.run_delay_ns) or any(run.gc_ns) for run in runs):
        shown = Shown(
            measured_wall(by_wall.subjects, baseline, arithmetic),
            measured_wall(by_wall.subjects, side_of_runs(judged), arithmetic),
        )

    def of_cpu(row: int) -> tuple[float | None, float, float]:
        """The change of CPU time (ln), its rise and what it came to (ns); None and 0 where unknown."""
        found = cpu_row.get(by_wall.subjects[row])
        if found is None:
            return None, 0.0, 0.0
        return by_cpu.changes[found], by_cpu.rise(found), by_cpu.after[found]

    def quickest(row: int) -> Quickest:
        least = by_wall.quickest(row)
        if shown is None:
            return least
        return least.or_as_measured(by_wall.subjects[row], [*judged, *confirming], shown.before[row])

    def beside(row: int, verdict: Judged, thresholds: ChangeThresholds) -> Judged:
        if has_moved:
            verdict = with_shift(verdict, by_wall.shifts[row], thresholds.warning)
        if verdict.verdict in CHANGED:
            cpu_change, cpu_rise, cpu_after = of_cpu(row)
            measured = None if shown is None else shown.change(row, by_wall)
            verdict = with_measured(
                verdict, by_wall.rise(row), measured, cpu_change, cpu_rise, thresholds.warning
            )
            if verdict.verdict is ChangeVerdict.IMPROVED:
                return with_less_waiting(
                    verdict,
                    -by_wall.rise(row),
                    cpu_change,
                    -cpu_rise,
                    scheduling,
                    thresholds,
                    baseline_runs=by_wall.baseline_counts[row],
                    surely_ns=by_wall.quickest_before(row) - by_wall.after[row],
                    cpu_after_ns=cpu_after,
                )
            if verdict.verdict is ChangeVerdict.REGRESSED:
                return with_cpu(
                    verdict,
                    by_wall.rise(row),
                    cpu_change,
                    cpu_rise,
                    scheduling,
                    thresholds,
                    baseline_runs=by_wall.baseline_counts[row],
                    quickest=quickest(row),
                    cpu_after_ns=cpu_after,
                    more_switches=not scheduling.has_wait and switches.grew(by_wall.subjects[row]),
                )
        if shown is None or verdict is not UNCHANGED:
            return verdict
        lost = shown.lost(row, by_wall, thresholds)
        return verdict._replace(reason=f"{lost} of it went to {NOT_ITS_OWN}") if lost else verdict

    return comparisons_of(by_wall, WALL, shown, beside, limits, scheduling)


def _cpu_comparisons(
    by_cpu: Changes, by_wall: Changes, scheduling: Scheduling, limits: Limits, has_moved: bool
) -> list[Comparison]:
    wall_row = _rows(by_wall)

    def beside(row: int, verdict: Judged, thresholds: ChangeThresholds) -> Judged:
        if has_moved:
            verdict = with_shift(verdict, by_cpu.shifts[row], thresholds.warning)
        if verdict is UNCHANGED:
            return verdict
        beside_row = wall_row.get(by_cpu.subjects[row])
        return with_wall(
            verdict,
            by_cpu.rise(row),
            None if beside_row is None else by_wall.changes[beside_row],
            0.0 if beside_row is None else by_wall.after[beside_row],
            thresholds.warning,
        )

    return comparisons_of(by_cpu, CPU, None, beside, limits, scheduling)


def _rows(changes: Changes) -> dict[str, int]:
    return {subject: row for row, subject in enumerate(changes.subjects)}


def _new_and_gone(
    baseline: BaselineSide, judged: Sequence[RunSamples]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if (
        judged
        and baseline.runs
        and all(run.subjects == judged[0].subjects for run in [*baseline.runs, *judged])
    ):
        return (), ()
    before = baseline.subjects()
    after = dict.fromkeys(subject for run in judged for subject in run.subjects)
    if before.keys() == after.keys():
        return (), ()
    return (
        tuple(subject for subject in after if subject not in before),
        tuple(subject for subject in before if subject not in after),
    )


def _whole_reason(
    by_wall: Changes, verdict: ChangeVerdict, factors: SuiteFactors, thresholds: ChangeThresholds
) -> str:
    offer = "lapwing confirm runs old and new code in turns, which tells them apart"
    if factors.moved_at_once(thresholds.warning):
        return f"{CANNOT_TELL_MACHINE}: {MOVED_AT_ONCE}; {offer}"
    if by_wall.is_small_suite and verdict is not ChangeVerdict.UNCHANGED:
        return (
            f"{CANNOT_TELL_MACHINE}: it takes {thresholds.min_tests} tests on both sides to see how fast the "
            f"machine was, here are {len(by_wall.subjects)}; {offer}"
        )
    return ""
