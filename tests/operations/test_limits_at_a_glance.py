"""What is told at a glance is what all judgments say."""

from hypothesis import given
from hypothesis import strategies as st

from lapwing.check.kept_limits import kept_limits
from lapwing.config.load import load_settings
from lapwing.model.budget import Budget, TestBudgets
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.operations.judge_limits import judge_limits
from lapwing.operations.limits_at_a_glance import are_limits_kept

MS = 10**6
TIMES = st.none() | st.sampled_from([0, 3 * MS, 400 * MS, 999 * MS, 6_000 * MS])
RECORDS = st.builds(
    TestRecord,
    nodeid=st.sampled_from(["a", "b", "c", "d", "e"]),
    outcome=st.sampled_from(list(Outcome)),
    attempt=st.sampled_from([1, 1, 1, 2]),
    category=st.sampled_from(["unit", "integration", "unheard_of"]),
    setup_ns=TIMES,
    call_ns=TIMES,
    teardown_ns=TIMES,
    markers=st.just(()),
    counters=st.just({}),
    subtests=st.just(()),
)


def recorded(tests, **fields):
    return RecordedRun(run=Run(run_id="r", started_at_ns=0, duration_ns=5 * MS), tests=tuple(tests), **fields)


@given(st.lists(RECORDS, max_size=6))
def test_an_answer_is_that_of_all_judgments(tmp_path_factory, tests):
    settings = load_settings(tmp_path_factory.getbasetemp(), environ={})
    run = recorded(tests)

    if are_limits_kept(settings, run):
        assert not kept_limits(judge_limits(settings, run)).broken


def test_a_run_of_quick_tests_keeps_them(tmp_path):
    run = recorded(TestRecord(name, Outcome.PASSED, setup_ns=1, call_ns=MS, teardown_ns=1) for name in "abc")

    assert are_limits_kept(load_settings(tmp_path, environ={}), run)


def test_limits_that_tests_carry_are_left_to_the_judge(tmp_path):
    tests = [TestRecord("a", Outcome.PASSED, setup_ns=1, call_ns=MS, teardown_ns=1)]
    run = recorded(tests, budgets=(TestBudgets("a", (Budget("time", 1),)),))

    assert not are_limits_kept(load_settings(tmp_path, environ={}), run)
