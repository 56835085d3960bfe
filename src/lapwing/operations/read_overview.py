"""How is the project doing? Its suite over eight weeks, what became slower, what wants a decision."""

from typing import Final

from lapwing.analysis.run_why import run_why
from lapwing.analysis.window import median_and_p95
from lapwing.measure.clock import CLOCKS
from lapwing.model.inbox import Inbox
from lapwing.model.overview import Overview, SuitePoint
from lapwing.model.record import FAILURES
from lapwing.model.test_board import TestBoard
from lapwing.store.protocol import RunDigest, RunQuery, Store
from lapwing.units import NS_PER_S

_FOUR_WEEKS_NS: Final = 28 * 86_400 * NS_PER_S
_MOST_RUNS: Final = 2_000
_SHARE: Final = 0.5  # of the largest run's tests that a run must have to be of the whole suite
_ROWS: Final = 10


def read_overview(
    project: str, store: Store, board: TestBoard, inbox: Inbox, where: tuple[tuple[str, int], ...]
) -> Overview:
    """`project` at a glance; `board` is how its tests stand, `where` what `newest_phases` gave."""
    now = CLOCKS.epoch()
    newest = store.runs(RunQuery(project=project, limit=1))
    digests = store.runs(
        RunQuery(project=project, is_complete=True, since_ns=now - 2 * _FOUR_WEEKS_NS, limit=_MOST_RUNS)
    )
    digests = digests or store.runs(RunQuery(project=project, is_complete=True, limit=60))
    most = max((digest.tests for digest in digests), default=0)
    points = [_point(digest) for digest in reversed(digests) if digest.tests >= _SHARE * most]
    split = max((point.started_at_ns for point in points), default=now) - _FOUR_WEEKS_NS
    late = [point.duration_ns for point in points if point.started_at_ns >= split]
    early = [point.duration_ns for point in points if point.started_at_ns < split]
    median_ns, p95_ns = median_and_p95(late)
    grown = sorted(
        (each for each in board.standings if each.change is not None and each.change > 1),
        key=lambda each: -(each.p50_ns * (1 - 1 / (each.change or 1))),
    )
    return Overview(
        project=project,
        newest=newest[0].run if newest else None,
        points=tuple(points),
        median_ns=median_ns,
        p95_ns=p95_ns,
        before_ns=median_and_p95(early)[0] if early else None,
        pass_rate=_pass_rate(newest[0]) if newest else None,
        most_expensive=board.standings[:_ROWS],
        grown=tuple(grown[:_ROWS]),
        inbox=inbox,
        where=where,
    )


def _point(digest: RunDigest) -> SuitePoint:
    return SuitePoint(
        run_id=digest.run.run_id,
        started_at_ns=digest.run.started_at_ns,
        duration_ns=digest.run.duration_ns,
        worker_ns=digest.worker_ns,
        tests=digest.tests,
        failed=sum(count for word, count in digest.outcomes if word in FAILURES),
    )


def _pass_rate(digest: RunDigest) -> float | None:
    counts = dict(digest.outcomes)
    ran = counts.get("passed", 0) + sum(counts.get(outcome.value, 0) for outcome in FAILURES)
    return counts.get("passed", 0) / ran if ran else None


def newest_phases(store: Store, project: str) -> tuple[tuple[str, int], ...]:
    """Where the worker-seconds of the newest run of `project` went: phase and ns."""
    newest = store.runs(RunQuery(project=project, limit=1))
    if not newest or not newest[0].run.processes:
        return ()
    why = run_why(store.read_run(newest[0].run.run_id), 1)
    return tuple((phase.name, phase.time_ns) for phase in why.phases)
