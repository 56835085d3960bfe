"""What did that run record? A run as people name it, with all its records."""

from lapwing.analysis.where_time_went import attribution
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.run import RecordedRun
from lapwing.model.time_use import TimeUse
from lapwing.operations.find_run import find_run
from lapwing.store.protocol import Store


def time_use(recorded: RecordedRun) -> TimeUse:
    """Where the time of a run went."""
    return attribution(recorded)


def read_named_run(settings: Settings, store: Store, name: str) -> RecordedRun:
    """The run called `name`. Raises NoDataError, also for a baseline, which has no records."""
    found = find_run(settings, store, name)
    if found.run is not None:
        return store.read_run(found.run.run_id)
    if found.recorded is not None:
        return found.recorded
    raise NoDataError(
        f"{name} is a baseline file, not a recorded run", mend="'lapwing baseline show' shows it."
    )
