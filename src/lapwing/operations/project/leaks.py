"""Which tests leave something behind? What `pytest --leaks` counted in the newest runs."""

from itertools import takewhile
from typing import Final

from lapwing.config.settings import Settings
from lapwing.model.leaks import COUNTER, Leaking, Leaks
from lapwing.model.run import Run
from lapwing.store.protocol import RunQuery, Store

_RUNS: Final = 10


def read_leaks(settings: Settings, store: Store) -> Leaks:
    """The tests that left something in the newest run in which any did, over the newest complete runs."""
    digests = store.runs(RunQuery(project=settings.project, is_complete=True, limit=_RUNS))
    counted = [(digest.run, _left(store, digest.run.run_id)) for digest in digests]
    leaking = [(run, left) for run, left in counted if left]  # a run without any may not have looked
    if not leaking:
        return Leaks(runs=len(counted))
    run, newest = leaking[0]
    tests = [
        Leaking(nodeid, count, sum(nodeid in left for _, left in leaking), _since(nodeid, leaking))
        for nodeid, count in newest.items()
    ]
    return Leaks(tuple(sorted(tests, key=lambda each: (-each.left, each.nodeid))), run.run_id, len(leaking))


def _left(store: Store, run_id: str) -> dict[str, int]:
    counters = store.counters(run_id)
    found = {nodeid: counts[COUNTER].count for nodeid, counts in counters.items() if COUNTER in counts}
    return {nodeid: count for nodeid, count in found.items() if count > 0}


def _since(nodeid: str, newest_first: list[tuple[Run, dict[str, int]]]) -> int:
    streak = list(takewhile(lambda each: nodeid in each[1], newest_first))
    return streak[-1][0].started_at_ns
