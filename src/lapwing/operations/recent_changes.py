"""What do the runs up to this one say of its longest tests? Steps that lasted, and flakiness in time."""

from collections.abc import Sequence
from typing import Final

from lapwing.analysis.change_points import series_change
from lapwing.analysis.flaky_time import flaky_times
from lapwing.model.history import DatedStep
from lapwing.model.last_attempt import last_attempts
from lapwing.model.record import Outcome
from lapwing.model.run import RecordedRun, Run
from lapwing.model.stability import FlakyTime
from lapwing.model.value import Value
from lapwing.operations.read_series import freed_series
from lapwing.store.protocol import Store

_LONGEST: Final = (
    200  # tests that are looked at: they hold most of the time, and tell how fast the machine was
)
_SHORTEST_NS: Final = 5_000_000  # as for `lapwing flaky`


class RecentChanges(Value):
    """Steps and flakiness of the longest tests of a run, over the runs up to it."""

    steps: tuple[DatedStep, ...] = ()  # the newest first
    flaky_times: tuple[FlakyTime, ...] = ()  # the most time lost first
    looked_at: int = 0  # tests
    runs: int = 0


def recent_changes(store: Store, recorded: RecordedRun, runs: Sequence[Run]) -> RecentChanges:
    """Over `runs`, oldest first, which can be laid beside each other; the recorded one may be the last."""
    passed = [
        (record.duration_ns or 0, record.nodeid)
        for record in last_attempts(recorded.tests)
        if record.outcome == Outcome.PASSED and (record.duration_ns or 0) >= _SHORTEST_NS
    ]
    longest = [nodeid for _, nodeid in sorted(passed, reverse=True)[:_LONGEST]]
    if not longest or not runs:
        return RecentChanges()
    freed = freed_series(store, runs, longest, project=recorded.run.project)
    steps = []
    for nodeid, (places, values) in freed.series.items():
        for step in series_change(values).steps:
            before, after = runs[places[step.at - 1]], runs[places[step.at]]
            steps.append(
                DatedStep(
                    nodeid=nodeid,
                    step=step,
                    started_at_ns=after.started_at_ns,
                    before_commit=before.revision.commit,
                    after_commit=after.revision.commit,
                )
            )
    return RecentChanges(
        steps=tuple(sorted(steps, key=lambda each: (-each.started_at_ns, each.nodeid))),
        flaky_times=flaky_times({nodeid: values for nodeid, (_, values) in freed.series.items()}),
        looked_at=len(freed.series),
        runs=len(runs),
    )
