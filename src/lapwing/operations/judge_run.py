"""Did anything change? One or more runs against their baseline, as one judgment."""

from collections.abc import Sequence

from lapwing.config.settings import Settings
from lapwing.model.comparison import Comparison, RunComparison
from lapwing.model.run import Run
from lapwing.model.series import RunSamples
from lapwing.operations.choose_baseline import Baseline, choose_baseline
from lapwing.store.protocol import Store


def judge_run(settings: Settings, store: Store, runs: Sequence[Run]) -> RunComparison | None:
    """The stored `runs` (of one suite) against the baseline of the newest; None without any."""
    judged = store.samples([run.run_id for run in runs])
    newest = max(runs, key=lambda run: run.started_at_ns)
    tests = max((len(samples.subjects) for samples in judged), default=0)
    if not tests:
        return None
    baseline = choose_baseline(settings, store, newest, tests)
    return judge_against(settings, store, judged, baseline)


def judge_against(
    settings: Settings, store: Store, judged: Sequence[RunSamples], baseline: Baseline
) -> RunComparison | None:
    """`judged` against a chosen baseline; None where the baseline is empty."""
    if baseline.file is not None:
        from lapwing.analysis.compare import compare_with_baseline_file

        judgment = compare_with_baseline_file(
            baseline.file,
            judged,
            settings.change_thresholds,
            same_machine_class=baseline.same_machine_class,
        )
        return judgment._replace(baseline_why=baseline.why)
    if not baseline.run_ids:
        return None
    return judge_samples(
        settings,
        store.samples(list(baseline.run_ids)),
        judged,
        same_machine_class=baseline.same_machine_class,
        why=baseline.why,
    )


def judge_samples(
    settings: Settings,
    before: Sequence[RunSamples],
    judged: Sequence[RunSamples],
    *,
    same_machine_class: bool,
    why: str,
) -> RunComparison:
    """`judged` against the runs `before`, tests one by one and their sums."""
    from lapwing.analysis.compare import compare_runs

    judgment = compare_runs(
        before,
        judged,
        settings.change_thresholds,
        same_machine_class=same_machine_class,
        baseline_why=why,
    )
    return judgment._replace(suite=_sums(before, judged, settings))


def _sums(
    before: Sequence[RunSamples], judged: Sequence[RunSamples], settings: Settings
) -> tuple[Comparison, ...]:
    """Sums over the tests on both sides: the suite, and each folder of it."""
    from lapwing.analysis.baseline_entries import group_name
    from lapwing.analysis.sums import compare_sums
    from lapwing.model.metric import GROUP_WALL, SUITE_WALL

    thresholds = settings.change_thresholds
    suite = compare_sums("suite", SUITE_WALL, before, judged, thresholds, group_of=lambda _: "suite")
    groups = compare_sums("group", GROUP_WALL, before, judged, thresholds, group_of=group_name)
    return suite + groups
