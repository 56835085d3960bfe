import json

from lapwing.ingest.readers.libtest_json import LibtestJsonReader


def lines(*events):
    return "".join(json.dumps(event) + "\n" for event in events)


SUITE = {"type": "suite", "event": "started", "test_count": 1}


def test_binaries_that_libtest_does_not_name_are_numbered(read_with):
    passed = {"type": "test", "event": "ok", "name": "fast", "exec_time": 0.5}

    reading = read_with(LibtestJsonReader(), lines(SUITE, passed, SUITE, passed))

    assert [(test.name, test.suite_path) for test in reading.tests] == [
        ("fast", ("binary 1",)),
        ("fast", ("binary 2",)),
    ]


def test_nextest_names_the_binary_and_counts_the_attempts(read_with):
    started = {"type": "test", "event": "started", "name": "krate::it$mod::works"}
    passed = {"type": "test", "event": "ok", "name": "krate::it$mod::works#3", "exec_time": 0.5}

    reading = read_with(LibtestJsonReader(), lines({**SUITE, "nextest": {}}, started, passed))

    (test,) = reading.tests
    assert (test.name, test.package, test.suite_path) == ("mod::works", "krate::it", ())
    assert (test.status.value, len(test.attempts)) == ("flaky", 3)
    assert reading.tool == "nextest"


def test_binaries_of_nextest_may_run_at_the_same_time(read_with):
    started = {"type": "test", "event": "started", "name": "krate::a$slow"}
    other_ended = {"type": "suite", "event": "ok"}
    passed = {"type": "test", "event": "ok", "name": "krate::a$slow", "exec_time": 0.5}

    reading = read_with(LibtestJsonReader(), lines(SUITE, started, SUITE, other_ended, passed))

    assert reading.rows == [("slow", "passed", 500.0)]


def test_a_test_without_an_end_is_unknown(read_with):
    started = {"type": "test", "event": "started", "name": "hangs"}

    assert read_with(LibtestJsonReader(), lines(SUITE, started)).rows == [("hangs", "unknown", None)]
