"""Where the time of a run went, and its slowest tests."""

import pytest

from lapwing.analysis.slowest import slowest_tests
from lapwing.analysis.where_time_went import attribution
from lapwing.model.record import CollectRecord, FixtureRecord, Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run, WorkerFacts


def attempt_of(nodeid="t", /, **changes):
    return TestRecord(nodeid=nodeid, outcome=Outcome.PASSED, **changes)


def recorded(*tests, fixtures=(), collection=(), **run):
    made = Run(run_id="r", started_at_ns=0, duration_ns=run.pop("duration_ns", 1000), **run)
    return RecordedRun(run=made, tests=tuple(tests), fixtures=tuple(fixtures), collection=tuple(collection))


def fixture(setup_ns, teardown_ns):
    return FixtureRecord(
        name="f",
        scope="module",
        location="c.py:1",
        requester="t",
        setup_ns=setup_ns,
        teardown_ns=teardown_ns,
    )


def assert_adds_up(use):
    parts = use.startup_ns + use.collection_ns + use.fixtures_ns + use.setup_other_ns
    assert use.worker_ns == parts + use.call_ns + use.teardown_ns + use.pytest_ns
    assert use.call_ns == use.call_cpu_ns + use.call_waiting_ns
    assert min(use) >= 0


def test_parts_are_cut_out_of_their_phases_and_add_up():
    run = recorded(
        attempt_of(setup_ns=300, call_ns=500, teardown_ns=100, call_cpu_ns=200, setup_cpu_ns=50),
        fixtures=[fixture(200, 40)],
        collection=[CollectRecord(nodeid="c.py", duration_ns=70)],
        startup_ns=30,
    )

    use = attribution(run)

    assert_adds_up(use)
    assert use.worker_ns == 1000
    assert (use.fixtures_ns, use.setup_other_ns, use.teardown_ns) == (240, 100, 60)
    assert (use.call_cpu_ns, use.call_waiting_ns) == (200, 300)
    assert (use.cpu_ns, use.waiting_ns) == (250, 650)


def test_fixtures_never_take_more_than_the_phase_has():
    use = attribution(recorded(attempt_of(setup_ns=10, call_ns=5, teardown_ns=1), fixtures=[fixture(50, 9)]))

    assert_adds_up(use)
    assert (use.fixtures_ns, use.setup_other_ns, use.teardown_ns) == (11, 0, 0)


def test_without_fixture_records_the_shared_time_of_tests_stands_in():
    use = attribution(recorded(attempt_of(setup_ns=10, call_ns=5, teardown_ns=8, shared_fixture_ns=14)))

    assert_adds_up(use)
    assert (use.fixtures_ns, use.setup_other_ns, use.teardown_ns) == (14, 0, 4)


def test_nothing_measured_is_zero():
    use = attribution(recorded(attempt_of()))

    assert_adds_up(use)
    assert use.worker_ns == 0


def test_workers_start_up_counts_without_their_collection():
    use = attribution(
        recorded(
            collection=[CollectRecord(nodeid="c.py", worker="gw0", duration_ns=60)],
            processes=(WorkerFacts(name="gw0", pid=1, warmup_ns=100), WorkerFacts(name="gw1", pid=2)),
            workers=2,
            startup_ns=7,
        )
    )

    assert_adds_up(use)
    assert (use.startup_ns, use.collection_ns) == (47, 60)


def test_slowest_tests_go_by_the_last_attempt():
    run = recorded(
        attempt_of("a", call_ns=900, attempt=1),
        attempt_of("b", call_ns=500),
        attempt_of("a", call_ns=100, attempt=2),
        attempt_of("c"),
        attempt_of("d", call_ns=500),
    )

    assert [test.nodeid for test in slowest_tests(run)] == ["b", "d", "a"]
    assert [test.nodeid for test in slowest_tests(run, 1)] == ["b"]


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        slowest_tests(recorded(), -1)


def test_what_lies_around_the_tests_of_one_process_is_pytests_own():
    main = WorkerFacts("main", 1, start_ns=100, warmup_ns=50, end_ns=1000)

    use = attribution(
        recorded(
            attempt_of(call_ns=500),
            attempt_of("u", call_ns=200),
            collection=[CollectRecord("t.py", duration_ns=30)],
            startup_ns=90,
            processes=(main,),
        )
    )

    assert_adds_up(use)
    assert use.pytest_ns == 1000 - 100 - 30 - 700


def test_of_workers_only_those_that_ended_tell_what_lies_between_their_tests():
    processes = (
        WorkerFacts("main", 1, end_ns=5000),
        WorkerFacts("gw0", 2, start_ns=1000, warmup_ns=100, end_ns=2000),
        WorkerFacts("gw1", 3, start_ns=1000, warmup_ns=100, end_ns=None, crashed=True),
    )

    use = attribution(
        recorded(
            attempt_of(call_ns=600, worker="gw0"),
            attempt_of("u", call_ns=4000, worker="gw1"),
            workers=2,
            processes=processes,
        )
    )

    assert_adds_up(use)
    assert use.pytest_ns == 300
