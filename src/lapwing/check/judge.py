"""Who is over a limit? Pure: records and a plan in, one judgment per limit out."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Final

from lapwing.model.budget import (
    DEADLINE,
    MEMORY,
    MISS_SHARE,
    TIME,
    WHOLE,
    Basis,
    Budget,
    BudgetPlan,
    JudgedBudget,
    LimitVerdict,
    Phase,
    TestBudgets,
)
from lapwing.model.last_attempt import last_attempts
from lapwing.model.record import NEVER_RAN, Outcome, TestRecord
from lapwing.model.run import Run, StoppedTest
from lapwing.model.watched import Watched
from lapwing.units import format_count

_NOBODY: Final = Watched()
_RAN_ON: Final = "ran on past its deadline: it swallowed the stop, or could not be stopped"


def judge_tests(
    tests: Iterable[TestRecord],
    plan: BudgetPlan,
    own: Iterable[TestBudgets] = (),
    *,
    machine_factor: float | None = None,
    watched: Watched = _NOBODY,
    stopped: Iterable[StoppedTest] = (),
) -> list[JudgedBudget]:
    """Every limit of the last attempt of each test, in the order recorded.

    `own` are the limits that tests carry themselves; they take the place of the category's for
    their metric, and those of every test (an empty node id) stand between the two. `machine_factor`
    is how many times slower the machine was than the baseline's; None if unknown. `watched` tells
    which counters were: a test that lacks one of them had none of its events, while of any other
    counter nothing is known. `stopped` are the attempts that their deadlines stopped.
    """
    struck = {(each.nodeid, each.attempt) for each in stopped}
    records = last_attempts(list(tests))
    seen = {name for record in records for name in record.counters} - watched.by_choice
    counted = {name: seen | watched.in_tests_of(name) for name in {record.category for record in records}}
    by_test: dict[tuple[str, str], tuple[Budget, ...]] = {}
    for each in own:
        key = each.nodeid, each.category
        by_test[key] = (*by_test.get(key, ()), *each.budgets)
    every = by_test.get(("", ""), ())
    return [
        judged
        for record in records
        if record.outcome not in NEVER_RAN
        for judged in _judged(
            record,
            budgets_of(
                record.category,
                plan,
                (*by_test.get(("", record.category), ()), *every),
                by_test.get((record.nodeid, ""), ()),
            ),
            plan,
            machine_factor,
            counted[record.category],
            is_struck=(record.nodeid, record.attempt) in struck,
        )
    ]


def budgets_of(
    category: str, plan: BudgetPlan, every: Iterable[Budget] = (), own: Iterable[Budget] = ()
) -> Mapping[str, Budget]:
    """The limit that holds for each metric: the test's own, else that of every test, else its category's."""
    limits = {each.metric: each for each in plan.categories.get(category, plan.other)}
    limits |= {each.metric: each for each in every}
    return limits | {each.metric: each for each in own}


def judge_suite(run: Run, plan: BudgetPlan) -> JudgedBudget | None:
    """The time of the whole run by the suite's limit; None where there is none.

    A run that was cut short may be over it, and cannot be told to be within it.
    """
    if plan.suite is None:
        return None
    over = run.duration_ns > plan.suite.limit
    if not over and not run.is_complete:
        why = (
            f"the run is not complete ({run.why_incomplete})" if run.why_incomplete else "it is not complete"
        )
        return JudgedBudget("", "", plan.suite, run.duration_ns, LimitVerdict.CANNOT_TELL, reason=why)
    return _limited("", "", plan.suite, run.duration_ns, plan.warn_at)


def judge_packages(tests: Iterable[TestRecord], plan: BudgetPlan) -> Iterator[JudgedBudget]:
    """The time of all tests below the folder of each package, one after the other, by its limit.

    A package without a test in the run is left out.
    """
    if not plan.packages:
        return
    records = last_attempts(list(tests))
    for name, budget in plan.packages.items():
        times = [each.duration_ns for each in records if each.nodeid.startswith(f"{name}/")]
        told = [ns for ns in times if ns is not None]
        if told:
            judged = _limited(name, "", budget, sum(told), plan.warn_at)
            yield judged._replace(reason=f"the times of its {format_count(len(told), 'test')} together")


def _judged(
    record: TestRecord,
    budgets: Mapping[str, Budget],
    plan: BudgetPlan,
    factor: float | None,
    watched: Set[str],
    *,
    is_struck: bool,
) -> Iterator[JudgedBudget]:
    for budget in budgets.values():
        if budget.metric == TIME:
            yield _time(record, budget, plan, factor)
        elif budget.metric == DEADLINE:
            yield _deadline(record, budget, is_struck=is_struck)
        elif budget.metric == MEMORY:
            yield _limited(record.nodeid, record.category, budget, record.peak_bytes, plan.warn_at)
        else:
            counted = _counted(record, budget.metric, watched)
            yield _limited(record.nodeid, record.category, budget, counted, plan.warn_at)


def _time(record: TestRecord, budget: Budget, plan: BudgetPlan, factor: float | None) -> JudgedBudget:
    """The test's time. Of a test that was stopped it is at least what was measured until then: not near."""
    measured = record.call_ns if plan.phase == Phase.CALL else record.duration_ns
    value = measured
    reason = ""
    if measured is not None and plan.basis == Basis.NORMALIZED:
        if factor is None:
            reason = "the machine's speed cannot be told: judged as measured"
        else:
            value = round(measured / factor)
            reason = f"measured {factor:.2f}× slower than the baseline's machine, taken out"
    elif measured is not None and measured > budget.limit and factor is not None and factor > 1.1:
        reason = f"the machine was {factor:.1f}× slower than the baseline's"
    judged = _limited(record.nodeid, record.category, budget, value, plan.warn_at)
    return judged._replace(
        reason=reason or judged.reason,
        shared_ns=record.shared_fixture_ns,
        is_near=judged.is_near and record.outcome is not Outcome.TIMEOUT,
    )


def _deadline(record: TestRecord, budget: Budget, *, is_struck: bool) -> JudgedBudget:
    """One that was stopped is over it whatever a clock says, even if it swallowed that; others by time."""
    judged = _limited(record.nodeid, record.category, budget, record.duration_ns, warn_at=1.0)
    if record.outcome is Outcome.TIMEOUT:
        # Timer and measurement begin apart, by far less than half of a deadline.
        is_another = judged.value is not None and 2 * judged.value < budget.limit
        reason = "stopped by a shorter deadline than the one of today" if is_another else "stopped"
        return judged._replace(verdict=LimitVerdict.BROKEN, is_near=False, reason=reason)
    if is_struck or judged.verdict is LimitVerdict.BROKEN:
        return judged._replace(verdict=LimitVerdict.BROKEN, is_near=False, reason=_RAN_ON)
    return judged


def _counted(record: TestRecord, name: str, watched: Set[str]) -> int | None:
    if name == MISS_SHARE:
        return _miss_share(record)
    names = name, name.removesuffix("_queries")
    counted = next((record.counters[each].count for each in names if each in record.counters), None)
    if counted is None and not watched.isdisjoint(names):
        return 0
    return counted


def _miss_share(record: TestRecord) -> int | None:
    """None where nothing was looked up."""
    hits, misses = (
        record.counters[name].count if name in record.counters else 0
        for name in ("cache_hits", "cache_misses")
    )
    return round(misses * WHOLE / (hits + misses)) if hits + misses else None


def _limited(nodeid: str, category: str, budget: Budget, value: int | None, warn_at: float) -> JudgedBudget:
    if value is None:
        return JudgedBudget(nodeid, category, budget, None, LimitVerdict.CANNOT_TELL, reason="not measured")
    if value > budget.limit:
        return JudgedBudget(nodeid, category, budget, value, LimitVerdict.BROKEN)
    near = bool(budget.limit) and value > budget.limit * warn_at
    return JudgedBudget(nodeid, category, budget, value, LimitVerdict.KEPT, is_near=near)
