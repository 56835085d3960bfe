"""How is the project doing? Its suite over eight weeks, what became slower, what wants a decision."""

from typing import Final

from lapwing.analysis.change_points import series_change
from lapwing.analysis.run_why import run_why
from lapwing.analysis.window import median_and_p95
from lapwing.check.kept_limits import kept_limits
from lapwing.config.settings import Settings
from lapwing.measure.clock import CLOCKS
from lapwing.model.inbox import Inbox
from lapwing.model.overview import NewestFacts, Overview, SuitePoint
from lapwing.model.record import FAILURES
from lapwing.model.run import RecordedRun
from lapwing.model.test_board import TestBoard
from lapwing.operations.judge_limits import judge_limits
from lapwing.store.protocol import RunDigest, RunQuery, Store
from lapwing.units import NS_PER_S

_FOUR_WEEKS_NS: Final = 28 * 86_400 * NS_PER_S
_MOST_RUNS: Final = 2_000
_SHARE: Final = 0.5  # of the largest run's tests that a run must have to be of the whole suite
_ROWS: Final = 10
_MOST_FOR_STEPS: Final = 300


def read_overview(project: str, store: Store, board: TestBoard, inbox: Inbox, facts: NewestFacts) -> Overview:
    """`project` at a glance; `board` is how its tests stand, `facts` what `newest_facts` gave."""
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
    steps, levels = _steps([point.duration_ns for point in points])
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
        facts=facts,
        steps=steps,
        levels=levels,
        runs_a_week=len(late) / 4,
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


def newest_facts(settings: Settings, store: Store) -> NewestFacts:
    """Where the worker-seconds of the newest run of the settings' project went, and which limits it kept."""
    newest = store.runs(RunQuery(project=settings.project, limit=1))
    if not newest:
        return NewestFacts()
    recorded = store.read_run(newest[0].run.run_id)
    kept = kept_limits(judge_limits(settings, recorded))
    limits = tuple((name, kept.within.get(name, 0), count) for name, count in sorted(kept.tests.items()))
    return NewestFacts(_phases(recorded), limits)


def _steps(durations: list[int]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Where the newest values have a new level, counted from the first of all, and the levels."""
    looked_at = durations[-_MOST_FOR_STEPS:]
    change = series_change([float(value) for value in looked_at])
    if not change.steps:
        return (), ()
    first = len(durations) - len(looked_at)
    levels = (change.steps[0].before, *(step.after for step in change.steps))
    return tuple(first + step.at for step in change.steps), levels


def _phases(recorded: RecordedRun) -> tuple[tuple[str, int], ...]:
    if not recorded.run.processes:
        return ()
    why = run_why(recorded, 1)
    return tuple((phase.name, phase.time_ns) for phase in why.phases)
