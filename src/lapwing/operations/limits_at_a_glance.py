"""Does this run keep all limits, as nearly every run does? Told without a judgment per test."""

from lapwing.config.settings import Settings
from lapwing.model.budget_rule import Basis, Phase
from lapwing.model.kept_limits import KeptLimits
from lapwing.model.record import NEVER_RAN, Outcome
from lapwing.model.run import RecordedRun


def limits_at_a_glance(settings: Settings, recorded: RecordedRun) -> KeptLimits | None:
    """What `kept_limits` of all judgments says; None where only they can tell.

    That is where a limit is broken, or is any but the time of a category as it was measured. The
    judgments cost a tenth of recording an empty test.
    """
    run = recorded.run
    is_plain = settings.budget_phase is Phase.ALL and settings.budget_basis is Basis.RAW
    if recorded.budgets or settings.timeouts or not is_plain:
        return None
    if settings.packages.keys() - {run.package}:
        return None
    if run.duration_ns > settings.packages.get(run.package, settings.suite_budget_ns):
        return None
    limits = {
        name: category.limit_ns
        for name, category in settings.categories.items()
        if category.memory_bytes is None and not category.counters
    }
    names: set[str] = set()
    tests: dict[str, int] = {}
    for record in recorded.tests:
        nodeid, outcome, attempt, _, category_name, _, setup, call, teardown = record[:9]
        names.add(nodeid)
        if outcome is not Outcome.PASSED and outcome in NEVER_RAN:
            continue
        is_told = attempt == 1 and outcome is not Outcome.TIMEOUT and setup is not None
        limit = limits.get(category_name, -1)
        if not is_told or setup + (call or 0) + (teardown or 0) > limit:
            return None
        tests[category_name] = tests.get(category_name, 0) + 1
    if len(names) != len(recorded.tests):  # more than one attempt of a test
        return None
    return KeptLimits(broken=(), tests=tests, within=dict(tests))
