import json

import pytest

from lapwing.ingest.head import Head
from lapwing.ingest.readers.allure import AllureReader
from lapwing.ingest.readers.dart_json import DartJsonReader
from lapwing.ingest.readers.generic_json import GenericJsonReader
from lapwing.ingest.readers.googletest_json import GoogleTestJsonReader
from lapwing.ingest.readers.mocha_json import MochaJsonReader
from lapwing.ingest.readers.pytest_json_report import PytestJsonReportReader
from lapwing.ingest.readers.rspec_json import RspecJsonReader


def test_an_allure_result_tells_its_test_by_history_and_labels(read_with):
    labels = {"parentSuite": "tests", "suite": "test_a", "framework": "pytest", "tag": "slow"}
    result = {
        "uuid": "u",
        "historyId": "h",
        "name": "test_x",
        "status": "broken",
        "start": 1_795_198_974_074,
        "stop": 1_795_198_974_174,
        "labels": [{"name": name, "value": value} for name, value in labels.items()],
        "parameters": [{"name": "a", "value": "1"}, {"name": "time", "value": "now", "excluded": True}],
    }

    reading = read_with(AllureReader(), json.dumps(result))

    (test,) = reading.tests
    assert reading.rows == [("test_x", "error", 100.0)]
    assert (test.suite_path, test.tags, test.parameters) == (("tests", "test_a"), ("slow",), "a=1")
    assert test.properties == (("historyId", "h"),)
    assert reading.tool == "pytest"


def test_an_allure_container_is_known_and_holds_no_test(read_with):
    container = json.dumps({"uuid": "u", "children": ["v"], "befores": [{"name": "f", "status": "passed"}]})

    assert AllureReader().recognizes(Head(container.encode()))
    assert read_with(AllureReader(), container).tests == []


def test_dart_tests_have_groups_files_and_no_loading(read_with):
    events = [
        {"type": "suite", "suite": {"id": 0, "path": "test\\a_test.dart"}},
        {
            "type": "testStart",
            "time": 1,
            "test": {"id": 1, "name": "loading a", "suiteID": 0, "groupIDs": []},
        },
        {"type": "testDone", "time": 9, "testID": 1, "result": "success", "hidden": True},
        {"type": "group", "group": {"id": 2, "name": ""}},
        {"type": "group", "group": {"id": 3, "name": "Cart"}},
        {"type": "group", "group": {"id": 4, "name": "Cart total"}},
        {
            "type": "testStart",
            "time": 10,
            "test": {"id": 5, "name": "Cart total adds", "suiteID": 0, "groupIDs": [2, 3, 4], "line": 8},
        },
        {"type": "testDone", "time": 35, "testID": 5, "result": "success", "hidden": False},
        {"type": "testStart", "time": 36, "test": {"id": 6, "name": "Cart hangs", "suiteID": 0}},
    ]

    reading = read_with(DartJsonReader(), "\n".join(map(json.dumps, events)))

    assert reading.rows == [("Cart total adds", "passed", 25.0), ("Cart hangs", "unknown", None)]
    test = reading.tests[0]
    assert (test.suite_path, test.file, test.line) == (("Cart", "total"), "test/a_test.dart", 8)


@pytest.mark.parametrize(
    ("test", "row"),
    [
        ({"name": "a", "execution_time": 1.5}, ("a", "passed", 1500.0)),
        ({"name": "a", "duration": 0.25, "status": "FAIL"}, ("a", "failed", 250.0)),
        ({"name": "a", "duration": 2, "outcome": "skipped"}, ("a", "skipped", 2000.0)),
        ({"name": "a", "duration": 1, "status": "strange"}, ("a", "unknown", 1000.0)),
        ({"name": "a", "duration": "1.5"}, ("a", "passed", None)),
    ],
)
def test_plain_lists_are_read_in_seconds(read_with, test, row):
    content = json.dumps({"tests": [test]})

    assert GenericJsonReader().recognizes(Head(content.encode()))
    assert read_with(GenericJsonReader(), content).rows == [row]


@pytest.mark.parametrize(
    ("time", "shown"), [("0.122s", 122.0), ("1e-3s", 1.0), ("0.5", 500.0), ("soon", None)]
)
def test_googletest_writes_seconds_as_text(read_with, time, shown):
    suite = {"name": "S", "testsuite": [{"name": "T", "time": time, "result": "COMPLETED"}]}
    content = json.dumps({"tests": 1, "disabled": 0, "testsuites": [suite]})

    reading = read_with(GoogleTestJsonReader(), content)

    assert reading.rows == [("T", "passed", shown)]
    assert bool(reading.tests[0].warnings) is (shown is None)


def test_a_hook_of_mocha_that_failed_is_an_error_and_a_failed_test_counts_once(read_with):
    failed = {"title": "t", "fullTitle": "S t", "duration": 3, "err": {"message": "no"}}
    hook = {"title": '"before all" hook', "fullTitle": 'S "before all" hook', "err": {"message": "no"}}
    content = json.dumps({"stats": {"suites": 1}, "tests": [failed], "failures": [failed, hook]})

    assert [row[:2] for row in read_with(MochaJsonReader(), content).rows] == [
        ("S t", "failed"),
        ('S "before all" hook', "error"),
    ]


@pytest.mark.parametrize(("exit_code", "status"), [(0, "passed"), (1, "failed")])
def test_whether_subtests_passed_is_told_by_the_exit_code(read_with, exit_code, status):
    test = {"nodeid": "t.py::test_a", "outcome": "subtests passed", "call": {"duration": 1}}
    content = json.dumps({"created": 1795198968.1, "exitcode": exit_code, "summary": {}, "tests": [test]})

    reading = read_with(PytestJsonReportReader(), content)

    assert reading.rows == [("test_a", status, 1000.0)]
    assert reading.started_at_ns == 1_795_198_968_100_000_000


def test_errors_outside_of_examples_are_told(read_with):
    content = json.dumps({"version": "3", "examples": [], "summary": {"errors_outside_of_examples_count": 1}})

    assert [problem.loses_tests for problem in read_with(RspecJsonReader(), content).problems] == [True]
