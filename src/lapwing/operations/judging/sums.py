"""Sums over the tests on both sides: the suite, each folder of it, and each category."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Final

from lapwing.config.settings import Settings
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison
from lapwing.model.metric import CATEGORY_WALL, CPU, GROUP_WALL, SUITE_WALL, Metric
from lapwing.model.series import RunSamples

_NAMES: Final = {SUITE_WALL.name: "suite", GROUP_WALL.name: "group", CATEGORY_WALL.name: "category"}
_CHANGED: Final = (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED)


def judged_sums(
    before: Sequence[RunSamples], judged: Sequence[RunSamples], settings: Settings
) -> tuple[Comparison, ...]:
    """`judged` against `before`, the slowest change of each kind first.

    On a busy machine a sum is called only if its CPU time, too, is over its threshold: other work makes
    threads and children wait, as it does in single tests.
    """
    from lapwing.analysis.scheduling import scheduling_of
    from lapwing.analysis.sums import beside_cpu, compare_groups, summable

    if not before or not judged:
        return ()
    thresholds = settings.change_thresholds
    is_busy = scheduling_of((), judged, None, None).is_busy
    by_wall = summable(before, judged, thresholds)
    by_cpu = cache(partial(summable, before, judged, thresholds, is_cpu=True))  # seldom asked for

    def compared(name: str, metric: Metric, group_of: Callable[[str], str | None]) -> tuple[Comparison, ...]:
        sums = compare_groups(name, metric, by_wall, thresholds, group_of)
        if not is_busy or not any(each.verdict is ChangeVerdict.REGRESSED for each in sums):
            return sums
        return beside_cpu(sums, compare_groups(name, CPU, by_cpu(), thresholds, group_of), metric, thresholds)

    return tuple(
        each
        for metric, group_of in _groups(judged).items()
        for each in compared(_NAMES[metric.name], metric, group_of)
    )


def settled_sums(
    sums: Sequence[Comparison], judgment: RunComparison, judged: Sequence[RunSamples], settings: Settings
) -> tuple[Comparison, ...]:
    """`sums` of the runs `judged` as `judgment` allows, when everything is known of the tests.

    Where half of the suite changed at once, what was taken out as the machine may be code.
    """
    if not any(each.verdict in _CHANGED for each in sums):
        return tuple(sums)
    from lapwing.analysis.compare import MOVED_AT_ONCE
    from lapwing.analysis.limits import limits_for
    from lapwing.analysis.moved_by_one import as_their_tests
    from lapwing.analysis.setup_share import WITH_OTHERS
    from lapwing.analysis.untold import untold

    group_of = {metric.name: of for metric, of in _groups(judged).items()}
    if MOVED_AT_ONCE in judgment.reason:
        return tuple(untold(each, WITH_OTHERS) if each.metric in group_of else each for each in sums)
    limits = limits_for(settings.change_thresholds, judged)
    return as_their_tests(sums, judgment.comparisons, group_of, limits)


def _groups(judged: Sequence[RunSamples]) -> Mapping[Metric, Callable[[str], str | None]]:
    """What is summed, and how the group of a test is found. A single category is the suite."""
    from lapwing.analysis.baseline_entries import group_name

    category_of = {
        subject: category
        for run in judged
        for subject, category in zip(run.subjects, run.categories, strict=bool(run.categories))
    }
    groups: dict[Metric, Callable[[str], str | None]] = {
        SUITE_WALL: lambda _: "suite",
        GROUP_WALL: group_name,
    }
    if len(set(category_of.values())) > 1:
        groups[CATEGORY_WALL] = category_of.get
    return groups
