"""Why does a run take so long? Its worker-seconds by cause."""

from lapwing.analysis.run_why import run_why
from lapwing.config.settings import Settings
from lapwing.model.run import RecordedRun
from lapwing.model.value import Value
from lapwing.model.why import RunWhy
from lapwing.operations.find_run import find_run
from lapwing.operations.read_run import own_records_of
from lapwing.store.protocol import Store


class WhyAnswer(Value):
    """A run with where its worker-seconds went."""

    recorded: RecordedRun
    why: RunWhy


def why_of(settings: Settings, store: Store | None, name: str, *, most: int) -> WhyAnswer:
    """Where the time of the run called `name` went; at most `most` parts of each phase.

    Raises NoDataError where there is no such run, and for one that was read from reports.
    """
    recorded = own_records_of(store, find_run(settings, store, name))
    return WhyAnswer(recorded, run_why(recorded, most))
