"""The data file: what is in it, and reading it in place of a run."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lapwing.errors import UnreadableFileError
from lapwing.model.record import Count, FixtureRecord, Outcome, Subtest, TestRecord
from lapwing.model.run import CiJob, Machine, RecordedRun, Revision, Run, WorkerFacts
from lapwing.store.data_file import read_data_file, write_data_file
from lapwing.store.json_file import load_schema
from lapwing.store.json_shape import shape_fault

SECOND = 10**9
RUN = Run(
    run_id="01994b2e-0000-7000-8000-000000000001",
    started_at_ns=1_790_000_000_123_456_789,
    duration_ns=61 * SECOND,
    project="shop",
    revision=Revision("f00", "main", None, False),
    machine=Machine(cpu_model="Some Processor", cores=4, cpu_limit=1.5),
    ci=CiJob("github", "7"),
    packages={"pytest": "9.2.0"},
    command=("pytest", "-n2"),
    processes=(WorkerFacts("gw0", 17, 5, 6, 7),),
    is_complete=True,
)
SLOW = TestRecord(
    nodeid="tests/test_a.py::TestCart::test_total[a::b]",
    outcome=Outcome.PASSED,
    attempt=2,
    worker="gw0",
    category="integration",
    start_ns=2 * SECOND,
    setup_ns=SECOND,
    call_ns=30 * SECOND,
    teardown_ns=1,
    setup_cpu_ns=1,
    call_cpu_ns=2,
    child_cpu_ns=3,
    peak_bytes=1000,
    delta_bytes=-10,
    gc_ns=5,
    gc_count=1,
    involuntary_switches=0,
    run_delay_ns=9,
    leaked_threads=-1,
    shared_fixture_ns=SECOND,
    markers=("slow", 'say "hi"'),
    counters={"sql": Count(3, 1500)},
    subtests=(Subtest("x", Outcome.FAILED, 7), Subtest("y", Outcome.PASSED)),
)
ODD = TestRecord(nodeid="tests/b.py::odd\udc80\0\n☃", outcome=Outcome.FAILED, call_ns=SECOND)
SKIPPED = TestRecord(nodeid="com.example.CartTest.total", outcome=Outcome.SKIPPED)
RECORDED = RecordedRun(run=RUN, tests=(SLOW, ODD, SKIPPED))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".performance_data.json"


def written(path: Path, recorded: RecordedRun = RECORDED) -> dict[str, Any]:
    write_data_file(path, recorded, slow_threshold_ns=30 * SECOND)
    fields: dict[str, Any] = json.loads(path.read_text())
    return fields


class TestWriting:
    def test_the_run_is_named_for_people_and_for_programs(self, path: Path) -> None:
        fields = written(path)

        assert next(iter(fields)) == "format_version"
        assert fields["lapwing_run"] == RUN.run_id
        began = datetime.fromisoformat(fields["run_id"])
        assert began.tzinfo is not None
        assert began.timestamp() == RUN.started_at_ns // SECOND

    def test_an_entry_has_what_scripts_look_for(self, path: Path) -> None:
        entry, *_ = written(path)["tests"]

        assert entry["nodeid"] == SLOW.nodeid
        assert entry["name"] == "test_total[a::b]"
        assert entry["duration"] == 31.000000001
        assert entry["markers"] == list(SLOW.markers)
        assert entry["module"] == "tests/test_a.py"
        assert entry["status"] == "passed"
        assert datetime.fromisoformat(entry["timestamp"]).timestamp() == pytest.approx(
            RUN.started_at_ns / SECOND + 2, abs=1e-6
        )
        assert (entry["setup"], entry["call"], entry["teardown"]) == (1.0, 30.0, 1e-9)
        assert (entry["attempt"], entry["worker"], entry["category"]) == (2, "gw0", "integration")
        assert (entry["cpu"], entry["peak_bytes"], entry["delta_bytes"]) == (6e-9, 1000, -10)
        assert entry["counters"] == {"sql": {"count": 3, "time": 1.5e-06}}

    def test_what_was_not_measured_is_absent_or_null(self, path: Path) -> None:
        *_, entry = written(path)["tests"]

        assert entry["duration"] is None
        assert not entry.keys() & {"setup", "call", "cpu", "peak_bytes", "counters"}

    def test_the_summary_counts_tests_over_the_threshold(self, path: Path) -> None:
        assert written(path)["summary"] == {
            "total_tests": 3,
            "slow_tests": 1,
            "total_duration": 32.000000001,
            "average_duration": 10.666666667,
            "slow_threshold": 30.0,
            "outcomes": {"passed": 1, "failed": 1, "skipped": 1},
        }

    def test_exactly_the_threshold_is_not_slow(self, path: Path) -> None:
        test = TestRecord(nodeid="a", outcome=Outcome.PASSED, call_ns=30 * SECOND)

        assert written(path, RecordedRun(run=RUN, tests=(test,)))["summary"]["slow_tests"] == 0

    def test_only_the_last_attempt_is_told(self, path: Path) -> None:
        first = SLOW._replace(attempt=1, outcome=Outcome.FAILED)

        fields = written(path, RecordedRun(run=RUN, tests=(first, SLOW)))

        assert [entry["attempt"] for entry in fields["tests"]] == [2]

    def test_a_run_without_tests_has_an_empty_list(self, path: Path) -> None:
        fields = written(path, RecordedRun(run=RUN))

        assert fields["tests"] == []
        assert fields["summary"]["average_duration"] == 0

    def test_one_line_per_test(self, path: Path) -> None:
        written(path)

        assert sum(line.startswith('{"nodeid"') for line in path.read_text().splitlines()) == 3

    def test_it_fits_the_published_schema(self, path: Path) -> None:
        assert shape_fault(written(path), load_schema("data")) is None


class TestReading:
    def test_what_was_written_comes_back(self, path: Path) -> None:
        write_data_file(path, RECORDED, slow_threshold_ns=1)

        assert read_data_file(path) == RECORDED

    def test_fixtures_are_left_out(self, path: Path) -> None:
        fixture = FixtureRecord("db", "session", "conftest.py:1", SLOW.nodeid)
        write_data_file(path, RECORDED._replace(fixtures=(fixture,)), slow_threshold_ns=1)

        assert read_data_file(path) == RECORDED

    def test_the_minimal_form_is_read(self, path: Path) -> None:
        path.write_text(
            '{"run_id": "2025-01-02T03:04:05Z", "tests": ['
            '{"nodeid": "a.py::t", "duration": 1.5, "status": "passed", "markers": ["slow"]},'
            '{"nodeid": "b", "duration": 2, "status": "strange"}], "summary": {"total_tests": 2}}'
        )

        read = read_data_file(path)

        assert read.tests == (
            TestRecord(nodeid="a.py::t", outcome=Outcome.PASSED, call_ns=1_500_000_000, markers=("slow",)),
            TestRecord(nodeid="b", outcome=Outcome.UNKNOWN, call_ns=2 * SECOND),
        )
        assert read.run.run_id == path.name
        assert read.run.started_at_ns == 1_735_787_045 * SECOND
        assert read.run.is_complete

    @pytest.mark.parametrize("run_id", ["", "yesterday", "2025-01-02"])
    def test_a_start_in_any_words_is_no_fault(self, path: Path, run_id: str) -> None:
        path.write_text(json.dumps({"run_id": run_id, "tests": []}))

        assert read_data_file(path).tests == ()

    def test_processor_time_as_a_whole_stands_as_the_calls(self, path: Path) -> None:
        path.write_text('{"tests": [{"nodeid": "a", "duration": 1, "cpu": 0.5}]}')

        (test,) = read_data_file(path).tests

        assert (test.cpu_ns, test.duration_ns) == (SECOND // 2, SECOND)

    def test_a_missing_file_is_an_empty_run(self, path: Path) -> None:
        read = read_data_file(path)

        assert (read.tests, read.run.is_complete) == ((), False)

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ('{"tests": [\n{"nodeid": "a"', "not valid JSON"),
            ('{"tests": [{"nodeid": "a"}]}', r"\$\.tests\[0\] lacks 'duration'"),
            ('{"tests": [{"nodeid": "a", "duration": "1"}]}', r"\$\.tests\[0\]\.duration should be"),
            ('{"tests": [], "run": {"revision": 3}}', r"\$\.run is not as Lapwing wrote it"),
        ],
    )
    def test_a_broken_file_is_named(self, path: Path, text: str, fault: str) -> None:
        path.write_text(text)

        with pytest.raises(UnreadableFileError, match=fault):
            read_data_file(path)


def test_a_file_that_is_no_data_file_is_never_replaced(tmp_path):
    from lapwing.errors import StoreError
    from lapwing.model.run import RecordedRun, Run

    mine = tmp_path / "test_mine.py"
    mine.write_text("def test_it(): pass\n")
    recorded = RecordedRun(run=Run(run_id="r", started_at_ns=1, duration_ns=1))

    with pytest.raises(StoreError, match="left as it is"):
        write_data_file(mine, recorded, slow_threshold_ns=1)

    assert mine.read_text() == "def test_it(): pass\n"
