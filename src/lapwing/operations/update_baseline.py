"""Make this the baseline: writes the file in git from recorded runs."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from lapwing.analysis.baseline_entries import baseline_entries
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.baseline import BaselineFile
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.model.series import RunSamples
from lapwing.store.baseline_file import read_baseline_file, write_baseline_file
from lapwing.store.protocol import RunQuery, Store
from lapwing.units import NS_PER_S, format_count

LEAST_SHARE: Final = 0.9
"""A run with fewer of the tests in the baseline does not replace it unasked."""


def update_from_store(
    settings: Settings, store: Store, runs: Sequence[Run], *, even_if_partial: bool = False
) -> BaselineFile:
    """Write the baseline file from stored `runs`.

    Raises NoDataError where they passed no test, or, unless `even_if_partial`, fewer than
    LEAST_SHARE of those in the file.
    """
    samples = store.samples([run.run_id for run in runs])
    return _write(settings, samples, runs[0], even_if_partial=even_if_partial)


def create_from_recorded(settings: Settings, recorded: RecordedRun) -> BaselineFile:
    """Write the baseline file from one run.

    Raises NoDataError where it is incomplete, passed no test, or fewer than LEAST_SHARE of those in
    the file.
    """
    if not recorded.run.is_complete:
        raise NoDataError("the run is incomplete", mend="Record a whole run first.")
    return _write(settings, [samples_of(recorded)], recorded.run)


def update_from_recorded(settings: Settings, recorded: RecordedRun) -> str:
    """Write the baseline file from a run that has just ended, if that may stand for the suite.

    Returns what was done, or why not, in one line.
    """
    try:
        return written(settings, create_from_recorded(settings, recorded))
    except NoDataError as error:
        return f"{error.what}: the baseline stays as it is"


def written(settings: Settings, baseline: BaselineFile) -> str:
    """What was done, in one line."""
    return f"wrote the baseline of {format_count(len(baseline.tests), 'test')} to {settings.baseline_file}"


def newest_complete_runs(settings: Settings, store: Store, count: int) -> list[Run]:
    """The newest `count` complete runs of the project, newest first. Raises NoDataError for none."""
    digests = store.runs(RunQuery(project=settings.project, is_complete=True, limit=count))
    if not digests:
        raise NoDataError(
            "no complete run is recorded yet", mend="Record one with: pytest --track-performance"
        )
    return [digest.run for digest in digests]


def samples_of(recorded: RecordedRun) -> RunSamples:
    """A run's passed tests as columns, last attempts, in execution order within each worker."""
    last: dict[str, TestRecord] = {}
    for record in recorded.tests:
        last[record.nodeid] = record
    tests = sorted(
        (each for each in last.values() if each.outcome == Outcome.PASSED and each.duration_ns is not None),
        key=lambda each: (each.worker, each.start_ns),
    )
    return RunSamples(
        run_id=recorded.run.run_id,
        subjects=tuple(each.nodeid for each in tests),
        workers=tuple(each.worker for each in tests),
        wall_ns=tuple(each.duration_ns or 0 for each in tests),
        cpu_ns=tuple(each.cpu_ns for each in tests),
        peak_bytes=tuple(each.peak_bytes for each in tests),
        delta_bytes=tuple(each.delta_bytes for each in tests),
        involuntary_switches=tuple(each.involuntary_switches for each in tests),
        run_delay_ns=tuple(each.run_delay_ns for each in tests),
        machine_class=recorded.run.machine_class,
        categories=tuple(each.category for each in tests),
        gc_ns=tuple(each.gc_ns for each in tests),
    )


def _write(
    settings: Settings, samples: Sequence[RunSamples], newest: Run, *, even_if_partial: bool = False
) -> BaselineFile:
    thresholds = settings.change_thresholds
    previous = read_baseline_file(settings.baseline_file, thresholds=thresholds)
    date = datetime.fromtimestamp(newest.started_at_ns / NS_PER_S, UTC).date().isoformat()
    baseline = baseline_entries(samples, thresholds, previous, date=date, commit=newest.revision.commit)
    if not baseline.tests:
        raise NoDataError("no test passed in these runs", mend="Mend the tests, then record a run again.")
    if previous is not None and not even_if_partial:
        _refuse_partial(previous, baseline)
    settings.baseline_file.parent.mkdir(parents=True, exist_ok=True)
    write_baseline_file(settings.baseline_file, baseline, thresholds=thresholds)
    return baseline


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
