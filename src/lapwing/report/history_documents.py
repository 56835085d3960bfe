"""Histories and trends as plain dictionaries of JSON; described in `docs/reference/json.md`."""

from collections.abc import Sequence
from typing import Any, Final

from lapwing.model.accepted import AcceptedStep
from lapwing.model.history import MachineStep, StepRuns, SubjectHistory
from lapwing.model.trend import WeeklyTrend

FORMAT_VERSION: Final = 1


def subject_history_dict(history: SubjectHistory) -> dict[str, Any]:
    """The history as `lapwing history --format json` prints it."""
    places = {at: place for place, at in enumerate(history.measured)}
    change = history.change
    return {
        "format_version": FORMAT_VERSION,
        "nodeid": history.nodeid,
        "metric": history.metric,
        "shape": change.shape.value,
        "modes": list(change.modes) if change.modes else None,
        "upper_share": change.upper_share,
        "tail_share": change.tail_share,
        "is_machine_known": history.is_machine_known,
        "runs": [
            {
                **point._asdict(),
                "value": history.values[places[at]] if at in places else None,
                "machine_factor": history.factors[places[at]] if at in places else None,
            }
            for at, point in enumerate(history.points)
        ],
        "steps": [step_dict(each) for each in history.steps],
        "machine_steps": [machine_step_dict(each) for each in history.machine_steps],
        "trend": None if history.trend is None else weekly_trend_dict(history.trend),
        "accepted": [each._asdict() for each in history.accepted],
    }


def weekly_trend_dict(trend: WeeklyTrend) -> dict[str, Any]:
    """A trend with its interval as a list."""
    return {**trend._asdict(), "interval": list(trend.interval)}


def accepted_dict(steps: Sequence[AcceptedStep]) -> dict[str, Any]:
    """Accepted steps as `lapwing accept --format json` prints them."""
    return {"format_version": FORMAT_VERSION, "accepted": [step._asdict() for step in steps]}


def machine_step_dict(step: MachineStep) -> dict[str, Any]:
    """A change of the machine, by the ids of its runs."""
    return {
        "before_run": step.before.run_id,
        "after_run": step.after.run_id,
        "after_started_at_ns": step.after.started_at_ns,
        "ratio": step.ratio,
        "changes": list(step.changes),
    }


def step_dict(each: StepRuns) -> dict[str, Any]:
    """A step with the runs and commits between which it happened."""
    step = each.step
    return {
        "before_run": each.before.run_id,
        "after_run": each.after.run_id,
        "after_started_at_ns": each.after.started_at_ns,
        "before_commit": each.before.commit,
        "after_commit": each.after.commit,
        "commits": [commit._asdict() for commit in each.commits],
        "more_commits": each.more_commits,
        "before": step.before,
        "after": step.after,
        "ratio": step.ratio,
        "interval": list(step.interval) if step.interval else None,
        "p": step.p,
        "accepted": None if each.accepted is None else each.accepted._asdict(),
    }
