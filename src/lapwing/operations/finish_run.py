"""What did this run do? Gathers a run that has ended, stores it, compares it with its baseline."""

from collections.abc import Mapping
from pathlib import Path

from lapwing.analysis.slowest import slowest_tests
from lapwing.analysis.where_time_went import attribution
from lapwing.config.root import spool_path
from lapwing.config.settings import Settings
from lapwing.errors import LapwingError, StoreError
from lapwing.model.comparison import RunComparison
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.model.time_use import TimeUse
from lapwing.model.value import Value
from lapwing.operations.adopt_runs import Adopted, adopt_runs
from lapwing.record.gather import gather
from lapwing.store.data_file import write_data_file
from lapwing.store.open_store import open_store
from lapwing.store.run_files.folder import remove_run_folder

UPDATE_BASELINE_VARIABLE = "UPDATE_PERFORMANCE_BASELINE"
SAVE_RESULTS_VARIABLE = "LAPWING_SAVE_RESULTS"


class FinishedRun(Value):
    """A run that has been taken in."""

    recorded: RecordedRun
    use: TimeUse
    slowest: tuple[TestRecord, ...]
    comparison: RunComparison | None = None
    adopted: Adopted = Adopted()
    notes: tuple[str, ...] = ()  # what was done besides: files written
    faults: tuple[str, ...] = ()  # what could not be done, and how to mend it


def finish_run(settings: Settings, folder: Path, *, environ: Mapping[str, str]) -> FinishedRun | None:
    """Take in the run in `folder`. None where it recorded no test.

    Never raises for a store that refuses: the run then stays in its folder, the next command
    takes it in, and `faults` says so. Raises OSError, ValueError for a folder that cannot be read.
    """
    gathered = gather(folder)
    if gathered is None or not gathered.recorded.tests:
        remove_run_folder(folder)
        return None
    recorded = gathered.recorded
    finished = FinishedRun(
        recorded=recorded,
        use=attribution(recorded),
        slowest=tuple(slowest_tests(recorded, settings.summary_tests)),
    )
    try:
        finished = _stored(settings, folder, finished)
    except StoreError as error:
        kept = "The run is kept in .lapwing/spool; the next lapwing command takes it in."
        finished = finished._replace(faults=(f"{error}\n  {kept}",))
    return _with_files(settings, finished, environ)


def _stored(settings: Settings, folder: Path, finished: FinishedRun) -> FinishedRun:
    run = finished.recorded.run
    with open_store(settings.store, create=True) as store:
        adopted = adopt_runs(spool_path(settings.root), store, except_run=run.run_id)
        store.write_run(finished.recorded)
        remove_run_folder(folder)
        from lapwing.operations.judge_run import judge_run

        try:
            comparison = judge_run(settings, store, [run])
        except LapwingError as error:
            return finished._replace(adopted=adopted, faults=(str(error),))
    return finished._replace(adopted=adopted, comparison=comparison)


def _with_files(settings: Settings, finished: FinishedRun, environ: Mapping[str, str]) -> FinishedRun:
    """Write the files that were asked for beside the store."""
    notes: list[str] = []
    faults = list(finished.faults)
    recorded = finished.recorded
    try:
        if settings.data_file is not None:
            write_data_file(settings.data_file, recorded, slow_threshold_ns=settings.slow_test_ns)
        if environ.get(SAVE_RESULTS_VARIABLE):
            from lapwing.operations.save_results import save_results

            notes += [f"wrote {path}" for path in save_results(settings, finished)]
        if environ.get(UPDATE_BASELINE_VARIABLE, "").lower() in ("1", "true", "yes", "on"):
            from lapwing.operations.update_baseline import update_from_recorded

            notes.append(update_from_recorded(settings, recorded))
    except LapwingError as error:
        faults.append(str(error))
    except OSError as error:
        faults.append(f"{error.filename}: {error.strerror}; make the place writable or switch the file off")
    return finished._replace(notes=tuple(notes), faults=tuple(faults))
