"""Histories and trends as plain dictionaries of JSON; described in `docs/reference/json.md`."""

from collections.abc import Sequence
from typing import Any, Final

from lapwing.model.accepted import AcceptedStep
from lapwing.model.history import DatedStep, MachineStep, StepRuns, SubjectHistory
from lapwing.model.profile_codec import summary_dict
from lapwing.model.stability import FlakyTime, Stability
from lapwing.model.trend import SubjectMove, SuiteMoves, WeeklyTrend

FORMAT_VERSION: Final = 1


def subject_history_dict(history: SubjectHistory) -> dict[str, Any]:
    """The history as `lapwing history --format json` prints it."""
    places = {at: place for place, at in enumerate(history.measured)}
    change = history.change
    return {
        "format_version": FORMAT_VERSION,
        "nodeid": history.nodeid,
        "benchmark": history.benchmark,
        "metric": history.metric,
        "unit": history.unit,
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
        "profiles": [summary_dict(each) for each in history.profiles],
    }


def weekly_trend_dict(trend: WeeklyTrend) -> dict[str, Any]:
    """A trend with its interval as a list."""
    return {**trend._asdict(), "interval": list(trend.interval)}


def stability_dict(stability: Stability) -> dict[str, Any]:
    """Flaky tests as `lapwing flaky --format json` prints them."""
    return {
        "format_version": FORMAT_VERSION,
        "runs": stability.runs,
        "outcomes": [{**test._asdict(), "interval": list(test.interval)} for test in stability.outcomes],
        "times": [flaky_time_dict(test) for test in stability.times],
        "looked_at": stability.looked_at,
        "tests": stability.tests,
    }


def flaky_time_dict(test: FlakyTime) -> dict[str, Any]:
    """A test that is flaky in time."""
    return {
        **test._asdict(),
        "shape": test.shape.value,
        "modes": list(test.modes) if test.modes else None,
        "interval": list(test.interval),
    }


def dated_step_dict(each: DatedStep) -> dict[str, Any]:
    """A step of one of a report's tests."""
    step = each.step
    return {
        "nodeid": each.nodeid,
        "started_at_ns": each.started_at_ns,
        "before_commit": each.before_commit,
        "after_commit": each.after_commit,
        "before": step.before,
        "after": step.after,
        "ratio": step.ratio,
        "interval": list(step.interval) if step.interval else None,
        "p": step.p,
    }


def moves_dict(moves: SuiteMoves, machine: Sequence[MachineStep]) -> dict[str, Any]:
    """Trends as `lapwing trend --format json` prints them."""
    return {
        "format_version": FORMAT_VERSION,
        "runs": list(moves.runs),
        "first_at_ns": moves.first_at_ns,
        "last_at_ns": moves.last_at_ns,
        "suite": None if moves.suite is None else _move(moves.suite),
        "folders": [_move(each) for each in moves.folders],
        "categories": [_move(each) for each in moves.categories],
        "tests": [_move(each) for each in moves.tests],
        "looked_at": moves.looked_at,
        "all_tests": moves.all_tests,
        "machine_steps": [machine_step_dict(each) for each in machine],
    }


def _move(move: SubjectMove) -> dict[str, Any]:
    return {"name": move.name, **weekly_trend_dict(move.trend), "q": move.q}


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
