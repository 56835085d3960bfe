"""Which tests look slower in the newest run? Those that regressed, and those worth a look."""

from lapwing.analysis.suspects import suspects
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.operations.find_run import find_run
from lapwing.operations.judge_run import judge_run
from lapwing.store.protocol import Store


def suspects_of(settings: Settings, store: Store) -> tuple[str, ...]:
    """Node ids of the newest complete run that look slower than its baseline, the worst first.

    Raises NoDataError where no run, or no baseline, is there to ask.
    """
    found = find_run(settings, store, "latest", must_be_complete=True)
    assert found.run is not None
    judgment = judge_run(settings, store, [found.run])
    if judgment is None:
        raise NoDataError(
            "the newest run has nothing to be compared with, so that no test is suspect",
            mend="Name the tests: lapwing confirm NODEID",
        )
    return suspects(judgment, settings.change_thresholds)
