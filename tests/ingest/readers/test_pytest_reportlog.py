import json

from lapwing.ingest.readers.pytest_reportlog import PytestReportlogReader


def report(nodeid, when, outcome="passed", duration=0.25, **more):
    fields = {"nodeid": nodeid, "when": when, "outcome": outcome, "duration": duration, **more}
    return json.dumps({"$report_type": "TestReport", "location": ["t.py", 4, "x"], **fields}) + "\n"


def whole(nodeid, call="passed"):
    return report(nodeid, "setup") + report(nodeid, "call", call) + report(nodeid, "teardown")


def test_phases_are_kept_and_sum_up(read_with):
    content = report("t.py::test_a[x::y]", "setup", keywords={"t.py": 1, "test_a[x::y]": 1, "slow": 1})
    content += report("t.py::test_a[x::y]", "call", duration=1) + report("t.py::test_a[x::y]", "teardown")

    (test,) = read_with(PytestReportlogReader(), content).tests

    assert (test.name, test.file, test.line, test.parameters) == ("test_a[x::y]", "t.py", 5, "x::y")
    assert (test.setup_ns, test.call_ns, test.teardown_ns) == (250_000_000, 10**9, 250_000_000)
    assert test.duration_ns == 1_500_000_000
    assert test.tags == ("slow",)


def test_lines_of_several_workers_may_be_mixed(read_with):
    a, b = whole("t.py::a").splitlines(True), whole("t.py::b", "failed").splitlines(True)

    reading = read_with(PytestReportlogReader(), "".join(x + y for x, y in zip(a, b, strict=True)))

    assert reading.rows == [("a", "passed", 750.0), ("b", "failed", 750.0)]


def test_reruns_are_attempts_and_the_last_one_is_judged(read_with):
    (test,) = read_with(
        PytestReportlogReader(), whole("t.py::a", "rerun") + whole("t.py::a", "rerun") + whole("t.py::a")
    ).tests

    assert test.status == "flaky"
    assert [attempt.status.value for attempt in test.attempts] == ["failed", "failed", "passed"]
    assert test.duration_kind == "last"


def test_a_test_that_the_crash_interrupted_is_unknown_and_not_judged(read_with):
    reading = read_with(PytestReportlogReader(), whole("t.py::a") + report("t.py::b", "setup"))

    crashed = reading.tests[1]
    assert (crashed.name, crashed.status.value) == ("b", "unknown")
    assert (crashed.shown_duration_ns, crashed.duration_ns) == (250_000_000, None)


def test_a_crash_between_attempts_leaves_the_last_failed_one(read_with):
    (test,) = read_with(PytestReportlogReader(), whole("t.py::a", "rerun")).tests

    assert (test.status.value, test.duration_ns) == ("failed", 750_000_000)


def test_an_expected_failure_and_a_failed_subtest_are_told_apart(read_with):
    subtest = report("t.py::b", "call", "failed", 0).replace("TestReport", "SubTestReport")
    content = report("t.py::a", "call", "skipped", wasxfail="known") + report("t.py::a", "teardown")
    content += (
        report("t.py::b", "setup") + subtest + report("t.py::b", "call") + report("t.py::b", "teardown")
    )

    reading = read_with(PytestReportlogReader(), content)

    assert [row[:2] for row in reading.rows] == [("a", "xfailed"), ("b", "failed")]


def test_a_module_that_could_not_be_collected_is_missing_and_a_skipped_one_a_test(read_with):
    collected = {"$report_type": "CollectReport", "nodeid": "t.py"}
    content = json.dumps({**collected, "outcome": "failed"}) + "\n"
    content += json.dumps({**collected, "nodeid": "s.py", "outcome": "skipped"})

    reading = read_with(PytestReportlogReader(), content)

    assert reading.rows == [("s.py", "skipped", None)]
    assert [problem.text for problem in reading.problems] == [
        "t.py could not be collected: its tests are missing"
    ]
