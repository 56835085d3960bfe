"""How many tests keep their limits, and which do not? Pure."""

from collections.abc import Iterable

from lapwing.model.budget import DEADLINE, TIME, JudgedBudget, LimitVerdict
from lapwing.model.kept_limits import KeptLimits


def kept_limits(judged: Iterable[JudgedBudget]) -> KeptLimits:
    """The broken ones of `judged`, worst first, and by category how many tests keep all of theirs.

    Of a test that is over its deadline the time budget is not told besides. Tests of which no limit
    could be judged are not counted.
    """
    told = [each for each in judged if each.verdict is not LimitVerdict.CANNOT_TELL]
    broken = [each for each in told if each.verdict is LimitVerdict.BROKEN]
    over = {each.nodeid for each in broken}
    late = {each.nodeid for each in broken if each.budget.metric == DEADLINE}
    tests: dict[str, set[str]] = {}
    for each in told:
        if each.is_of_test:
            tests.setdefault(each.category, set()).add(each.nodeid)
    return KeptLimits(
        broken=tuple(
            sorted(
                (each for each in broken if each.budget.metric != TIME or each.nodeid not in late),
                key=lambda each: (-each.used, each.nodeid),
            )
        ),
        tests={category: len(names) for category, names in tests.items()},
        within={category: len(names - over) for category, names in tests.items()},
    )
