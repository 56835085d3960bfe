"""What did that run record? A run that was found, with all its records."""

from lapwing.analysis.where_time_went import attribution
from lapwing.errors import NoDataError
from lapwing.model.run import RecordedRun
from lapwing.model.time_use import TimeUse
from lapwing.operations.find_run import FoundRun
from lapwing.store.protocol import Store


def time_use(recorded: RecordedRun) -> TimeUse:
    """Where the time of a run went."""
    return attribution(recorded)


def records_of(store: Store | None, found: FoundRun) -> RecordedRun:
    """The records of the run or file that was found. Raises NoDataError for a baseline, which has none.

    `store` may be None for a file.
    """
    if found.recorded is not None:
        return found.recorded
    if found.run is None or store is None:
        raise NoDataError(
            f"{found.name} is a baseline file, not a recorded run", mend="'lapwing baseline show' shows it."
        )
    return store.read_run(found.run.run_id)


def own_records_of(store: Store | None, found: FoundRun) -> RecordedRun:
    """The same of a run that Lapwing recorded itself, with the processes that it ran in.

    Raises NoDataError for one that was read from reports, which do not tell what lies between tests.
    """
    recorded = records_of(store, found)
    if not recorded.run.processes:
        raise NoDataError(
            f"run {recorded.run.run_id} was read from reports, which do not tell what lies between its tests",
            mend="Record one with: pytest --track-performance",
        )
    return recorded
