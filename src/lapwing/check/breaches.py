"""What of a run is broken? Judged limits, regressions and counts become breaches. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final

from lapwing.model.baseline import BaselineFile
from lapwing.model.budget import DEADLINE, MEMORY, TIME, JudgedBudget, LimitVerdict
from lapwing.model.comparison import Comparison, RunComparison, Severity
from lapwing.model.decisive import is_decisive
from lapwing.model.gate import Breach, Guard
from lapwing.model.last_attempt import last_attempts
from lapwing.model.metric import (
    CATEGORY_WALL,
    GROUP_WALL,
    SUITE_WALL,
    WALL,
    Unit,
    measured_name,
    words_of,
)
from lapwing.model.record import TestRecord
from lapwing.model.thresholds import ChangeThresholds
from lapwing.units import format_duration

_SUMS: Final = (SUITE_WALL.name, GROUP_WALL.name, CATEGORY_WALL.name)
_MEND_OF_OTHERS: Final = "make it faster, or set another limit: [tool.lapwing.categories.NAME] budget"
_MEND: Final = {
    TIME: "make it faster, or give it a limit of its own: @pytest.mark.perf_budget",
    DEADLINE: "see its stack with 'lapwing show', or give it more time: @pytest.mark.timeout",
    MEMORY: "hold less at once, or give it a limit of its own: @pytest.mark.perf_budget(memory=...)",
}
_MEND_OF_COUNTS: Final = {
    Guard.N_PLUS_ONE: "ask for all rows at once; "
    'perf.queries(n_plus_one="fail") around the code names the query and its lines',
}


def budget_breaches(
    judged: Iterable[JudgedBudget], before: Mapping[str, float], *, takes_marks: bool
) -> list[Breach]:
    """The broken limits; of a test that is over its deadline, its time budget is not told besides.

    `before` has the nanoseconds that tests took in the baseline, as on this machine. `takes_marks` says
    whether the tests are pytest's, which may be marked with a limit of their own.
    """
    broken = [each for each in judged if each.verdict is LimitVerdict.BROKEN]
    late = {each.nodeid for each in broken if each.budget.metric == DEADLINE}
    return [
        _budget_breach(each, before, _MEND if takes_marks else {})
        for each in broken
        if not (each.budget.metric == TIME and each.nodeid in late)
    ]


def regression_breaches(
    judgment: RunComparison,
    thresholds_of: Callable[[Comparison], ChangeThresholds],
    by_hand: Mapping[str, int],
) -> list[Breach]:
    """What became worse than the baseline: of each test its time once, and its memory; and sums.

    `thresholds_of` are those that a comparison was judged by. `by_hand` are limits (ns) of
    tests and folders that somebody wrote into the baseline file.
    """
    worst: dict[tuple[str, str, str], Comparison] = {}
    for each in filter(is_decisive, judgment.comparisons):
        key = each.nodeid, each.unit, measured_name(each.metric)
        if key not in worst or each.metric == WALL.name:
            worst[key] = each
    found = (*worst.values(), *filter(is_decisive, judgment.suite))
    return [_regression(each, thresholds_of(each), by_hand) for each in found]


def slow_tests_breach(
    tests: Iterable[TestRecord],
    *,
    slow_ns: int,
    file: BaselineFile | None,
    judgment: RunComparison,
    allowance: int,
) -> Breach | None:
    """More slow tests than in the baseline, by more than `allowance`; newcomers are named."""
    slow = {each.nodeid: each.duration_ns or 0 for each in last_attempts(list(tests))}
    slow = {nodeid: ns for nodeid, ns in slow.items() if ns > slow_ns}
    if file is not None:
        known = {nodeid for nodeid, entry in file.tests.items() if entry.duration_ns > slow_ns}
    else:
        walls = (each for each in judgment.comparisons if each.metric == WALL.name)
        known = {each.nodeid for each in walls if each.before > slow_ns}
    if len(slow) <= len(known) + allowance:
        return None
    newcomers = sorted(slow.keys() - known, key=lambda nodeid: -slow[nodeid])
    return Breach(
        guard=Guard.SLOW_TESTS,
        subject="slow tests",
        what="",
        unit=Unit.COUNT,
        current=len(slow),
        limit=len(known) + allowance,
        severity=Severity.CRITICAL,
        excess=len(slow) / max(1, len(known) + allowance),
        baseline=len(known),
        ratio=len(slow) / len(known) if known else None,
        origin="slow_test_threshold_seconds",
        reason=f"new over {format_duration(slow_ns)}: {', '.join(newcomers)}",
        mend="make the new ones faster, or allow them with slow_test_allowance",
    )


def new_count_breaches(
    guard: Guard,
    names: Collection[str],
    tests: Iterable[TestRecord],
    before: Mapping[str, Mapping[str, int]],
) -> Iterator[Breach]:
    """Tests of which a probe counted more of `names` than ever in the baseline.

    `before` has the most that was counted in the baseline, by test and counter; a test that is not
    there is new, and whatever is counted in it is news.
    """
    for record in last_attempts(list(tests)):
        for name in names:
            count = record.counters[name].count if name in record.counters else 0
            most = before.get(record.nodeid, {}).get(name, 0)
            if count > most:
                yield Breach(
                    guard=guard,
                    subject=record.nodeid,
                    what=name,
                    unit=Unit.COUNT,
                    current=count,
                    limit=most,
                    severity=Severity.CRITICAL,
                    excess=count / max(1, most),
                    baseline=most,
                    ratio=count / most if most else None,
                    category=record.category,
                    origin="the baseline",
                    mend=_MEND_OF_COUNTS.get(guard, ""),
                )


def _budget_breach(judged: JudgedBudget, before: Mapping[str, float], mends: Mapping[str, str]) -> Breach:
    budget, value = judged.budget, judged.value or 0
    guard = {DEADLINE: Guard.DEADLINE, "suite_time": Guard.SUITE}.get(budget.metric, Guard.BUDGET)
    is_time = budget.metric in (TIME, DEADLINE)
    baseline = before.get(judged.nodeid) if is_time else None
    reason = judged.reason
    if judged.shared_ns > value / 10:
        shared = f"{format_duration(judged.shared_ns)} of it in shared fixtures"
        reason = f"{reason}; {shared}" if reason else shared
    return Breach(
        guard=guard,
        subject=judged.nodeid or "suite",
        what="" if is_time or guard is Guard.SUITE else budget.metric.replace("_", " "),
        unit=budget.unit,
        current=value,
        limit=budget.limit,
        severity=Severity.CRITICAL,
        excess=judged.used,
        baseline=baseline,
        ratio=value / baseline if baseline else None,
        category=judged.category,
        origin=budget.origin,
        reason=reason,
        mend="" if guard is Guard.SUITE else mends.get(budget.metric, mends.get(TIME, _MEND_OF_OTHERS)),
    )


def _regression(comparison: Comparison, thresholds: ChangeThresholds, by_hand: Mapping[str, int]) -> Breach:
    unit = Unit(comparison.unit)
    what = words_of(comparison.metric)
    if comparison.metric in (WALL.name, GROUP_WALL.name) and comparison.nodeid in by_hand:
        limit = by_hand[comparison.nodeid]
        return _of(comparison, unit, what)._replace(
            limit=limit,
            excess=comparison.after / max(1, limit),
            origin="the baseline file, by hand",
        )
    is_sum = comparison.metric in _SUMS
    share = thresholds.suite_warning if is_sum else thresholds.warning
    return _of(comparison, unit, what)._replace(
        limit_share=share,
        excess=comparison.ratio / (1 + share),
        origin="suite_threshold" if is_sum else "individual_test_threshold",
    )


def _of(comparison: Comparison, unit: Unit, what: str) -> Breach:
    return Breach(
        guard=Guard.REGRESSION,
        subject=comparison.nodeid,
        what=what,
        unit=unit,
        current=comparison.after,
        severity=comparison.severity,
        excess=comparison.ratio,
        baseline=comparison.before,
        ratio=comparison.ratio,
        reason=comparison.reason,
        mend="if this is meant: lapwing baseline update",
    )
