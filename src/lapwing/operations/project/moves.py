"""Where does the suite's time go over the weeks? Trends of suite, folders, categories and tests."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from lapwing.analysis.baseline_entries import group_name
from lapwing.analysis.machine_steps import machine_steps
from lapwing.analysis.weekly_trend import subject_moves, weekly_trend
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.history import MachineStep
from lapwing.model.run import Run
from lapwing.model.trend import SubjectMove, SuiteMoves
from lapwing.operations.read_history import on_branch
from lapwing.operations.read_series import FreedSeries, freed_series
from lapwing.store.protocol import RunDigest, RunQuery, Store

DEFAULT_RUNS: Final = 40
_LOOK_BACK: Final = 5  # times as many runs are listed: some are of other branches, or of parts of the suite
_MOST_TESTS: Final = 500  # the longest ones: a trend looks at every pair of runs
_SHARE: Final = 0.8  # of the largest run's tests that a run must have to be of the whole suite


def read_moves(
    settings: Settings, store: Store, *, limit: int = DEFAULT_RUNS, branch: str | None = None
) -> tuple[SuiteMoves, tuple[MachineStep, ...]]:
    """Trends over the last `limit` complete runs of the whole suite, and what the machine did in them.

    Sums are over the tests that all these runs have, so that a new test makes no suite slower. Raises
    NoDataError without a run.
    """
    digests = store.runs(RunQuery(project=settings.project, is_complete=True, limit=_LOOK_BACK * limit))
    recorded = on_branch(settings, [digest.run for digest in digests], branch)
    runs = _whole(digests, recorded)[:limit][::-1]
    if not runs:
        where = f" on branch {branch!r}" if branch else ""
        raise NoDataError(
            f"no complete run{where} is recorded", mend="Record one with: pytest --track-performance"
        )
    freed = freed_series(store, runs)
    times = [run.started_at_ns for run in runs]
    everywhere = {
        nodeid: values for nodeid, (places, values) in freed.series.items() if len(places) == len(runs)
    }
    longest = sorted(freed.series, key=lambda nodeid: -sum(freed.series[nodeid][1]))[:_MOST_TESTS]
    suite = _moves("suite", _summed(everywhere, lambda _: "suite"), times)
    moves = SuiteMoves(
        runs=tuple(run.run_id for run in runs),
        first_at_ns=times[0],
        last_at_ns=times[-1],
        suite=suite[0] if suite else None,
        folders=_moves("folder", _summed(everywhere, group_name), times),
        categories=_moves("category", _summed(everywhere, freed.categories.__getitem__), times),
        tests=_test_moves(freed, longest, times),
        looked_at=len(longest),
        all_tests=len(freed.series),
    )
    return moves, machine_steps(lambda: runs, freed.factors)


def _whole(digests: Sequence[RunDigest], runs: Sequence[Run]) -> list[Run]:
    """Those of `runs`, newest first, that are of about the whole suite."""
    tests = {digest.run.run_id: digest.tests for digest in digests}
    most = max((tests[run.run_id] for run in runs), default=0)
    return [run for run in runs if tests[run.run_id] >= _SHARE * most]


def _summed(series: Mapping[str, Sequence[float]], group_of: Callable[[str], str]) -> dict[str, list[float]]:
    sums: dict[str, list[float]] = {}
    for nodeid, values in series.items():
        group = group_of(nodeid)
        before = sums.get(group)
        sums[group] = list(values) if before is None else [*map(float.__add__, before, values)]
    return sums


def _moves(kind: str, sums: Mapping[str, Sequence[float]], times: Sequence[int]) -> tuple[SubjectMove, ...]:
    trends = {name: weekly_trend(times, values) for name, values in sums.items()}
    return subject_moves(kind, {name: trend for name, trend in trends.items() if trend is not None})


def _test_moves(freed: FreedSeries, nodeids: Sequence[str], times: Sequence[int]) -> tuple[SubjectMove, ...]:
    trends = {}
    for nodeid in nodeids:
        places, values = freed.series[nodeid]
        trend = weekly_trend([times[at] for at in places], values)
        if trend is not None:
            trends[nodeid] = trend
    return subject_moves("test", trends)
