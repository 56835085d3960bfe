"""Lapwing's own files, as its stores and codecs write them."""

import json

from lapwing.ingest.head import Head
from lapwing.ingest.readers.lapwing_run import LapwingRunReader
from lapwing.model.baseline import BaselineEntry, BaselineFile
from lapwing.model.codec import recorded_run_dict
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.store.baseline_file import write_baseline_file
from lapwing.store.data_file import write_data_file

NODEID = "tests/test_a.py::TestCart::test_total[a::b]"
RUN = Run(
    run_id="01994b2e-0000-7000-8000-000000000001",
    started_at_ns=1_790_000_000_000_000_000,
    duration_ns=1,
    project="shop",
)
RECORDED = RecordedRun(
    run=RUN,
    tests=(
        TestRecord(NODEID, Outcome.PASSED, setup_ns=1, call_ns=2_000_000, teardown_ns=3, markers=("slow",)),
        TestRecord("com.example.CartTest.total", Outcome.SKIPPED),
    ),
    benchmarks=(BenchmarkRecord("sum", "tests/test_b.py::test_sum", "lapwing", "ns", (10.0, 30.0)),),
)


def read_file(read_with, content):
    reader = LapwingRunReader()
    assert reader.recognizes(Head(content))
    return read_with(reader, content)


def test_the_data_file_is_read(read_with, tmp_path):
    write_data_file(tmp_path / "data.json", RECORDED, slow_threshold_ns=30 * 10**9)

    reading = read_file(read_with, (tmp_path / "data.json").read_bytes())

    assert reading.rows == [(NODEID, "passed", 2.000004), ("com.example.CartTest.total", "skipped", None)]
    first = reading.tests[0]
    assert (first.setup_ns, first.call_ns, first.teardown_ns, first.tags) == (1, 2_000_000, 3, ("slow",))
    assert first.start_ns == RUN.started_at_ns


def test_a_run_printed_as_json_is_read_with_its_benchmarks(read_with):
    reading = read_file(read_with, json.dumps(recorded_run_dict(RECORDED)).encode())

    assert reading.rows[0] == (NODEID, "passed", 2.000004)
    benchmark = reading.tests[-1]
    assert (benchmark.status, benchmark.duration_ns) == (Outcome.BENCHMARK, 20)
    assert benchmark.benchmark == RECORDED.benchmarks[0]


def test_the_baseline_file_is_read(read_with, tmp_path):
    entry = BaselineEntry(NODEID, duration_ns=1_500_000, threshold_ns=2_000_000)
    write_baseline_file(
        tmp_path / "baseline.json", BaselineFile(date="2026-11-20", tests={NODEID: entry}, groups={})
    )

    reading = read_file(read_with, (tmp_path / "baseline.json").read_bytes())

    assert reading.rows == [(NODEID, "passed", 1.5)]
