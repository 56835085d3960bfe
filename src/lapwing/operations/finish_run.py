"""What did this run do? Gathers a run that has ended, stores it, compares it with its baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lapwing.config.root import spool_path
from lapwing.config.settings import Settings
from lapwing.model.record import TestRecord, taker
from lapwing.model.run import RecordedRun
from lapwing.model.value import Value
from lapwing.operations.adopt_runs import Adopted, adopt_runs, release
from lapwing.operations.limits_at_a_glance import are_limits_kept
from lapwing.record.gather import Gathered, gather
from lapwing.store.open_store import open_store
from lapwing.store.run_files.folder import RunFacts, remove_run_folder
from lapwing.units import NS_PER_S

if TYPE_CHECKING:
    from lapwing.model.comparison import RunComparison
    from lapwing.model.kept_limits import KeptLimits
    from lapwing.model.time_use import TimeUse
    from lapwing.store.protocol import Store
    from lapwing.store.run_files.writer import Kept

UPDATE_BASELINE_VARIABLE: Final = "UPDATE_PERFORMANCE_BASELINE"
SAVE_RESULTS_VARIABLE: Final = "LAPWING_SAVE_RESULTS"
UNSTORED: Final = "The run is kept in .lapwing/spool; the next lapwing command takes it in."

_ADVISED_RUN_NS: Final = 10 * NS_PER_S
_ADVICE_NS_PER_TEST: Final = NS_PER_S // 7_000  # measured with 300 to 10,000 tests
_ADVICE_SHARE: Final = 50  # looking for advice is at most a fiftieth of a run

_LONG_RUN_NS: Final = 30 * NS_PER_S
_LONG_TEST_NS: Final = NS_PER_S // 10
"""A shorter run of shorter tests, in which nothing changed, is told in one line."""

_LONG_PHASES: Final = tuple(map(taker, ("setup_ns", "call_ns")))


class FinishedRun(Value):
    """A run that has been taken in."""

    recorded: RecordedRun
    use: TimeUse | None = None  # where the time went; None for a run that one line tells
    slowest: tuple[TestRecord, ...] = ()
    comparison: RunComparison | None = None
    adopted: Adopted = Adopted()
    notes: tuple[str, ...] = ()  # what was done besides: files written
    faults: tuple[str, ...] = ()  # what could not be done, and how to mend it
    is_unstored: bool = False  # the store refused the run, as the first of the faults says
    limits: KeptLimits | None = None  # None where all are kept


def finish_run(
    settings: Settings,
    folder: Path,
    *,
    environ: Mapping[str, str],
    facts: RunFacts | None = None,
    kept: Kept | None = None,
    again: Callable[[FinishedRun], FinishedRun] | None = None,
) -> FinishedRun | None:
    """Take in the run in `folder`. None where it recorded no test and no benchmark.

    `facts` are what the folder says of the run, for a caller who has just written it, and `kept` what this
    process still has of its own file.
    `again` gets the run once it is stored and judged, and may judge it on more evidence.

    Never raises for a store that refuses: the run then stays in its folder, the next command
    takes it in, and `faults` says so. Raises OSError, ValueError for a folder that cannot be read.
    """
    gathered = gather(folder, facts, kept)
    if gathered is None or not (gathered.recorded.tests or gathered.recorded.benchmarks):
        remove_run_folder(folder)
        return None
    finished = FinishedRun(recorded=gathered.recorded)
    try:
        finished = _stored(settings, folder, finished, gathered)
    except Exception as error:
        from lapwing.errors import StoreError

        if not isinstance(error, StoreError):
            raise
        finished = finished._replace(faults=(f"{error}\n  {UNSTORED}",), is_unstored=True)
    if again is not None:
        finished = again(finished)
    finished = finished._replace(limits=_limits(settings, finished))
    if settings.summary_advice and _is_worth_advice(finished.recorded):
        from lapwing.operations.summary_advice import advice_lines

        finished = finished._replace(notes=(*finished.notes, *advice_lines(settings, finished.recorded)))
    return _with_files(settings, _with_time_use(settings, finished), environ)


def _stored(settings: Settings, folder: Path, finished: FinishedRun, gathered: Gathered) -> FinishedRun:
    run = finished.recorded.run
    with open_store(settings.store, create=True, origin=settings.store_origin) as store:
        adopted = adopt_runs(spool_path(settings.root), store, except_run=run.run_id)
        store.write_run(finished.recorded)
        unread = release(folder, gathered)
        if unread:
            finished = finished._replace(faults=(unread,))
        try:
            comparison = _judged(settings, store, finished.recorded)
        except Exception as error:
            from lapwing.errors import LapwingError

            if not isinstance(error, LapwingError):
                raise
            return finished._replace(adopted=adopted, faults=(*finished.faults, str(error)))
    return finished._replace(adopted=adopted, comparison=comparison)


def _limits(settings: Settings, finished: FinishedRun) -> KeptLimits | None:
    """How the run stands to its limits; None where it keeps them all."""
    if are_limits_kept(settings, finished.recorded):
        return None
    from lapwing.check.kept_limits import kept_limits
    from lapwing.operations.judge_limits import judge_limits

    factor = None if finished.comparison is None else finished.comparison.machine_factor
    kept = kept_limits(judge_limits(settings, finished.recorded, machine_factor=factor))
    return kept if kept.broken else None


def _judged(settings: Settings, store: Store, recorded: RecordedRun) -> RunComparison | None:
    """The run against its baseline; None where there cannot be one yet."""
    if not settings.baseline_file.exists() and store.run_count() < 2:
        return None
    from lapwing.operations.judge_run import judge_run

    return judge_run(settings, store, [recorded.run])


def _with_time_use(settings: Settings, finished: FinishedRun) -> FinishedRun:
    """Add where the time went, if the run is long enough or changed enough to tell more of it."""
    if not _is_worth_a_section(finished):
        return finished
    from lapwing.analysis.slowest import slowest_tests
    from lapwing.analysis.where_time_went import attribution

    slowest = tuple(slowest_tests(finished.recorded, settings.summary_tests))
    return finished._replace(use=attribution(finished.recorded), slowest=slowest)


def _is_worth_advice(recorded: RecordedRun) -> bool:
    """Whether the run took long, and looking for advice would be a small part of that."""
    run = recorded.run
    looking_ns = len(recorded.tests) * _ADVICE_NS_PER_TEST
    return run.is_complete and run.duration_ns >= max(_ADVISED_RUN_NS, _ADVICE_SHARE * looking_ns)


def _is_worth_a_section(finished: FinishedRun) -> bool:
    """Whether there is more to say than one line."""
    if finished.limits is not None:
        return True
    if finished.comparison is not None and finished.comparison.verdict != "unchanged":
        return True
    tests = finished.recorded.tests
    return finished.recorded.run.duration_ns >= _LONG_RUN_NS or any(
        max(filter(None, map(phase, tests)), default=0) >= _LONG_TEST_NS for phase in _LONG_PHASES
    )


def _with_files(settings: Settings, finished: FinishedRun, environ: Mapping[str, str]) -> FinishedRun:
    """Write the files that were asked for beside the store."""
    notes = list(finished.notes)
    faults = list(finished.faults)
    recorded = finished.recorded
    try:
        if settings.data_file is not None:
            from lapwing.store.data_file import write_data_file

            write_data_file(settings.data_file, recorded, slow_threshold_ns=settings.slow_test_ns)
        if environ.get(SAVE_RESULTS_VARIABLE):
            from lapwing.operations.save_results import save_results

            notes += [f"wrote {path}" for path in save_results(settings, recorded, finished.comparison)]
        if environ.get(UPDATE_BASELINE_VARIABLE, "").lower() in ("1", "true", "yes", "on"):
            from lapwing.operations.update_baseline import update_from_recorded

            notes.append(update_from_recorded(settings, recorded))
    except OSError as error:
        if not faults:  # a full disk has been told once
            faults.append(
                f"{error.filename}: {error.strerror}; make the place writable or switch the file off"
            )
    except Exception as error:
        from lapwing.errors import LapwingError

        if not isinstance(error, LapwingError):
            raise
        if not faults:
            faults.append(str(error))
    return finished._replace(notes=tuple(notes), faults=tuple(faults))
