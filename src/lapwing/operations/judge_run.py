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
    baseline = choose_baseline(settings, store, newest, tests)
    return judge_against(settings, store, judged, baseline)


def judge_against(
    settings: Settings, store: Store, judged: Sequence[RunSamples], baseline: Baseline
) -> RunComparison | None:
    """`judged` against a chosen baseline; None where the baseline is empty."""
    if baseline.file is None and not baseline.run_ids:
        return None
    from lapwing.analysis.compare import compare_runs, compare_with_baseline_file

    thresholds = settings.change_thresholds
    if baseline.file is not None:
        judgment = compare_with_baseline_file(
            baseline.file, judged, thresholds, same_machine_class=baseline.same_machine_class
        )
        return judgment._replace(baseline_why=baseline.why)
    before = store.samples(list(baseline.run_ids))
    judgment = compare_runs(
        before,
        judged,
        thresholds,
        same_machine_class=baseline.same_machine_class,
        baseline_why=baseline.why,
    )
    return judgment._replace(suite=compare_suite(before, judged, settings))


def compare_suite(
    before: Sequence[RunSamples], judged: Sequence[RunSamples], settings: Settings
) -> tuple[Comparison, ...]:
    """Sums over the tests on both sides: the suite, and each folder."""
    from lapwing.analysis.sums import compare_sums
    from lapwing.model.metric import GROUP_WALL, SUITE_WALL

    thresholds = settings.change_thresholds
    suite = compare_sums("suite", SUITE_WALL, before, judged, thresholds, group_of=lambda _: "suite")
    groups = compare_sums("group", GROUP_WALL, before, judged, thresholds, group_of=folder_of)
    return suite + groups


def folder_of(nodeid: str) -> str | None:
    """The folder of a test's file: the group that it counts in."""
    folder, slash, _ = nodeid.partition("::")[0].rpartition("/")
    return folder if slash else None
