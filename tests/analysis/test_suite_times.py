"""What a recorded run tells about how long its suite would take otherwise."""

import pytest

from lapwing.analysis.suite_times import suite_times
from lapwing.model.record import CollectRecord, FixtureRecord, TestRecord
from lapwing.model.run import Machine, RecordedRun, Run, WorkerFacts
from lapwing.units import NS_PER_MS

RUN_ID = "0192f3a1-0000-7000-8000-000000000001"
MODULE = "tests/test_a.py"


def record(name, start, duration, **facts):
    return TestRecord(
        f"{MODULE}::{name}",
        "passed",
        start_ns=start * NS_PER_MS,
        call_ns=duration * NS_PER_MS,
        call_cpu_ns=facts.pop("cpu", 0) * NS_PER_MS,
        **facts,
    )


def fixture(name, scope, requester, took, location="tests/conftest.py:3", **facts):
    return FixtureRecord(name, scope, location, f"{MODULE}::{requester}", setup_ns=took * NS_PER_MS, **facts)


def times_of(*tests, fixtures=(), scopes=None, cores=2):
    run = Run(
        RUN_ID,
        0,
        2000 * NS_PER_MS,
        machine=Machine(cores=cores),
        processes=(WorkerFacts("main", 1, warmup_ns=0, end_ns=2000 * NS_PER_MS),),
        startup_ns=100 * NS_PER_MS,
    )
    collection = (CollectRecord(MODULE, duration_ns=50 * NS_PER_MS),)
    return suite_times(RecordedRun(run, tests, tuple(fixtures), collection), scopes=scopes)


def alone(boot_ms=None, blocks=None, startup=100):
    """A run in one process, with what it tells of itself; it ends 200 ms after its only test."""
    boot = None if boot_ms is None else boot_ms * NS_PER_MS
    main = WorkerFacts("main", 1, warmup_ns=0, end_ns=0, boot_cpu_ns=boot, end_blocks=blocks)
    run = Run(
        RUN_ID,
        0,
        500 * NS_PER_MS,
        machine=Machine(cores=2),
        processes=(main,),
        startup_ns=startup * NS_PER_MS,
    )
    collection = (CollectRecord(MODULE, duration_ns=100 * NS_PER_MS),)
    return RecordedRun(run, (record("test_a", 100, 200, cpu=1),), (), collection)


def test_a_worker_begins_as_long_as_the_single_process_computed():
    lean, heavy = (suite_times(alone(boot, 300_000)) for boot in (250, 1250))

    assert lean.worker_costs == heavy.worker_costs == "derived"
    assert 250 <= lean.boot_ns / NS_PER_MS < 350
    assert heavy.boot_ns - lean.boot_ns == 1000 * NS_PER_MS


def test_a_worker_that_waits_as_it_begins_takes_as_long_as_the_single_process_waited():
    assert suite_times(alone(250, 300_000, startup=4000)).boot_ns >= 4000 * NS_PER_MS


def test_a_worker_ends_the_later_the_more_it_holds():
    small, large = (suite_times(alone(250, blocks)) for blocks in (300_000, 3_300_000))

    assert 200 < small.ending_ns / NS_PER_MS < 600  # the single process took 200 until it was told
    assert 1000 < (large.ending_ns - small.ending_ns) / NS_PER_MS < 3000


@pytest.mark.parametrize(("boot_ms", "blocks"), [(None, None), (250, None), (3_600_000, 300_000)])
def test_usual_values_stand_in_for_a_process_that_does_not_tell_or_did_much_before(boot_ms, blocks):
    suite = suite_times(alone(boot_ms, blocks))

    assert suite.worker_costs == "usual"
    assert 200 < suite.boot_ns / NS_PER_MS < 1000


def in_a_worker(boot_ms, ending_ms):
    """A run in one worker that began to collect after `boot_ms`, and ended so long after its test."""
    recorded = alone()
    run = recorded.run._replace(
        workers=1,
        startup_ns=0,
        duration_ns=(boot_ms + 300 + ending_ms) * NS_PER_MS,
        processes=(WorkerFacts("main", 1), WorkerFacts("gw0", 2, warmup_ns=0, end_ns=0)),
    )
    (test,) = recorded.tests
    return RecordedRun(
        run,
        (test._replace(worker="gw0", start_ns=(boot_ms + 100) * NS_PER_MS),),
        (),
        (CollectRecord(MODULE, "gw0", start_ns=boot_ms * NS_PER_MS, duration_ns=100 * NS_PER_MS),),
    )


def test_a_run_in_workers_tells_surer_than_a_process_of_its_own():
    suite = suite_times(alone(250, 300_000), in_a_worker(300, 450))

    assert suite.worker_costs == "measured"
    assert (suite.boot_ns, suite.ending_ns) == (300 * NS_PER_MS, 450 * NS_PER_MS)


@pytest.mark.parametrize(("boot_ms", "ending_ms"), [(3000, 28_000), (10, 1)], ids=["long", "short"])
def test_what_a_loaded_machine_made_of_a_worker_is_not_taken_for_its_cost(boot_ms, ending_ms):
    told = suite_times(alone(250, 300_000))
    suite = suite_times(alone(250, 300_000), in_a_worker(boot_ms, ending_ms))

    assert 0.7 < suite.boot_ns / told.boot_ns < 1.4
    assert 0.7 < suite.ending_ns / told.ending_ns < 1.4


def test_what_was_measured_counts_whole_where_the_single_process_tells_nothing():
    assert suite_times(alone(), in_a_worker(3000, 450)).boot_ns == 3000 * NS_PER_MS


def own(suite):
    return [round(test.own_ns / NS_PER_MS) for test in suite.tests]


def test_a_wait_for_a_processor_is_not_the_tests_own_time():
    suite = times_of(record("test_it", 100, 100, cpu=40, run_delay_ns=30 * NS_PER_MS))

    assert own(suite) == [70]
    assert round(suite.tests[0].cpu_share, 2) == 0.57


@pytest.mark.parametrize("load", [1, 2, 5])
def test_waits_between_tests_are_taken_out_of_the_time_around_them(load):
    computing, between = 20, 12
    suite = times_of(
        *(
            record(
                f"test_{at}",
                150 + at * load * (computing + between),
                computing * load,
                cpu=computing,
                # Counted from the end of the test before.
                run_delay_ns=(load - 1) * (computing + (between if at else 0)) * NS_PER_MS,
            )
            for at in range(4)
        )
    )

    assert own(suite) == [computing] * 4
    assert suite.alone_around_ns == pytest.approx(between * 3 / 4 * NS_PER_MS)


def test_tests_stand_in_the_order_in_which_they_ran_and_attempts_add_up():
    suite = times_of(
        record("test_b", 300, 5), record("test_a", 100, 10), record("test_a", 120, 10, attempt=2)
    )

    assert [test.nodeid[-1] for test in suite.tests] == ["a", "b"]
    assert own(suite) == [20, 5]


def test_a_session_fixture_is_needed_from_its_first_requester_on():
    tests = (record("test_a", 100, 10), record("test_b", 200, 510, shared_fixture_ns=500 * NS_PER_MS))
    suite = times_of(*tests, record("test_c", 800, 10), fixtures=[fixture("db", "session", "test_b", 500)])

    assert own(suite) == [10, 10, 10]
    assert [test.fixtures for test in suite.tests] == [(), (0,), (0,)]
    assert suite.fixtures[0].time_ns == 500 * NS_PER_MS


def test_a_value_of_a_parametrized_fixture_is_needed_until_the_next():
    fixtures = [
        fixture("db", "module", "test_a", 50, param="sqlite", worker="main"),
        fixture("db", "module", "test_c", 70, param="postgres", worker="main"),
    ]
    suite = times_of(
        *(record(f"test_{name}", 100 * at, 80) for at, name in enumerate("abcd", 1)), fixtures=fixtures
    )

    assert [test.fixtures for test in suite.tests] == [(0,), (0,), (1,), (1,)]


def test_a_wider_scope_takes_a_fixture_out_of_the_tests_that_set_it_up():
    fixtures = [fixture("db", "function", f"test_{name}", 40) for name in "ac"]
    tests = [record(f"test_{name}", 100 * at, 50) for at, name in enumerate("abc", 1)]
    suite = times_of(*tests, fixtures=fixtures, scopes={"db": "session"})

    assert own(suite) == [10, 50, 10]
    assert [test.fixtures for test in suite.tests] == [(0,), (), (0,)]
    assert suite.fixtures[0].time_ns == 40 * NS_PER_MS


def test_a_fixture_of_class_scope_is_for_one_function_outside_of_classes():
    tests = [
        record(name, at * 100, 80, shared_fixture_ns=30 * NS_PER_MS)
        for at, name in enumerate(("test_a", "test_b", "TestC::test_c", "TestC::test_d"))
    ]
    fixtures = [fixture("db", "class", name, 30) for name in ("test_a", "test_b", "TestC::test_c")]
    tests[3] = tests[3]._replace(shared_fixture_ns=0)

    times = times_of(*tests, fixtures=fixtures)

    assert [test.own_ns // NS_PER_MS for test in times.tests] == [80, 80, 50, 80]
    assert [(each.place, each.time_ns // NS_PER_MS) for each in times.fixtures] == [(f"{MODULE}::TestC", 30)]
    assert [test.fixtures for test in times.tests] == [(), (), (0,), (0,)]


def test_what_becomes_a_tests_own_is_at_most_what_was_recorded_as_shared():
    alone = record("test_a", 0, 80, shared_fixture_ns=30 * NS_PER_MS)

    times = times_of(alone, fixtures=[fixture("db", "class", "test_a", 40)])

    assert times.tests[0].own_ns == 80 * NS_PER_MS


def test_a_container_with_a_limit_has_only_so_many_processors():
    assert times_of(record("test_a", 100, 10), cores=0).cores == 1.0
    assert times_of(record("test_a", 100, 10), cores=4).cores == 4.0


def test_groups_have_the_names_of_their_marks():
    suite = times_of(
        record("test_a", 100, 5, markers=("xdist_group", "xdist_group=till")),
        record("test_b", 200, 5, markers=("xdist_group",)),  # as older runs have it
        record("test_c", 300, 5),
    )

    assert [test.group for test in suite.tests] == ["till", "xdist_group", ""]
