import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.check.judge import judge_suite, judge_tests
from lapwing.model.budget import Basis, Budget, BudgetPlan, JudgedBudget, LimitVerdict, Phase, TestBudgets
from lapwing.model.record import Count, Outcome, TestRecord
from lapwing.model.run import Run, StoppedTest
from lapwing.model.watched import Watched

MS = 1_000_000
PLAN = BudgetPlan(
    categories={"unit": (Budget("time", 1000 * MS),), "api": (Budget("time", 5000 * MS),)},
    other=(Budget("time", 10_000 * MS),),
)


def record(ms: int | None = 0, **fields: object) -> TestRecord:
    call_ns = None if ms is None else ms * MS
    return TestRecord(**{"nodeid": "t", "outcome": Outcome.PASSED, "call_ns": call_ns, **fields})


def judged(test: TestRecord, plan: BudgetPlan = PLAN, own=(), **facts: object) -> JudgedBudget:
    (only,) = judge_tests([test], plan, own, **facts)
    return only


@pytest.mark.parametrize(
    ("category", "ms", "verdict", "is_near"),
    [
        ("unit", 800, LimitVerdict.KEPT, False),
        ("unit", 801, LimitVerdict.KEPT, True),
        ("unit", 1000, LimitVerdict.KEPT, True),  # the limit itself is kept
        ("unit", 1001, LimitVerdict.BROKEN, False),
        ("api", 1001, LimitVerdict.KEPT, False),
        ("smoke", 9999, LimitVerdict.KEPT, True),  # a category without a limit has that of any test
        ("smoke", 10_001, LimitVerdict.BROKEN, False),
        ("unit", None, LimitVerdict.CANNOT_TELL, False),
    ],
)
def test_time_is_judged_by_the_limit_of_the_category(category, ms, verdict, is_near) -> None:
    answer = judged(record(ms, category=category))

    assert (answer.verdict, answer.is_near) == (verdict, is_near)


def test_a_test_that_was_stopped_is_not_said_to_be_near_its_limit() -> None:
    assert not judged(record(990, category="unit", outcome=Outcome.TIMEOUT)).is_near


def test_the_limit_of_the_test_beats_that_of_the_run_and_that_beats_the_category() -> None:
    every = TestBudgets("", (Budget("time", 50 * MS, "flag"),))
    own = TestBudgets("t", (Budget("time", 2000 * MS, "mark"),))

    assert judged(record(100), own=(every,)).verdict is LimitVerdict.BROKEN
    assert judged(record(100), own=(own, every)).budget.origin == "mark"


def test_a_limit_set_for_a_category_in_code_holds_for_its_tests_only() -> None:
    own = (TestBudgets("", (Budget("time", 50 * MS, "code"),), "api"),)

    assert judged(record(100, category="api"), own=own).budget.origin == "code"
    assert judged(record(100), own=own).budget.origin == "default"


def test_only_the_last_attempt_is_judged() -> None:
    first, last = record(5000, outcome=Outcome.FAILED), record(10, attempt=2)

    (only,) = judge_tests([first, last], PLAN)

    assert only.verdict is LimitVerdict.KEPT


@pytest.mark.parametrize("outcome", [Outcome.SKIPPED, Outcome.NOTRUN, Outcome.TODO])
def test_what_never_ran_is_not_judged(outcome) -> None:
    assert judge_tests([record(5000, outcome=outcome)], PLAN) == []


def test_the_call_alone_can_be_judged() -> None:
    test = record(10, setup_ns=5000 * MS)

    assert judged(test).verdict is LimitVerdict.BROKEN
    assert judged(test, PLAN._replace(phase=Phase.CALL)).verdict is LimitVerdict.KEPT


def test_a_slow_machine_is_said_and_taken_out_only_on_request() -> None:
    raw = judged(record(1500), machine_factor=1.6)
    normalized = judged(record(1500), PLAN._replace(basis=Basis.NORMALIZED), machine_factor=1.6)

    assert (raw.verdict, raw.value) == (LimitVerdict.BROKEN, 1500 * MS)
    assert "1.6× slower" in raw.reason
    assert normalized.verdict is LimitVerdict.KEPT
    assert normalized.value == 937_500_000


def test_a_machine_of_unknown_speed_is_judged_as_measured() -> None:
    answer = judged(record(1500), PLAN._replace(basis=Basis.NORMALIZED))

    assert answer.verdict is LimitVerdict.BROKEN
    assert "cannot be told" in answer.reason


@pytest.mark.parametrize(
    ("counters", "watched", "verdict"),
    [
        ({"sql": Count(12)}, Watched(), LimitVerdict.KEPT),
        ({"sql": Count(13)}, Watched(), LimitVerdict.BROKEN),
        ({"sql_queries": Count(13)}, Watched(), LimitVerdict.BROKEN),
        ({}, Watched({"unit": frozenset({"sql_queries"})}), LimitVerdict.KEPT),  # and nothing happened
        ({}, Watched({"api": frozenset({"sql_queries"})}), LimitVerdict.CANNOT_TELL),
        ({}, Watched(), LimitVerdict.CANNOT_TELL),  # nobody watched
    ],
)
def test_counters_are_judged_by_name(counters, watched, verdict) -> None:
    own = (TestBudgets("t", (Budget("sql_queries", 12),)),)

    answers = judge_tests([record(1, counters=counters)], PLAN, own, watched=watched)

    assert [each.verdict for each in answers if each.budget.metric == "sql_queries"] == [verdict]


def test_memory_is_judged_by_its_peak() -> None:
    plan = BudgetPlan({"unit": (Budget("memory", 1000),)}, ())

    assert judged(record(1, peak_bytes=1001), plan).verdict is LimitVerdict.BROKEN


@pytest.mark.parametrize(
    ("outcome", "ms", "verdict", "words"),
    [
        (Outcome.TIMEOUT, 99, LimitVerdict.BROKEN, "stopped"),  # whatever a clock says
        (Outcome.TIMEOUT, 49, LimitVerdict.BROKEN, "stopped by a shorter deadline"),
        (Outcome.PASSED, 101, LimitVerdict.BROKEN, "swallowed"),
        (Outcome.PASSED, 100, LimitVerdict.KEPT, ""),
    ],
)
def test_who_is_over_the_deadline(outcome, ms, verdict, words) -> None:
    plan = BudgetPlan({"unit": (Budget("deadline", 100 * MS),)}, ())

    answer = judged(record(ms, outcome=outcome), plan)

    assert answer.verdict is verdict
    assert words in answer.reason


def test_a_test_that_swallowed_its_stop_is_over_the_deadline_just_before_it_too() -> None:
    """The timer of pytest-timeout begins before the first phase that is measured."""
    plan = BudgetPlan({"unit": (Budget("deadline", 100 * MS),)}, ())

    (answer,) = judge_tests([record(99)], plan, stopped=[StoppedTest("t", 1, "stack")])

    assert answer.verdict is LimitVerdict.BROKEN
    assert "swallowed" in answer.reason


@pytest.mark.parametrize(
    ("ms", "is_complete", "verdict"),
    [
        (99, True, LimitVerdict.KEPT),
        (101, True, LimitVerdict.BROKEN),
        (101, False, LimitVerdict.BROKEN),
        (99, False, LimitVerdict.CANNOT_TELL),
    ],
)
def test_an_incomplete_run_can_break_the_budget_of_the_suite_and_not_keep_it(
    ms, is_complete, verdict
) -> None:
    run = Run("r", 0, ms * MS, is_complete=is_complete)

    answer = judge_suite(run, PLAN._replace(suite=Budget("suite_time", 100 * MS)))

    assert answer is not None
    assert answer.verdict is verdict


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.floats(0.01, 1))
def test_more_time_never_turns_a_broken_limit_into_a_kept_one(ns: int, limit: int, warn_at: float) -> None:
    plan = BudgetPlan({"unit": (Budget("time", limit),)}, (), warn_at=warn_at)
    order = (LimitVerdict.KEPT, LimitVerdict.BROKEN)

    less, more = (judged(record(None, call_ns=each), plan) for each in (ns, ns + 1))

    assert order.index(less.verdict) <= order.index(more.verdict)
    assert not (less.is_near and more.verdict is LimitVerdict.KEPT and not more.is_near)
