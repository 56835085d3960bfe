"""Worker-seconds of a run by cause."""

from hypothesis import given
from hypothesis import strategies as st

from lapwing.analysis.run_why import run_why
from lapwing.analysis.test_time import test_time as split_of
from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run, WorkerFacts


def ran(nodeid="t", /, **changes):
    return TestRecord(nodeid=nodeid, outcome=Outcome.PASSED, **changes)


def run_of(*tests, workers=0, duration_ns=1000, startup_ns=0, processes=None, fixtures=(), collection=()):
    names = sorted({test.worker for test in tests})
    if processes is None:
        processes = [WorkerFacts(name=name, pid=1, end_ns=duration_ns) for name in names]
    return RecordedRun(
        run=Run(
            run_id="r",
            started_at_ns=0,
            duration_ns=duration_ns,
            startup_ns=startup_ns,
            workers=workers,
            processes=tuple(processes),
        ),
        tests=tests,
        fixtures=tuple(fixtures),
        collection=tuple(collection),
    )


def phases_of(why):
    return {cause.name: cause.time_ns for cause in why.phases}


def causes_of(*tests):
    split = split_of(tests)
    return {cause.name: cause.time_ns for cause in split.causes} | {"unexplained": split.unexplained.time_ns}


def test_one_process_is_split_from_its_first_moment_to_its_end():
    recorded = run_of(
        ran(start_ns=200, setup_ns=100, call_ns=200, teardown_ns=20),
        ran("u", start_ns=560, setup_ns=0, call_ns=300, teardown_ns=0),
        startup_ns=50,
        fixtures=[FixtureRecord("db", "session", "c.py:1", "t", setup_ns=80)],
        collection=[CollectRecord("t.py", start_ns=10, duration_ns=120)],
    )

    why = run_why(recorded, 5)

    assert why.wall_ns == why.worker_ns == 1050
    assert phases_of(why) == {
        "start-up": 60,
        "collection and imports": 120,
        "pytest itself, before the first test": 70,
        "fixtures": 80,
        "other set-up": 20,
        "calls": 500,
        "other tear-down": 20,
        "pytest itself, around tests": 40,
        "end of the run": 140,
    }


def test_workers_idle_from_their_last_test_to_the_last_of_all():
    recorded = run_of(
        ran("a", worker="gw0", start_ns=100, call_ns=200),
        ran("b", worker="gw1", start_ns=100, call_ns=700),
        workers=2,
    )

    why = run_why(recorded, 5)

    assert why.worker_ns == 2000
    assert phases_of(why)["idle workers, with no test left"] == 500
    assert (why.tail_ns, why.tail_idle_ns, why.tail_tests) == (500, 500, (("b", 500),))
    assert why.critical.worker == "gw1"
    assert why.floor_ns == 700


def test_a_worker_that_was_killed_waited_for_nobody_at_the_end():
    recorded = run_of(
        ran("a", worker="gw0", start_ns=100, call_ns=100),
        ran("b", worker="gw1", start_ns=100, call_ns=900),
        ran("c", worker="gw2", start_ns=400, call_ns=400),
        workers=2,
        duration_ns=1100,
        processes=[
            WorkerFacts(name="gw0", pid=1, end_ns=None),
            WorkerFacts(name="gw1", pid=2, end_ns=1000),
            WorkerFacts(name="gw2", pid=3, end_ns=1000),
        ],
    )

    why = run_why(recorded, 5)

    assert (why.tail_ns, why.tail_idle_ns, why.tail_tests) == (200, 200, (("b", 200),))


def test_a_worker_that_got_no_test_idles_all_the_while():
    processes = [WorkerFacts(name=name, pid=1, end_ns=1000) for name in ("main", "gw0", "gw1")]
    recorded = run_of(
        ran("a", worker="gw0", start_ns=100, call_ns=800),
        workers=2,
        processes=processes,
        collection=[
            CollectRecord("t.py", worker=name, start_ns=20, duration_ns=30) for name in ("gw0", "gw1")
        ],
    )

    why = run_why(recorded, 5)

    assert why.workers == 2
    assert why.worker_ns == 2000
    assert phases_of(why)["idle workers, with no test left"] == 850


def test_a_long_pause_of_a_worker_is_a_wait_for_its_next_test():
    second = 1_000_000_000
    recorded = run_of(
        ran("a", worker="gw0", start_ns=0, call_ns=second),
        ran("b", worker="gw0", start_ns=3 * second, call_ns=second),
        workers=1,
        duration_ns=4 * second,
    )

    assert phases_of(run_why(recorded, 5))["idle workers, waiting for tests"] == 2 * second


def test_what_probes_saw_is_told_apart_and_the_rest_is_unexplained():
    record = ran(
        setup_ns=100,
        call_ns=900,
        call_cpu_ns=200,
        counters={"sleep": Count(1, 300), "socket": Count(2, 100), "sql_queries": Count(3, 150)},
        run_delay_ns=50,
    )

    assert causes_of(record) == {
        "computing": 200,
        "sleeping": 300,
        "waiting for a database": 150,
        "waiting for the network": 100,
        "waiting for a processor": 50,
        "unexplained": 200,
    }


def test_a_test_whose_threads_compute_waits_for_them():
    record = ran(call_ns=500, call_cpu_ns=200, thread_cpu_ns=50, run_delay_ns=20)

    assert causes_of(record) == {
        "computing": 200,
        "waiting for a processor": 20,
        "waiting for other threads of the test": 280,
        "unexplained": 0,
    }


def test_a_test_that_was_seen_waiting_for_threads_waits_for_them():
    record = ran(call_ns=500, call_cpu_ns=100, thread_cpu_ns=100, counters={"thread_wait": Count(2, 300)})

    assert causes_of(record) == {
        "computing": 100,
        "waiting for other threads of the test": 300,
        "unexplained": 100,
    }


def test_a_test_that_was_seen_waiting_in_a_loop_waits_for_what_nothing_else_saw():
    counters = {"loop_wait": Count(2, 300), "async_sleep": Count(1, 120), "socket": Count(1, 30)}

    assert causes_of(ran(call_ns=500, call_cpu_ns=100, counters=counters)) == {
        "computing": 100,
        "sleeping": 120,
        "waiting for the network": 30,
        "waiting in an event loop": 180,
        "unexplained": 70,
    }


def test_a_test_without_threads_has_nobody_to_wait_for():
    record = ran(call_ns=500, call_cpu_ns=200, thread_cpu_ns=199)

    assert causes_of(record) == {"computing": 200, "unexplained": 300}


def test_a_child_that_only_its_processor_time_shows_counts_as_waited_for():
    assert causes_of(ran(call_ns=500, call_cpu_ns=100, child_cpu_ns=350)) == {
        "computing": 100,
        "waiting for child processes": 350,
        "unexplained": 50,
    }


def test_what_is_left_of_a_test_that_started_a_program_is_the_wait_for_what_it_writes():
    started = {"subprocess": Count(1, 5), "sleep": Count(1, 40)}

    assert causes_of(ran(call_ns=500, call_cpu_ns=100, counters=started)) == {
        "computing": 100,
        "sleeping": 40,
        "waiting for child processes": 360,
        "unexplained": 0,
    }


COUNTS = st.integers(0, 10**6)


@given(
    st.lists(
        st.builds(
            lambda call, cpu, slept, sent, delay: ran(
                call_ns=call,
                call_cpu_ns=cpu,
                counters={"sleep": Count(1, slept), "socket": Count(1, sent)},
                run_delay_ns=delay,
            ),
            *[COUNTS] * 5,
        )
    )
)
def test_the_time_of_tests_is_never_counted_twice(tests):
    causes = causes_of(*tests)

    assert sum(causes.values()) == sum(test.call_ns for test in tests)
    assert min(causes.values()) >= 0


@given(
    st.lists(
        st.tuples(st.sampled_from(["gw0", "gw1", "gw2"]), st.integers(0, 10**9)), min_size=1, max_size=12
    ),
    st.integers(0, 10**8),
    st.integers(0, 10**9),
)
def test_phases_add_up_to_all_workers_times_the_run(given_tests, gap, end):
    clocks: dict[str, int] = {}
    tests = []
    for at, (worker, call) in enumerate(given_tests):
        start = clocks.get(worker, 5) + gap
        clocks[worker] = start + call
        tests.append(ran(f"t{at}", worker=worker, start_ns=start, call_ns=call))
    recorded = run_of(*tests, workers=3, duration_ns=max(clocks.values()) + end, startup_ns=7)

    why = run_why(recorded, 5)

    assert why.worker_ns == why.workers * why.wall_ns
