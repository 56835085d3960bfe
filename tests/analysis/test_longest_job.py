"""What makes a job the longest: as few of its slowest tests as will do."""

from hypothesis import given
from hypothesis import strategies as st

from lapwing.analysis.longest_job import tests_that_make_it_longest as longest_tests
from lapwing.model.record import Outcome, TestRecord

FACTS = st.lists(
    st.tuples(st.sampled_from(["gw0", "gw1"]), st.integers(0, 1_000), st.none() | st.integers(0, 1_000)),
    max_size=12,
)


@given(FACTS, st.integers(0, 3_000), st.integers(1, 5))
def test_no_more_tests_are_named_than_the_gap_needs(facts, gap_ns, most):
    records = [
        TestRecord(nodeid=f"t{at}", outcome=Outcome.PASSED, worker=worker, start_ns=start, call_ns=took)
        for at, (worker, start, took) in enumerate(facts)
    ]

    found = longest_tests(records, gap_ns, most)

    durations = [record.duration_ns for record in found]
    assert durations == sorted(durations, reverse=True)
    assert len(found) <= most
    assert sum(durations[:-1]) < gap_ns or len(found) <= 1
    assert len({record.worker for record in found}) <= 1


def test_no_test_with_a_duration_names_none():
    assert longest_tests([TestRecord(nodeid="a", outcome=Outcome.SKIPPED)], 5, 3) == ()
