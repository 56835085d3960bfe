"""Reports of JSON, TAP and other text from public repositories: read in place, never copied."""

import os
from collections import Counter
from pathlib import Path

import pytest

from lapwing.ingest.content import Content
from lapwing.ingest.detect import detect, what_it_is
from lapwing.ingest.reader import Problem
from lapwing.model.read_test import ReadTest

SAMPLES = os.environ.get("LAPWING_SAMPLES")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="LAPWING_SAMPLES names no folder of public samples")

REPORTS = {
    "bazel/build_event.json": ("Bazel build events", "3 passed"),
    "benchmark-action/googlecpp_output.json": ("Google Benchmark JSON", "2 benchmark"),
    "benchmark-action/pytest_output.json": ("pytest-benchmark JSON", "2 benchmark"),
    "benchmark-action/pytest_several_units.json": ("pytest-benchmark JSON", "4 benchmark"),
    "criterion/Recursive_20_new_estimates.json": ("criterion estimates", "1 benchmark"),
    "ctrf/comprehensive.json": ("CTRF", "1 failed 1 flaky 1 passed"),
    "ctrf/minimal.json": ("CTRF", "1 passed"),
    "ctrf/with-retries.json": ("CTRF", "1 flaky 1 passed"),
    "cucumber/result.json": ("Cucumber JSON", "2 failed 10 passed 2 todo"),
    "dart/dart-json.json": ("Dart test JSON", "3 error 1 failed 1 passed 1 skipped"),
    "dart/report.json": ("Dart test JSON", "1 error 1 passed 1 skipped"),
    "dart/tests.json": ("Dart test JSON", "2 error 1 failed 16 passed 1 skipped"),
    "go-junit-report/100-pass.gojson.txt": ("go test -json", "1 passed"),
    "go-junit-report/103-subtests.gojson.txt": ("go test -json", "2 failed 2 passed"),
    "go-junit-report/109-bench.gojson.txt": ("go test -json", "2 benchmark 2 passed"),
    "go-junit-report/110-benchfail.gojson.txt": ("go test -json", "2 failed 1 skipped"),
    "go/golang-json.json": ("go test -json", "6 failed 5 passed 1 skipped"),
    "mocha/mocha-json.json": ("mocha JSON", "4 failed 1 passed 1 skipped"),
    "mocha/tests.json": ("mocha JSON", "2 failed 2 passed 1 skipped"),
    "playwright/report.json": ("Playwright JSON", "3 failed 6 flaky 78 passed 6 skipped"),
    "pytest/report.json": ("pytest-reportlog", "2 failed 5 passed"),
    "rspec/rspec-json.json": ("RSpec JSON", "1 failed 1 passed 1 skipped"),
}
OTHER_FILES = (
    "criterion/Recursive_20_new_benchmark.json",
    "criterion/Recursive_20_new_sample.json",
    "criterion/Recursive_20_new_tukey.json",
    "go-junit-report/030-stdout.txt",
    "junit-edge-cases/malformed-json.json",
    "junit-edge-cases/non-json.json",
    "benchmark-action/benchmarkdotnet.json",
)
# What each shows: packages that failed outside of their tests, in TestMain or at the end.
WITHOUT_ALL_TESTS = (
    "go-junit-report/105-panic.gojson.txt",
    "go-junit-report/106-testmain.gojson.txt",
    "go-junit-report/108-paniclate.gojson.txt",
)


def read(name):
    with (Path(SAMPLES) / "reports" / "public" / name).open("rb") as stream:
        content = Content(stream)
        reader = detect(content.head)
        if reader is None:
            return what_it_is(content.head), [], []
        items = list(reader.read(content, name))
    tests = [item for item in items if isinstance(item, ReadTest)]
    return reader.name, tests, [item for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize("name", REPORTS)
def test_a_public_report_is_read(name):
    format_name, tests, problems = read(name)

    counts = Counter(test.status.value for test in tests)
    told = " ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    assert (format_name, told, problems) == (*REPORTS[name], [])


@pytest.mark.parametrize("name", OTHER_FILES)
def test_what_is_no_report_has_no_reader(name):
    _, tests, _ = read(name)

    assert tests == []


@pytest.mark.parametrize("name", WITHOUT_ALL_TESTS)
def test_a_package_that_failed_without_a_failed_test_is_told(name):
    _, _, problems = read(name)

    assert [problem.loses_tests for problem in problems] == [True]


def test_every_allure_result_is_read_and_every_container_passed_over():
    folder = Path(SAMPLES) / "reports" / "public" / "allure"

    found = {path.name: read(f"allure/{path.name}") for path in sorted(folder.glob("*.json"))}

    containers = {"first-testgroup.json", "second-testgroup.json", "null-before-group.json"}
    for name, (format_name, tests, _) in found.items():
        expected = 0 if name in containers or name.startswith("fixtures-sort") else 1
        if name in ("fixtures-sort-result.json", "flaky-not-set.json"):
            continue
        assert (format_name, len(tests)) == ("Allure 2 result", expected), name
