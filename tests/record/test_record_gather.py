"""Gathering: what each process wrote becomes one run."""

import pytest

from lapwing.model.record import Outcome
from lapwing.model.run import Run
from lapwing.record.gather import gather
from lapwing.store.run_files import line
from lapwing.store.run_files.folder import create_run_folder, write_end
from lapwing.store.run_files.writer import SpoolWriter

RUN = Run(run_id="run", started_at_ns=0, duration_ns=99, workers=2, distribution="load")
ENDED = RUN._replace(is_complete=True, exit_status=0)


@pytest.fixture
def folder(tmp_path):
    return create_run_folder(tmp_path, RUN)


def begin(nodeid, attempt=1, start=10):
    return line.begin_line(nodeid, attempt, start)


def ended(nodeid, start=10, outcome="passed", setups=()):
    measures = (None, 5, *[None] * 17, 0)
    extras = line.extras_text("{}", (), setups, ()) if setups else line.NO_EXTRAS
    return begin(nodeid, start=start) + line.test_line(
        outcome, measures, line.markers_text("unit", []), extras
    )


def spool(folder, worker, *lines, end=None):
    writer = SpoolWriter(folder / f"{worker}.jsonl")
    writer.write(line.header_line("run", worker, 1, clock=0, epoch=0, startup=0))
    for each in lines:
        writer.write(each)
    if end is not None:
        writer.write(line.end_line(end))
    writer.close()


def outcomes(gathered):
    return {record.nodeid: record.outcome for record in gathered.recorded.tests}


def test_workers_of_a_run_that_ended_become_one_run(folder):
    spool(folder, "gw0", begin("a"), ended("a", 10), end=40)
    spool(folder, "gw1", begin("b"), ended("b", 20), end=50)
    spool(folder, "main", end=60)
    write_end(folder, ENDED)

    gathered = gather(folder)

    assert outcomes(gathered) == {"a": Outcome.PASSED, "b": Outcome.PASSED}
    run = gathered.recorded.run
    assert (run.is_complete, run.why_incomplete, gathered.was_killed) == (True, "", False)
    assert {facts.name: facts.warmup_ns for facts in run.processes} == {"gw0": 10, "gw1": 20, "main": None}


def test_duration_is_told_by_the_monotonic_clock(folder):
    spool(folder, "main", end=60)
    write_end(folder, ENDED._replace(duration_ns=10**20))

    assert gather(folder).recorded.run.duration_ns == 60


def test_a_worker_that_never_ended_in_a_run_that_did_has_crashed(folder):
    spool(folder, "gw0", begin("a"), ended("a"), begin("b", attempt=3, start=20))
    spool(folder, "main", end=60)
    write_end(folder, ENDED)

    gathered = gather(folder)

    assert outcomes(gathered) == {"a": Outcome.PASSED, "b": Outcome.CRASHED}
    crashed = gathered.recorded.tests[-1]
    assert (crashed.attempt, crashed.worker, crashed.start_ns, crashed.duration_ns) == (3, "gw0", 20, None)
    assert [facts.name for facts in gathered.recorded.run.processes if facts.crashed] == ["gw0"]
    run = gathered.recorded.run
    assert (run.is_complete, run.why_incomplete) == (False, "a worker crashed")


def test_a_run_that_was_killed_is_incomplete_and_lasted_until_its_last_test(folder):
    spool(folder, "main", begin("a"), ended("a", 10), begin("b", start=20))

    gathered = gather(folder)

    assert gathered.was_killed
    assert outcomes(gathered) == {"a": Outcome.PASSED, "b": Outcome.UNFINISHED}
    run = gathered.recorded.run
    assert (run.is_complete, run.why_incomplete, run.duration_ns) == (False, "killed", 20)
    assert not run.processes[0].crashed


def test_a_run_with_an_unfinished_test_is_incomplete_whatever_its_exit_status(folder):
    spool(folder, "main", begin("a"), end=60)
    write_end(folder, ENDED)

    run = gather(folder).recorded.run

    assert (run.is_complete, run.why_incomplete) == (False, "interrupted")


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([line.interrupted_line()], "interrupted"),
        ([line.collector_line("a.py", 1, 1, 1, "error")], "collection errors"),
        ([line.collector_line("a.py", 1, 1, 1, "skipped")], ""),
    ],
)
def test_what_the_exit_status_does_not_say_makes_a_run_incomplete(folder, lines, why):
    spool(folder, "main", *lines, end=60)
    write_end(folder, ENDED)

    assert gather(folder).recorded.run.why_incomplete == why


def test_a_reason_given_by_pytest_stays(folder):
    spool(folder, "main", begin("a"), end=60)
    write_end(folder, ENDED._replace(is_complete=False, why_incomplete="stopped after failures"))

    assert gather(folder).recorded.run.why_incomplete == "stopped after failures"


def test_deselected_tests_are_those_of_one_worker(folder):
    for worker in ("gw0", "gw1"):
        spool(folder, worker, line.deselected_line(3), line.deselected_line(1), end=60)
    write_end(folder, ENDED)

    assert gather(folder).recorded.run.deselected == 4


@pytest.mark.parametrize(
    ("distribution", "expected"), [("loadgroup", "a.py::t[x@y]"), ("load", "a.py::t[x@y]@db")]
)
def test_the_group_that_loadgroup_appends_is_no_part_of_the_name(tmp_path, distribution, expected):
    run = RUN._replace(distribution=distribution)
    folder = create_run_folder(tmp_path, run)
    setups = ['[0,0,1,1,null,false,"db","session","conftest.py:1"]']
    spool(folder, "gw0", ended("a.py::t[x@y]@db", setups=setups), end=60)
    write_end(folder, run._replace(is_complete=True))

    recorded = gather(folder).recorded

    assert recorded.tests[0].nodeid == expected
    assert recorded.fixtures[0].requester == expected


def test_broken_lines_are_counted(folder):
    spool(folder, "main", b"torn\n", ended("a"), b"torn again\n")

    assert gather(folder).broken_lines == 2


def test_a_folder_without_facts_holds_nothing(tmp_path):
    assert gather(tmp_path) is None


def test_a_process_file_without_a_header_is_passed_over(folder):
    (folder / "gw0.jsonl").write_bytes(b"")

    assert gather(folder).recorded.tests == ()


def test_a_run_with_lines_that_cannot_be_read_is_stored_and_kept_aside(tmp_path):
    from lapwing.model.run import Run
    from lapwing.operations.adopt_runs import adopt_runs
    from lapwing.store.open_store import open_store
    from lapwing.store.run_files import line
    from lapwing.store.run_files.folder import create_run_folder

    spool = tmp_path / "spool"
    run_id = "0192f3a1-0000-7000-8000-000000000000"
    folder = create_run_folder(spool, Run(run_id=run_id, started_at_ns=1, duration_ns=1))
    (folder / "main.jsonl").write_bytes(
        line.header_line(run_id, "main", 1, 0, 1, 0) + b'["t","a.py::lost"]\n["b","a.py::t",1,5]\n'
    )

    with open_store(str(tmp_path / "store.sqlite"), create=True) as store:
        adopted = adopt_runs(spool, store)

        assert [record.nodeid for record in store.read_run(run_id).tests] == ["a.py::t"]
    assert "1 lines of the run could not be read" in adopted.notes[0]
    assert not folder.exists()
    assert (tmp_path / "unread" / run_id / "main.jsonl").exists()
