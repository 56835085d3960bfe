import json

import pytest

from lapwing.ingest.readers.ctrf import CtrfReader


def document(*tests):
    return json.dumps({"reportFormat": "CTRF", "results": {"tool": {"name": "x"}, "tests": list(tests)}})


def attempts(*durations):
    return [{"status": "failed", "duration": duration} for duration in durations]


@pytest.mark.parametrize(
    ("duration", "listed", "kind", "count"),
    [
        (30, attempts(10, 20), "sum", 2),
        (20, attempts(10, 20), "last", 2),
        (99, attempts(10, 20), "unknown", 2),
        (30, [], "unknown", 3),  # counted, not listed
    ],
)
def test_the_kind_of_duration_is_found_by_comparison(read_with, duration, listed, kind, count):
    test = {"name": "t", "status": "passed", "duration": duration, "retryAttempts": listed, "retries": 2}
    test["retries"] = 2 if not listed else 1

    (read,) = read_with(CtrfReader(), document(test)).tests

    assert (read.status.value, read.duration_kind.value, len(read.attempts)) == ("flaky", kind, count)


@pytest.mark.parametrize("start", [1_700_000_000, 1_700_000_000_000])
def test_a_start_in_seconds_is_told_from_one_in_milliseconds(read_with, start):
    (test,) = read_with(
        CtrfReader(), document({"name": "t", "status": "passed", "duration": 1, "start": start})
    ).tests

    assert test.start_ns == 1_700_000_000 * 10**9


def test_a_suite_is_a_text_or_a_path(read_with):
    old = {"name": "a", "status": "passed", "duration": 1, "suite": "x > y"}
    new = {"name": "b", "status": "passed", "duration": 1, "suite": ["x", "y"]}

    reading = read_with(CtrfReader(), document(old, new))

    assert [test.suite_path for test in reading.tests] == [("x > y",), ("x", "y")]
    assert reading.tool == "x"
