"""Did tests do more than before? Adds to a judgment what probes counted in its runs."""

from collections.abc import Iterator, Mapping
from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.comparison import RunComparison
from lapwing.model.record import Count
from lapwing.model.series import RunSamples, samples_of
from lapwing.operations.judged_side import Side
from lapwing.store.protocol import Store

_MOST_RUNS: Final = (
    5  # of a side, the newest: counts hardly vary, and every run costs a look at all its tests
)


def with_counters(
    settings: Settings, store: Store, judgment: RunComparison, before: Side, judged: Side
) -> RunComparison:
    """`judgment` with comparisons of the counts that moved; its verdict stays."""
    late = list(_counted(store, judged))
    if not any(counts for _, counters in late for counts in counters.values()):
        return judgment
    from lapwing.analysis.counters import compare_counters
    from lapwing.analysis.limits import limits_for

    compared = compare_counters(
        [counters for _, counters in _counted(store, before)],
        [counters for _, counters in late],
        limits_for(settings.change_thresholds, [samples for samples, _ in late]),
    )
    return judgment._replace(comparisons=(*judgment.comparisons, *compared))


def _counted(store: Store, side: Side) -> Iterator[tuple[RunSamples, Mapping[str, Mapping[str, Count]]]]:
    """Of each run its passed tests, and what was counted in every one of them."""
    if side.recorded is not None:
        counters = {each.nodeid: each.counters for each in side.recorded.tests}
        passed = samples_of(side.recorded)
        yield passed, {nodeid: counters[nodeid] for nodeid in passed.subjects}
        return
    for run_id in side.run_ids[:_MOST_RUNS]:
        try:
            stored = store.counters(run_id)
            (passed,) = store.samples([run_id])
        except NoDataError:  # a run behind a baseline file that is in the store no more
            continue
        yield passed, {nodeid: stored.get(nodeid, {}) for nodeid in passed.subjects}
