import json

import pytest

from lapwing.ingest.readers.asv import AsvReader
from lapwing.ingest.readers.benchee import BencheeReader
from lapwing.ingest.readers.cargo_criterion import CargoCriterionReader
from lapwing.ingest.readers.criterion import CriterionReader
from lapwing.ingest.readers.google_benchmark import GoogleBenchmarkReader
from lapwing.ingest.readers.hyperfine import HyperfineReader

ESTIMATES = {"mean": {"point_estimate": 12.5}, "median_abs_dev": {"point_estimate": 1}, "slope": None}


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("target/criterion/group/fn/20/new/estimates.json", "group/fn/20"),
        ("C:\\x\\target\\criterion\\fib\\base\\estimates.json", "fib"),
        ("estimates.json", "estimates.json"),
    ],
)
def test_criterion_is_named_by_its_folders(read_with, place, name):
    (test,) = read_with(CriterionReader(), json.dumps(ESTIMATES), place=place).tests

    assert (test.name, test.benchmark.samples) == (name, (12.5,))


def test_the_slope_of_criterion_goes_before_the_mean(read_with):
    estimates = {**ESTIMATES, "slope": {"point_estimate": 11.0}}

    assert read_with(CriterionReader(), json.dumps(estimates)).tests[0].benchmark.samples == (11.0,)


def test_cargo_criterion_tells_samples_as_totals(read_with):
    message = {
        "reason": "benchmark-complete",
        "id": "fib/20",
        "iteration_count": [2, 4],
        "measured_values": [20.0, 48.0],
        "unit": "ns",
        "typical": {"estimate": 11.5, "unit": "ns"},
    }

    (test,) = read_with(CargoCriterionReader(), json.dumps(message)).tests

    assert (test.name, test.benchmark.samples, test.duration_ns) == ("fib/20", (10.0, 12.0), 12)


def test_benchee_counts_nanoseconds_and_its_old_versions_microseconds(read_with):
    data = {"statistics": {"average": 2000.0}, "samples": [1000, 3000]}
    scenario = {"job_name": "map", "input_name": "big", "run_time_data": data}
    old = {"run_times": {"map": [1, 3]}, "statistics": {"map": {"average": 2.0}}}

    (new_test,) = read_with(BencheeReader(), json.dumps([scenario])).tests
    (old_test,) = read_with(BencheeReader(), json.dumps(old)).tests

    assert (new_test.name, old_test.name) == ("map (big)", "map")
    assert new_test.benchmark.samples == old_test.benchmark.samples == (1000.0, 3000.0)


def test_asv_has_a_benchmark_per_combination_of_parameters(read_with):
    results = {
        "b.time_x": [[1e-6, float("nan"), None], [["1", "2", "3"]]],
        "b.peakmem_x": [[4096], []],
        "b.time_broken": [None, []],
    }
    document = {"commit_hash": "c", "result_columns": ["result", "params"], "results": results}

    reading = read_with(AsvReader(), json.dumps(document))

    assert [row[:2] for row in reading.rows] == [
        ("b.time_x(1)", "benchmark"),
        ("b.time_x(2)", "skipped"),
        ("b.time_x(3)", "failed"),
        ("b.peakmem_x", "benchmark"),
        ("b.time_broken", "failed"),
    ]
    assert reading.tests[0].duration_ns == 1000
    assert (reading.tests[3].benchmark.unit, reading.tests[3].duration_ns) == ("bytes", None)


def test_google_benchmark_counts_in_the_unit_of_the_entry(read_with):
    entries = [
        {"name": "a", "real_time": 1.5, "time_unit": "ms", "run_type": "iteration"},
        {"name": "a_cv", "real_time": 0.1, "run_type": "aggregate", "aggregate_unit": "percentage"},
        {"name": "b", "real_time": 0, "error_occurred": True, "error_message": "no"},
    ]

    reading = read_with(
        GoogleBenchmarkReader(), json.dumps({"context": {"num_cpus": 1}, "benchmarks": entries})
    )

    assert reading.rows == [("a", "benchmark", 1.5), ("a_cv", "benchmark", None), ("b", "failed", 0.0)]
    assert [test.is_parent for test in reading.tests] == [False, True, False]


def test_commands_of_hyperfine_that_failed_are_told(read_with):
    result = {"command": "false", "mean": 0.5, "times": [0.4, 0.6], "exit_codes": [0, 1]}

    (test,) = read_with(HyperfineReader(), json.dumps({"results": [result]})).tests

    assert test.duration_ns == 500_000_000
    assert test.warnings == ("1 runs ended with another code than 0",)
