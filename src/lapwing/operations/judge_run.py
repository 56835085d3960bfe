"""Did anything change? One or more runs against their baseline, as one judgment.

A test or sum that surely became slower decides the whole: the judgment is then `regressed`, in every
face alike, and whatever cannot be told of the rest is left to the single comparisons.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.baseline import BaselineFile
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison
from lapwing.model.decisive import is_decisive
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import WALL
from lapwing.model.record import Count, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.model.series import RunSamples, samples_of
from lapwing.operations.choose_baseline import Baseline, choose_baseline
from lapwing.operations.judged_side import Side
from lapwing.operations.judging.counters import with_counters
from lapwing.operations.judging.first import ComesFirst
from lapwing.operations.judging.fixtures import judged_parts
from lapwing.operations.judging.measured import has_measured, measured_of, with_measured
from lapwing.operations.judging.order_of_file import OrderOfFile
from lapwing.operations.judging.order_of_runs import OrderOfRuns
from lapwing.operations.judging.sums import judged_sums, settled_sums
from lapwing.store.protocol import Store

_CAUSES_OF: Final = 50  # tests; nobody reads more, and every one costs a look into several runs
_CAUSE_RUNS: Final = 5
_ORDER_RUNS: Final = 5

_CHANGED: Final = (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED)

_Counters = Mapping[str, Mapping[str, Count]]


def judge_run(
    settings: Settings, store: Store, runs: Sequence[Run], *, is_brief: bool = True
) -> RunComparison | None:
    """The stored `runs` (of one suite) against the baseline of the newest; None without any.

    `is_brief` leaves fixtures, collection and counters out: someone waits for the end of their tests.
    """
    newest = max(runs, key=lambda run: run.started_at_ns)
    run_ids = tuple(run.run_id for run in runs)
    side = Side(run_ids, samples=tuple(store.samples(run_ids)))
    tests = max((len(samples.subjects) for samples in side.samples), default=0)
    if not tests and not has_measured(store, side):
        return None
    return judge_against(
        settings, store, side, choose_baseline(settings, store, newest, tests), is_brief=is_brief
    )


def judge_against(
    settings: Settings, store: Store, judged: Side, baseline: Baseline, *, is_brief: bool = False
) -> RunComparison | None:
    """`judged` against a chosen baseline; None where that is empty. `is_brief` is as `judge_run` says."""
    if baseline.file is not None:
        from lapwing.analysis.compare import compare_with_baseline_file

        late = _samples(store, judged)
        judgment = compare_with_baseline_file(
            baseline.file,
            late,
            settings.change_thresholds,
            same_machine_class=baseline.same_machine_class,
            confirming=_confirming(store, judged),
        )
        order = OrderOfRuns(store, judged.run_ids, late)
        comes_first = ComesFirst(settings, OrderOfFile(baseline.file), order, late)
        if baseline.file.knows_order:
            judgment = comes_first.settle(judgment)
        judgment = _with_causes(settings, store, judgment, Side(baseline.file.runs), judged, late)
        suite = _sums_of_file(settings, baseline, baseline.file, late, judgment)
        judgment = judgment._replace(suite=suite)
        if not is_brief:
            judgment = with_counters(settings, store, judgment, Side(baseline.file.runs), judged)
            if baseline.file.knows_order:
                judgment = comes_first.settle_counts(judgment)
        judgment = with_measured(settings, store, judgment, baseline.file, judged)
        return _settled(judgment._replace(baseline_why=baseline.why))
    if not baseline.run_ids:
        return None
    judgment = judge_sides(
        settings,
        store,
        Side(baseline.run_ids),
        judged,
        same_machine_class=baseline.same_machine_class,
        why=baseline.why,
        is_brief=is_brief,
        baseline=baseline,
    )
    # A test whose accepted level begins with the judged run has no baseline yet, and is not new.
    return judgment._replace(
        new_tests=tuple(name for name in judgment.new_tests if name not in baseline.starts)
    )


def judge_sides(
    settings: Settings,
    store: Store,
    before: Side,
    judged: Side,
    *,
    same_machine_class: bool,
    why: str,
    is_brief: bool = False,
    baseline: Baseline | None = None,
) -> RunComparison:
    """`judged` against the runs of `before`: tests one by one, and their sums.

    Where `before` is a chosen `baseline`, each test's history counts within its bounds only.
    """
    from lapwing.analysis.compare import MOVED_AT_ONCE, compare_runs

    early, late = _samples(store, before), _samples(store, judged)
    if baseline is not None:
        early = _bounded(settings, early, late, baseline)
    judgment = compare_runs(
        early,
        late,
        settings.change_thresholds,
        same_machine_class=same_machine_class,
        baseline_why=why,
        confirming=_confirming(store, judged),
    )
    suite = judged_sums(early, late, settings)
    has_moved = MOVED_AT_ONCE in judgment.reason
    if (has_moved or not is_brief) and before.run_ids and judged.run_ids:
        parts = judged_parts(settings, store, before.run_ids, judged.run_ids, late, has_moved=has_moved)
        suite += parts.comparisons if not is_brief else ()
        if has_moved:
            judgment = judgment._replace(reason=parts.why_moved or judgment.reason)
    if not same_machine_class:
        suite = _of_another_machine(suite)
    comes_first = ComesFirst(
        settings,
        OrderOfRuns(store, before.run_ids[:_ORDER_RUNS], early),
        OrderOfRuns(store, judged.run_ids, late),
        late,
    )
    judgment = comes_first.settle(judgment._replace(suite=suite))
    judgment = _with_causes(settings, store, judgment, before, judged, late)
    judgment = judgment._replace(suite=settled_sums(judgment.suite, judgment, late, settings))
    if not is_brief:
        judgment = comes_first.settle_counts(with_counters(settings, store, judgment, before, judged))
    return _settled(with_measured(settings, store, judgment, _measured(store, before, baseline), judged))


def _measured(store: Store, before: Side, baseline: Baseline | None) -> Sequence[Sequence[BenchmarkRecord]]:
    """What the runs of `before` measured, of a chosen `baseline` only at the accepted level."""
    measured = measured_of(store, before)
    if baseline is None or not baseline.starts:
        return measured
    return [
        [record for record in records if baseline.accepts(record.nodeid, run_id)]
        for run_id, records in zip(before.run_ids, measured, strict=True)
    ]


def _bounded(
    settings: Settings, before: Sequence[RunSamples], judged: Sequence[RunSamples], baseline: Baseline
) -> Sequence[RunSamples]:
    from lapwing.analysis.baseline_window import baseline_bounds, within

    bounds = baseline_bounds(
        before, judged, baseline.started_at_ns, baseline.starts, lasting=settings.baseline_min_runs
    )
    return within(before, baseline.started_at_ns, bounds) if bounds else before


def _samples(store: Store, side: Side) -> Sequence[RunSamples]:
    if side.samples:
        return side.samples
    return [samples_of(side.recorded)] if side.recorded is not None else store.samples(side.run_ids)


def _confirming(store: Store, side: Side) -> list[RunSamples]:
    """The rounds in which suspects of the side's runs were run again."""
    rounds: dict[tuple[str, int], list[TestRecord]] = {}
    for run_id in side.run_ids:
        for attempt in store.confirm_attempts(run_id):
            rounds.setdefault((run_id, attempt.attempt), []).append(attempt)
    return [
        samples_of(RecordedRun(Run(run_id=run_id, started_at_ns=0, duration_ns=0), tests=tuple(attempts)))
        for (run_id, _), attempts in rounds.items()
    ]


def _settled(judgment: RunComparison) -> RunComparison:
    """With the verdict that its tests and sums give, and a reason only where nothing can be told."""
    if any(map(is_decisive, (*judgment.comparisons, *judgment.suite))):
        return judgment._replace(verdict=ChangeVerdict.REGRESSED, reason="")
    return judgment if judgment.verdict is ChangeVerdict.CANNOT_TELL else judgment._replace(reason="")


def _sums_of_file(
    settings: Settings,
    baseline: Baseline,
    file: BaselineFile,
    judged: Sequence[RunSamples],
    judgment: RunComparison,
) -> tuple[Comparison, ...]:
    """The same against a baseline file, with the limits of groups that somebody wrote into it."""
    from lapwing.analysis.baseline_file_sums import sides_of_file, with_group_limits

    suite = judged_sums(*sides_of_file(file, judged), settings)
    if not baseline.same_machine_class:
        suite = _of_another_machine(suite)
    suite = settled_sums(suite, judgment, judged, settings)
    return with_group_limits(suite, file, judged, settings.change_thresholds)


def _of_another_machine(suite: Sequence[Comparison]) -> tuple[Comparison, ...]:
    from lapwing.analysis.untold import OTHER_MACHINE, untold

    return tuple(untold(each, OTHER_MACHINE) for each in suite)


def _with_causes(
    settings: Settings,
    store: Store,
    judgment: RunComparison,
    before: Side,
    judged: Side,
    samples: Sequence[RunSamples],
) -> RunComparison:
    """With what probes counted more or less of, in the reason of each test that changed in time.

    What could not be told on a busy machine is called where sleeps that the test asked for make it up.
    `samples` are those of `judged`.
    """
    changed = [
        each
        for each in judgment.comparisons
        if each.unit == "ns" and (each.verdict in _CHANGED or each.worth_a_look)
    ]
    nodeids = list(dict.fromkeys(each.nodeid for each in changed))[:_CAUSES_OF]
    if not nodeids:
        return judgment
    early, late = (_counters(store, side, nodeids) for side in (before, judged))
    from lapwing.analysis.added_sleep import added_sleep_ns, called_by_sleep
    from lapwing.analysis.likely_cause import likely_cause
    from lapwing.analysis.limits import limits_for

    limits_of = limits_for(settings.change_thresholds, samples).by_subject(WALL)
    counted = {nodeid: (_of_test(early, nodeid), _of_test(late, nodeid)) for nodeid in nodeids}
    added = {nodeid: added_sleep_ns(*sides) for nodeid, sides in counted.items()}

    def named(comparison: Comparison) -> Comparison:
        if comparison not in is_changed or comparison.nodeid not in counted:
            return comparison
        cause = likely_cause(*counted[comparison.nodeid], is_longer=comparison.ratio > 1)
        if not cause:
            return comparison
        if judgment.same_machine_class and added[comparison.nodeid]:
            limits = limits_of(comparison.nodeid)
            comparison = called_by_sleep(comparison, added[comparison.nodeid], limits)
        return comparison._replace(reason=f"{comparison.reason}; {cause}" if comparison.reason else cause)

    is_changed = set(changed)
    return judgment._replace(comparisons=tuple(map(named, judgment.comparisons)))


def _counters(store: Store, side: Side, nodeids: Sequence[str]) -> list[_Counters]:
    """Per run what was counted, by test; runs that are in the store no more are left out."""
    if side.recorded is not None:
        wanted = set(nodeids)
        return [{each.nodeid: each.counters for each in side.recorded.tests if each.nodeid in wanted}]
    found: list[_Counters] = []
    for run_id in side.run_ids[:_CAUSE_RUNS]:
        try:
            found.append(store.counters(run_id, nodeids))
        except NoDataError:
            continue
    return found


def _of_test(runs: Sequence[_Counters], nodeid: str) -> list[Mapping[str, Count]]:
    return [run[nodeid] for run in runs if nodeid in run]
