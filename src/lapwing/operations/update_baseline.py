"""Make this the baseline: writes the file in git from recorded runs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from lapwing.analysis.baseline_counts import with_counts
from lapwing.analysis.baseline_entries import baseline_entries
from lapwing.analysis.baseline_order import SharedTimes, shared_times, with_order
from lapwing.analysis.measured_levels import measured_entries
from lapwing.config.settings import Settings
from lapwing.errors import BrokenFileError, NoDataError
from lapwing.model.baseline import BaselineFile
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import Count
from lapwing.model.run import RecordedRun, Run
from lapwing.model.series import RunSamples, samples_of
from lapwing.model.value import Value
from lapwing.store.baseline_file import read_baseline_file, write_baseline_file
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunQuery, Store
from lapwing.units import NS_PER_S, format_count

LEAST_SHARE: Final = 0.9
"""A run with fewer of the tests in the baseline does not replace it unasked."""


def update_from_store(
    settings: Settings, store: Store, runs: Sequence[Run], *, even_if_partial: bool = False
) -> "Updated":
    """Write the baseline file from stored `runs`.

    Raises NoDataError where they passed no test, or, unless `even_if_partial`, fewer than
    LEAST_SHARE of those in the file.
    """
    run_ids = [run.run_id for run in runs]
    return _write(
        settings,
        store.samples(run_ids),
        runs[0],
        store.benchmarks(run_ids),
        [store.counters(run_id) for run_id in run_ids],
        [shared_times(store.read_run(run_id)) for run_id in run_ids],
        even_if_partial=even_if_partial,
    )


def create_from_recorded(
    settings: Settings, recorded: RecordedRun, *, even_if_partial: bool = False
) -> "Updated":
    """Write the baseline file from one run.

    Raises NoDataError where it is incomplete, passed no test, or, unless `even_if_partial`, fewer than
    LEAST_SHARE of those in the file.
    """
    if not recorded.run.is_complete:
        raise NoDataError("the run is incomplete", mend="Record a whole run first.")
    return _write(
        settings,
        [samples_of(recorded)],
        recorded.run,
        [recorded.benchmarks],
        [{each.nodeid: each.counters for each in recorded.tests}],
        [shared_times(recorded)],
        even_if_partial=even_if_partial,
    )


def update_from_recorded(settings: Settings, recorded: RecordedRun) -> str:
    """Write the baseline file from a run that has just ended, if that may stand for the suite.

    Returns what was done, or why not, in one line.
    """
    try:
        return written(settings, create_from_recorded(settings, recorded))
    except NoDataError as error:
        return f"{error.what}: the baseline stays as it is"


class Updated(Value):
    """The baseline that was written, and what became of the one before it."""

    baseline: BaselineFile
    fault: str = ""  # what was wrong with the file that stood there, and under what name it is kept


def written(settings: Settings, updated: Updated) -> str:
    """What was done, in one line."""
    count = format_count(len(updated.baseline.tests), "test")
    return f"wrote the baseline of {count} to {settings.baseline_file}{updated.fault}"


def newest_complete_runs(
    settings: Settings, store: Store, count: int, *, older: Collection[str] = ()
) -> list[Run]:
    """The newest `count` complete runs of the project, newest first, without those whose ids are in `older`.

    Raises NoDataError for none.
    """
    digests = store.runs(_newest(settings, count))
    runs = [digest.run for digest in digests if digest.run.run_id not in older]
    if not runs and not older:
        raise NoDataError(
            "no complete run is recorded yet", mend="Record one with: pytest --track-performance"
        )
    return runs


def newest_so_far(settings: Settings, count: int) -> frozenset[str]:
    """The ids of the newest `count` complete runs that are in the store now. Raises StoreError."""
    try:
        with open_store(settings.store, create=False, origin=settings.store_origin) as store:
            return frozenset(digest.run.run_id for digest in store.runs(_newest(settings, count)))
    except NoDataError:
        return frozenset()


def _newest(settings: Settings, count: int) -> RunQuery:
    return RunQuery(project=settings.project, is_complete=True, limit=count)


def _write(
    settings: Settings,
    samples: Sequence[RunSamples],
    newest: Run,
    benchmarks: Sequence[Sequence[BenchmarkRecord]],
    counters: Sequence[Mapping[str, Mapping[str, Count]]],
    shared: Sequence[SharedTimes],
    *,
    even_if_partial: bool = False,
) -> Updated:
    thresholds = settings.change_thresholds
    previous, fault = None, ""
    try:
        previous = read_baseline_file(settings.baseline_file, thresholds=thresholds)
    except BrokenFileError as error:
        # It was to be replaced: asking for it to be mended first would lead nowhere.
        kept = f", kept as {error.kept_as}" if error.kept_as else ""
        fault = f" in the place of a broken one ({error.what}{kept})"
    date = datetime.fromtimestamp(newest.started_at_ns / NS_PER_S, UTC).date().isoformat()
    baseline = baseline_entries(samples, thresholds, previous, date=date, commit=newest.revision.commit)
    baseline = with_counts(baseline._replace(measured=measured_entries(benchmarks)), counters)
    baseline = with_order(baseline, samples, shared)
    if not baseline.tests and not baseline.measured:
        raise NoDataError("no test passed in these runs", mend="Mend the tests, then record a run again.")
    if previous is not None and not even_if_partial:
        _refuse_partial(previous, baseline)
    settings.baseline_file.parent.mkdir(parents=True, exist_ok=True)
    write_baseline_file(settings.baseline_file, baseline, thresholds=thresholds)
    return Updated(baseline, fault)


def _refuse_partial(previous: BaselineFile, baseline: BaselineFile) -> None:
    """Raises NoDataError where `baseline` has too few of the tests of `previous`."""
    kept = len(previous.tests.keys() & baseline.tests.keys())
    if kept < LEAST_SHARE * len(previous.tests):
        known = format_count(len(previous.tests), "test")
        raise NoDataError(
            f"only {kept} of the {known} in the baseline passed this time",
            mend="Run the whole suite first, or replace the baseline all the same: "
            "lapwing baseline update --yes. Renamed tests: lapwing rename OLD NEW.",
        )
