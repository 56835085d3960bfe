"""Which tests do not do the same thing twice? In outcome on one commit, and in time."""

from typing import Final

from lapwing.analysis.flaky_outcome import flaky_outcomes
from lapwing.analysis.flaky_time import flaky_times
from lapwing.analysis.many_series import most_series
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.run import Run
from lapwing.model.stability import Stability
from lapwing.operations.read_history import on_branch
from lapwing.operations.read_series import freed_series
from lapwing.store.protocol import RunQuery, Store

DEFAULT_RUNS: Final = 60
_SHORTEST_NS: Final = 5_000_000  # tests that take less are nobody's wait, and clocks make them look wild
_WORTH_A_LOOK: Final = 1.1  # slowest run by the median, under which a test needs no closer look
_LOOK_BACK: Final = 4  # times as many runs are read for outcomes: they are cheap, and flips rare


def find_flaky(settings: Settings, store: Store, *, limit: int = DEFAULT_RUNS) -> Stability:
    """Flaky tests of the last runs; times over `limit` complete ones, outcomes over four times as many.

    Times are those of the base branch, if it has any: what another branch makes slower has no two modes.
    Raises NoDataError without a run.
    """
    digests = store.runs(RunQuery(project=settings.project, limit=_LOOK_BACK * limit))
    if not digests:
        raise NoDataError("no run is recorded yet", mend="Record one with: pytest --track-performance")
    runs = [digest.run for digest in digests]
    run_ids = [run.run_id for run in runs]
    failed = store.failed_attempts(run_ids)
    suspects = {attempt.nodeid for attempt in failed}
    passed = [
        (samples.run_id, nodeid)
        for samples in store.series(run_ids, suspects, project=settings.project)
        for nodeid in samples.subjects
    ]
    series = _long_enough(settings, store, runs, limit)
    wild = {
        nodeid: values
        for nodeid, values in series.items()
        if max(values) > _WORTH_A_LOOK * sorted(values)[len(values) // 2]
    }
    most = most_series()
    chosen = dict(sorted(wild.items(), key=lambda each: -sum(each[1]))[:most])
    return Stability(
        runs=len(runs),
        outcomes=flaky_outcomes(runs, failed, passed),
        times=flaky_times(chosen),
        looked_at=len(series) - len(wild) + len(chosen),
        tests=len(series),
    )


def _long_enough(settings: Settings, store: Store, runs: list[Run], limit: int) -> dict[str, list[float]]:
    newest = next((run for run in runs if run.is_complete), None)
    if newest is None:
        return {}
    alike = [run for run in runs if run.is_complete and run.machine_class == newest.machine_class]
    found = freed_series(store, on_branch(settings, alike, None)[:limit][::-1])
    return {
        nodeid: values
        for nodeid, (_, values) in found.series.items()
        if sorted(values)[len(values) // 2] >= _SHORTEST_NS
    }
