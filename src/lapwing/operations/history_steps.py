"""What happened in a history: its steps with their commits, how it lies, and what its machine did."""

from collections.abc import Sequence
from typing import Final

from lapwing.analysis.change_points import series_change
from lapwing.analysis.machine_steps import machine_steps
from lapwing.analysis.weekly_trend import weekly_trend
from lapwing.config.settings import Settings
from lapwing.environment.git_log import commits_between
from lapwing.model.accepted import AcceptedStep
from lapwing.model.change import Step
from lapwing.model.history import Commit, StepRuns, SubjectHistory
from lapwing.model.run import Run
from lapwing.model.series import HistoryPoint
from lapwing.store.protocol import RunQuery, Store

_MOST_COMMITS: Final = 5


def with_steps(
    settings: Settings, store: Store, history: SubjectHistory, factors: Sequence[float | None]
) -> SubjectHistory:
    """`history` with what its values say. `factors` stand beside its points, None where nothing is known."""
    change = series_change(history.values)
    points = [history.points[at] for at in history.measured]
    is_ratio = bool(history.values) and min(history.values) > 0
    return history._replace(
        change=change,
        steps=tuple(_with_runs(settings, step, points, history.accepted) for step in change.steps),
        is_machine_known=any(factor is not None for factor in factors),
        machine_steps=machine_steps(lambda: _whole_runs(settings, store, history.points), factors),
        trend=weekly_trend([point.started_at_ns for point in points], history.values) if is_ratio else None,
    )


def _with_runs(
    settings: Settings, step: Step, points: Sequence[HistoryPoint], accepted: Sequence[AcceptedStep]
) -> StepRuns:
    before, after = points[step.at - 1], points[step.at]
    commits = commits_between(settings.root, before.commit, after.commit, most=_MOST_COMMITS)
    return StepRuns(
        step=step,
        before=before,
        after=after,
        commits=tuple(Commit(commit, subject) for commit, subject in commits.listed),
        more_commits=commits.more,
        accepted=next((each for each in accepted if each.from_ns >= after.started_at_ns), None),
    )


def _whole_runs(settings: Settings, store: Store, points: Sequence[HistoryPoint]) -> list[Run]:
    digests = store.runs(RunQuery(project=settings.project, since_ns=points[0].started_at_ns))
    by_id = {digest.run.run_id: digest.run for digest in digests}
    return [by_id[point.run_id] for point in points]
