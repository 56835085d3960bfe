"""`lapwing what-if`, over a recorded run of twelve short tests and a long one."""

import subprocess
import sys

import pytest

from lapwing.model.record import CollectRecord, FixtureRecord, Outcome, TestRecord
from lapwing.model.run import Machine, RecordedRun, Run, WorkerFacts
from lapwing.units import NS_PER_MS

MODULE = "tests/test_till.py"


@pytest.fixture
def recorded_shop(shop):
    tests, fixtures, now = [], [], 200 * NS_PER_MS
    for at in range(12):
        nodeid = f"{MODULE}::test_naps[{at}]"
        tests.append(
            TestRecord(
                nodeid,
                Outcome.PASSED,
                start_ns=now,
                setup_ns=40 * NS_PER_MS,
                call_ns=50 * NS_PER_MS,
                setup_cpu_ns=0,
                call_cpu_ns=0,
            )
        )
        fixtures.append(FixtureRecord("till", "function", f"{MODULE}:4", nodeid, setup_ns=40 * NS_PER_MS))
        now += 91 * NS_PER_MS
    long = f"{MODULE}::test_sleeps_long"
    tests.append(TestRecord(long, Outcome.PASSED, start_ns=now, call_ns=700 * NS_PER_MS, call_cpu_ns=0))
    end = now + 720 * NS_PER_MS
    run = Run(
        "0192f3a1-0000-7000-8000-000000000001",
        1_700_000_000_000_000_000,
        end,
        project="shop",
        machine=Machine(cores=2),
        processes=(WorkerFacts("main", 1, warmup_ns=200 * NS_PER_MS, end_ns=end),),
        is_complete=True,
        startup_ns=80 * NS_PER_MS,
    )
    collection = (CollectRecord(MODULE, start_ns=10 * NS_PER_MS, duration_ns=60 * NS_PER_MS),)
    shop.record(RecordedRun(run, tuple(tests), tuple(fixtures), collection))
    return shop


def makespans(answer):
    return {(row["workers"], row["dist"]): row["makespan_s"] for row in answer["rows"]}


def test_every_count_meets_every_mode_and_the_run_itself_is_met(recorded_shop):
    answer = recorded_shop.json("what-if", "--workers", "0,2,8", "--dist", "load,loadfile")

    rows = makespans(answer)
    assert list(rows) == [(0, "no"), (2, "load"), (2, "loadfile"), (8, "load"), (8, "loadfile")]
    assert rows[0, "no"] == pytest.approx(answer["recorded"]["makespan_s"], rel=0.02)
    assert rows[2, "load"] < rows[2, "loadfile"]
    assert answer["rows"][3]["floor"] == "tests/test_till.py::test_sleeps_long"
    assert answer["rows"][3]["floor_s"] >= 0.7
    assert answer["worker_costs"] == "usual"  # nothing is recorded of how the process began


def in_workers(shop, number, warmup_ns, tests):
    """A run in two workers, that began their first tests after `warmup_ns`."""
    workers = ("gw0", "gw1")
    run = Run(
        f"0192f3a1-0000-7000-8000-00000000010{number}",
        1_700_000_100_000_000_000 + number * 10**9,
        warmup_ns + 1_000 * NS_PER_MS,
        project="shop",
        machine=Machine(cores=2),
        processes=tuple(WorkerFacts(name, 1, warmup_ns=warmup_ns) for name in workers),
        is_complete=True,
        workers=2,
        distribution="load",
    )
    names = [f"{MODULE}::test_naps[{at}]" for at in range(tests)]
    records = tuple(
        TestRecord(name, Outcome.PASSED, worker=workers[at % 2], start_ns=warmup_ns, call_ns=1, call_cpu_ns=1)
        for at, name in enumerate(names)
    )
    shop.record(RecordedRun(run, records))


@pytest.mark.parametrize(("loaded_ms", "tests"), [(6_000, 13), (10, 3)], ids=["loaded", "of_few_tests"])
def test_what_workers_cost_is_asked_of_a_free_run_of_the_same_tests(recorded_shop, loaded_ms, tests):
    asked = ("what-if", "0192f3a1-0000-7000-8000-000000000001", "--workers", "2", "--format", "json")
    in_workers(recorded_shop, 1, 400 * NS_PER_MS, 13)
    free = makespans(recorded_shop.json(*asked))

    in_workers(recorded_shop, 2, loaded_ms * NS_PER_MS, tests)

    assert makespans(recorded_shop.json(*asked)) == free


def test_dropped_tests_and_wider_fixtures_shorten_the_run(recorded_shop):
    whole = makespans(recorded_shop.json("what-if", "--workers", "0"))[0, "no"]
    dropped = recorded_shop.json("what-if", "--workers", "0", "--drop", "*sleeps_long")
    wider = recorded_shop.json("what-if", "--workers", "0", "--fixture-scope", "till=session")

    assert dropped["dropped"] == 1
    assert whole - makespans(dropped)[0, "no"] == pytest.approx(0.7, abs=0.01)
    assert whole - makespans(wider)[0, "no"] == pytest.approx(11 * 0.04, abs=0.01)


def test_the_page_names_the_shortest_and_how_well_the_run_is_met(recorded_shop):
    assert recorded_shop.run("what-if", "--workers", "2", "--dist", "load,lapwing") == 0

    assert "Shortest of these: " in recorded_shop.out
    assert "the run as it was, in one process, is simulated as " in " ".join(recorded_shop.out.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--dist", "each"), "there is no distribution 'each'"),
        (("--workers", "100000"), "100000 workers"),
        (("--fixture-scope", "till=galaxy"), "there is no scope 'galaxy'"),
        (("--fixture-scope", "nobody=session"), "no fixture 'nobody' was set up"),
    ],
)
def test_what_does_not_exist_is_refused_by_name(recorded_shop, words, said):
    assert recorded_shop.run("what-if", *words) == 2

    assert said in recorded_shop.err


def test_a_run_that_pytest_made_can_be_asked(shop):
    (shop.root / "tests" / "test_till.py").write_text("def test_it(): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "--track-performance", "-p", "no:cacheprovider"]
    subprocess.run(command, cwd=shop.root, check=True, capture_output=True)

    answer = shop.json("what-if", "--workers", "0,1", "--dist", "load")

    alone, one = (row["makespan_s"] for row in answer["rows"])
    assert 0 < alone < one
    assert answer["worker_costs"] == "derived"


def test_a_run_read_from_reports_is_refused(with_history):
    assert with_history.run("what-if") == 2

    assert "read from reports" in with_history.err
