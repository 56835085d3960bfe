"""What did this test do over runs? Its values with the machine taken out, its steps and their commits."""

from collections.abc import Callable, Sequence
from typing import Final

from lapwing.analysis.columns import Raw
from lapwing.analysis.run_factors import run_factors
from lapwing.analysis.scheduling import cpu, quiet_wall, with_gc_everywhere
from lapwing.config.settings import Settings
from lapwing.environment.git import detect_base_branch
from lapwing.errors import NoDataError
from lapwing.model.history import SubjectHistory
from lapwing.model.metric import CPU, PEAK, WALL, metric_named
from lapwing.model.run import Run
from lapwing.model.series import HistoryPoint, RunSamples
from lapwing.operations.history_steps import with_steps
from lapwing.store.protocol import Store

DEFAULT_RUNS: Final = 100
METRICS: Final = (WALL.name, CPU.name, PEAK.name)

NEIGHBORS: Final = 150  # tests of about its duration that tell how fast the machine was
_MOST_PROFILES: Final = 5


def read_history(
    settings: Settings,
    store: Store,
    nodeid: str,
    *,
    metric: str = WALL.name,
    limit: int = DEFAULT_RUNS,
    branch: str | None = None,
    neighbors: int = NEIGHBORS,
) -> SubjectHistory:
    """The last `limit` runs of `nodeid` on `branch`: by default the base branch, if it ran there.

    The speed of the machine is told from `neighbors` other tests; fewer are read faster.
    Raises NoDataError where the test has no run there.
    """
    with store.snapshot():
        points = _points(settings, store, nodeid, limit, branch)
        run_ids = [point.run_id for point in points]
        others = _neighbors(store, points, nodeid, neighbors)
        runs = store.series(run_ids, [nodeid, *others], project=settings.project)
        (runs,) = map(list, with_gc_everywhere(runs))
        raw = {WALL.name: quiet_wall, CPU.name: cpu, PEAK.name: _peak}[metric]
        factors = run_factors(runs, raw, without=nodeid) if metric != PEAK.name else [None] * len(runs)
        measured, values, known = [], [], []
        for at, (run, factor) in enumerate(zip(runs, factors, strict=True)):
            value = _value(run, raw, nodeid)
            if value is not None:
                measured.append(at)
                values.append(value / (factor or 1.0))
                known.append(factor or 1.0)
        accepted = tuple(step for step in store.accepted(project=settings.project) if step.nodeid == nodeid)
        history = SubjectHistory(
            nodeid=nodeid,
            metric=metric,
            points=tuple(points),
            measured=tuple(measured),
            values=tuple(values),
            factors=tuple(known),
            accepted=accepted,
            unit=metric_named(metric).unit,
            profiles=tuple(store.profiles(nodeid, project=settings.project, limit=_MOST_PROFILES)),
        )
        return with_steps(settings, store, history, factors)


def on_branch(settings: Settings, runs: Sequence[Run], branch: str | None) -> list[Run]:
    """The runs of `branch`; by default those of the base branch, or all where it has none."""
    wanted = _wanted(settings, branch)
    fitting = [run for run in runs if wanted is None or run.revision.branch in (wanted, None)]
    return fitting if fitting or branch else list(runs)


def _wanted(settings: Settings, branch: str | None) -> str | None:
    return branch or settings.base_branch or detect_base_branch(settings.root)


def _points(
    settings: Settings, store: Store, nodeid: str, limit: int, branch: str | None
) -> list[HistoryPoint]:
    """The runs of the test on that branch, as `on_branch` has them, oldest first."""
    points = store.history(nodeid, project=settings.project, branch=_wanted(settings, branch), limit=limit)
    if not points and not branch:
        points = store.history(nodeid, project=settings.project, limit=limit)
    if not points:
        where = f" on branch {branch!r}" if branch else ""
        raise NoDataError(f"no run of {nodeid}{where} is recorded", mend="'lapwing runs' lists the runs.")
    return points[::-1]


def _neighbors(store: Store, points: Sequence[HistoryPoint], nodeid: str, most: int) -> list[str]:
    """Tests of about the duration that this one has where it is quick: machines slow those alike.

    Where it is slow, the nearest would be those that became slower together with it, and their loss would be
    taken for the machine's.
    """
    whole = [point for point in points if point.is_complete and point.wall_ns] or points[-1:]
    quick_ns = sorted(point.wall_ns or 0 for point in whole)[len(whole) // 4]
    chosen = next(point for point in reversed(whole) if (point.wall_ns or 0) <= quick_ns)
    found = store.alike(chosen.run_id, chosen.wall_ns or 0, most=most + 1)
    return [name for name in found if name != nodeid][:most]


def _peak(run: RunSamples) -> Raw:
    return run.peak_bytes


def _value(run: RunSamples, raw: Callable[[RunSamples], Raw], nodeid: str) -> float | None:
    values = raw(run)
    if nodeid not in run.subjects or len(values) != len(run.subjects):
        return None
    return values[run.subjects.index(nodeid)]
