"""`lapwing run --fast`."""

import subprocess
import sys

import pytest

from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import Machine, RecordedRun, Run, WorkerFacts
from lapwing.units import NS_PER_MS

FILE = "tests/test_till.py"


def recorded(count, ms, *, cores=2, markers=()):
    tests = tuple(
        TestRecord(
            f"{FILE}::test_{at}",
            Outcome.PASSED,
            start_ns=(100 + at * ms) * NS_PER_MS,
            call_ns=ms * NS_PER_MS,
            call_cpu_ns=0,
            markers=markers,
        )
        for at in range(count)
    )
    end = (200 + count * ms) * NS_PER_MS
    return RecordedRun(
        Run(
            "0192f3a1-0000-7000-8000-000000000001",
            1_700_000_000_000_000_000,
            end,
            project="shop",
            machine=Machine(cores=cores),
            processes=(WorkerFacts("main", 1, warmup_ns=0, end_ns=end),),
            is_complete=True,
            startup_ns=50 * NS_PER_MS,
        ),
        tests,
    )


@pytest.fixture
def started(monkeypatch):
    """The arguments that pytest was started with; it is not."""
    seen = []
    monkeypatch.setattr(
        "lapwing.cli.commands.run.run_suite",
        lambda settings, arguments, **_: seen.append(list(arguments)) or 0,
    )
    return seen


def test_a_suite_that_waits_gets_many_workers(shop, started):
    shop.record(recorded(60, 400))

    assert shop.run("run", "--fast") == 0

    assert started[0][:3] == ["-n", "8", "--dist"]
    assert started[0][-2:] == ["--durations=10", "--performance-skip-stress"]
    assert "by recorded times" in shop.err


def test_a_short_suite_stays_in_one_process(shop, started):
    shop.record(recorded(5, 20))

    shop.run("run", "--fast", "tests/unit")

    assert started == [["--durations=10", "--performance-skip-stress", "tests/unit"]]
    assert "one process is as fast" in shop.err


def test_a_later_run_of_a_few_tests_is_not_taken_for_the_suite(shop, started):
    shop.record(recorded(60, 400))
    part = recorded(5, 20)
    later = part.run._replace(
        run_id="0192f3a1-0000-7000-8000-000000000002", started_at_ns=part.run.started_at_ns + 10**9
    )
    shop.record(part._replace(run=later))

    shop.run("run", "--fast")

    assert started[0][:2] == ["-n", "8"]


def test_tests_of_groups_are_kept_together(shop, started):
    shop.record(recorded(60, 400, markers=("xdist_group",)))

    shop.run("run", "--fast", "--workers", "4")

    assert started[0][:2] == ["-n", "4"]
    assert started[0][3] in ("loadgroup", "lapwing")


def test_without_a_run_there_is_a_worker_per_processor(shop, started):
    shop.run("run", "--fast")

    assert started[0][:4] == ["-n", "auto", "--dist", "loadgroup"]
    assert "no run is recorded yet" in shop.err


def test_workers_that_are_no_number_are_refused(shop, started):
    assert shop.run("run", "--fast", "--workers", "many") == 2

    assert "'many' workers" in shop.err
    assert started == []


@pytest.mark.slow_suite
def test_pytest_really_runs_so(shop):
    (shop.root / "tests" / "test_till.py").write_text("def test_it(): pass\n\ndef test_that(): pass\n")
    words = [sys.executable, "-m", "lapwing", "run", "--fast", "--workers", "2"]

    ended = subprocess.run(words, cwd=shop.root, capture_output=True, text=True, check=True)

    assert "created: 2/2 workers" in ended.stdout
