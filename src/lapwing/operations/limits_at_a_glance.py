"""Does this run keep all limits, as nearly every run does? Told without a judgment per test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from operator import itemgetter
from typing import Any, Final

from lapwing.config.settings import Settings
from lapwing.model.record import NEVER_RAN, Outcome, taker
from lapwing.model.run import RecordedRun

_JUDGED: Final = taker("nodeid", "outcome", "attempt", "category", "setup_ns", "call_ns", "teardown_ns")


def are_limits_kept(settings: Settings, recorded: RecordedRun) -> bool:
    """Whether this run surely keeps all limits.

    False where one is broken, or is any but the time of a category as it was measured: then only judgments
    can tell, which cost a tenth of recording an empty test.
    """
    run = recorded.run
    is_plain = settings.budget_phase == "all" and settings.budget_basis == "raw"
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
    judged = list(map(_JUDGED, recorded.tests))
    if len(set(map(itemgetter(0), judged))) < len(judged):  # several attempts of a test
        return False
    return _are_all_quick(judged, limits) or _is_each_quick(judged, limits)


def _are_all_quick(judged: Sequence[tuple[Any, ...]], limits: Mapping[str, int]) -> bool:
    """Whether all passed at once, in time: as most runs are, without a look at each."""
    if not judged:
        return True
    _, outcomes, attempts, categories, *phases = zip(*judged, strict=True)
    if outcomes.count(Outcome.PASSED) + attempts.count(1) < 2 * len(judged) or any(
        None in column for column in phases
    ):
        return False
    spent = list(map(sum, zip(*phases, strict=True)))
    return all(
        max(compress(spent, map(name.__eq__, categories))) <= limits.get(name, -1) for name in set(categories)
    )


def _is_each_quick(judged: Sequence[tuple[Any, ...]], limits: Mapping[str, int]) -> bool:
    for _, outcome, attempt, category, setup, call, teardown in judged:
        if outcome is not Outcome.PASSED and outcome in NEVER_RAN:
            continue
        is_told = attempt == 1 and outcome is not Outcome.TIMEOUT and setup is not None
        if not is_told or setup + (call or 0) + (teardown or 0) > limits.get(category, -1):
            return False
    return True
