"""Does this run keep all limits, as nearly every run does? Told without a judgment per test."""

from lapwing.config.settings import Settings
from lapwing.model.budget_rule import Basis, Phase
from lapwing.model.record import NEVER_RAN, Outcome
from lapwing.model.run import RecordedRun


def are_limits_kept(settings: Settings, recorded: RecordedRun) -> bool:
    """Whether this run surely keeps all limits.

    False where one is broken, or is any but the time of a category as it was measured: then only judgments
    can tell, which cost a tenth of recording an empty test.
    """
    run = recorded.run
    is_plain = settings.budget_phase is Phase.ALL and settings.budget_basis is Basis.RAW
    if recorded.budgets or settings.timeouts or not is_plain:
        return False
    if settings.packages.keys() - {run.package}:
        return False
    if run.duration_ns > settings.packages.get(run.package, settings.suite_budget_ns):
        return False
    limits = {
        name: category.limit_ns
        for name, category in settings.categories.items()
        if category.memory_bytes is None and not category.counters
    }
    names: set[str] = set()
    for record in recorded.tests:
        nodeid, outcome, attempt, _, category_name, _, setup, call, teardown = record[:9]
        names.add(nodeid)
        if outcome is not Outcome.PASSED and outcome in NEVER_RAN:
            continue
        is_told = attempt == 1 and outcome is not Outcome.TIMEOUT and setup is not None
        limit = limits.get(category_name, -1)
        if not is_told or setup + (call or 0) + (teardown or 0) > limit:
            return False
    return len(names) == len(recorded.tests)  # one attempt of each test
