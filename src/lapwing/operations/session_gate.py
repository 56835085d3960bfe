"""Who is over the budget that a session was given for all its tests?"""

from collections.abc import Sequence

from lapwing.check.judge import judge_tests
from lapwing.config.settings import Settings
from lapwing.model.budget import TIME, JudgedBudget, LimitVerdict
from lapwing.model.run import RecordedRun
from lapwing.operations.budget_plan import budget_plan


def over_budget(settings: Settings, recorded: RecordedRun) -> Sequence[JudgedBudget]:
    """The broken time budgets of a run, the worst first."""
    judged = judge_tests(recorded.tests, budget_plan(settings), recorded.budgets)
    broken = [each for each in judged if each.verdict is LimitVerdict.BROKEN and each.budget.metric == TIME]
    return sorted(broken, key=lambda each: -each.used)
