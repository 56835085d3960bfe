"""Which tests look slower in the newest run? Those that regressed, and those worth a look."""

from collections.abc import Mapping

from lapwing.analysis.limits import limits_for
from lapwing.analysis.suspects import suspects
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.metric import WALL
from lapwing.model.thresholds import ChangeThresholds
from lapwing.operations.find_run import find_run
from lapwing.operations.judge_run import judge_run
from lapwing.store.protocol import Store


def suspects_of(settings: Settings, store: Store) -> Mapping[str, ChangeThresholds]:
    """Tests of the newest complete run that look slower than its baseline, the worst first.

    With each goes what holds for its wall time.

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
    thresholds = settings.change_thresholds
    limits_of = limits_for(thresholds, store.samples([found.run.run_id])).by_subject(WALL)
    return {nodeid: limits_of(nodeid) for nodeid in suspects(judgment, thresholds)}
