"""How does every test stand? Over the newest runs of the suite that can be laid beside each other."""

from typing import Final

from lapwing.analysis.test_board import test_standings
from lapwing.model.test_board import TestBoard
from lapwing.store.protocol import RunQuery, Store

DEFAULT_RUNS: Final = 30
_LOOK_BACK: Final = 4  # times as many runs are listed: some are of other machines, or of parts of the suite
_SHARE: Final = 0.5  # of the largest run's tests that a run must have to be of the whole suite


def read_test_board(store: Store, project: str, *, limit: int = DEFAULT_RUNS) -> TestBoard:
    """The tests of `project` over its newest runs, complete ones of the newest machine class if there are."""
    digests = store.runs(RunQuery(project=project, is_complete=True, limit=_LOOK_BACK * limit))
    digests = digests or store.runs(RunQuery(project=project, limit=limit))
    if not digests:
        return TestBoard()
    machine_class = digests[0].run.machine_class
    alike = [digest for digest in digests if digest.run.machine_class == machine_class]
    most = max(digest.tests for digest in alike)
    whole = [digest.run.run_id for digest in alike if digest.tests >= _SHARE * most][:limit][::-1]
    return TestBoard(test_standings(store.samples(whole)), tuple(whole), machine_class)
