"""Benchmarks in the baseline file: read as they were written, one line per test."""

import json

from lapwing.model.baseline import BaselineFile, MeasuredEntry
from lapwing.store.baseline_file import read_baseline_file, write_baseline_file

ENTRIES = (
    MeasuredEntry("a.py::t", "sum", "cpu", "ns", 1_234_500.0, 1_300_000.0, 7, 0.0123),
    MeasuredEntry("a.py::t", "sum", "wall", "ns", 50.0, 51.0, metadata={"size": "10"}),
    MeasuredEntry("b.py::t", "rows", "rows", "rows", 120.0, 120.0, higher_is_better=True),
)


def test_benchmarks_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "baseline.json"

    write_baseline_file(path, BaselineFile(date="2026-01-02", measured=ENTRIES))

    assert read_baseline_file(path).measured == ENTRIES


def test_each_test_has_one_line_and_times_are_seconds(tmp_path):
    path = tmp_path / "baseline.json"

    write_baseline_file(path, BaselineFile(date="2026-01-02", measured=ENTRIES))

    lines = path.read_text().splitlines()
    assert sum(line.startswith('  "a.py::t"') for line in lines) == 1
    assert json.loads(path.read_text())["benchmarks"]["a.py::t"]["sum"]["cpu"]["value"] == 0.0012345


def test_without_benchmarks_nothing_is_written_of_them(tmp_path):
    path = tmp_path / "baseline.json"

    write_baseline_file(path, BaselineFile(date="2026-01-02"))

    assert "benchmarks" not in json.loads(path.read_text())
