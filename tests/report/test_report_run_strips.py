"""What a run asked of its machine, by stretches of its time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.report.pages.run_strips import strips_of

MS = 10**6


def recorded(*tests: TestRecord) -> RecordedRun:
    return RecordedRun(run=Run("run-1", started_at_ns=0, duration_ns=10**9), tests=tests)


def ran(start_ms: int, took_ms: int, cpu_ms: int, worker: str = "gw0", peak: int | None = None) -> TestRecord:
    return TestRecord(
        f"t{start_ms}",
        Outcome.PASSED,
        worker=worker,
        start_ns=start_ms * MS,
        call_ns=took_ms * MS,
        call_cpu_ns=cpu_ms * MS,
        peak_bytes=peak,
    )


def test_a_worker_that_waits_in_its_second_half_keeps_no_processor_busy_there():
    (cpu,) = strips_of(recorded(ran(100, 500, 500), ran(600, 500, 0)), 100 * MS, 1000 * MS)

    shares = [point.value for point in cpu.points]
    assert shares[5] == pytest.approx(1.0)
    assert shares[-5] == 0
    assert "50%" in cpu.sentence


def test_before_the_first_test_nothing_is_busy_and_the_share_is_that_of_the_tests():
    (cpu,) = strips_of(recorded(ran(500, 500, 250)), 0, 1000 * MS)

    assert [round(point.value, 6) for point in cpu.points] == [0] * 30 + [0.5] * 30
    assert "Tests kept 50% of a processor" in cpu.sentence


def test_memory_of_tests_that_run_at_once_adds_up():
    _, memory = strips_of(
        recorded(ran(100, 900, 1, peak=10), ran(100, 900, 1, worker="gw1", peak=5)), 100 * MS, 900 * MS
    )

    assert memory.points[30].value == pytest.approx(15)


@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.integers(1, 10**5), st.floats(0, 1)), min_size=1, max_size=20
    )
)
def test_no_processor_time_is_lost_or_made(times):
    tests = [ran(start, took, round(took * share)) for start, took, share in times]

    begin = min(record.start_ns for record in tests)
    length = max(record.start_ns + (record.duration_ns or 0) for record in tests) - begin

    charts = strips_of(recorded(*tests), begin, length)

    spent = sum(record.cpu_ns or 0 for record in tests)
    drawn = sum(point.value for point in charts[0].points) * length / 60 if charts else 0
    assert drawn == pytest.approx(spent, rel=1e-6, abs=1)


def test_a_report_without_moments_has_none():
    assert strips_of(recorded(TestRecord("a", Outcome.PASSED, call_ns=5 * MS)), 0, 9 * MS) == ()
