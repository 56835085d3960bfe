"""Tests that are flaky in outcome over many runs: how often they fail where they can pass."""

from collections.abc import Iterable, Mapping, Sequence

from lapwing.model.run import Run
from lapwing.model.series import FailedAttempt
from lapwing.model.stability import FlakyOutcome
from lapwing.stats.wilson import wilson_interval


def flaky_outcomes(
    runs: Sequence[Run], failed: Iterable[FailedAttempt], passed: Iterable[tuple[str, str]]
) -> tuple[FlakyOutcome, ...]:
    """Tests that failed and passed on one state of the code, the most failures first.

    `passed` are (run id, node id) of last attempts. One state of the code is a commit without uncommitted
    changes, or else a single run: there only an attempt that failed before one that passed counts. A state
    in which a test never passed says that it was broken, not flaky, and is left out. The interval is
    Wilson's.
    """
    by_id = {run.run_id: run for run in runs}
    states: dict[tuple[str, str], list[int]] = {}  # test, state of the code -> failed, passed
    newest: dict[str, int] = {}
    failed_in: set[tuple[str, str]] = set()
    for attempt in failed:
        run = by_id[attempt.run_id]
        states.setdefault((attempt.nodeid, _state(run)), [0, 0])[0] += 1
        failed_in.add((attempt.run_id, attempt.nodeid))
        newest[attempt.nodeid] = max(run.started_at_ns, newest.get(attempt.nodeid, run.started_at_ns))
    reruns: dict[str, int] = {}
    for run_id, nodeid in passed:
        states.setdefault((nodeid, _state(by_id[run_id])), [0, 0])[1] += 1
        if (run_id, nodeid) in failed_in:
            reruns[nodeid] = reruns.get(nodeid, 0) + 1
    return tuple(
        sorted(_flaky(states, reruns, newest), key=lambda test: (-test.failed, -test.rate, test.nodeid))
    )


def _state(run: Run) -> str:
    revision = run.revision
    return run.run_id if revision.commit is None or revision.dirty is not False else revision.commit


def _flaky(
    states: Mapping[tuple[str, str], Sequence[int]], reruns: Mapping[str, int], newest: Mapping[str, int]
) -> Iterable[FlakyOutcome]:
    flips: dict[str, int] = {}
    sums: dict[str, list[int]] = {}
    for (nodeid, _), (failures, passes) in states.items():
        if passes:
            total = sums.setdefault(nodeid, [0, 0])
            total[0] += failures
            total[1] += passes
            flips[nodeid] = flips.get(nodeid, 0) + bool(failures)
    for nodeid, (failures, passes) in sums.items():
        if failures:
            yield FlakyOutcome(
                nodeid=nodeid,
                failed=failures,
                passed=passes,
                rate=failures / (failures + passes),
                interval=wilson_interval(failures, failures + passes),
                commits=flips[nodeid],
                reruns=reruns.get(nodeid, 0),
                last_failed_at_ns=newest[nodeid],
            )
