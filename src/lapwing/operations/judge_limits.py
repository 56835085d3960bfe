"""Which limits does this run keep? Settings and the run's own marks become judgments."""

from lapwing.check.judge import judge_packages, judge_suite, judge_tests
from lapwing.config.settings import Settings
from lapwing.model.budget import JudgedBudget
from lapwing.model.run import RecordedRun
from lapwing.operations.budget_plan import budget_plan
from lapwing.operations.watched_counters import watched_counters


def judge_limits(
    settings: Settings, recorded: RecordedRun, *, machine_factor: float | None = None
) -> list[JudgedBudget]:
    """Every limit of every test, then those of packages and that of the suite.

    `machine_factor` is how many times slower the machine was than the baseline's; None if unknown.
    """
    run = recorded.run
    could_stop = run.runner == "pytest"
    plan = budget_plan(settings, package=run.package, with_deadlines=could_stop)
    judged = judge_tests(
        recorded.tests,
        plan,
        recorded.budgets,
        machine_factor=machine_factor,
        watched=watched_counters(settings, run),
        stopped=recorded.stopped,
    )
    judged += judge_packages(recorded.tests, plan)
    suite = judge_suite(run, plan)
    return judged if suite is None else [*judged, suite]
