"""Sums over the tests on both sides: the suite, each folder of it, and each category."""

from collections.abc import Callable, Sequence

from lapwing.config.settings import Settings
from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.metric import CATEGORY_WALL, CPU, GROUP_WALL, SUITE_WALL, Metric
from lapwing.model.series import RunSamples


def judged_sums(
    before: Sequence[RunSamples], judged: Sequence[RunSamples], settings: Settings
) -> tuple[Comparison, ...]:
    """`judged` against `before`, the slowest change of each kind first.

    On a busy machine a sum is called only if its CPU time, too, is over its threshold: other work makes
    threads and children wait, as it does in single tests.
    """
    from lapwing.analysis.baseline_entries import group_name
    from lapwing.analysis.scheduling import scheduling_of
    from lapwing.analysis.sums import beside_cpu, compare_sums

    thresholds = settings.change_thresholds
    is_busy = scheduling_of((), judged, None, None).is_busy

    def compared(name: str, metric: Metric, group_of: Callable[[str], str | None]) -> tuple[Comparison, ...]:
        sums = compare_sums(name, metric, before, judged, thresholds, group_of=group_of)
        if not is_busy or not any(each.verdict is ChangeVerdict.REGRESSED for each in sums):
            return sums
        by_cpu = compare_sums(name, CPU, before, judged, thresholds, group_of=group_of)
        return beside_cpu(sums, by_cpu, metric, thresholds)

    suite = compared("suite", SUITE_WALL, lambda _: "suite")
    groups = compared("group", GROUP_WALL, group_name)
    category_of = {
        subject: category
        for run in judged
        for subject, category in zip(run.subjects, run.categories, strict=bool(run.categories))
    }
    if len(set(category_of.values())) < 2:
        return suite + groups
    return suite + groups + compared("category", CATEGORY_WALL, category_of.get)
