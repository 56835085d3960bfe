"""The recorder by itself, on a clock that stands still until it is told to go on."""

import json
import threading
from types import SimpleNamespace

import pytest

from lapwing.measure.clock import Clocks
from lapwing.record.recorder import Recorder
from lapwing.store.run_files import line
from lapwing.store.run_files.reader import kept_process, read_process
from lapwing.store.run_files.writer import Kept, SpoolWriter

MS = 1_000_000


class Report(SimpleNamespace):
    """What pytest tells of a phase that passed."""


class Interpreter:
    """Knows no other outcomes, and has no patience with faults."""

    usual_report = Report

    def fault(self, error):
        raise error


class Hand:
    """A clock moved by hand."""

    def __init__(self):
        self.now = 1_000

    def __call__(self):
        return self.now


@pytest.fixture
def wall():
    return Hand()


@pytest.fixture
def cpu():
    return Hand()


@pytest.fixture
def recorder(tmp_path, wall, cpu):
    spool = SpoolWriter(tmp_path / "main.jsonl", kept=Kept("main.jsonl"))
    spool.write(line.header_line("run", "main", 1, 0, 0, 0))
    made = Recorder(spool, clocks=Clocks(wall=wall, process_cpu=cpu, thread_cpu=cpu, epoch=wall))
    made.ask(Interpreter())
    yield made
    made.close()


def read(recorder):
    """What the file holds, which is what is kept of it."""
    spool = read_process(recorder.spool.path)
    assert kept_process(recorder.spool.kept)._replace(running=spool.running) == spool
    return spool


def run_phase(recorder, when, wall, cpu, *, takes=0, computes=0, seconds=None, stopped=None):
    """One phase that takes and computes so many nanoseconds; pytest's clock may tell otherwise."""
    wall.now += takes
    cpu.now += computes
    recorder.phase_ended(
        SimpleNamespace(
            when=when,
            duration=takes / 1e9 if seconds is None else seconds,
            stop=wall.now / 1e9 if stopped is None else stopped,
            excinfo=None,
        )
    )


def tell_passed(recorder, when, seconds):
    recorder.report_told(Report(nodeid=recorder.current, when=when, outcome="passed", duration=seconds))


def run_test(recorder, wall, cpu, nodeid="a.py::t", takes=(5, 7, 9)):
    recorder.begin_test(nodeid, line.markers_text("unit", []))
    for when, ns in zip(("setup", "call", "teardown"), takes, strict=True):
        run_phase(recorder, when, wall, cpu, takes=ns, computes=ns // 2)
        tell_passed(recorder, when, ns / 1e9)


@pytest.mark.parametrize(("gap", "leaked"), [(5, 1), (50, 0)])
def test_what_happens_in_a_long_gap_between_two_tests_is_no_tests(recorder, wall, cpu, gap, leaked):
    run_test(recorder, wall, cpu, "a.py::first")
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    wall.now += int(gap * MS)
    run_test(recorder, wall, cpu, "a.py::second")
    done.set()
    thread.join()

    assert [record.leaked_threads for record in read(recorder).tests] == [0, leaked]


def test_each_phase_has_its_wall_and_cpu_time(recorder, wall, cpu):
    run_test(recorder, wall, cpu, takes=(50 * MS, 70 * MS, 90 * MS))

    (record,) = read(recorder).tests
    assert (record.setup_ns, record.call_ns, record.teardown_ns) == (50 * MS, 70 * MS, 90 * MS)
    assert (record.setup_cpu_ns, record.call_cpu_ns, record.teardown_cpu_ns) == (25 * MS, 35 * MS, 45 * MS)
    assert record.thread_cpu_ns == 105 * MS
    assert (record.outcome, record.attempt, record.start_ns) == ("passed", 1, 1_000)


@pytest.mark.parametrize(
    ("ours", "theirs", "day", "kept"),
    [
        (10.4, 10.0, 0, 10.0),  # pytest's clock starts a little later and stops a little earlier
        (31.0, 10.0, 0, 10.0),  # the machine paused between their reading and ours
        (31.0, 10.0, 86_400, 31.0),  # someone moved the clock
        (10.0, 10.1, 0, 10.0),  # theirs can never be longer
        (10.0, 1.6e12, 0, 10.0),  # the epoch read as a duration
        (10.0, -5.0, 0, 10.0),
        (600.0, 0.0, 0, 600.0),  # no pause is as long as that: someone froze the clock
    ],
)
def test_pytests_duration_is_taken_where_it_can_be_true(recorder, wall, cpu, ours, theirs, day, kept):
    recorder.begin_test("a.py::t", line.markers_text("unit", []))
    for when in ("setup", "call", "teardown"):
        takes, seconds = (int(ours * MS), theirs / 1000) if when == "call" else (1, 0)
        run_phase(
            recorder,
            when,
            wall,
            cpu,
            takes=takes,
            seconds=seconds,
            stopped=(wall.now + takes) / 1e9 + (day if when == "call" else 0),
        )
        tell_passed(recorder, when, seconds)

    assert read(recorder).tests[0].call_ns == pytest.approx(kept * MS, abs=1)


def test_a_test_that_never_ended_is_kept_as_running(recorder, wall, cpu):
    run_test(recorder, wall, cpu)
    recorder.begin_test("a.py::stuck", line.markers_text("unit", []))
    recorder.end_process()

    kept = kept_process(recorder.spool.kept)
    assert (kept.running.nodeid, kept.running.attempt) == ("a.py::stuck", 1)
    assert kept == read_process(recorder.spool.path)


def test_another_outcome_told_later_is_kept(recorder, wall, cpu):
    run_test(recorder, wall, cpu)
    recorder.ended("teardown", "error", 0)

    assert [record.outcome for record in read(recorder).tests] == ["error"]


def test_the_end_of_a_subtest_leaves_the_call_whole(recorder, wall, cpu):
    recorder.begin_test("a.py::t", line.markers_text("unit", []))
    run_phase(recorder, "setup", wall, cpu)
    tell_passed(recorder, "setup", 0)
    run_phase(recorder, "call", wall, cpu, takes=30 * MS, computes=10 * MS, seconds=0.02)
    recorder.subtest("one", "passed", 20 * MS)
    run_phase(recorder, "call", wall, cpu, takes=40 * MS, computes=5 * MS, seconds=0.07)
    tell_passed(recorder, "call", 0.07)
    run_phase(recorder, "teardown", wall, cpu)

    (record,) = read(recorder).tests
    assert (record.call_ns, record.call_cpu_ns) == (70 * MS, 15 * MS)


def test_a_test_is_written_before_its_tear_down_is_told(recorder, wall, cpu):
    recorder.begin_test("a.py::t", line.markers_text("unit", []))
    for when in ("setup", "call"):
        run_phase(recorder, when, wall, cpu)
        tell_passed(recorder, when, 0)
    run_phase(recorder, "teardown", wall, cpu)

    assert [record.outcome for record in read(recorder).tests] == ["passed"]


def test_an_outcome_that_is_told_worse_than_it_looked_is_corrected(recorder, wall, cpu):
    recorder.begin_test("a.py::t", line.markers_text("unit", []))
    for when in ("setup", "call"):
        run_phase(recorder, when, wall, cpu)
        tell_passed(recorder, when, 0)
    run_phase(recorder, "teardown", wall, cpu)
    recorder.ended("teardown", "error", 0)

    assert [record.outcome for record in read(recorder).tests] == ["error"]


def test_a_test_whose_phases_are_told_together_at_the_end_has_them_all(recorder, wall, cpu):
    recorder.begin_test("a.py::t", line.markers_text("unit", []))
    for when, takes in (("setup", 5), ("call", 7), ("teardown", 9)):
        run_phase(recorder, when, wall, cpu, takes=takes * MS)
    for when in ("setup", "call", "teardown"):
        tell_passed(recorder, when, 1.0)

    (record,) = read(recorder).tests
    assert (record.setup_ns, record.call_ns, record.teardown_ns) == (5 * MS, 7 * MS, 9 * MS)


def test_a_phase_that_ran_in_a_forked_child_has_the_time_its_report_tells(recorder, wall):
    recorder.begin_test("a.py::t", line.markers_text("unit", []))
    wall.now += 100 * MS
    tell_passed(recorder, "setup", 0.01)
    tell_passed(recorder, "call", 0.08)
    tell_passed(recorder, "teardown", 5.0)  # longer than the whole test

    (record,) = read(recorder).tests
    assert (record.setup_ns, record.call_ns, record.teardown_ns) == (10 * MS, 80 * MS, 0)


def test_a_test_begun_again_is_its_next_attempt(recorder, wall, cpu):
    run_test(recorder, wall, cpu)
    run_test(recorder, wall, cpu)
    run_test(recorder, wall, cpu, nodeid="a.py::other")

    assert [record.attempt for record in read(recorder).tests] == [1, 2, 1]


def test_a_test_in_the_middle_is_running(recorder, wall, cpu):
    run_test(recorder, wall, cpu)
    recorder.begin_test("a.py::hangs", line.markers_text("unit", []))

    assert read(recorder).running.nodeid == "a.py::hangs"


def test_an_interrupted_test_stays_begun_and_its_fixtures_are_written(recorder, wall, cpu):
    definition = object()
    recorder.begin_test("a.py::t", line.markers_text("unit", []))
    began = recorder.fixtures.begin_setup()
    wall.now += 3 * MS
    recorder.fixtures.end_setup(definition, began, lambda _: ("db", "session", "conftest.py:1"), None, False)
    recorder.fixtures.last_event = wall.now
    wall.now += 2 * MS
    recorder.fixtures.end_teardown(definition)

    recorder.end_process()

    spool = read(recorder)
    assert spool.running.nodeid == "a.py::t"
    assert spool.end_ns is not None
    (fixture,) = spool.fixtures
    assert (fixture.requester, fixture.setup_ns, fixture.teardown_ns) == ("a.py::t", 3 * MS, 2 * MS)


@pytest.mark.parametrize(
    ("reports", "outcome"),
    [
        ([("setup", "passed"), ("call", "passed"), ("teardown", "passed")], "passed"),
        ([("setup", "passed"), ("call", "failed"), ("teardown", "passed")], "failed"),
        ([("setup", "passed"), ("call", "failed"), ("teardown", "error")], "failed"),
        ([("setup", "passed"), ("call", "passed"), ("teardown", "error")], "error"),
        ([("setup", "error"), ("teardown", "passed")], "error"),
        ([("setup", "skipped"), ("teardown", "passed")], "skipped"),
        ([("setup", "passed"), ("call", "xfailed"), ("teardown", "passed")], "xfailed"),
        ([("setup", "xfailed"), ("teardown", "passed")], "xfailed"),
        ([("setup", "skipped"), ("teardown", "error")], "error"),
    ],
)
def test_the_outcome_is_the_worst_that_was_told(recorder, reports, outcome):
    recorder.begin_test("a.py::t", line.markers_text("unit", []))
    for when, how in reports:
        if how == "passed":
            tell_passed(recorder, when, 0)
        else:
            recorder.ended(when, how, 0)

    assert [record.outcome.value for record in read(recorder).tests] == [outcome]


def test_a_passed_test_with_a_failed_subtest_has_failed_and_the_next_one_not(recorder, wall, cpu):
    recorder.begin_test("a.py::t", line.markers_text("unit", []))
    recorder.subtest("one", "passed", 5)
    recorder.subtest("two", "failed", None)
    for when in ("setup", "call", "teardown"):
        tell_passed(recorder, when, 0)
    run_test(recorder, wall, cpu, nodeid="a.py::next")

    first, following = read(recorder).tests
    assert (first.outcome, [tuple(each) for each in first.subtests]) == (
        "failed",
        [("one", "passed", 5), ("two", "failed", None)],
    )
    assert (following.outcome, following.subtests) == ("passed", ())


def test_nothing_is_written_after_closing(recorder, wall, cpu):
    recorder.end_process()
    size = recorder.spool.path.stat().st_size

    run_test(recorder, wall, cpu)

    assert recorder.spool.path.stat().st_size == size


def test_a_test_costs_two_lines(recorder, wall, cpu):
    run_test(recorder, wall, cpu)

    lines = recorder.spool.path.read_bytes().splitlines()
    assert [json.loads(each)[0] for each in lines] == ["h", "b", "t"]
