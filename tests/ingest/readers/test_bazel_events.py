import json

from lapwing.ingest.readers.bazel_events import BazelEventsReader

LABEL = "//pkg/sub:my_test"


def result(status="PASSED", *, attempt=1, run=1, shard=1, **more):
    which = {"label": LABEL, "run": run, "shard": shard, "attempt": attempt}
    fields = {"status": status, "testAttemptDurationMillis": "2500", **more}
    return json.dumps({"id": {"testResult": which}, "testResult": fields}) + "\n"


def summary(overall):
    return json.dumps({"id": {"testSummary": {"label": LABEL}}, "testSummary": {"overallStatus": overall}})


def test_attempts_in_any_order_make_one_test(read_with):
    content = result(attempt=2, testAttemptDurationMillis="1000") + result("FAILED") + summary("FLAKY")

    (test,) = read_with(BazelEventsReader(), content).tests

    assert (test.name, test.package, test.status.value) == ("my_test", "//pkg/sub", "flaky")
    assert [(attempt.status.value, attempt.duration_ns) for attempt in test.attempts] == [
        ("failed", 2_500_000_000),
        ("passed", 1_000_000_000),
    ]
    assert test.duration_ns == 1_000_000_000


def test_shards_are_tests_of_their_own(read_with):
    reading = read_with(BazelEventsReader(), result(shard=1) + result(shard=2))

    assert [test.name for test in reading.tests] == ["my_test (shard 1)", "my_test (shard 2)"]


def test_a_cached_result_is_shown_and_not_judged(read_with):
    (test,) = read_with(BazelEventsReader(), result(cachedLocally=True)).tests

    assert (test.shown_duration_ns, test.duration_ns) == (2_500_000_000, None)
    assert test.warnings == ("cached: measured in an earlier build",)


def test_seconds_with_an_s_are_read_too(read_with):
    content = result(testAttemptDurationMillis=None, testAttemptDuration="2.577s")

    assert read_with(BazelEventsReader(), content).rows == [("my_test", "passed", 2577.0)]


def test_a_target_that_could_not_be_built_is_told(read_with):
    reading = read_with(BazelEventsReader(), summary("FAILED_TO_BUILD"))

    assert [problem.text for problem in reading.problems] == [
        f"{LABEL} could not be built: its tests are missing"
    ]
