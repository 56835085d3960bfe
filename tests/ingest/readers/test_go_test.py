import json

from lapwing.ingest.readers.go_test import GoTestReader
from lapwing.model.record import Outcome

PACKAGE = "example.com/m"


def lines(*events):
    return "".join(json.dumps({"Package": PACKAGE, **event}) + "\n" for event in events)


def run(test):
    return {"Action": "run", "Test": test, "Time": "2026-11-20T18:31:29.5Z"}


def end(test, seconds, action="pass"):
    return {"Action": action, "Test": test, "Elapsed": seconds}


def test_a_test_has_its_package_start_and_the_clock_of_go(read_with):
    reading = read_with(GoTestReader(), lines(run("TestA"), end("TestA", 0.12)))

    (test,) = reading.tests
    assert (test.name, test.package, test.duration_ns) == ("TestA", PACKAGE, 120_000_000)
    assert test.resolution_ns == 10_000_000
    assert test.start_ns == 1_795_199_489_500_000_000


def test_a_test_with_subtests_is_a_parent_also_where_names_hold_slashes(read_with):
    reading = read_with(
        GoTestReader(),
        lines(run("TestT"), run("TestT/a/b"), end("TestT/a/b", 0.02), end("TestT", 0.02)),
    )

    assert [(test.name, test.is_parent) for test in reading.tests] == [("TestT/a/b", False), ("TestT", True)]


def test_the_zero_of_a_parent_of_parallel_subtests_is_no_measurement(read_with):
    reading = read_with(
        GoTestReader(), lines(run("TestP"), run("TestP/0"), end("TestP/0", 0.1), end("TestP", 0))
    )

    parent = reading.tests[1]
    assert (parent.shown_duration_ns, parent.duration_ns) == (0, None)


def test_an_end_without_a_start_is_shown_and_not_judged(read_with):
    reading = read_with(GoTestReader(), lines(end("TestFake", 9.99)))

    (test,) = reading.tests
    assert (test.shown_duration_ns, test.duration_ns) == (9_990_000_000, None)
    assert "text that another test printed" in test.warnings[0]


def test_a_test_without_an_end_is_unknown(read_with):
    reading = read_with(GoTestReader(), lines(run("TestA"), {"Action": "fail", "Elapsed": 1}))

    assert reading.rows == [("TestA", "unknown", None)]
    assert reading.problems == []


def test_a_benchmark_whose_name_and_figures_come_apart_is_read(read_with):
    outputs = ("=== RUN   BenchmarkX\n", "BenchmarkX\n", "BenchmarkX-8 \t", " 100\t 12.5 ns/op\t 16 B/op\n")
    reading = read_with(
        GoTestReader(),
        lines(
            run("BenchmarkX"),
            *({"Action": "output", "Test": "BenchmarkX", "Output": text} for text in outputs),
            end("BenchmarkX", 0, "bench"),
        ),
    )

    (test,) = reading.tests
    assert test.status is Outcome.BENCHMARK
    assert test.benchmark.samples == (12.5,)
    assert test.benchmark.iterations == 100
    assert test.benchmark.metadata == {"processors": "8", "B/op": "16"}


def test_a_package_that_could_not_be_built_is_told(read_with):
    built = {"Action": "output", "Output": f"FAIL\t{PACKAGE} [build failed]\n"}
    since_1_24 = {"Action": "fail", "FailedBuild": "example.com/m [example.com/m.test]", "Elapsed": 0}

    for events in ([built, {"Action": "fail", "Elapsed": 0}], [since_1_24]):
        reading = read_with(GoTestReader(), lines(*events))

        assert [problem.text for problem in reading.problems] == [
            f"package {PACKAGE} could not be built: tests of it are missing"
        ]


def test_lines_between_events_are_passed_over_and_broken_ones_told(read_with):
    content = "go: downloading x\n" + lines(run("TestA")) + '{"Action": "out\n' + lines(end("TestA", 1))

    reading = read_with(GoTestReader(), content)

    assert reading.rows == [("TestA", "passed", 1000.0)]
    (problem,) = reading.problems
    assert problem.offset == content.index('{"Action": "out')


def test_utf_16_as_powershell_redirects_is_read(read_with):
    content = ("\ufeff" + lines(run("TestÄ"), end("TestÄ", 1))).encode("utf-16-le")

    assert read_with(GoTestReader(), content, chunk=7).rows == [("TestÄ", "passed", 1000.0)]
