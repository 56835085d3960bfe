"""Model values as plain dictionaries of JSON and back: the contract of every machine output.

Keys and units are those of the values; `FORMAT_VERSION` goes with every document.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

from lapwing.model.comparison import Comparison, RunComparison
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import CollectRecord, FixtureRecord, Subtest, TestRecord
from lapwing.model.renewed_tests import renewed_tests
from lapwing.model.run import RecordedRun
from lapwing.model.run_codec import run_dict

FORMAT_VERSION: Final = 1


def test_dict(record: TestRecord) -> dict[str, Any]:
    """A test's record, with the sums that readers want."""
    fields = record._asdict()
    fields["outcome"] = record.outcome.value
    fields["duration_ns"] = record.duration_ns
    fields["cpu_ns"] = record.cpu_ns
    fields["waiting_ns"] = record.waiting_ns
    fields["markers"] = list(record.markers)
    fields["counters"] = {name: value._asdict() for name, value in record.counters.items()}
    fields["subtests"] = [_subtest_dict(subtest) for subtest in record.subtests]
    return fields


def fixture_dict(record: FixtureRecord) -> dict[str, Any]:
    """A fixture's set-up and tear-down."""
    return record._asdict()


def collect_dict(record: CollectRecord) -> dict[str, Any]:
    """A module's collection."""
    return {**record._asdict(), "outcome": record.outcome.value}


def benchmark_dict(record: BenchmarkRecord) -> dict[str, Any]:
    """A benchmark's result with its raw samples."""
    return {**record._asdict(), "samples": list(record.samples), "metadata": dict(record.metadata)}


def recorded_run_dict(recorded: RecordedRun) -> dict[str, Any]:
    """A run with all its records, as `lapwing show --format json` prints it."""
    return {
        "format_version": FORMAT_VERSION,
        "run": {**run_dict(recorded.run), "machine_class": recorded.run.machine_class},
        "tests": [test_dict(record) for record in recorded.tests],
        "fixtures": [fixture_dict(record) for record in recorded.fixtures],
        "collection": [collect_dict(record) for record in recorded.collection],
        "benchmarks": [benchmark_dict(record) for record in recorded.benchmarks],
        "budgets": [
            {"nodeid": each.nodeid, "category": each.category, **budget._asdict()}
            for each in recorded.budgets
            for budget in each.budgets
        ],
        "stopped": [each._asdict() for each in recorded.stopped],
        "imports": [each._asdict() for each in recorded.imports],
    }


def sent_run_dict(recorded: RecordedRun) -> dict[str, Any]:
    """The same for a server, which reads it in a tenth of the time: its tests are an object of columns."""
    return {**recorded_run_dict(recorded._replace(tests=())), "tests": _test_columns(recorded.tests)}


def _test_columns(tests: Sequence[TestRecord]) -> dict[str, list[Any]]:
    """The results as an object of columns, each as `model/sent_column.py` tells.

    A column in which all stand as they are where nothing is said is left out.
    """
    from lapwing.model.sent_column import sent_column  # not for those who print a run

    columns: dict[str, Any] = {}
    for name, column in zip(TestRecord._fields, zip(*tests, strict=True), strict=False):
        if name not in TestRecord._defaults or any(value != TestRecord._defaults[name] for value in column):
            columns[name] = list(column)
    if columns:
        columns["outcome"] = [outcome.value for outcome in columns["outcome"]]
    if "counters" in columns:
        columns["counters"] = [
            {probe: count._asdict() for probe, count in counters.items()} or None
            for counters in columns["counters"]
        ]
    if "subtests" in columns:
        columns["subtests"] = [[_subtest_dict(each) for each in subtests] for subtests in columns["subtests"]]
    # Of the names a list stays: a column of one value does not tell how many there are.
    return {name: column if name == "nodeid" else sent_column(column) for name, column in columns.items()}


def _subtest_dict(subtest: Subtest) -> dict[str, Any]:
    return {"name": subtest.name, "outcome": subtest.outcome.value, "duration_ns": subtest.duration_ns}


def comparison_dict(comparison: Comparison) -> dict[str, Any]:
    """One comparison; the interval is that of the ratio, at 95%. Of nothing before there is no ratio."""
    fields = comparison._asdict()
    fields["ratio"] = comparison.ratio if math.isfinite(comparison.ratio) else None
    fields["interval"] = list(comparison.interval) if comparison.interval else None
    fields["verdict"] = comparison.verdict.value
    fields["severity"] = comparison.severity.value
    return fields


def run_comparison_dict(judgment: RunComparison) -> dict[str, Any]:
    """A judgment, as `lapwing compare --format json` prints it."""
    return {
        "format_version": FORMAT_VERSION,
        "verdict": judgment.verdict.value,
        "reason": judgment.reason,
        "machine_factor": judgment.machine_factor,
        "machine_factors": dict(judgment.machine_factors),
        "baseline_runs": judgment.baseline_runs,
        "judged_runs": judgment.judged_runs,
        "baseline": judgment.baseline_why,
        "same_machine_class": judgment.same_machine_class,
        "comparisons": [comparison_dict(each) for each in judgment.comparisons],
        "suite": [comparison_dict(each) for each in judgment.suite],
        "new_tests": list(judgment.new_tests),
        "gone_tests": list(judgment.gone_tests),
        "tests_with_other_parameters": list(renewed_tests(judgment.new_tests, judgment.gone_tests)),
    }
